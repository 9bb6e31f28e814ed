#include "dialect/tencent_vod/actions/tasks/task_requests.h"

#include <fmt/format.h>

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t session_id_max = 50;         // Spec d.
constexpr std::size_t session_context_max = 1000;  // Spec c.1, Rules.

}  // namespace

Answer<media::TaskRequest> read_session(media::TaskRequest request, const Members& parameters) {
    request.session_id = parameters.text_or_empty("SessionId");
    request.session_context = parameters.text_or_empty("SessionContext");
    request.priority = parameters.integer("TasksPriority").value_or(0);
    if (characters(request.session_id) > session_id_max)
        return refuse("InvalidParameterValue.SessionIdTooLong",
                      "SessionId may have 50 characters.");
    if (characters(request.session_context) > session_context_max)
        return refuse("InvalidParameterValue.SessionContextTooLong",
                      "SessionContext may have 1000 characters.");
    if (request.priority < -10 || request.priority > 10)
        return refuse("InvalidParameterValue", "TasksPriority must be from -10 to 10.");
    if (parameters.has("TasksNotifyMode")) {
        const Result<model::NotifyMode> mode =
            parse_enum<model::NotifyMode>(*parameters.text("TasksNotifyMode"));
        if (!mode)
            return refuse("InvalidParameterValue",
                          "TasksNotifyMode must be Finish, Change or None.");
        request.notify = *mode;
    }
    return request;
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
