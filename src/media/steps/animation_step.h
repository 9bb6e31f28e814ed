// Makes a moving picture, GIF or WebP, of a part of an original.
#pragma once

#include "media/steps/step_tools.h"

namespace hookreel::media {

// animatedGraphics_<definition>_<start>_<end>.<container> in the asset's folder, times in
// milliseconds: each part of the video has a file of its own. Wholly on disk when this returns.
Task<StepResult<model::Animation>> make_animation(StepRun& run, model::AnimationWork work);

}  // namespace hookreel::media
