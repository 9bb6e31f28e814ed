// What the command lines of ffmpeg have in common.
//
// Pure functions. A name in a command is a number, a word of ours, or a path with `file:` before
// it.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/ffmpeg/ffmpeg_command.h"

namespace hookreel::media {

using Arguments = std::vector<std::string>;

// Between the key frames at which a stream is cut, unless a template says otherwise.
inline constexpr int segment_seconds = 4;

// How every command begins: no questions, no banner, errors only.
Arguments prefix();
void add(Arguments& to, std::initializer_list<std::string_view> words);
// With its limits and lists, which hold for the next -i only: each input says them again.
void add_input(Arguments& to, const Source& source, std::optional<Range> range, int threads);

}  // namespace hookreel::media
