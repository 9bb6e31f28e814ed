#include "model/queue.h"

#include <fmt/format.h>

namespace hookreel::model {

QueueId reel_queue(ApplicationId application) {
    return QueueId(fmt::format("reel/{}", application.value()));
}

QueueId endpoint_queue(const EndpointId& endpoint) {
    return QueueId("endpoint/" + endpoint.text());
}

QueueId consumer_queue(ApplicationId application, std::string_view name) {
    return QueueId(fmt::format("queue/{}/{}", application.value(), name));
}

QueueId task_queue() {
    return QueueId("tasks");
}

QueueId pull_queue() {
    return QueueId("pulls");
}

QueueId external_queue() {
    return QueueId("external");
}

}  // namespace hookreel::model
