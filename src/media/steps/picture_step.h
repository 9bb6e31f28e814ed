// Makes pictures of an original: cover, pictures at given times, samples.
#pragma once

#include "media/steps/step_tools.h"

namespace hookreel::media {

struct PictureNames {
    std::string_view kind;  // "coverBySnapshot"
    std::uint64_t definition;
    const SnapshotTemplate* look;  // How they look; outlives the pictures.
    std::vector<model::Watermark> watermarks{};
};

// One picture per time, in seconds: <kind>_<definition>_<n>.<format> in the asset's folder, wholly
// on disk when their paths are returned. Ten are made by one ffmpeg.
Task<StepResult<std::vector<std::string>>> make_pictures(StepRun& run, std::vector<double> times,
                                                         PictureNames names);

}  // namespace hookreel::media
