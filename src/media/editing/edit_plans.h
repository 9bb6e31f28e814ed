// From what was asked for to how it is made, with all that can be refused before ffmpeg runs.
//
// Pure functions. `sources` are the assets that model::sources_of names, in its order; an asset of
// which nothing is known has no id.
#pragma once

#include <string>
#include <vector>

#include "media/editing/render_plan.h"
#include "media/ffmpeg/step_rules.h"
#include "model/media.h"

namespace hookreel::media {

// The longest file that is made, in seconds.
inline constexpr double edit_seconds_max = 24 * 3600;

struct PlanInput {
    const model::EditRequest& request;
    const std::vector<model::Asset>& sources;
    const std::string& media_folder;  // What the paths of assets are relative to.
};

// Pieces are shown as large as they fit into the size of the source that the output follows, and
// without a picture as black; without sound they are silent. Failures: definition_not_exist (of
// the choice between the sources), source_file_error (a source is gone), content_malformed (it is
// no media), content_unsupported (a playlist), no_video_resolution, invalid_time_offset,
// invalid_input (too long).
StepResult<RenderPlan> plan_cut(const PlanInput& input, const model::Cut& work);

// Failures: as plan_cut, and no_video_media, content_unsupported (a video or audio item without
// picture or sound), configuration_unsupported (a transition that ffmpeg does not have).
StepResult<RenderPlan> plan_composition(const PlanInput& input, const model::Composition& work);

StepResult<RenderPlan> plan_of(const PlanInput& input);

// What ffmpeg's xfade calls a transition of Tencent's; empty when it has none like it.
std::string_view xfade_of(std::string_view transition);
// The one transition between sounds.
inline constexpr std::string_view sound_fade = "AudioFadeInFadeOut";

}  // namespace hookreel::media
