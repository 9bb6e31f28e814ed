// A folder for the files of one test, gone at its end.
#pragma once

#include <filesystem>

#include "base/random.h"

namespace hookreel::store {

class ScratchFolder {
 public:
    ScratchFolder()
        : path_(std::filesystem::temp_directory_path() / ("hookreel-test-" + random_hex(8))) {
        std::filesystem::create_directories(path_);
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    std::string file(std::string_view name) const { return path_ / name; }

 private:
    std::filesystem::path path_;
};

}  // namespace hookreel::store
