#include "dialect/standard/events/announcer.h"

#include "dialect/standard/events/event_body.h"
#include "model/queue.h"

namespace hookreel::dialect::standard {

store::NewEvent Announcer::announce(const model::Event& event) const {
    store::NewEvent stored{
        event.id, event.application,      std::string(type(event)), key(event), event.time, {},
        {},       trace_text(event.trace)};
    stored.body = std::make_shared<const std::string>(event_body(event, urls_));
    const std::string_view data = data_of(*stored.body);
    // Entries without a body of their own share the event's.
    for (const store::Endpoints::Pointer& endpoint :
         recipients_.endpoints.wanting(event.application, stored.type, stored.key, data))
        stored.entries.push_back({endpoint->queue, {}, {}});
    for (const store::Consumers::Pointer& consumer :
         recipients_.consumers.wanting(event.application, stored.type, stored.key, data))
        stored.entries.push_back(
            {model::consumer_queue(event.application, consumer->name), {}, {}});
    return stored;
}

}  // namespace hookreel::dialect::standard
