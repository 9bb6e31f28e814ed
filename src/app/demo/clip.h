// The video of the demo, and the proof that what came of it plays.
#pragma once

#include <functional>
#include <string>

#include "base/async.h"
#include "base/result.h"

namespace hookreel::app::demo {

// Makes a test picture with a tone, 8 s of WMV, with ffmpeg. `on_progress` gets 0 to 100. Errors:
// not_found (no ffmpeg), internal (it failed).
Task<Result<void>> make_clip(std::string path, std::function<void(int)> on_progress);

// What ffprobe reads at a path or URL: "h264 320x180, aac, 8.0 s". Errors: not_found (no ffprobe),
// invalid (it does not play).
Task<Result<std::string>> probe(std::string source);

}  // namespace hookreel::app::demo
