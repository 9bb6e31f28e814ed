// The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload), which resumable uploads
// under /api/v1/uploads speak: read and written. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/frame/problem.h"
#include "api/resources/upload_fields.h"
#include "http/message.h"
#include "media/uploads/resumable_uploads.h"

namespace hookreel::api {

inline constexpr std::string_view tus_body_type = "application/offset+octet-stream";
inline constexpr std::size_t tus_metadata_bytes_max = 8 * 1024;

// Whether the path is one of those.
bool speaks_tus(std::string_view path);
// Whether files come in there, so that pages of any origin may send them: what counts is the token,
// which a browser never sends by itself.
bool takes_files(std::string_view path);
// The method that is meant: X-HTTP-Method-Override goes before the request's own, on such paths.
std::string_view method_of(const http::RequestHead& head);

// Errors: 412 (no version, or another one).
Answer<void> check_tus_version(const http::Headers& headers);
// A header that must be there as a number of bytes. Errors: 400.
Answer<std::uint64_t> bytes_of(const http::Headers& headers, std::string_view name);
// Upload-Length, or nothing with "Upload-Defer-Length: 1". Errors: 400.
Answer<std::optional<std::uint64_t>> read_length(const http::Headers& headers);
// Upload-Concat, or a whole file. The parts of a concatenation are named by their addresses.
// Errors: 400.
struct Concat {
    media::UploadForm form = media::UploadForm::whole;
    std::vector<model::UploadId> parts;
};
Answer<Concat> read_concat(const http::Headers& headers);
// Upload-Checksum, if there is one. Errors: 400 (its form, or an algorithm that is not offered).
Answer<std::optional<media::Checksum>> read_checksum(const http::Headers& headers);
// Upload-Metadata: "name base64,name base64". Errors: 400, 413.
Answer<UploadFields> read_metadata(std::string_view header);

// What every answer says where files come in.
void tell_origins(http::Headers& headers, std::string_view method);
// What every answer on a path of tus says; `bytes_max` is of one upload.
void tell_tus(http::Headers& headers, std::uint64_t bytes_max, std::string_view method);
// What answers say of an upload.
void tell_upload(http::Headers& headers, const media::ResumableUpload& upload);

}  // namespace hookreel::api
