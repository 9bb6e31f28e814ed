#include "dialect/tencent_vod/actions/editing/edit_parts.h"
#include "dialect/tencent_vod/actions/tasks/pull_detail.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/events/external_json.h"
#include "dialect/tencent_vod/events/task_json.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {

namespace {

std::string describe_external(const Call& call, const model::ExternalTask& task) {
    const ExternalAction& action = *external_action_of_kind(task.request.kind);
    json::object detail = {
        {"TaskType", action.task_type},
        {"Status", name(task.status)},
        {"CreateTime", iso8601(task.created)},
    };
    if (task.begun != TimePoint{}) detail.emplace("BeginProcessTime", iso8601(task.begun));
    if (task.finished != TimePoint{}) detail.emplace("FinishTime", iso8601(task.finished));
    detail.emplace(action.member, external_task(task));
    return write_members(with_nulls(std::move(detail), *call.action.output));
}

}  // namespace

Task<Answer<std::string>> describe_task_detail(const Call& call) {
    const model::TaskId id(call.parameters.text_or_empty("TaskId"));
    const Result<model::Task> task = co_await call.with.tasks.find(call.application_id(), id);
    if (!task && task.error().code == Code::not_found) {
        const Result<model::Pull> pull = co_await call.with.pulls.find(call.application_id(), id);
        if (pull) co_return co_await describe_pull(call, *pull);
        const Result<model::Edit> edit = co_await call.with.edits.find(call.application_id(), id);
        if (edit) co_return co_await describe_edit(call, *edit);
        const Result<model::ExternalTask> external =
            co_await call.with.external.find(call.application_id(), id);
        if (external) co_return describe_external(call, *external);
    }
    if (!task)
        co_return failed(
            call, task.error(),
            {{Code::not_found, "InvalidParameterValue.TaskId", "TaskId does not exist."}});
    // A file that was deleted meanwhile leaves its name and address empty.
    const Result<model::Asset> asset =
        co_await call.with.library.find(call.application_id(), task->file);
    if (!asset && asset.error().code != Code::not_found) co_return failed(call, asset.error());

    json::object detail = {
        {"TaskType", "Procedure"},
        {"Status", name(task->status)},
        {"CreateTime", iso8601(task->created)},
    };
    if (task->begun != TimePoint{}) detail.emplace("BeginProcessTime", iso8601(task->begun));
    if (task->finished != TimePoint{}) detail.emplace("FinishTime", iso8601(task->finished));
    detail.emplace("ProcedureTask",
                   procedure_task(*task, asset.value_or(model::Asset{}), call.with.urls));
    co_return write_members(with_nulls(std::move(detail), *call.action.output));
}

}  // namespace hookreel::dialect::tencent_vod
