// Uploads that go on where they broke off: a file of a known length that grows by one request after
// the other, and is put into the library with its last byte.
//
// The offset that is told is on disk: no crash takes it back. Bytes behind it may have to be sent
// again. An upload that gets no bytes for its session's life is dropped, and never seen in the
// library. One request at a time writes to an upload. Threads: any loop.
#pragma once

#include <optional>
#include <string>

#include "base/digest.h"
#include "media/uploads/uploads.h"

namespace hookreel::media {

struct NewResumable {
    UploadRequest request;
    std::uint64_t length_bytes = 0;
    std::string metadata;  // Kept as it came, and told again.
};

struct ResumableUpload {
    model::UploadId id;
    std::uint64_t length_bytes = 0;
    std::uint64_t offset_bytes = 0;
    std::string metadata;
    TimePoint expires{};                // Later with every byte.
    std::optional<model::FileId> file;  // Once it is in the library.
};

// Of the bytes of one request.
struct Checksum {
    Algorithm algorithm = Algorithm::sha1;
    std::string digest;  // Raw bytes.
};

struct Append {
    std::uint64_t offset_bytes = 0;  // Where the sender believes the upload to be.
    std::optional<Checksum> checksum;
};

struct Appended {
    enum class Outcome {
        taken,
        wrong_offset,    // The upload is elsewhere.
        wrong_checksum,  // Nothing of the request was kept.
        busy             // Another request is writing to it.
    };
    Outcome outcome = Outcome::taken;
    ResumableUpload upload;  // As it is now; empty when busy.
};

// Which upload, and whose.
struct UploadName {
    model::ApplicationId application;
    model::UploadId id;
};

class ResumableUploads {
 public:
    virtual ~ResumableUploads() = default;

    // Of one upload.
    virtual std::uint64_t bytes_max() const = 0;

    // Errors: invalid (as Uploads::apply), too_large (over bytes_max), unavailable (the disk or the
    // application's quota has no room for it).
    virtual Task<Result<ResumableUpload>> create(NewResumable upload) = 0;
    // Errors: not_found (also: another application's, or expired), unavailable.
    virtual Task<Result<ResumableUpload>> find(UploadName name) = 0;
    // Appends what the source gives, to its end. When the source breaks off, what came is kept,
    // unless a checksum was to be held; the error is the source's. With the last byte the file is
    // put into the library and announced, within the trace; a repeat of that is no second event.
    // Errors also: not_found; too_large (more than was announced; nothing behind the last
    // checkpoint is kept); unavailable.
    virtual Task<Result<Appended>> append(UploadName name, Append append, http::ByteSource& source,
                                          TraceContext trace) = 0;
    // Drops it with what came; what is in the library stays there. Errors: not_found, conflict
    // (another request is writing to it), unavailable.
    virtual Task<Result<void>> remove(UploadName name) = 0;
};

}  // namespace hookreel::media
