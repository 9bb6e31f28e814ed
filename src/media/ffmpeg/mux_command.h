// The arguments of ffmpeg that put a picture and a sound into one file, as they are.
//
// Pure: numbers that were probed or read by us, and paths of ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/ffmpeg/ffmpeg_command.h"

namespace hookreel::media {

struct MuxSource {
    Source source;
    double time_offset = 0;  // In seconds of its own time, where the film begins.
};

struct Mux {
    MuxSource picture;
    MuxSource sound;
    std::string_view type;  // "mp4", "ts" or "webm"
};

// Whether the times of the two are of one clock, which keeps them in step also when one begins
// before the other. Else each begins at its first moment.
enum class Clocks { one, each };
// Of what is read without times, such as bare AAC, each.
Clocks clocks_of(const Mux& mux);

std::vector<std::string> mux_arguments(const Mux& mux, Clocks clocks);
inline constexpr std::string_view muxed_name = "film";

// How long the output must become, in seconds.
double muxed_seconds(const Mux& mux);

}  // namespace hookreel::media
