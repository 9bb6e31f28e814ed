// Asks ffprobe, in a sandbox, what a file is.
//
// Only containers on our list are opened, only as local files, within limits on time, memory and
// picture size. What ffprobe says is as hostile as the file: it is parsed with limits and every
// number is checked. Threads: any loop.
#pragma once

#include <string>
#include <string_view>

#include "media/files/prober.h"
#include "process/sandbox.h"

namespace hookreel::media {

// The containers that ffmpeg and ffprobe may open, as their -format_whitelist takes it. Playlists,
// concat scripts, pictures and devices are not among them.
std::string_view allowed_formats();

// Errors: invalid (not JSON of ffprobe, not media, a picture, a container that is not allowed, no
// duration).
Result<model::Metadata> parse_ffprobe(std::string_view output);

class FfprobeProber final : public Prober {
 public:
    // `ffprobe` is the program's absolute path. `sandbox` outlives this.
    FfprobeProber(const process::Sandbox& sandbox, std::string ffprobe)
        : sandbox_(sandbox), ffprobe_(std::move(ffprobe)) {}

    Task<Result<model::Metadata>> probe(std::string path) override;

 private:
    const process::Sandbox& sandbox_;
    std::string ffprobe_;
};

}  // namespace hookreel::media
