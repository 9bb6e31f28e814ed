// The sources of a plan: assets as ffmpeg gets to see them, and what they have.
//
// Pure functions, shared by the planners of this folder.
#pragma once

#include "media/editing/edit_plans.h"

namespace hookreel::media {

// Without a picture there are no frames to count, so time is counted in milliseconds.
inline constexpr FrameRate sound_only_rate{1000, 1};

bool has_picture(const Source& source);
bool has_sound(const Source& source);
// How long it is. Its last picture is its end when sound goes on for a moment only, as it does in
// most files.
double seconds_of_source(const Source& source);

std::unexpected<StepFailure> refused(model::Failure failure);

// Whether files may be pictures, of which no probe tells anything.
enum class Stills { refused, taken };
// Appends all of the input's assets to the plan, in their order. Failures: source_file_error,
// content_malformed, content_unsupported, no_video_resolution.
StepResult<void> add_sources(RenderPlan& plan, const PlanInput& input, Stills stills);

}  // namespace hookreel::media
