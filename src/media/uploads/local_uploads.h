// Uploads onto this machine's disk: sessions in the store, bytes in the staging folder.
//
// Every change of a session is a write over the version that was read, so requests on any loop, and
// a server that starts again, never overwrite each other. Threads: any loop. Before the first
// request `recover` is awaited once; `tend` then runs beside the server until it is cancelled.
#pragma once

#include <functional>

#include "media/uploads/ingest.h"
#include "media/uploads/local_resumable_uploads.h"
#include "media/uploads/upload_request.h"
#include "media/uploads/uploads.h"

namespace hookreel::media {

struct LocalUploadsOptions {
    std::string data_folder;  // Gets the folders "staging" and "media", on one file system.
    std::uint64_t object_bytes_max = StagingOptions{}.object_bytes_max;
    std::uint64_t reserve_bytes = StagingOptions{}.reserve_bytes;
    Duration session_life = std::chrono::hours(24);
    int multiparts_max = 100;  // Of one session, at a time.
    // How much of a resumable upload may have to be sent again after a crash.
    std::uint64_t checkpoint_bytes = 32ull << 20;
    // How much is free on the file system of a path; replaced in tests.
    std::function<Result<std::uint64_t>(const std::string& path)> free_bytes = media::free_bytes;
};

class LocalUploads final : public Uploads {
 public:
    // The ports outlive it.
    LocalUploads(Ingest::Ports ports, LocalUploadsOptions options);

    // Finishes the commits that a crash cut, drops sessions that ran out, and removes what no
    // session names from the staging folder. Errors: unavailable.
    Task<Result<void>> recover();
    // Drops the sessions that ran out, with their files; a session gets an hour more, for what is
    // still being sent with it. Errors: unavailable.
    Task<Result<void>> sweep();
    // Sweeps once an hour.
    Task<void> tend();

    // Those that go on where they broke off; recovered and swept with the others.
    ResumableUploads& resumable() { return resumable_; }

    Task<Result<Upload>> apply(UploadRequest request) override;
    Task<Result<Upload>> find_by_secret_id(std::string secret_id) override;
    Task<Result<StoredObject>> put_object(Upload upload, std::string key, http::ByteSource& source,
                                          std::optional<std::string> md5) override;
    Task<Result<StoredObject>> head_object(Upload upload, std::string key) override;
    Task<Result<Multipart>> start_multipart(Upload upload, std::string key) override;
    Task<Result<std::vector<Multipart>>> list_multiparts(Upload upload,
                                                         std::string prefix) override;
    Task<Result<Part>> put_part(Upload upload, std::string multipart, int number,
                                http::ByteSource& source, std::optional<std::string> md5) override;
    Task<Result<std::vector<Part>>> list_parts(Upload upload, std::string multipart) override;
    Task<Result<StoredObject>> complete_multipart(Upload upload, std::string multipart,
                                                  std::vector<Part> parts) override;
    Task<Result<void>> abort_multipart(Upload upload, std::string multipart) override;
    Task<Result<model::Asset>> commit(model::ApplicationId application, model::UploadId id,
                                      TraceContext trace) override;
    Task<void> discard(Upload upload) override;

 private:
    Task<Result<store::Versioned<UploadSession>>> open_session(const Upload& upload);
    Task<Result<MultipartRecord>> find_multipart(const Upload& upload,
                                                 const std::string& multipart);
    Task<Result<StoredObject>> place(const Upload& upload, const std::string& key,
                                     StagedObject object,
                                     const std::vector<store::RecordKey>& removes);
    Task<Result<void>> record_part(const Upload& upload, const std::string& multipart,
                                   PartRecord part);
    Task<Result<void>> drop_session(const store::Versioned<UploadSession>& session);
    Task<Result<void>> sweep_before(TimePoint before);

    Ingest::Ports ports_;
    LocalUploadsOptions options_;
    Staging staging_;
    Ingest ingest_;
    LocalResumableUploads resumable_;
};

}  // namespace hookreel::media
