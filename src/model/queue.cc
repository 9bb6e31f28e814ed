#include "model/queue.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::model {
namespace {

QueueId of_priority(std::string_view kind, std::int64_t priority) {
    priority = std::clamp(priority, -priority_max, priority_max);
    return QueueId(priority == 0 ? std::string(kind) : fmt::format("{}/{}", kind, priority));
}

std::vector<QueueId> by_priority(std::string_view kind) {
    std::vector<QueueId> queues;
    for (std::int64_t priority = priority_max; priority >= -priority_max; --priority)
        queues.push_back(of_priority(kind, priority));
    return queues;
}

}  // namespace

QueueId reel_queue(ApplicationId application) {
    return QueueId(fmt::format("reel/{}", application.value()));
}

QueueId endpoint_queue(const EndpointId& endpoint) {
    return QueueId("endpoint/" + endpoint.text());
}

QueueId consumer_queue(ApplicationId application, std::string_view name) {
    return QueueId(fmt::format("queue/{}/{}", application.value(), name));
}

QueueId task_queue(std::int64_t priority, JobLength length) {
    if (length == JobLength::outside) return QueueId(external_queue(priority).text() + "/parts");
    QueueId queue = of_priority("tasks", priority);
    return length == JobLength::slow ? queue : QueueId(queue.text() + "/quick");
}

QueueId pull_queue(std::int64_t priority) {
    return of_priority("pulls", priority);
}

QueueId external_queue(std::int64_t priority) {
    return of_priority("external", priority);
}

std::vector<QueueId> task_queues() {
    std::vector<QueueId> queues;
    for (std::int64_t priority = priority_max; priority >= -priority_max; --priority)
        for (const JobLength length : {JobLength::quick, JobLength::slow})
            queues.push_back(task_queue(priority, length));
    return queues;
}

std::vector<QueueId> outside_queues() {
    std::vector<QueueId> queues;
    for (std::int64_t priority = priority_max; priority >= -priority_max; --priority)
        queues.push_back(task_queue(priority, JobLength::outside));
    return queues;
}

std::vector<QueueId> pull_queues() {
    return by_priority("pulls");
}

std::vector<QueueId> external_queues() {
    return by_priority("external");
}

}  // namespace hookreel::model
