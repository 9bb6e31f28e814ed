// The watermarks of a work, ready to be laid over its pictures.
#pragma once

#include <vector>

#include "media/steps/step_tools.h"

namespace hookreel::media {

// Each found among the application's own templates, its picture there, its text in a file of the
// working folder; ffmpeg may then read all of it. Failures: definition_not_exist (no such template,
// or it was removed meanwhile), invalid_input (a text mark without text, an image with one or that
// cannot be decoded), configuration_unsupported (a font that is not installed).
Task<StepResult<std::vector<Mark>>> make_marks(StepRun& run, std::vector<model::Watermark> uses);

}  // namespace hookreel::media
