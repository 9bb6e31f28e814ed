// When each item of a track is seen or heard, in frames.
//
// Items follow each other; at a transition the next one begins before the one before has ended, for
// as long as the transition takes. A sticker says itself when it begins. Pure functions.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "media/editing/render_plan.h"
#include "media/ffmpeg/step_rules.h"

namespace hookreel::media {

struct PlacedItem {
    std::size_t source = 0;
    std::int64_t begin = 0;  // Frames of the output.
    std::int64_t end = 0;    // The first after it.
    double start = 0;        // Seconds into the source at `begin`.
    double speed = 1;
    std::optional<model::Placement> placement;  // Absent: it is not seen.
    std::vector<model::ImageOperation> operations;
    double gain = 0;  // Factor of its sound; 0: it is not heard.
};

struct Overlap {
    std::size_t from = 0;  // Of the items.
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::string_view transition;  // Of the picture, as xfade names it; empty: none.
    enum class Sound { both, fade } sound = Sound::both;
};

struct TrackLayout {
    std::vector<PlacedItem> items;  // By begin.
    std::vector<Overlap> overlaps;  // Of items[from] and the one after it.
    std::int64_t end = 0;
};

// `plan` has the sources and the rate, `files` names the sources. Failures: invalid_input (an item
// of another kind of track, a transition that is not between two items or longer than one of them),
// invalid_time_offset, no_video_media, content_unsupported (no sound), configuration_unsupported
// (no such transition).
StepResult<TrackLayout> lay_out(const model::Track& track, const RenderPlan& plan,
                                const std::vector<model::FileId>& files);

}  // namespace hookreel::media
