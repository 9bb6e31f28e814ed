#include <array>

#include "dialect/tencent_vod/actions/frame/ai_works.h"
#include "dialect/tencent_vod/actions/frame/not_served.h"
#include "dialect/tencent_vod/actions/frame/session_parts.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/actions/tasks/task_requests.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// Of the presets, and of services that went later: what this server does not make is said at once,
// as by ProcessMedia.
Answer<void> check_works(const Call& call, const std::vector<model::Work>& works) {
    for (const model::Work& work : works) {
        const auto* const streams = std::get_if<model::AdaptiveWork>(&work);
        if (streams && media::needs_licences(streams->definition))
            return refuse("FailedOperation",
                          "The procedure makes streams that need licences of FairPlay or Widevine, "
                          "which this server does not have.");
    }
    return check_served(call, works);
}

// The review that the procedure asks for besides its steps.
Answer<model::ExternalRequest> review_request(const Call& call, const model::Procedure& procedure) {
    if (!call.with.external.serves(model::review_kind)) return not_served(model::review_kind);
    model::ExternalRequest request;
    request.application = call.application_id();
    request.kind = model::review_kind;
    request.file = model::FileId(call.parameters.text_or_empty("FileId"));
    request.input = procedure.review;
    return with_session(std::move(request), call.action, call.parameters);
}

// Of a procedure that has no steps.
Task<Answer<model::TaskId>> create_review(const Call& call, model::ExternalRequest request) {
    const model::FileId file = request.file;
    const Result<model::Asset> asset = co_await call.with.library.find(request.application, file);
    Result<model::TaskId> task;
    if (asset)
        task = co_await call.with.external.create(std::move(request));
    else
        task = fail(asset.error());
    if (task) co_return std::move(*task);
    co_return failed(call, task.error(),
                     {{Code::not_found, "InvalidParameterValue.FileId", "FileId does not exist."},
                      {Code::conflict, used_session_code(call.action), used_session_message}});
}

Answer<media::TaskRequest> task_request(const Call& call, model::Procedure procedure) {
    media::TaskRequest request;
    request.application = call.application_id();
    request.trace = call.request.trace;
    request.file = model::FileId(call.parameters.text_or_empty("FileId"));
    request.works = std::move(procedure.works);
    request.origin = media::TaskRequest::Origin::procedure;
    return with_request_parts(call, std::move(request));
}

}  // namespace

Task<Answer<std::string>> process_media_by_procedure(const Call& call) {
    constexpr std::array<std::string_view, 1> unavailable = {"MediaStoragePath"};
    const Members& parameters = call.parameters;
    if (Answer<void> fine = refuse_any(parameters, unavailable); !fine)
        co_return std::unexpected(std::move(fine.error()));
    if (!parameters.has("FileId"))
        co_return refuse("InvalidParameterValue.FileId", "FileId is needed.");
    std::string name = parameters.text_or_empty("ProcedureName");
    Result<model::Procedure> procedure =
        co_await call.with.procedures.find(call.application_id(), std::move(name));
    if (!procedure)
        co_return failed(call, procedure.error(),
                         {{Code::not_found, "InvalidParameterValue.ProcedureName",
                           "There is no procedure of this name."}});
    if (Answer<void> fine = check_works(call, procedure->works); !fine)
        co_return std::unexpected(std::move(fine.error()));
    std::optional<model::ExternalRequest> review;
    if (!procedure->review.empty()) {
        Answer<model::ExternalRequest> asked = review_request(call, *procedure);
        if (!asked) co_return std::unexpected(std::move(asked.error()));
        review = std::move(*asked);
    }
    if (procedure->works.empty()) {
        const Answer<model::TaskId> task = co_await create_review(call, std::move(*review));
        if (!task) co_return std::unexpected(task.error());
        co_return write_members({{"TaskId", ""}, {"ReviewAudioVideoTaskId", task->text()}});
    }
    Answer<media::TaskRequest> request = task_request(call, std::move(*procedure));
    if (!request) co_return std::unexpected(std::move(request.error()));
    std::string review_task;
    if (review) {
        review->session_id.clear();  // It is that of the steps.
        media::PreparedTask prepared =
            media::prepared_external_task(std::move(*review), call.with.clock.now());
        review_task = prepared.id.text();
        request->together.push_back(std::move(prepared));
    }
    const Answer<model::TaskId> task = co_await create_task(call, std::move(*request));
    if (!task) co_return std::unexpected(task.error());
    co_return write_members(
        {{"TaskId", task->text()}, {"ReviewAudioVideoTaskId", std::move(review_task)}});
}

}  // namespace hookreel::dialect::tencent_vod
