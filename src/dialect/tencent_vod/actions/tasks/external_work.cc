#include "dialect/tencent_vod/actions/frame/not_served.h"
#include "dialect/tencent_vod/actions/frame/session_parts.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/events/external_json.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Answer<model::ExternalRequest> external_request(const Call& call, const ExternalAction& action) {
    const Members& parameters = call.parameters;
    model::ExternalRequest request;
    request.application = call.application_id();
    request.kind = action.kind;
    request.file = model::FileId(parameters.text_or_empty("FileId"));
    if (parameters.has("MediaStoragePath"))
        return refuse("InvalidParameterValue",
                      "MediaStoragePath is for applications in FileID+Path mode; this one is not.");
    return with_session(std::move(request), call.action, parameters);
}

}  // namespace

Task<Answer<std::string>> external_work(const Call& call) {
    const ExternalAction& action = *find_external_action(call.action.name);
    Answer<model::ExternalRequest> request = external_request(call, action);
    if (!request) co_return std::unexpected(std::move(request.error()));
    if (!request->file.text().empty()) {
        const Result<model::Asset> asset =
            co_await call.with.library.find(request->application, request->file);
        if (!asset)
            co_return failed(call, asset.error(),
                             {{Code::not_found, "ResourceNotFound", "FileId does not exist."}});
    }
    request->input = call.parameters.as_json();
    const Result<model::TaskId> task = co_await call.with.external.create(std::move(*request));
    if (task) co_return write_members({{"TaskId", task->text()}});
    if (task.error().code == Code::not_found) co_return not_served(action.kind);
    co_return failed(
        call, task.error(),
        {{Code::conflict, used_session_code(call.action), used_session_message},
         {Code::too_large, "InvalidParameterValue", "The parameters may have 256 KiB."}});
}

}  // namespace hookreel::dialect::tencent_vod
