// Makes the sprite of an original: small pictures on sheets, and the WebVTT that points into them.
#pragma once

#include "media/steps/step_tools.h"

namespace hookreel::media {

// imageSprite_<definition>_<n>.<format> and imageSprite_<definition>.vtt in the asset's folder,
// wholly on disk when this returns; the WebVTT is last, so that it never points to nothing.
Task<StepResult<model::Sprite>> make_sprite(StepRun& run, model::SpriteWork work);

}  // namespace hookreel::media
