// Looks at the programs that do the media work: whether they run in the sandbox, and whether this
// ffmpeg has what our work asks of it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/doctor/finding.h"
#include "base/async.h"
#include "process/sandbox.h"

namespace hookreel::app::doctor {

struct MediaPrograms {
    std::string ffmpeg = "/usr/bin/ffmpeg";
    std::string ffprobe = "/usr/bin/ffprobe";
};
Task<Findings> check_media_programs(const process::Sandbox& sandbox, MediaPrograms programs);

Finding judge_isolation(process::Isolation isolation);

// Those of `wanted` that are not in a listing of `ffmpeg -encoders` or `ffmpeg -filters`: the name
// is the second word of a line.
std::vector<std::string> missing_of(std::string_view listing,
                                    std::span<const std::string_view> wanted);

}  // namespace hookreel::app::doctor
