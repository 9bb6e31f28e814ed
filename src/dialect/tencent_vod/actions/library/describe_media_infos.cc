#include <set>

#include "dialect/tencent_vod/actions/library/file_parts.h"
#include "dialect/tencent_vod/actions/library/library_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t file_ids_max = 20;

Answer<void> check(const std::vector<std::string>& ids, const std::vector<std::string>& filters) {
    if (ids.empty()) return refuse("InvalidParameterValue.FileIdsEmpty", "FileIds is empty.");
    if (ids.size() > file_ids_max)
        return refuse("InvalidParameterValue.FileIdsOverLimit", "At most 20 FileIds are taken.");
    return check_filters(filters);
}

}  // namespace

Task<Answer<std::string>> describe_media_infos(const Call& call) {
    const std::vector<std::string> ids = call.parameters.texts("FileIds");
    const std::vector<std::string> filters = call.parameters.texts("Filters");
    const Answer<void> checked = check(ids, filters);
    if (!checked) co_return std::unexpected(checked.error());

    json::array found, missing;
    std::set<std::string> seen;
    for (const std::string& id : ids) {
        if (!seen.insert(id).second) continue;
        Result<model::Asset> asset = fail(Code::not_found, "too long");
        if (id.size() <= file_id_bytes_max)
            asset = co_await call.with.library.find(call.application_id(), model::FileId(id));
        if (asset)
            found.push_back(media_info(*asset, filters, call.with.urls));
        else if (asset.error().code == Code::not_found)
            missing.emplace_back(id);
        else
            co_return failed(call, asset.error());
    }
    co_return write_members(
        {{"MediaInfoSet", std::move(found)}, {"NotExistFileIdSet", std::move(missing)}});
}

}  // namespace hookreel::dialect::tencent_vod
