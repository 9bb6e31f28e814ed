#include "dialect/tencent_vod/actions.h"
#include "dialect/tencent_vod/render_event.h"
#include "model/queue.h"

namespace hookreel::dialect::tencent_vod {

// At once when events wait, else with the first that comes; ResourceNotFound when none came in time
// (open point 5).
Task<Answer<std::string>> pull_events(const Call& call) {
    const store::LeaseOptions options{
        .count_max = model::reel_batch_max, .hold = model::reel_lease, .wait = call.with.pull_wait};
    const Result<std::vector<store::Lease>> leases =
        co_await call.with.store.lease(model::reel_queue(call.application_id()), options);
    if (!leases) co_return failed(call, leases.error());
    if (leases->empty())
        co_return refuse("ResourceNotFound", "No event notification is available.");
    std::string text = "\"EventSet\":[";
    for (const store::Lease& lease : *leases) {
        if (text.back() == '}') text += ',';
        append_pulled(text, lease);
    }
    text += ']';
    co_return text;
}

}  // namespace hookreel::dialect::tencent_vod
