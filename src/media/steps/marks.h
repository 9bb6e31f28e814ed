// The watermarks of a work, ready to be laid over its pictures.
#pragma once

#include <vector>

#include "media/steps/step_tools.h"

namespace hookreel::media {

// Each found among the application's own templates, its picture there, its text in a file of the
// working folder, its drawing made into a picture that is sharp on `canvases`, the sizes of what is
// marked; ffmpeg may then read all of it. Failures: definition_not_exist (no such template, or it
// was removed meanwhile), invalid_input (a text mark without text or a drawn one without drawing,
// one with what is for another kind, what cannot be decoded or drawn), configuration_unsupported (a
// font that is not installed).
Task<StepResult<std::vector<Mark>>> make_marks(StepRun& run, std::vector<model::Watermark> uses,
                                               std::vector<Size> canvases);

}  // namespace hookreel::media
