#include "dialect/tencent_vod/events/announcer.h"

#include "dialect/tencent_vod/events/render_event.h"
#include "model/queue.h"
#include "model/routing.h"

namespace hookreel::dialect::tencent_vod {
namespace {

store::NewEntry entry(model::QueueId queue, std::string body) {
    return {std::move(queue), std::make_shared<const std::string>(std::move(body)), TimePoint{}};
}

}  // namespace

store::NewEvent Announcer::announce(const model::Event& event) const {
    store::NewEvent stored{
        event.id, event.application,      std::string(type(event)), key(event), event.time, {},
        {},       trace_text(event.trace)};
    const store::Applications::Pointer application = applications_.find(event.application);
    if (!application) return stored;
    switch (recipient(application->events, event)) {
        case model::Recipient::nobody:
            break;
        case model::Recipient::reel:
            stored.entries.push_back(
                entry(model::reel_queue(event.application), stored_for_pull(event, urls_)));
            break;
        case model::Recipient::endpoint:
            const model::EndpointId endpoint = model::callback_endpoint(event.application);
            stored.entries.push_back(
                entry(model::endpoint_queue(endpoint), stored_for_callback(event, urls_)));
            break;
    }
    return stored;
}

model::Endpoint callback_endpoint(const model::Application& application) {
    model::Endpoint endpoint;
    endpoint.id = model::callback_endpoint(application.id);
    endpoint.application = application.id;
    endpoint.queue = model::endpoint_queue(endpoint.id);
    endpoint.url = application.events.notification_url;
    endpoint.dialect = "tencent_vod";
    if (!application.events.sign_key.empty())
        endpoint.secrets.push_back({.value = application.events.sign_key});
    endpoint.schedule = schedule();
    return endpoint;
}

}  // namespace hookreel::dialect::tencent_vod
