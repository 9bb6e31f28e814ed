#include "media/uploads/upload_records.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/random.h"

namespace hookreel::media {

Upload make_upload(UploadRequest request, TimePoint now, Duration life) {
    Upload upload;
    upload.request = std::move(request);
    upload.id = model::UploadId(random_alphanumeric(40));
    upload.file = model::FileId(random_decimal(19));
    upload.bucket = fmt::format("vod{}-{}", upload.request.application.value(), model::account_id);
    const std::string folder = random_hex(4) + upload.file.text();
    upload.media_key = folder + "/f0." + upload.request.type;
    if (!upload.request.cover_type.empty())
        upload.cover_key =
            fmt::format("{}/{}.{}", folder, upload.file.text(), upload.request.cover_type);
    upload.keys = {secret_id_of(upload.id), random_alphanumeric(32)};
    upload.token = random_alphanumeric(64);
    upload.created = now;
    upload.keys_expire = now + life;
    return upload;
}

std::string secret_id_of(const model::UploadId& id) {
    return "AKID" + hex(digest(Algorithm::sha256, id.text())).substr(0, 32);
}

store::RecordKey session_key(const std::string& secret_id) {
    return {store::Kind::upload, secret_id};
}

std::string multiparts_prefix(const Upload& upload) {
    return upload.keys.secret_id + "/m/";
}

std::string parts_prefix(const Upload& upload, std::string_view multipart) {
    return fmt::format("{}/p/{}/", upload.keys.secret_id, multipart);
}

store::RecordKey multipart_key(const Upload& upload, std::string_view multipart) {
    return {store::Kind::part, multiparts_prefix(upload) + std::string(multipart)};
}

store::RecordKey part_key(const Upload& upload, std::string_view multipart, int number) {
    return {store::Kind::part, fmt::format("{}{:05}", parts_prefix(upload, multipart), number)};
}

Task<Result<std::vector<store::RecordKey>>> part_keys_of(store::Store& store,
                                                         const Upload& upload) {
    std::vector<store::RecordKey> keys;
    store::ListOptions options{upload.keys.secret_id + "/", {}, 1000};
    for (;;) {
        Result<std::vector<store::Record>> page = co_await store.list(store::Kind::part, options);
        if (!page) co_return fail(std::move(page.error()));
        for (store::Record& record : *page)
            keys.push_back(std::move(record.key));
        if (page->size() < static_cast<std::size_t>(options.count_max)) co_return keys;
        options.after = keys.back().id;
    }
}

}  // namespace hookreel::media
