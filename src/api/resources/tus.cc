#include "api/resources/tus.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "http/http_date.h"

namespace hookreel::api {
namespace {

constexpr std::string_view version = "1.0.0";
constexpr std::string_view uploads_folder = "/api/v1/uploads/";
constexpr std::string_view extensions =
    "creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,"
    "concatenation";

struct Offered {
    std::string_view name;
    Algorithm algorithm;
    std::size_t bytes;
};
constexpr std::array<Offered, 2> checksums = {
    {{"sha1", Algorithm::sha1, 20}, {"sha256", Algorithm::sha256, 32}}};

bool is_below(std::string_view path, std::string_view folder) {
    if (!path.starts_with(folder)) return false;
    path.remove_prefix(folder.size());
    return path.empty() || path.starts_with('/');
}

std::unexpected<Problem> wrong_header(std::string_view name, std::string detail) {
    return refuse_field({std::string(name), std::move(detail)});
}

}  // namespace

bool speaks_tus(std::string_view path) {
    return is_below(path, "/api/v1/uploads");
}

bool takes_files(std::string_view path) {
    return speaks_tus(path) || is_below(path, "/api/v1/media");
}

std::string_view method_of(const http::RequestHead& head) {
    const std::string_view meant = head.headers.get("X-HTTP-Method-Override");
    return meant.empty() || !speaks_tus(head.path()) ? std::string_view(head.method) : meant;
}

Answer<void> check_tus_version(const http::Headers& headers) {
    if (headers.get("Tus-Resumable") == version) return {};
    std::unexpected<Problem> refused =
        refuse(412, "precondition-failed", "This needs the header \"Tus-Resumable: 1.0.0\".");
    refused.error().headers.set("Tus-Version", std::string(version));
    return refused;
}

Answer<std::uint64_t> bytes_of(const http::Headers& headers, std::string_view name) {
    const Result<std::uint64_t> bytes = parse_unsigned(headers.get(name));
    if (!bytes) return wrong_header(name, "must be there, as a number of bytes");
    return *bytes;
}

Answer<std::optional<std::uint64_t>> read_length(const http::Headers& headers) {
    constexpr std::string_view deferred = "Upload-Defer-Length";
    if (!headers.has(deferred)) {
        const Answer<std::uint64_t> length = bytes_of(headers, "Upload-Length");
        if (!length) return std::unexpected(length.error());
        return *length;
    }
    if (headers.get(deferred) != "1" || headers.has("Upload-Length"))
        return wrong_header(deferred, "must be 1, and Upload-Length not there");
    return std::nullopt;
}

Answer<Concat> read_concat(const http::Headers& headers) {
    constexpr std::string_view name = "Upload-Concat";
    constexpr std::string_view final_mark = "final;";
    if (!headers.has(name)) return Concat{};
    std::string_view text = trim(headers.get(name));
    if (text == "partial") return Concat{media::UploadForm::part, {}};
    if (!text.starts_with(final_mark))
        return wrong_header(name, "must be \"partial\" or \"final;\" and addresses of parts");
    Concat concat{media::UploadForm::concatenated, {}};
    text.remove_prefix(final_mark.size());
    while (!(text = trim(text)).empty()) {
        std::string_view address = text.substr(0, text.find(' '));
        text.remove_prefix(address.size());
        address = address.substr(0, address.find('?'));
        const std::size_t at = address.rfind(uploads_folder);
        const std::string_view id =
            at == address.npos ? "" : address.substr(at + uploads_folder.size());
        if (id.empty() || id.contains('/'))
            return wrong_header(name, "must name addresses of uploads, with blanks between");
        concat.parts.emplace_back(std::string(id));
    }
    return concat;
}

Answer<std::optional<media::Checksum>> read_checksum(const http::Headers& headers) {
    constexpr std::string_view name = "Upload-Checksum";
    if (!headers.has(name)) return std::nullopt;
    const std::string_view text = headers.get(name);
    const std::size_t blank = text.find(' ');
    const std::string algorithm = to_lower(text.substr(0, blank));
    const auto offered = std::ranges::find(checksums, algorithm, &Offered::name);
    if (offered == checksums.end()) return wrong_header(name, "must begin with sha1 or sha256");
    const Result<std::string> digest =
        from_base64(blank == text.npos ? "" : trim(text.substr(blank)));
    if (!digest || digest->size() != offered->bytes)
        return wrong_header(name, "must be the algorithm, a blank and the digest in base64");
    return media::Checksum{offered->algorithm, *digest};
}

Answer<UploadFields> read_metadata(std::string_view header) {
    constexpr std::string_view name = "Upload-Metadata";
    if (header.size() > tus_metadata_bytes_max)
        return refuse(413, "too-large",
                      fmt::format("Upload-Metadata may have {} bytes.", tus_metadata_bytes_max));
    UploadFields fields;
    while (!header.empty()) {
        const std::string_view piece = trim(header.substr(0, header.find(',')));
        header.remove_prefix(std::min(header.size(), header.find(',')));
        if (!header.empty()) header.remove_prefix(1);
        const std::size_t blank = piece.find(' ');
        const std::string key(piece.substr(0, blank));
        const Result<std::string> value =
            from_base64(blank == piece.npos ? "" : trim(piece.substr(blank)));
        if (key.empty() || !is_utf8(key) || !value)
            return wrong_header(name, "must be pairs of a name and base64, with commas between");
        if (std::ranges::find(fields, key, &UploadFields::value_type::first) != fields.end())
            return wrong_header(name, "has a name twice");
        fields.emplace_back(key, *value);
    }
    return fields;
}

void tell_origins(http::Headers& headers, std::string_view method) {
    headers.set("Access-Control-Allow-Origin", "*");
    headers.set("Access-Control-Expose-Headers",
                "Location, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, "
                "Tus-Checksum-Algorithm, Upload-Offset, Upload-Length, Upload-Defer-Length, "
                "Upload-Metadata, Upload-Concat, Upload-Expires, X-Hookreel-File-Id, Retry-After");
    if (method != "OPTIONS") return;
    headers.set("Access-Control-Allow-Methods", "POST, PUT, GET, HEAD, PATCH, DELETE, OPTIONS");
    headers.set("Access-Control-Allow-Headers",
                "Authorization, Content-Type, Content-MD5, Tus-Resumable, Upload-Length, "
                "Upload-Defer-Length, Upload-Offset, Upload-Metadata, Upload-Checksum, "
                "Upload-Concat, X-HTTP-Method-Override, "
                "X-Requested-With, X-Request-ID");
    headers.set("Access-Control-Max-Age", "86400");
}

void tell_tus(http::Headers& headers, std::uint64_t bytes_max, std::string_view method) {
    headers.set("Tus-Resumable", std::string(version));
    if (method != "OPTIONS") return;
    headers.set("Tus-Version", std::string(version));
    headers.set("Tus-Extension", std::string(extensions));
    headers.set("Tus-Max-Size", fmt::to_string(bytes_max));
    headers.set("Tus-Checksum-Algorithm", "sha1,sha256");
}

void tell_upload(http::Headers& headers, const media::ResumableUpload& upload) {
    headers.set("Upload-Offset", fmt::to_string(upload.offset_bytes));
    if (upload.length_bytes)
        headers.set("Upload-Length", fmt::to_string(*upload.length_bytes));
    else
        headers.set("Upload-Defer-Length", "1");
    if (upload.form != media::UploadForm::whole)
        headers.set("Upload-Concat",
                    upload.form == media::UploadForm::part ? "partial" : upload.parts_text);
    if (!upload.metadata.empty()) headers.set("Upload-Metadata", upload.metadata);
    if (upload.file)
        headers.set("X-Hookreel-File-Id", upload.file->text());
    else
        headers.set("Upload-Expires", http::http_date(upload.expires));
}

}  // namespace hookreel::api
