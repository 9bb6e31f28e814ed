// Makes one rendition of an original.
//
// The exit code alone is no success: the output is probed, and must be as long as what was asked
// for, because ffmpeg ends well with half of a truncated file. When the sound cannot be decoded the
// rendition is made without it, and says so.
#pragma once

#include "media/steps/step_tools.h"

namespace hookreel::media {

struct TranscodeOutcome {
    model::Rendition rendition;
    std::string warning;  // Empty, or a sentence for people.
};

// The rendition lies in the library when this returns it.
Task<StepResult<TranscodeOutcome>> transcode(StepRun& run, model::TranscodeWork work);

// A playlist is not probed: its length is in it, and its first segment tells the rest. So nothing
// ever opens a playlist, also not ours. `metadata` is of that segment.
void describe_playlist(model::Metadata& metadata, const OutputFolder& folder);

}  // namespace hookreel::media
