// Files that come in one request: as its body, or in a form.
#include "api/resources/operations.h"
#include "api/resources/upload_fields.h"
#include "http/form_reader.h"

namespace hookreel::api {
namespace {

// Of one form, before its file.
constexpr std::size_t fields_max = 32;
constexpr std::size_t field_bytes_max = 8 * 1024;

// A file on its way: its session, which is ended when anything goes wrong.
Task<Answer<media::Upload>> receive(Call& call, media::UploadRequest request,
                                    http::ByteSource& source, std::optional<std::string> md5) {
    media::Uploads& uploads = call.with.uploads.whole;
    Result<media::Upload> upload = co_await uploads.apply(std::move(request));
    if (!upload) co_return refuse(upload.error());
    const Result<media::StoredObject> object =
        co_await uploads.put_object(*upload, upload->media_key, source, std::move(md5));
    if (object) co_return std::move(*upload);
    co_await uploads.discard(*upload);
    co_return refuse(object.error());
}

Task<Answer<Reply>> commit(Call& call, media::Upload upload) {
    const Result<model::Asset> asset =
        co_await call.with.uploads.whole.commit(call.application, upload.id, call.request.trace);
    if (!asset) co_return refuse(asset.error());
    json::object object;
    object["file_id"] = asset->id.text();
    object["name"] = asset->name;
    object["type"] = asset->type;
    object["size"] = asset->size_bytes;
    object["md5"] = asset->md5;
    object["url"] = call.with.uploads.address(asset->path);
    Reply created = reply(object);
    created.headers.set("X-Hookreel-File-Id", asset->id.text());
    co_return created;
}

// Content-MD5, as raw bytes. Errors: 400.
Answer<std::optional<std::string>> read_md5(const http::Headers& headers) {
    if (!headers.has("Content-MD5")) return std::nullopt;
    Result<std::string> md5 = from_base64(headers.get("Content-MD5"));
    if (!md5 || md5->size() != 16) return refuse_field({"Content-MD5", "must be an MD5 in base64"});
    return std::move(*md5);
}

// The fields that come before the file; the reader is then at the file.
Task<Answer<UploadFields>> read_fields(http::FormReader& form) {
    UploadFields fields;
    for (;;) {
        Result<std::optional<http::FormPart>> part = co_await form.next();
        if (!part) co_return refuse(part.error());
        if (!*part) co_return refuse_field({"file", "is required: a part with a file name"});
        if ((*part)->filename) {
            fields.emplace_back("filename", std::move(*(*part)->filename));
            co_return fields;
        }
        if (fields.size() >= fields_max)
            co_return refuse(413, "too-large", "A form may have 32 fields before its file.");
        const Result<std::string> value = co_await form.read_all(field_bytes_max);
        if (!value && value.error().code == Code::too_large)
            co_return refuse(413, "too-large", "A field may have 8 KiB.");
        if (!value) co_return refuse(value.error());
        // The file says its own name; a field that says another is not meant for us.
        if ((*part)->name != "filename") fields.emplace_back((*part)->name, *value);
    }
}

}  // namespace

Task<Answer<Reply>> put_media(Call& call) {
    UploadFields fields = {{"filename", Fields(call.path).text_or("name", "")}};
    for (const auto& [name, value] : call.query)
        if (value.is_string()) fields.emplace_back(name, std::string(value.get_string()));
    if (const auto class_id = call.parameters().integer("class_id"))
        fields.emplace_back("class_id", std::to_string(*class_id));
    Answer<media::UploadRequest> request = read_upload_fields(call.application, fields, call.now);
    if (!request) co_return std::unexpected(std::move(request.error()));
    Answer<std::optional<std::string>> md5 = read_md5(call.request.head().headers);
    if (!md5) co_return std::unexpected(std::move(md5.error()));
    Answer<media::Upload> upload =
        co_await receive(call, std::move(*request), call.request, std::move(*md5));
    if (!upload) co_return std::unexpected(std::move(upload.error()));
    co_return co_await commit(call, std::move(*upload));
}

Task<Answer<Reply>> post_media(Call& call) {
    const Result<std::string> boundary =
        http::form_boundary(call.request.head().headers.get("Content-Type"));
    if (!boundary) {
        std::unexpected<Problem> refused = refuse(
            415, "unsupported-media-type", "The body must be multipart/form-data with a boundary.");
        refused.error().headers.set("Accept", "multipart/form-data");
        co_return refused;
    }
    http::FormReader form(call.request, *boundary);
    const Answer<UploadFields> fields = co_await read_fields(form);
    if (!fields) co_return std::unexpected(fields.error());
    Answer<media::UploadRequest> request = read_upload_fields(call.application, *fields, call.now);
    if (!request) co_return std::unexpected(std::move(request.error()));
    Answer<media::Upload> upload = co_await receive(call, std::move(*request), form, std::nullopt);
    if (!upload) co_return std::unexpected(std::move(upload.error()));
    // Only now is the form known to be whole: a file that was cut is never in the library.
    const Result<std::optional<http::FormPart>> more = co_await form.next();
    if (more && !*more) co_return co_await commit(call, std::move(*upload));
    co_await call.with.uploads.whole.discard(*upload);
    if (!more) co_return refuse(more.error());
    co_return refuse_field({shown_name((*more)->name), "comes after the file, which must be last"});
}

}  // namespace hookreel::api
