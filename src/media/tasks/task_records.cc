#include "media/tasks/task_records.h"

#include <fmt/format.h>

#include <optional>

#include "base/random.h"

namespace hookreel::media {

using model::JobLength;

store::RecordKey task_key(model::ApplicationId application, const model::TaskId& id) {
    return {store::Kind::task, fmt::format("{}/{}", application.value(), id.text())};
}

JobLength length_of(const model::Work& work) {
    if (std::holds_alternative<model::ServiceWork>(work)) return JobLength::outside;
    const bool is_slow = std::holds_alternative<model::TranscodeWork>(work) ||
                         std::holds_alternative<model::AdaptiveWork>(work);
    return is_slow ? JobLength::slow : JobLength::quick;
}

store::NewEvent ticket_of(const model::Task& task, JobLength length) {
    auto body = std::make_shared<const std::string>(
        to_json_text(TaskTicket{.application = task.application, .task = task.id}));
    return {
        .id = model::EventId(random_hex(16)),
        .application = task.application,
        .type = "task.waiting",
        .key = task.file.text(),
        .time = task.created,
        .entries = {{.queue = model::task_queue(task.priority, length), .body = std::move(body)}}};
}

JobLength next_length(const model::Task& task) {
    std::optional<JobLength> next;
    for (const model::Step& step : task.steps) {
        if (step.status != model::StepStatus::processing) continue;
        const JobLength length = length_of(step.work);
        if (!next || length < *next) next = length;
    }
    return next.value_or(JobLength::slow);
}

}  // namespace hookreel::media
