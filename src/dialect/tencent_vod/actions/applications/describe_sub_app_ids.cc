#include <algorithm>

#include "dialect/tencent_vod/actions/applications/application_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::uint64_t limit_max = 200;  // Also the default (spec, DescribeSubAppIds).

json::object sub_app_id_info(const model::Application& application) {
    return {
        {"SubAppId", application.id.value()},
        {"SubAppIdName", application.name},
        {"Description", application.description},
        {"CreateTime", iso8601(application.created)},
        {"Status", "On"},
        {"Name", application.name},
        {"Mode", "fileid"},
        {"StorageRegions", json::array{storage_region}},
        {"Tags", json::array()},
    };
}

bool is_listed(const Call& call, const model::Application& application) {
    const std::optional<std::string_view> wanted = call.parameters.text("Name");
    const bool fits = !wanted || wanted->empty() || *wanted == application.name;
    return call.signer.may_name(application.id) && fits &&
           !call.parameters.has("Tags");  // None has tags.
}

}  // namespace

Task<Answer<std::string>> describe_sub_app_ids(const Call& call) {
    const std::uint64_t offset = call.parameters.natural("Offset").value_or(0);
    const std::uint64_t limit = call.parameters.natural("Limit").value_or(limit_max);
    // A common code: the action lists none for it.
    if (limit > limit_max) co_return refuse("InvalidParameterValue", "Limit may be at most 200.");
    json::array listed;
    std::uint64_t total = 0;
    for (const store::Applications::Pointer& application : call.with.applications.all()) {
        if (!is_listed(call, *application)) continue;
        if (total >= offset && listed.size() < limit)
            listed.push_back(sub_app_id_info(*application));
        ++total;
    }
    co_return write_members({{"SubAppIdInfoSet", std::move(listed)}, {"TotalCount", total}});
}

}  // namespace hookreel::dialect::tencent_vod
