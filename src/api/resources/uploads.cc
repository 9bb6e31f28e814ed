// Resumable uploads, as tus 1.0.0 has them.
#include <fmt/format.h>

#include "api/resources/operations.h"
#include "api/resources/tus.h"
#include "base/text.h"

namespace hookreel::api {
namespace {

std::string media_type(const http::Headers& headers) {
    const std::string_view type = headers.get("Content-Type");
    return to_lower(trim(type.substr(0, type.find(';'))));
}

std::unexpected<Problem> wrong_body_type() {
    std::unexpected<Problem> refused =
        refuse(415, "unsupported-media-type", fmt::format("The body must be {}.", tus_body_type));
    refused.error().headers.set("Accept", std::string(tus_body_type));
    return refused;
}

media::UploadName name_of(const Call& call) {
    return {call.application, model::UploadId(call.id())};
}

// The application that was named is named again: a token for all of them has no other way to it.
std::string location_of(const Call& call, const media::ResumableUpload& upload) {
    const std::string path = fmt::format("{}/uploads/{}", api_prefix, upload.id.text());
    if (!call.parameters().has("application")) return path;
    return fmt::format("{}?application={}", path, call.application.value());
}

json::object upload_json(const media::ResumableUpload& upload) {
    json::object object;
    object["id"] = upload.id.text();
    object["length"] = upload.length_bytes ? json::value(*upload.length_bytes) : nullptr;
    object["offset"] = upload.offset_bytes;
    object["file_id"] = upload.file ? json::value(json::string(upload.file->text())) : nullptr;
    object["expires"] = upload.file ? json::value(nullptr) : time_text(upload.expires);
    return object;
}

// Takes the body, which goes on from `append.offset_bytes`.
Task<Answer<media::ResumableUpload>> take_body(Call& call, media::UploadName name,
                                               media::Append append) {
    const std::uint64_t offset = append.offset_bytes;
    Result<media::Appended> appended = co_await call.with.uploads.resumable.append(
        std::move(name), std::move(append), call.request, call.request.trace);
    if (!appended) co_return refuse(appended.error());
    switch (appended->outcome) {
        case media::Appended::Outcome::taken:
            break;
        case media::Appended::Outcome::wrong_offset:
            co_return refuse(409, "conflict",
                             fmt::format("The upload is at {}, not at {}.",
                                         appended->upload.offset_bytes, offset));
        case media::Appended::Outcome::wrong_length:
            co_return refuse(409, "conflict", "Another Upload-Length was told before.");
        case media::Appended::Outcome::complete:
            co_return refuse(403, "forbidden", "The upload was put together from parts.");
        case media::Appended::Outcome::wrong_checksum:
            co_return refuse(460, "checksum-mismatch",
                             "The bytes have another checksum; nothing of them was kept.");
        case media::Appended::Outcome::busy:
            co_return refuse(423, "locked",
                             "Another request is writing to the upload. It ends at the latest "
                             "when it has been silent for 30 s.");
    }
    co_return std::move(appended->upload);
}

Task<Answer<Reply>> begin(Call& call, media::UploadRequest request, media::UploadForm form) {
    const http::Headers& headers = call.request.head().headers;
    const Answer<std::optional<std::uint64_t>> length = read_length(headers);
    if (!length) co_return std::unexpected(length.error());
    Answer<std::optional<media::Checksum>> checksum = read_checksum(headers);
    if (!checksum) co_return std::unexpected(checksum.error());
    const bool has_body = media_type(headers) == tus_body_type;
    if (!has_body && call.request.content_length() != 0) co_return wrong_body_type();

    media::NewResumable wanted{std::move(request), *length,
                               std::string(headers.get("Upload-Metadata")), form};
    Result<media::ResumableUpload> upload =
        co_await call.with.uploads.resumable.create(std::move(wanted));
    if (!upload) co_return refuse(upload.error());
    Reply created;
    created.headers.set("Location", location_of(call, *upload));
    if (has_body || *length == 0) {
        const media::UploadName name{call.application, upload->id};
        media::Append append{.checksum = std::move(*checksum)};
        Answer<media::ResumableUpload> taken = co_await take_body(call, name, std::move(append));
        if (!taken) {
            // Whoever was refused does not know where it is.
            (void)co_await call.with.uploads.resumable.remove(name);
            co_return std::unexpected(std::move(taken.error()));
        }
        *upload = std::move(*taken);
    }
    tell_upload(created.headers, *upload);
    co_return created;
}

Task<Answer<Reply>> put_together(Call& call, media::UploadRequest request,
                                 std::vector<model::UploadId> parts) {
    const http::Headers& headers = call.request.head().headers;
    if (headers.has("Upload-Length") || headers.has("Upload-Defer-Length"))
        co_return refuse_field({"Upload-Length", "must not be there: it follows from the parts"});
    if (call.request.content_length() != 0)
        co_return refuse_field({"Content-Length", "must be 0: the bytes are those of the parts"});
    media::NewConcatenation wanted{std::move(request), std::move(parts),
                                   std::string(headers.get("Upload-Metadata")),
                                   std::string(headers.get("Upload-Concat"))};
    const Result<media::ResumableUpload> upload =
        co_await call.with.uploads.resumable.concatenate(std::move(wanted), call.request.trace);
    if (!upload) co_return refuse(upload.error());
    Reply created;
    created.headers.set("Location", location_of(call, *upload));
    tell_upload(created.headers, *upload);
    co_return created;
}

}  // namespace

Task<Answer<Reply>> create_upload(Call& call) {
    const http::Headers& headers = call.request.head().headers;
    if (Answer<void> spoken = check_tus_version(headers); !spoken)
        co_return std::unexpected(spoken.error());
    Answer<Concat> concat = read_concat(headers);
    if (!concat) co_return std::unexpected(concat.error());
    const Answer<UploadFields> fields = read_metadata(headers.get("Upload-Metadata"));
    if (!fields) co_return std::unexpected(fields.error());
    media::UploadRequest request{.application = call.application};
    if (concat->form != media::UploadForm::part) {
        Answer<media::UploadRequest> read = read_upload_fields(call.application, *fields, call.now);
        if (!read) co_return std::unexpected(read.error());
        request = std::move(*read);
    }
    if (concat->form == media::UploadForm::concatenated)
        co_return co_await put_together(call, std::move(request), std::move(concat->parts));
    co_return co_await begin(call, std::move(request), concat->form);
}

Task<Answer<Reply>> get_upload(Call& call) {
    if (call.request.head().method == "HEAD")
        if (Answer<void> spoken = check_tus_version(call.request.head().headers); !spoken)
            co_return std::unexpected(spoken.error());
    media::UploadName name = name_of(call);
    const Result<media::ResumableUpload> upload =
        co_await call.with.uploads.resumable.find(std::move(name));
    if (!upload) co_return refuse(upload.error());
    Reply told = reply(upload_json(*upload));
    tell_upload(told.headers, *upload);
    co_return told;
}

Task<Answer<Reply>> append_to_upload(Call& call) {
    const http::Headers& headers = call.request.head().headers;
    if (Answer<void> spoken = check_tus_version(headers); !spoken)
        co_return std::unexpected(spoken.error());
    if (media_type(headers) != tus_body_type) co_return wrong_body_type();
    const Answer<std::uint64_t> offset = bytes_of(headers, "Upload-Offset");
    if (!offset) co_return std::unexpected(offset.error());
    Answer<std::optional<media::Checksum>> checksum = read_checksum(headers);
    if (!checksum) co_return std::unexpected(checksum.error());

    media::Append append{*offset, std::move(*checksum), {}};
    if (headers.has("Upload-Length")) {
        const Answer<std::uint64_t> length = bytes_of(headers, "Upload-Length");
        if (!length) co_return std::unexpected(length.error());
        append.length_bytes = *length;
    }
    media::UploadName name = name_of(call);
    const Answer<media::ResumableUpload> upload =
        co_await take_body(call, std::move(name), std::move(append));
    if (!upload) co_return std::unexpected(upload.error());
    Reply taken;
    tell_upload(taken.headers, *upload);
    co_return taken;
}

Task<Answer<Reply>> delete_upload(Call& call) {
    if (Answer<void> spoken = check_tus_version(call.request.head().headers); !spoken)
        co_return std::unexpected(spoken.error());
    media::UploadName name = name_of(call);
    const Result<void> removed = co_await call.with.uploads.resumable.remove(std::move(name));
    if (!removed && removed.error().code == Code::conflict)
        co_return refuse(423, "locked", removed.error().detail);
    if (!removed) co_return refuse(removed.error());
    co_return Reply{};
}

}  // namespace hookreel::api
