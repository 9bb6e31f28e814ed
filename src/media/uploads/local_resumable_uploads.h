// Resumable uploads onto this machine's disk: sessions in the store, bytes in the staging folder.
//
// A checkpoint syncs the file and then records its offset, so the record never says more than the
// disk has. Threads: any loop.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "media/uploads/ingest.h"
#include "media/uploads/resumable_uploads.h"
#include "media/uploads/upload_request.h"

namespace hookreel::media {

struct ResumableOptions {
    std::uint64_t bytes_max = 0;         // Of one upload.
    std::uint64_t checkpoint_bytes = 0;  // Between two checkpoints of one request.
    Duration life{};                     // Without bytes.
};

class LocalResumableUploads final : public ResumableUploads {
 public:
    // All outlive it. `ports` are those of `ingest`.
    LocalResumableUploads(const Ingest::Ports& ports, Staging& staging, Ingest& ingest,
                          ResumableOptions options)
        : ports_(ports), staging_(staging), ingest_(ingest), options_(options) {}

    std::uint64_t bytes_max() const override { return options_.bytes_max; }
    Task<Result<ResumableUpload>> create(NewResumable upload) override;
    Task<Result<ResumableUpload>> concatenate(NewConcatenation upload, TraceContext trace) override;
    Task<Result<ResumableUpload>> find(UploadName name) override;
    Task<Result<Appended>> append(UploadName name, Append append, http::ByteSource& source,
                                  TraceContext trace) override;
    Task<Result<void>> remove(UploadName name) override;

 private:
    using Session = store::Versioned<UploadSession>;
    // The MD5 of the first bytes of an upload, kept from one request to the next.
    struct RunningHash {
        Hasher hasher{Algorithm::md5};
        std::uint64_t hashed_bytes = 0;
    };
    class Hold;
    class Growth;

    Task<Result<Session>> load(UploadName name);
    // A part that is complete. Errors: invalid (it is none), not_found, conflict, unavailable.
    Task<Result<Session>> load_part(UploadName name);
    // Room and length of an upload that has been open-ended. Errors: too_large, unavailable.
    Task<Result<void>> set_length(Session& session, std::uint64_t length_bytes);
    // The session of a concatenation, in place of those of its parts.
    Task<Result<void>> replace(const std::vector<Session>& parts, const UploadSession& whole);
    // Moves the offset. Errors: not_found (it was dropped meanwhile), unavailable.
    Task<Result<void>> record(Session& session, std::uint64_t offset_bytes);
    Task<Result<void>> grow(Session& session, const Append& append, http::ByteSource& source,
                            Growth& growth);
    // Has the whole file, from now on, on its way into the library.
    Task<Result<void>> close(Session& session, RunningHash hash, TraceContext trace);
    Task<Result<ResumableUpload>> settled(Session session);

    const Ingest::Ports ports_;
    Staging& staging_;
    Ingest& ingest_;
    const ResumableOptions options_;

    std::mutex mutex_;
    std::set<std::string> held_;                 // Uploads that a request is writing to.
    std::map<std::string, RunningHash> hashes_;  // Of the others; a lost one is computed anew.
};

}  // namespace hookreel::media
