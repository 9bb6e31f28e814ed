// The arguments of ffmpeg for a slice of a plan, and for the join of all slices.
//
// Pure functions of numbers and of paths of ours; no text that came from a client is ever among
// them. Each input carries its own limits and lists. Outputs are written to the working folder.
#pragma once

#include <string>
#include <vector>

#include "media/editing/render_plan.h"

namespace hookreel::media {

// Of one slice: picture as it will be in the output, sound as PCM, so that the join loses nothing.
// It writes slice_name(index). The program tells its progress on standard output.
enum class Voices { keep, drop };  // Drop: for sources whose sound cannot be decoded.
std::vector<std::string> slice_arguments(const RenderPlan& plan, std::size_t index, Voices voices,
                                         int threads);
std::string slice_name(std::size_t index);
// The sources that the slice reads, each once.
std::vector<std::size_t> sources_of(const Slice& slice);

// The text of the list of slices, to be written to slice_list.
std::string slice_list_text(std::size_t count);
inline constexpr std::string_view slice_list = "slices.txt";

// Of the join: the picture is copied, the sound encoded once. With HLS the segments begin with
// segment_prefix.
std::vector<std::string> join_arguments(const RenderPlan& plan);
std::string joined_name(OutputType type);

}  // namespace hookreel::media
