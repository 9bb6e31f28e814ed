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
// The demuxer of a picture, by the ending of its path; empty when it is no picture.
std::string_view picture_format(std::string_view path);

// The images among them, each with its limits and lists.
void add_mark_inputs(Arguments& to, const std::vector<Mark>& marks);
// What becomes of the picture of an input before it is encoded. `images` are inputs, too.
struct Filtered {
    std::size_t input = 0;
    std::string filters;
    std::size_t images = 0;
};
void add_filtered(Arguments& to, const Filtered& filtered);

// With its limits and lists, which hold for the next -i only: each input says them again.
void add_input(Arguments& to, const Source& source, std::optional<Range> range, int threads);
// What the program must be able to read for that: the file, or the folder of a playlist of ours,
// whose segments lie beside it.
std::string readable_path(const Source& source);

}  // namespace hookreel::media
