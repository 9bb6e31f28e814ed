// The bytes of an upload as they come, each passed on only when there is room for it in the quota
// of its application.
//
// What was claimed is given back at the end, unless it is kept. Threads: one request.
#pragma once

#include "http/message.h"
#include "media/files/quota.h"
#include "media/uploads/uploads.h"

namespace hookreel::media {

class ClaimingSource final : public http::ByteSource {
 public:
    // All outlive it.
    ClaimingSource(http::ByteSource& source, Quota& quota, const Upload& upload)
        : source_(source), quota_(quota), claimed_{upload.request.application, upload.file} {}
    ~ClaimingSource() override { quota_.release(claimed_); }
    ClaimingSource(const ClaimingSource&) = delete;
    ClaimingSource& operator=(const ClaimingSource&) = delete;

    // Errors also: unavailable (is_over_quota).
    Task<Result<std::size_t>> read(std::span<char> into) override;
    // The bytes stay on the disk.
    void keep() { claimed_.bytes = 0; }

 private:
    http::ByteSource& source_;
    Quota& quota_;
    Claim claimed_;  // Of this request.
};

}  // namespace hookreel::media
