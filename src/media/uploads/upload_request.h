// What may be uploaded, and under which name: rules on an UploadRequest.
#pragma once

#include "media/uploads/uploads.h"

namespace hookreel::media {

inline constexpr std::size_t name_characters_max = 64;

// The request with extensions in lower case and a clean name: without control characters, cut at 64
// characters, "untitled" when nothing is left. Errors: invalid; the detail begins with "type",
// "cover_type" or "name" (not UTF-8).
Result<UploadRequest> checked_request(UploadRequest request);

// Whether files of this type, in lower case, name the pieces of a stream: m3u8 or mpd.
bool is_stream_type(std::string_view type);

}  // namespace hookreel::media
