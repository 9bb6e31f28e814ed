// From a working folder into the library: what a program in the sandbox wrote is checked, made
// durable, and gets its final name.
//
// Only regular files are taken: a program that was taken over could have left a link. Blocking; for
// file threads. Durability: what returned success is on disk, bytes and name.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "media/files/file_io.h"

namespace hookreel::media {

// A folder below `media_folder` that exists as long as this does. Errors: unavailable.
class WorkFolder {
 public:
    static Result<WorkFolder> create(const std::string& media_folder);
    // Removes what is left of the work of a process that died.
    static void clear(const std::string& media_folder);
    ~WorkFolder();
    WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    WorkFolder& operator=(WorkFolder&&) = delete;

    const std::string& path() const { return path_; }

 private:
    explicit WorkFolder(std::string path) : path_(std::move(path)) {}

    std::string path_;
};

struct OutputFile {
    std::uint64_t size_bytes = 0;
    std::string md5;  // Lower-case hex.
};
// Reads and syncs a file. Errors: not_found (also: not a regular file), unavailable.
Result<OutputFile> settle_file(const std::string& path);

struct OutputFolder {
    std::uint64_t size_bytes = 0;  // Of all its files.
    std::map<std::string, std::uint64_t> sizes_bytes;
    std::string main_text;  // Of the file that was asked for, at most 16 MiB.
    std::string main_md5;
};
// The same for each file of a folder. Removed is what neither is `main` nor belongs to it.
struct FolderContents {
    std::string main;
    std::function<bool(std::string_view name)> belongs;
};
Result<OutputFolder> settle_folder(const std::string& path, const FolderContents& contents);

// The text of a file, at most 16 MiB. Errors: not_found (also: not a regular file), invalid (it is
// larger), unavailable.
Result<std::string> read_text(const std::string& path);
// Writes a file of ours beside those of a program, in place of what it may have put there. Errors:
// unavailable.
Result<void> write_text(const std::string& path, std::string_view text,
                        Readers readers = Readers::group);

// Gives a folder its final name, in exchange for what had it before. Errors: unavailable.
Result<void> move_folder(const Move& move);

}  // namespace hookreel::media
