#include <algorithm>
#include <array>

#include "dialect/tencent_vod/actions/frame/ai_works.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/actions/tasks/task_requests.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Answer<void> check_rest(const Members& parameters) {
    constexpr std::array<std::string_view, 2> unavailable = {"MediaStoragePath", "Url"};
    if (Answer<void> fine = refuse_any(parameters, unavailable); !fine) return fine;
    if (!parameters.has("FileId"))
        return refuse("InvalidParameterValue.FileId", "FileId is needed.");
    return {};
}

// Transcodes only become files of their own, and only those without heads and tails (SDK,
// ProcessMedia).
Answer<media::TaskRequest::Makes> read_makes(const Members& parameters,
                                             const std::vector<model::Work>& works) {
    using Makes = media::TaskRequest::Makes;
    const std::string wish = parameters.text_or_empty("OutputAsIndependentMedia");
    if (wish.empty() || wish == "OFF") return Makes::parts;
    if (wish != "ON")
        return refuse("InvalidParameterValue", "OutputAsIndependentMedia must be ON or OFF.");
    const auto is_joined = [](const model::Work& work) {
        const auto* const transcode = std::get_if<model::TranscodeWork>(&work);
        return transcode && !transcode->heads_tails.empty();
    };
    if (std::ranges::any_of(works, is_joined))
        return refuse("InvalidParameterValue",
                      "A transcode with heads and tails cannot become a file of its own.");
    return Makes::files;
}

Answer<media::TaskRequest> task_request(const Call& call, std::vector<model::Work> works) {
    if (works.empty()) return refuse("InvalidParameterValue", "No task is asked for.");
    media::TaskRequest request;
    request.application = call.application_id();
    request.trace = call.request.trace;
    request.file = model::FileId(call.parameters.text_or_empty("FileId"));
    request.works = std::move(works);
    Answer<media::TaskRequest::Makes> makes = read_makes(call.parameters, request.works);
    if (!makes) return std::unexpected(std::move(makes.error()));
    request.makes = *makes;
    return with_request_parts(call, std::move(request));
}

}  // namespace

// Whether a template exists is found out by the step, which then fails with its own code.
Task<Answer<std::string>> process_media(const Call& call) {
    if (Answer<void> fine = check_rest(call.parameters); !fine)
        co_return std::unexpected(std::move(fine.error()));
    Answer<std::vector<model::Work>> works = co_await read_all_works(call);
    if (!works) co_return std::unexpected(std::move(works.error()));
    Answer<media::TaskRequest> request = task_request(call, std::move(*works));
    if (!request) co_return std::unexpected(std::move(request.error()));
    const Answer<model::TaskId> task = co_await create_task(call, std::move(*request));
    if (!task) co_return std::unexpected(task.error());
    co_return write_members({{"TaskId", task->text()}});
}

}  // namespace hookreel::dialect::tencent_vod
