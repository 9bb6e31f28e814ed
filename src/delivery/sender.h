// Sends the events of endpoints: lease, render, POST, and what came of it back to the store.
//
// Each endpoint is a queue of its own with a bound on what is in flight; endpoints never wait for
// each other. An idle endpoint costs one pending wait in the store. Threads: one loop, also `set`,
// `remove` and `stop`; an endpoint belongs to one sender (see senders.h), so its state needs no
// lock. Durability: an event is confirmed in the commit that logs its last attempt; a crash
// before it sends the event again.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>

#include "base/async.h"
#include "base/clock.h"
#include "base/log.h"
#include "delivery/counters.h"
#include "delivery/ledger.h"
#include "delivery/ports.h"
#include "model/endpoint.h"
#include "store/store.h"

namespace hookreel::delivery {

struct SenderLimits {
    int in_flight_max = 1024;             // Sends under way over all endpoints of this loop.
    std::size_t answer_bytes_max = 8192;  // What is kept of a receiver's answer.
    Duration lease_margin{10'000};        // A lease is held for two time-outs of a send and this.
    Duration lease_wait = std::chrono::hours(1);  // How long an idle endpoint waits in the store.
    Pauses pauses;
};

// What a sender works with; all outlive it.
struct SenderNeeds {
    store::Store& store;
    Transport& transport;
    const Renderers& renderers;
    const Clock& clock;
    const Log& log;
    Counters& counters;
};

class Sender {
 public:
    Sender(Executor executor, SenderNeeds needs, SenderLimits limits = {});
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    // Begins to serve the endpoint, or changes its settings: the next attempt of whatever waits
    // follows them. Without a URL what waits goes to the dead letters.
    void set(model::Endpoint endpoint);
    // What waits goes to the dead letters, what is in flight ends as it would have. Unknown ids
    // are ignored.
    void remove(const model::EndpointId& id);

    // Stops leasing, gives what is in flight up to `grace`, cuts the rest, and gives back what was
    // not delivered. Called once; nothing may be called after it.
    Task<void> stop(Duration grace);

 private:
    struct Lane;

    void refill(Lane& lane);
    Task<void> feed(Lane& lane);
    Task<bool> is_empty(const Lane& lane);
    void dispatch(Lane& lane);
    void dispatch_starved();
    void resume();
    Task<void> work(Lane& lane, store::Lease lease);
    bool take_next(Lane& lane, store::Lease& lease);
    Task<void> deliver(const Lane& lane, store::Lease lease);
    bool hold(const Lane& lane, const store::Lease& lease, TimePoint now);
    void settle(const Lane& lane, const store::Lease& lease, store::Attempt attempt,
                const Result<http::ClientResponse>& answer);
    void bury_unsent(const store::Lease& lease, std::string reason);
    Task<void> cut_after(Duration grace);

    SenderNeeds needs_;
    SenderLimits limits_;
    Outage outage_;
    Ledger ledger_;
    std::unordered_map<model::EndpointId, std::unique_ptr<Lane>> lanes_;
    std::deque<Lane*> starved_;  // Have something ready and no slot; in turn.
    int in_flight_ = 0;
    bool stopping_ = false;
    bool cut_ = false;  // The grace of the stop is over.
    TaskGroup feeders_, workers_, alarms_;
};

}  // namespace hookreel::delivery
