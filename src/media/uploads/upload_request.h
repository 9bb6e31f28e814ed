// What may be uploaded, and under which name: rules on an UploadRequest.
#pragma once

#include "media/files/catalog.h"
#include "media/uploads/uploads.h"

namespace hookreel::media {

inline constexpr std::size_t name_characters_max = 64;

// The request with extensions in lower case and a clean name: without control characters, cut at 64
// characters, "untitled" when nothing is left. Errors: invalid; the detail begins with "type",
// "cover_type" or "name" (not UTF-8).
Result<UploadRequest> checked_request(UploadRequest request);

// How much the files of one application may take on the disk. Held when an upload begins: those
// that are under way may end.
struct Quota {
    std::uint64_t bytes_max = 0;  // 0: no limit.
};
struct Demand {
    model::ApplicationId application;
    std::uint64_t bytes = 0;  // As far as it is known.
};
// Errors: unavailable (over it, or the files are not counted yet after a start); deleting files, or
// waiting, helps.
Result<void> check_quota(const Quota& quota, const Catalog& catalog, const Demand& demand);

}  // namespace hookreel::media
