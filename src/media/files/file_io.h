// Blocking work on files, and the threads on which it may block.
//
// FileThreads runs such work beside the loops; everything else here is plain functions and values
// that are called on its threads (or by tests). A StagedFile exists only as long as somebody writes
// it: it is removed unless it was kept. Durability: what `keep`, `move_file` and `sync_folder`
// returned is on disk, name and bytes.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/async.h"
#include "base/digest.h"
#include "base/result.h"

namespace hookreel::media {

// Threads: `run` from any loop. Life: it must be destroyed before the loops whose tasks use it.
class FileThreads {
 public:
    explicit FileThreads(int count) : pool_(static_cast<std::size_t>(count)) {}
    // Waits for the work that is under way.
    ~FileThreads() { pool_.join(); }
    FileThreads(const FileThreads&) = delete;
    FileThreads& operator=(const FileThreads&) = delete;

    // Runs `work` on a file thread and continues on the caller's loop. The caller stays suspended
    // meanwhile, also when it is cancelled, so `work` may refer to its locals.
    template <class Work>
    Task<std::invoke_result_t<Work&>> run(Work work) {
        using Value = std::invoke_result_t<Work&>;
        auto start = [this, &work](std::move_only_function<void(Value)> done) {
            asio::post(pool_, [&work, done = std::move(done)]() mutable { done(work()); });
        };
        co_return co_await await_callback<Value>(std::move(start));
    }

 private:
    asio::thread_pool pool_;
};

// An open file descriptor; closed at the end.
class Descriptor {
 public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    int number() const { return number_; }

 private:
    int number_;
};

// Who besides this process may read a file: those of its group, as backups and monitors are, or
// its owner alone.
enum class Readers { group, owner };

// A file that is being written from its beginning, with its MD5.
class StagedFile {
 public:
    // A new file with that path. Errors: conflict (it exists), unavailable.
    static Result<StagedFile> create(std::string path, Readers readers = Readers::group);
    ~StagedFile();
    StagedFile(StagedFile&& other) noexcept
        : path_(std::exchange(other.path_, {})),
          descriptor_(std::move(other.descriptor_)),
          hasher_(std::move(other.hasher_)),
          size_bytes_(other.size_bytes_) {}
    StagedFile& operator=(StagedFile&&) = delete;

    // Errors: unavailable (disk full, fault of the disk).
    Result<void> append(std::string_view bytes);
    // Appends at most `bytes_max` bytes of another file from `offset` on; returns how many.
    Result<std::size_t> append_from(const Descriptor& source, std::uint64_t offset,
                                    std::size_t bytes_max);
    // Makes bytes and name durable; from now on the file stays. Returns the MD5, 16 raw bytes.
    // Errors: invalid (the MD5 is not the `wanted` one; the file is then removed), unavailable.
    Result<std::string> keep(const std::optional<std::string>& wanted);

    std::uint64_t size_bytes() const { return size_bytes_; }

 private:
    StagedFile(std::string path, Descriptor descriptor)
        : path_(std::move(path)), descriptor_(std::move(descriptor)), hasher_(Algorithm::md5) {}

    std::string path_;  // Empty once it was kept or moved from: then it is not ours to remove.
    Descriptor descriptor_;
    Hasher hasher_;
    std::uint64_t size_bytes_ = 0;
    std::uint64_t writeback_begun_ = 0;
};

// A file that grows over several openings.
class GrowingFile {
 public:
    // Opens the file, or makes it, and cuts it to this size; shorter is not_found: what was on disk
    // is gone. The folder exists or is made. Errors also: unavailable.
    static Result<GrowingFile> open(std::string path, std::uint64_t size_bytes);
    // Errors: unavailable (disk full, fault of the disk).
    Result<void> append(std::string_view bytes);
    // What was appended is on disk when it returns. Errors: unavailable.
    Result<void> sync();

    std::uint64_t size_bytes() const { return size_bytes_; }

 private:
    GrowingFile(std::string path, Descriptor descriptor, std::uint64_t size_bytes)
        : path_(std::move(path)), descriptor_(std::move(descriptor)), size_bytes_(size_bytes) {}

    std::string path_;
    Descriptor descriptor_;
    std::uint64_t size_bytes_ = 0;
};

// Adds bytes of a file to a hash, from `offset` on and at most `bytes_max`; returns how many.
// Errors: not_found, unavailable.
struct FileStretch {
    std::string path;
    std::uint64_t offset = 0;
    std::size_t bytes_max = 0;
};
Result<std::size_t> add_to_hash(Hasher& hasher, const FileStretch& stretch);

// Opens a regular file for reading; a symbolic link is not followed. Errors: not_found (also: not a
// regular file), unavailable.
Result<Descriptor> open_to_read(const std::string& path);
// Makes a folder and those above it that are missing, durable. Errors: unavailable.
Result<void> make_folder(const std::string& path);
Result<void> sync_folder(const std::string& path);
// Renames within one file system, durable; the folder of `to` exists or is made. Where `from` is
// gone and `to` is there, it was done before: success. Errors: not_found, unavailable.
struct Move {
    std::string from;
    std::string to;
};
Result<void> move_file(const Move& move);
// Removes a file, or a folder with everything in it; nothing there is no error.
Result<void> remove_all(const std::string& path);
// The names in a folder, unsorted; none when it does not exist.
Result<std::vector<std::string>> names_in(const std::string& path);
// Bytes that an unprivileged writer may still use on the file system of `path`.
Result<std::uint64_t> free_bytes(const std::string& path);

}  // namespace hookreel::media
