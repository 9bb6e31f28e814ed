// The staging folder: bytes of uploads on their way to the library, one folder per session.
//
// A file is written under a random name with flat memory, its MD5 computed on the way, and is
// either wholly on disk when its name is told, or gone. Which names count is said by the records of
// the sessions; the rest is rubbish of a crash that `remove_unnamed` clears. Threads: any loop.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "http/message.h"
#include "media/files/file_io.h"
#include "media/uploads/upload_records.h"

namespace hookreel::media {

struct StagingOptions {
    std::string folder;
    std::uint64_t object_bytes_max = 50'000ull << 30;  // 48.8 TiB, as the original has.
    std::uint64_t reserve_bytes = 512ull << 20;        // Left free on the disk for everyone else.
    // How much is free on the file system of a path; replaced in tests.
    std::function<Result<std::uint64_t>(const std::string& path)> free_bytes = media::free_bytes;
};

class Staging {
 public:
    // `threads` outlives it.
    Staging(FileThreads& threads, StagingOptions options)
        : threads_(threads), options_(std::move(options)) {}

    // Writes what the source gives, to its end. When `md5` is given (16 raw bytes) and differs:
    // invalid. Errors also: those of the source; too_large (the limit of an object);
    // unavailable (disk full, also up to its reserve, or failing).
    Task<Result<StagedObject>> receive(const Upload& upload, http::ByteSource& source,
                                       const std::optional<std::string>& md5);
    // Writes one file from several, in this order. One alone is taken as it is, under its own name.
    // Errors: too_large, unavailable, as above.
    Task<Result<StagedObject>> join(const Upload& upload, const std::vector<StagedObject>& parts);

    // Writes one file from files that lie anywhere, or stretches of them. Errors as above.
    struct Piece {
        std::string path;
        std::uint64_t size_bytes = 0;
        std::uint64_t offset_bytes = 0;
    };
    Task<Result<StagedObject>> concatenate(const Upload& upload, std::vector<Piece> pieces);

    // The whole of a small file. Errors: not_found, unavailable.
    Task<Result<std::string>> read(const Upload& upload, const StagedObject& object) const;

    // What cannot be removed stays until the next `remove_unnamed`.
    Task<void> remove(const Upload& upload, const std::vector<std::string>& names);
    // The session's whole folder.
    Task<void> remove_session(const Upload& upload);

    // Removes each file whose "<session>/<name>" is not listed, and every folder without a listed
    // file. Only at the start, when nobody writes.
    Task<Result<void>> remove_unnamed(const std::set<std::string>& named);
    static std::string named(const Upload& upload, const std::string& name);

    const std::string& folder() const { return options_.folder; }
    std::uint64_t object_bytes_max() const { return options_.object_bytes_max; }
    std::string path(const Upload& upload, const std::string& name) const;
    // Whether so much more fits beside the reserve; blocks. Errors: unavailable.
    Result<void> check_room(std::uint64_t more_bytes) const;

 private:
    class Writer;

    FileThreads& threads_;
    StagingOptions options_;
};

}  // namespace hookreel::media
