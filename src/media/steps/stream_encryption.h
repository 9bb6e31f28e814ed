// Encrypts a finished adaptive stream in its working folder: a key of its own, the pieces of all
// sub-streams under it, and its name in their playlists.
//
// Done when the pieces were looked at, as no program can do that afterwards; the key is made here
// and no program ever has it. Blocking; for file threads.
#pragma once

#include <vector>

#include "media/ffmpeg/adaptive_manifest.h"
#include "media/steps/step_tools.h"

namespace hookreel::media {

// `listed` are the pieces that the playlists name, by sub-stream. Errors: invalid (a playlist names
// what is no piece of its sub-stream, or one twice), not_found (a piece is not there), unavailable.
Result<void> encrypt_stream(const StepRun& run, const AdaptivePlan& plan,
                            const std::vector<Pieces>& listed);

}  // namespace hookreel::media
