#include "app/client/vod/media_task.h"

#include <algorithm>

#include "app/client/vod/event_text.h"
#include "base/cancellation.h"

namespace hookreel::app::client {
namespace {

constexpr Duration poll_interval{200};
// Snapshots as they are: source size, JPG.
constexpr std::uint64_t cover_template = 10;

}  // namespace

Task<Result<std::string>> process_media(VodClient& client, ProcessOrder order) {
    json::object work;
    if (!order.transcodes.empty()) {
        json::array transcodes;
        for (const std::uint64_t definition : order.transcodes)
            transcodes.push_back(json::object{{"Definition", definition}});
        work["TranscodeTaskSet"] = std::move(transcodes);
    }
    if (order.cover_second) {
        json::object cover = {{"Definition", cover_template},
                              {"PositionType", "Time"},
                              {"PositionValue", *order.cover_second}};
        work["CoverBySnapshotTaskSet"] = json::array{std::move(cover)};
    }
    json::object parameters = {{"FileId", order.file_id}};
    if (!work.empty()) parameters["MediaProcessTask"] = std::move(work);
    for (const auto& [part, definition] : {std::pair{"AiContentReviewTask", order.review},
                                           std::pair{"AiAnalysisTask", order.analysis},
                                           std::pair{"AiRecognitionTask", order.recognition}})
        if (definition) parameters[part] = {{"Definition", *definition}};
    if (order.priority != 0) parameters["TasksPriority"] = order.priority;
    const Result<json::object> answer = co_await client.call("ProcessMedia", std::move(parameters));
    if (!answer) co_return fail(answer.error());
    co_return std::string(find_text(*answer, {"TaskId"}));
}

Task<Result<json::object>> await_task(VodClient& client, std::string task_id,
                                      OnProgress on_progress) {
    for (;;) {
        json::object parameters = {{"TaskId", task_id}};
        const Result<json::object> answer =
            co_await client.call("DescribeTaskDetail", std::move(parameters));
        if (!answer) co_return fail(answer.error());
        const std::string_view status = find_text(*answer, {"Status"});
        const json::object* task = find_object(*answer, {"ProcedureTask"});
        if (!task) task = find_object(*answer, {"EditMediaTask"});
        if (!task) co_return fail(Code::protocol, "the task is no ProcedureTask or EditMediaTask");
        on_progress(status == "FINISH" ? 100 : progress_of(*task), *task);
        if (status == "FINISH") co_return *task;
        if (status == "ABORTED") co_return fail(Code::cancelled, "the task was aborted");
        co_await sleep_for(poll_interval);
        const bool ending = is_cancelled(co_await asio::this_coro::cancellation_state);
        if (ending) co_return fail(Code::cancelled, "interrupted");
    }
}

bool succeeded(const json::object& task) {
    if (!find(task, {result_sets.front()}))
        return find_text(task, {"Status"}) == "FINISH" && find(task, {"Output"}) &&
               find_number(task, {"ErrCode"}) == 0;
    const std::vector<StepState> steps = step_states(task);
    const auto is_success = [](const StepState& step) { return step.status == "SUCCESS"; };
    return !steps.empty() && std::ranges::all_of(steps, is_success);
}

}  // namespace hookreel::app::client
