#include "dialect/tencent_vod/actions/uploads/upload_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> commit_upload(const Call& call) {
    const model::UploadId id(call.parameters.text_or_empty("VodSessionKey"));
    const Result<model::Asset> asset =
        co_await call.with.uploads.commit(call.application_id(), id, call.request.trace);
    if (!asset) {
        // Of the action's codes the nearest: what would make a file is not there, or too much is.
        const std::string missing =
            "No file can be made of this session: " + asset.error().detail + ".";
        co_return failed(
            call, asset.error(),
            {{Code::invalid, "InvalidParameterValue.VodSessionKey", "Invalid session key."},
             {Code::not_found, "ResourceNotFound", missing},
             {Code::denied, "ResourceNotFound", missing},
             {Code::too_large, "ResourceNotFound", missing}});
    }
    co_return write_members({
        {"FileId", asset->id.text()},
        {"MediaUrl", call.with.urls.of(asset->path)},
        {"CoverUrl", call.with.urls.of(asset->cover)},
    });
}

}  // namespace hookreel::dialect::tencent_vod
