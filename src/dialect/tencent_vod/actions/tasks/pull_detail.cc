#include "dialect/tencent_vod/actions/tasks/pull_detail.h"

#include "dialect/tencent_vod/events/task_json.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> describe_pull(const Call& call, const model::Pull& pull) {
    // The file is there when the pull went well, unless it was deleted since.
    const Result<model::Asset> asset =
        co_await call.with.library.find(call.application_id(), pull.file);
    if (!asset && asset.error().code != Code::not_found) co_return failed(call, asset.error());
    json::object detail = {
        {"TaskType", "PullUpload"},
        {"Status", name(pull.status)},
        {"CreateTime", iso8601(pull.created)},
    };
    if (pull.begun != TimePoint{}) detail.emplace("BeginProcessTime", iso8601(pull.begun));
    if (pull.finished != TimePoint{}) detail.emplace("FinishTime", iso8601(pull.finished));
    detail.emplace("PullUploadTask", pull_task(pull, asset ? &*asset : nullptr, call.with.urls));
    co_return write_members(with_nulls(std::move(detail), *call.action.output));
}

}  // namespace hookreel::dialect::tencent_vod
