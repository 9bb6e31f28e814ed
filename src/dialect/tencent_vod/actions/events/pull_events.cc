#include "dialect/tencent_vod/actions/events/event_actions.h"
#include "dialect/tencent_vod/events/render_event.h"
#include "model/queue.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// Leases of a caller that hung up while it waited: due again at once, not after 30 s.
Task<void> give_back(store::Store& store, const std::vector<store::Lease>& leases) {
    store::Commit commit;
    for (const store::Lease& lease : leases)
        commit.give_backs.push_back({lease.handle, Duration(0)});
    // When it fails the leases run out by themselves.
    co_await store.commit(std::move(commit));
}

}  // namespace

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
    if (call.request.peer_is_gone()) {
        co_await give_back(call.with.store, *leases);
        co_return refuse("ResourceNotFound", "The caller is gone.");
    }
    std::string text = "\"EventSet\":[";
    for (const store::Lease& lease : *leases) {
        if (text.back() == '}') text += ',';
        append_pulled(text, lease);
    }
    text += ']';
    co_return text;
}

}  // namespace hookreel::dialect::tencent_vod
