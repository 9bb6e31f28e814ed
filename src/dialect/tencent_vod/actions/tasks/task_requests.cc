#include "dialect/tencent_vod/actions/tasks/task_requests.h"

#include <fmt/format.h>

#include "dialect/tencent_vod/actions/frame/session_parts.h"

namespace hookreel::dialect::tencent_vod {
Answer<media::TaskRequest> with_request_parts(const Call& call, media::TaskRequest request) {
    const Members& parameters = call.parameters;
    Answer<media::TaskRequest> made = with_session(std::move(request), call.action, parameters);
    if (!made) return made;
    if (parameters.has("TasksNotifyMode")) {
        const Result<model::NotifyMode> mode =
            parse_enum<model::NotifyMode>(*parameters.text("TasksNotifyMode"));
        if (!mode)
            return refuse("InvalidParameterValue",
                          "TasksNotifyMode must be Finish, Change or None.");
        made->notify = *mode;
    }
    return made;
}

Task<Answer<model::TaskId>> create_task(const Call& call, media::TaskRequest request) {
    const int days = request.origin == media::TaskRequest::Origin::procedure ? 7 : 3;
    const Result<model::TaskId> task = co_await call.with.tasks.create(std::move(request));
    if (task) co_return *task;
    const std::string taken = fmt::format("The SessionId was used within the last {} days.", days);
    co_return failed(call, task.error(),
                     {{Code::not_found, "InvalidParameterValue.FileId", "FileId does not exist."},
                      {Code::conflict, "InvalidParameterValue.SessionId", taken}});
}

}  // namespace hookreel::dialect::tencent_vod
