// Uploads that go on where they broke off: a file that grows by one request after the other, and is
// put into the library with its last byte. Its length is told at the beginning or later. Parts of a
// file grow in the same way, side by side, and are put together when all are there.
//
// The offset that is told is on disk: no crash takes it back. Bytes behind it may have to be sent
// again. An upload that gets no bytes for its session's life is dropped, and never seen in the
// library. One request at a time writes to an upload. Threads: any loop.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "media/uploads/uploads.h"

namespace hookreel::media {

// Of one concatenation.
inline constexpr std::size_t concatenated_parts_max = 256;

// What becomes of an upload when its bytes are there: a file; nothing, until it is put together
// with others; or it was put together.
enum class UploadForm { whole, part, concatenated };
constexpr std::array<std::string_view, 3> names(UploadForm*) {
    return {"whole", "part", "concatenated"};
}

struct NewResumable {
    UploadRequest request;                        // Of a part only the application counts.
    std::optional<std::uint64_t> length_bytes{};  // Absent: told with some of the bytes.
    std::string metadata{};                       // Kept as it came, and told again.
    UploadForm form = UploadForm::whole;          // Or a part.
};

struct NewConcatenation {
    UploadRequest request;
    std::vector<model::UploadId> parts;  // In this order; each once.
    std::string metadata{};              // As above, and so is what names the parts.
    std::string parts_text{};
};

struct ResumableUpload {
    model::UploadId id;
    std::optional<std::uint64_t> length_bytes;
    std::uint64_t offset_bytes = 0;
    std::string metadata;
    UploadForm form = UploadForm::whole;
    std::string parts_text;             // Of a concatenation.
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
    std::optional<Checksum> checksum{};
    std::optional<std::uint64_t> length_bytes{};  // Of the whole, when it is known only now.
};

struct Appended {
    enum class Outcome {
        taken,
        wrong_offset,    // The upload is elsewhere.
        wrong_length,    // Another one was told before.
        complete,        // It was put together from parts, and takes no bytes.
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
    // Puts the parts together, into the library, and announces the file within the trace; the parts
    // are gone then. One that a crash cut has left the parts as they were, or is finished later.
    // Errors: invalid (as create; no part, too many, one twice, or what is none), not_found (a part
    // is not there), conflict (a part is not complete, or is being written to), too_large,
    // unavailable.
    virtual Task<Result<ResumableUpload>> concatenate(NewConcatenation upload,
                                                      TraceContext trace) = 0;
    // Errors: not_found (also: another application's, or expired), unavailable.
    virtual Task<Result<ResumableUpload>> find(UploadName name) = 0;
    // Appends what the source gives, to its end. When the source breaks off, what came is kept,
    // unless a checksum was to be held; the error is the source's. With the last byte the file is
    // put into the library and announced, within the trace; a repeat of that is no second event.
    // Errors also: not_found; too_large (more than was announced, or than bytes_max; nothing behind
    // the last checkpoint is kept); unavailable.
    virtual Task<Result<Appended>> append(UploadName name, Append append, http::ByteSource& source,
                                          TraceContext trace) = 0;
    // Drops it with what came; what is in the library stays there. Errors: not_found, conflict
    // (another request is writing to it), unavailable.
    virtual Task<Result<void>> remove(UploadName name) = 0;
};

}  // namespace hookreel::media
