// Sends the events of endpoints: lease, render, POST, and what came of it back to the store.
//
// Each endpoint is a queue of its own with a bound on what is in flight, which follows what the
// endpoint bears; endpoints never wait for each other, and take turns when slots are short. An
// idle endpoint costs one bell in the store. Threads: one loop, also all verbs; an
// endpoint belongs to one sender (see senders.h), so its state needs no lock. Durability: an event
// is confirmed in the commit that logs its last attempt; a crash before it sends the event again,
// except where the endpoint asks for at most once: there it is a dead letter before it is sent, and
// confirmed when the receiver took it.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <random>
#include <span>
#include <unordered_map>

#include "base/async.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/span.h"
#include "delivery/counters.h"
#include "delivery/lane.h"
#include "delivery/ledger.h"
#include "delivery/ports.h"
#include "delivery/slots.h"
#include "model/endpoint.h"
#include "store/store.h"

namespace hookreel::delivery {

struct SenderLimits {
    int in_flight_max = 1024;             // Sends under way over all endpoints of this loop.
    std::size_t answer_bytes_max = 8192;  // What is kept of a receiver's answer.
    Duration lease_margin{10'000};        // A lease is held for two time-outs of a send and this.
    HealthRules health;
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
    Overseer* overseer = nullptr;  // Null: health is kept in memory only.
    SpanSink* spans = nullptr;     // Null: traces are passed on, but not shown.
};

class Sender {
 public:
    Sender(Executor executor, SenderNeeds needs, SenderLimits limits = {});
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    // Begins to serve the endpoint, or changes its settings: the next attempt of whatever waits
    // follows them. While it is paused what waits is kept; while it is disabled, or without a URL,
    // what comes goes to the dead letters.
    void set(EndpointPtr endpoint);
    // What waits goes to the dead letters, what is in flight ends as it would have. Unknown ids
    // are ignored.
    void remove(const model::EndpointId& id);

    // Sends an event that is due before all others, whatever cap, pace and pause of its endpoint or
    // a lack of slots would say: somebody asked for it by hand. Does nothing when the endpoint is
    // not enabled, or the event does not wait.
    void send_now(const model::EndpointId& id, const model::EventId& event);

    // Of those of the endpoints that it serves.
    model::Standings standings(std::span<const model::EndpointId> ids) const;

    // Stops leasing, gives what is in flight up to `grace`, cuts the rest, and gives back what was
    // not delivered. Called once; nothing may be called after it.
    Task<void> stop(Duration grace);

 private:
    struct Job {
        Lane* lane = nullptr;
        Parcel parcel;
    };

    void advance(Lane& lane);
    void advance(Lane& lane, Instant now);
    void clear(Lane& lane, Instant now);
    void refill(Lane& lane, Instant now);
    void hear(Lane& lane);
    Task<void> feed(Lane& lane);
    Task<bool> is_empty(const Lane& lane);
    std::optional<Parcel> next_parcel(Lane& lane, Instant now);
    void park(Lane& lane, Turn turn);
    bool is_served(Need need, Turn turn) const;
    std::optional<Need> choose();
    std::optional<Job> next_job(Instant now);
    void resume();
    void arm(Lane& lane, Duration wait);
    Task<void> ring(Lane& lane, Instant at);
    Task<void> fetch(Lane& lane, model::EventId event);
    void start(Lane& lane, store::Lease lease);

    Task<void> work(Job job);
    Task<void> deliver(Lane& lane, std::vector<store::Lease> leases);
    void count_delays(const std::vector<store::Lease>& leases, TimePoint now);
    bool hold(const Lane& lane, const store::Lease& lease, TimePoint now);
    Result<http::ClientRequest> prepare(const Lane& lane, const std::vector<store::Lease>& leases,
                                        TimePoint now);
    Task<bool> spend(const std::vector<store::Lease>& leases);
    // Takes what it needs of both.
    void settle(Lane& lane, std::vector<store::Lease>& leases, store::Attempt& attempt,
                const Answer& answer);
    Outcome after_failure(const Lane& lane, const store::Lease& lease, const Answer& answer);
    void tell(const Lane& lane, const store::Attempt& attempt, Fault fault) const;
    void give_back(std::vector<store::Lease> leases);
    void bury(std::vector<store::Lease> leases, const std::string& reason);

    void learn(Lane& lane, const Send& send, TimePoint now);
    Task<void> report(Lane& lane, Finding finding);
    void count_state(Lane& lane);
    Task<void> cut_after(Duration grace);

    SenderNeeds needs_;
    SenderLimits limits_;
    Outage outage_;
    Ledger ledger_;
    std::unordered_map<model::EndpointId, std::unique_ptr<Lane>> lanes_;
    Slots slots_;
    // By need and turn, see `line_of`: lanes that have something ready and found no slot.
    std::array<std::deque<Lane*>, 4> parked_;
    Turn served_ = Turn::again;  // What got the last slot for which lanes were waiting.
    std::minstd_rand random_;    // For jitter.
    bool stopping_ = false;
    bool cut_ = false;  // The grace of the stop is over.
    TaskGroup feeders_, workers_, reporters_, alarms_, stoppers_;
};

}  // namespace hookreel::delivery
