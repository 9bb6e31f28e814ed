#include <algorithm>

#include "base/text.h"
#include "dialect/tencent_vod/actions/frame/time_parts.h"
#include "dialect/tencent_vod/actions/uploads/upload_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t source_context_max = 250;    // Spec c.1, Rules.
constexpr std::size_t session_context_max = 1000;  // Spec c.1, Rules.
constexpr std::size_t procedure_max = 128;
// Ours: as long as a file name. The library keeps the first 64 characters.
constexpr std::size_t media_name_max = 255;

Answer<media::UploadRequest> upload_request(const Call& call) {
    const Members& parameters = call.parameters;
    media::UploadRequest request;
    request.application = call.application_id();
    request.type = parameters.text_or_empty("MediaType");
    request.name = parameters.text_or_empty("MediaName");
    request.cover_type = parameters.text_or_empty("CoverType");
    request.procedure = parameters.text_or_empty("Procedure");
    request.class_id = parameters.integer("ClassId").value_or(0);
    request.source_context = parameters.text_or_empty("SourceContext");
    request.session_context = parameters.text_or_empty("SessionContext");

    if (parameters.has("MediaStoragePath"))
        return refuse("InvalidParameterValue.MediaStoragePath",
                      "MediaStoragePath is for applications in FileID+Path mode; this one is not.");
    if (characters(request.source_context) > source_context_max ||
        characters(request.session_context) > session_context_max ||
        characters(request.procedure) > procedure_max)
        return refuse("InvalidParameterValue",
                      "SourceContext may have 250 characters, SessionContext 1000, Procedure 128.");
    if (characters(request.name) > media_name_max || has_control_character(request.name))
        return refuse("InvalidParameterValue",
                      "MediaName may have 255 characters, none of them a control character.");
    const auto expires =
        read_expiry(parameters, call.with.clock.now(), "InvalidParameterValue.ExpireTime");
    if (!expires) return std::unexpected(expires.error());
    request.expires = expires->value_or(never);
    return request;
}

std::string certificate_and_paths(const media::Upload& upload) {
    const std::string cover = upload.cover_key.empty() ? std::string() : "/" + upload.cover_key;
    return write_members({
        {"StorageBucket", upload.bucket},
        {"StorageRegion", storage_region},
        {"VodSessionKey", upload.id.text()},
        {"MediaStoragePath", "/" + upload.media_key},
        {"CoverStoragePath", cover},
        {"TempCertificate", json::object{{"SecretId", upload.keys.secret_id},
                                         {"SecretKey", upload.keys.secret_key},
                                         {"Token", upload.token},
                                         {"ExpiredTime", unix_seconds(upload.keys_expire)}}},
    });
}

}  // namespace

Task<Answer<std::string>> apply_upload(const Call& call) {
    Answer<media::UploadRequest> request = upload_request(call);
    if (!request) co_return std::unexpected(std::move(request.error()));
    const Result<media::Upload> upload = co_await call.with.uploads.apply(std::move(*request));
    if (upload) co_return certificate_and_paths(*upload);
    const Error& error = upload.error();
    if (error.code == Code::invalid && error.detail.starts_with("type"))
        co_return refuse("InvalidParameterValue.MediaType", "Invalid media type.");
    if (error.code == Code::invalid && error.detail.starts_with("cover_type"))
        co_return refuse("InvalidParameterValue.CoverType", "Invalid cover type.");
    co_return failed(call, error);
}

}  // namespace hookreel::dialect::tencent_vod
