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

// Whether a picture's bitrate is not known because that of the sound beside it is not: Matroska and
// WebM tell only that of the whole.
bool lacks_bitrates(const model::Metadata& metadata);
// The same with bitrates by the sizes of packets, lines of "video,1234" and "audio,99": each kind
// has its part of the whole. What has several streams of a kind stays without.
model::Metadata with_shares(model::Metadata metadata, std::string_view packets);

class FfprobeProber final : public Prober {
 public:
    // `ffprobe` is the program's absolute path. `sandbox` outlives this.
    FfprobeProber(const process::Sandbox& sandbox, std::string ffprobe)
        : sandbox_(sandbox), ffprobe_(std::move(ffprobe)) {}

    Task<Result<model::Metadata>> probe(std::string path) override;

 private:
    Task<Result<process::Exit>> ask(const std::string& path, std::vector<std::string> question);

    const process::Sandbox& sandbox_;
    std::string ffprobe_;
};

}  // namespace hookreel::media
