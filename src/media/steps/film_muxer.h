// The muxer that is ffmpeg, in the sandbox: it sees the two files and a working folder.
//
// Both are probed before, and the output after; one that is shorter or longer than they are is not
// believed. Threads: any loop.
#pragma once

#include "media/ffmpeg/mux_command.h"
#include "media/files/muxer.h"
#include "media/steps/step_tools.h"

namespace hookreel::media {

class FilmMuxer final : public Muxer {
 public:
    // What the tools refer to outlives this.
    explicit FilmMuxer(StepTools tools) : tools_(std::move(tools)) {}

    Task<Result<Muxed>> mux(MuxOrder order) override;

 private:
    Task<Result<MuxSource>> look_at(const MuxInput& input, std::string_view type);
    Task<Result<void>> make(const Mux& mux, Clocks clocks, const std::string& folder,
                            std::uint64_t bytes_max);
    Task<Result<Muxed>> take(const MuxOrder& order, const std::string& path);

    StepTools tools_;
};

}  // namespace hookreel::media
