// Looks at the folder in which a server keeps everything. Writes one small file, syncs it and takes
// it away again; a folder that does not exist is not made, but a small one beside it, and taken
// away again. Blocks for as long as the disk does.
#pragma once

#include <cstdint>
#include <string>

#include "app/doctor/finding.h"

namespace hookreel::app::doctor {

// Whether it can be written, whether a sync works, who may read it, and its space beside
// `reserve_bytes`, below which a server takes no uploads.
Findings check_data_folder(const std::string& folder, std::uint64_t reserve_bytes);

// The judgements alone.
Finding judge_space(std::uint64_t free_bytes, std::uint64_t reserve_bytes);

struct Rights {
    std::string folder;
    unsigned mode = 0;             // Its permission bits.
    std::size_t open_entries = 0;  // What is in it and not closed to others.
};
// A closed folder closes what is in it, and closed files in an open folder are closed too.
Finding judge_rights(const Rights& rights);

}  // namespace hookreel::app::doctor
