#include <array>

#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/actions/tasks/task_requests.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Answer<media::TaskRequest> task_request(const Call& call) {
    constexpr std::array<std::string_view, 5> unavailable = {
        "MediaStoragePath", "Url", "AiContentReviewTask", "AiAnalysisTask", "AiRecognitionTask"};
    const Members& parameters = call.parameters;
    if (Answer<void> fine = refuse_any(parameters, unavailable); !fine)
        return std::unexpected(std::move(fine.error()));
    if (parameters.text_or_empty("OutputAsIndependentMedia") == "ON")
        return not_available("OutputAsIndependentMedia");
    if (!parameters.has("FileId"))
        return refuse("InvalidParameterValue.FileId", "FileId is needed.");
    Answer<std::vector<model::Work>> works = read_works(parameters);
    if (!works) return std::unexpected(std::move(works.error()));
    if (works->empty()) return refuse("InvalidParameterValue", "MediaProcessTask names no task.");
    media::TaskRequest request;
    request.application = call.application_id();
    request.trace = call.request.trace;
    request.file = model::FileId(parameters.text_or_empty("FileId"));
    request.works = std::move(*works);
    return with_request_parts(call, std::move(request));
}

}  // namespace

// Whether a template exists is found out by the step, which then fails with its own code.
Task<Answer<std::string>> process_media(const Call& call) {
    Answer<media::TaskRequest> request = task_request(call);
    if (!request) co_return std::unexpected(std::move(request.error()));
    const Answer<model::TaskId> task = co_await create_task(call, std::move(*request));
    if (!task) co_return std::unexpected(task.error());
    co_return write_members({{"TaskId", task->text()}});
}

}  // namespace hookreel::dialect::tencent_vod
