#include "dialect/tencent_vod/actions/events/event_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "model/queue.h"

namespace hookreel::dialect::tencent_vod {

// What a PullEvents could get now: events that are handed out and may still be confirmed do not
// count (open point 19).
Task<Answer<std::string>> describe_events_state(const Call& call) {
    const Result<store::QueueCounts> counts =
        co_await call.with.store.count(model::reel_queue(call.application_id()));
    if (!counts) co_return failed(call, counts.error());
    co_return write_members({{"CountOfEventsToPull", counts->waiting}});
}

}  // namespace hookreel::dialect::tencent_vod
