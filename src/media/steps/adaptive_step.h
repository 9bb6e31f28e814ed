// Makes an adaptive stream of an original: the same video in several sizes, and its sound once.
//
// One ffmpeg makes all of it. It is believed when each sub-stream has all the pieces that the
// manifests name, is as long as the source, and its first piece is of the size and the codec that
// were asked for. When the sound cannot be decoded the stream is made without it, and says so. What
// its template wants encrypted is encrypted after all that.
#pragma once

#include "media/steps/step_tools.h"

namespace hookreel::media {

struct AdaptiveOutcome {
    model::AdaptiveStream stream;
    std::string warning;  // Empty, or a sentence for people.
};

// All lies in the folder adp.<definition> of the asset when this returns, and nothing else there.
Task<StepResult<AdaptiveOutcome>> make_adaptive_stream(StepRun& run, model::AdaptiveWork work);

}  // namespace hookreel::media
