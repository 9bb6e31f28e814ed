// The file of a pull while its bytes come: appended to, cut back, and synced.
//
// Blocking; for file threads. A file that is opened again is cut to what was kept.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "media/files/file_io.h"

namespace hookreel::media {

class PullFile {
 public:
    // Makes the file, or opens it and cuts it to `keep_bytes`; it may be shorter. Errors:
    // unavailable.
    static Result<PullFile> open(const std::string& path, std::uint64_t keep_bytes);

    // Errors: unavailable (disk full, fault of the disk).
    Result<void> append(std::string_view bytes);
    Result<void> cut(std::uint64_t bytes);
    Result<void> sync();
    // Of the whole file, lower-case hex. Errors: unavailable.
    Result<std::string> md5() const;

    std::uint64_t size_bytes() const { return size_bytes_; }

 private:
    PullFile(Descriptor descriptor, std::uint64_t size_bytes)
        : descriptor_(std::move(descriptor)), size_bytes_(size_bytes) {}

    Descriptor descriptor_;
    std::uint64_t size_bytes_;
};

}  // namespace hookreel::media
