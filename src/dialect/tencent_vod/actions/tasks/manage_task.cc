#include <fmt/format.h>

#include "dialect/tencent_vod/actions/tasks/task_actions.h"

namespace hookreel::dialect::tencent_vod {

// Only what waits can be taken back (spec d); no event tells of it.
Task<Answer<std::string>> manage_task(const Call& call) {
    if (call.parameters.text("OperationType") != "Abort")
        co_return refuse("InvalidParameterValue.InvalidOperationType",
                         "OperationType must be Abort.");
    const model::TaskId id(call.parameters.text_or_empty("TaskId"));
    const Result<void> done = co_await call.with.agenda.abort(call.application_id(), id);
    if (done) co_return std::string();
    if (done.error().code == Code::conflict)
        co_return refuse("FailedOperation",
                         done.error().detail.empty()
                             ? "Only a task that waits can be aborted; this one has just begun."
                             : fmt::format("Only a task that waits can be aborted; this one is {}.",
                                           done.error().detail));
    co_return failed(call, done.error(),
                     {{Code::not_found, "InvalidParameterValue.TaskId", "TaskId does not exist."}});
}

}  // namespace hookreel::dialect::tencent_vod
