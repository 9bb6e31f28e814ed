#include "delivery/sender.h"

#include <algorithm>

namespace hookreel::delivery {
namespace {

using std::chrono::steady_clock;

// How often an endpoint that was removed looks whether its queue is empty at last.
constexpr Duration drain_wait{60'000};

// Queries may hold a receiver's secrets.
std::string without_query(const std::string& url) {
    return url.substr(0, url.find('?'));
}

void count(Counters& counters, const Outcome& outcome, Fault fault) {
    if (std::holds_alternative<Delivered>(outcome))
        counters.delivered.add();
    else if (std::holds_alternative<Retry>(outcome))
        counters.retried.add();
    else
        counters.dead.add();
    switch (fault) {
        case Fault::none:
            return;
        case Fault::receiver:
            return counters.failed_receiver.add();
        case Fault::address:
            return counters.failed_address.add();
        case Fault::ours:
            return counters.failed_ours.add();
        case Fault::stopping:
            return counters.failed_stopping.add();
    }
}

}  // namespace

// One endpoint and what is held of its queue: `ready` is leased and not yet sent, so that a slot
// that falls free goes on at once.
struct Sender::Lane {
    model::Endpoint endpoint;
    std::deque<store::Lease> ready;
    int in_flight = 0;
    bool feeding = false;  // A lease is being asked for.
    bool starved = false;  // Stands in `starved_`.
    bool removed = false;  // Goes when its queue is empty.

    int cap() const { return std::max(endpoint.in_flight_max, 1); }
    bool wants_more() const { return static_cast<int>(ready.size()) * 2 <= cap(); }
    // One round in flight and one ready.
    int room() const { return std::max(2 * cap() - in_flight - static_cast<int>(ready.size()), 1); }
    // Long enough to wait for one send of each slot and then be sent.
    Duration lease_time(Duration margin) const { return 2 * endpoint.schedule.timeout + margin; }
};

Sender::Sender(Executor executor, SenderNeeds needs, SenderLimits limits)
    : needs_(needs),
      limits_(limits),
      outage_(needs.log, "lease"),
      ledger_(executor, needs.store, needs.log, needs.counters, limits.pauses,
              [this] { resume(); }),
      feeders_(executor),
      workers_(executor),
      alarms_(executor) {}

Sender::~Sender() = default;

void Sender::set(model::Endpoint endpoint) {
    if (stopping_) return;
    std::unique_ptr<Lane>& lane = lanes_[endpoint.id];
    if (!lane) lane = std::make_unique<Lane>();
    lane->endpoint = std::move(endpoint);
    lane->removed = false;
    dispatch(*lane);
    refill(*lane);
}

void Sender::remove(const model::EndpointId& id) {
    const auto found = lanes_.find(id);
    if (found == lanes_.end()) return;
    Lane& lane = *found->second;
    lane.removed = true;
    lane.endpoint.url.clear();
}

// Asks for more unless that is under way, or enough is ready.
void Sender::refill(Lane& lane) {
    if (stopping_ || lane.feeding || ledger_.blocked() || !lane.wants_more()) return;
    lane.feeding = true;
    feeders_.spawn(feed(lane));
}

Task<void> Sender::feed(Lane& lane) {
    Duration pause = limits_.pauses.shortest;
    while (!stopping_ && !ledger_.blocked() && lane.wants_more()) {
        const store::LeaseOptions options{lane.room(), lane.lease_time(limits_.lease_margin),
                                          lane.removed ? drain_wait : limits_.lease_wait};
        Result<std::vector<store::Lease>> leases =
            co_await needs_.store.lease(lane.endpoint.queue, options);
        if (!leases) {
            if (stopping_) break;
            outage_.begin(leases.error());
            co_await sleep_for(pause);
            pause = std::min(pause * 2, limits_.pauses.longest);
            continue;
        }
        outage_.end();
        pause = limits_.pauses.shortest;
        std::ranges::move(*leases, std::back_inserter(lane.ready));
        dispatch(lane);
        if (!leases->empty() || !lane.removed) continue;
        const bool gone = co_await is_empty(lane);
        if (!gone || !lane.removed) continue;
        lanes_.erase(model::EndpointId(lane.endpoint.id));
        co_return;
    }
    lane.feeding = false;
}

// Whether nothing of the endpoint is left, here or in the store.
Task<bool> Sender::is_empty(const Lane& lane) {
    const Result<store::QueueCounts> counts = co_await needs_.store.count(lane.endpoint.queue);
    const bool idle = lane.ready.empty() && lane.in_flight == 0 && !lane.starved;
    co_return counts && counts->waiting == 0 && counts->leased == 0 && idle;
}

// Starts a worker for each ready event that may be sent now.
void Sender::dispatch(Lane& lane) {
    while (!stopping_ && !ledger_.blocked() && !lane.ready.empty() && lane.in_flight < lane.cap()) {
        if (in_flight_ >= limits_.in_flight_max) {
            if (!lane.starved) starved_.push_back(&lane);
            lane.starved = true;
            return;
        }
        store::Lease lease = std::move(lane.ready.front());
        lane.ready.pop_front();
        ++lane.in_flight;
        ++in_flight_;
        needs_.counters.in_flight.fetch_add(1, std::memory_order_relaxed);
        workers_.spawn(work(lane, std::move(lease)));
    }
}

void Sender::dispatch_starved() {
    while (!starved_.empty() && in_flight_ < limits_.in_flight_max) {
        Lane& lane = *starved_.front();
        starved_.pop_front();
        lane.starved = false;
        dispatch(lane);
        if (ledger_.blocked() || stopping_) return;
    }
}

// The store takes settlements again.
void Sender::resume() {
    for (auto& [id, lane] : lanes_) {
        dispatch(*lane);
        refill(*lane);
    }
}

// One slot: sends one event after the other while there is something ready.
Task<void> Sender::work(Lane& lane, store::Lease lease) {
    if (stopping_)
        lane.ready.push_front(std::move(lease));
    else
        do {
            co_await deliver(lane, std::move(lease));
        } while (take_next(lane, lease));
    --lane.in_flight;
    --in_flight_;
    needs_.counters.in_flight.fetch_sub(1, std::memory_order_relaxed);
    if (stopping_) co_return;
    dispatch_starved();
    dispatch(lane);
    refill(lane);
}

// False when this slot should fall free: nothing is ready, or another endpoint waits for it.
bool Sender::take_next(Lane& lane, store::Lease& lease) {
    if (stopping_ || ledger_.blocked() || lane.ready.empty()) return false;
    if (lane.in_flight > lane.cap() || !starved_.empty()) return false;
    lease = std::move(lane.ready.front());
    lane.ready.pop_front();
    refill(lane);
    return true;
}

Task<void> Sender::deliver(const Lane& lane, store::Lease lease) {
    const TimePoint now = needs_.clock.now();
    if (!hold(lane, lease, now)) co_return;
    if (lane.removed) co_return bury_unsent(lease, "the endpoint was removed");
    if (lane.endpoint.url.empty()) co_return bury_unsent(lease, "the endpoint has no URL");
    const auto renderer = needs_.renderers.find(lane.endpoint.dialect);
    if (renderer == needs_.renderers.end())
        co_return bury_unsent(lease, "no such dialect: " + lane.endpoint.dialect);
    Result<http::ClientRequest> request = renderer->second->render(lane.endpoint, lease, now);
    if (!request) co_return bury_unsent(lease, "cannot be sent: " + request.error().detail);
    request->timeout = lane.endpoint.schedule.timeout;
    request->response_bytes_max = limits_.answer_bytes_max;

    store::Attempt attempt{.event = lease.event,
                           .queue = lease.queue,
                           .type = lease.type,
                           .number = lease.attempt,
                           .at = now,
                           .url = without_query(lane.endpoint.url),
                           .outcome = {},
                           .error = {}};
    const auto begun = steady_clock::now();
    Result<http::ClientResponse> answer = co_await needs_.transport.send(std::move(*request));
    const auto took = steady_clock::now() - begun;
    needs_.counters.duration.observe(std::chrono::duration<double>(took).count());
    attempt.took = std::chrono::round<Duration>(took);
    if (!answer && cut_) answer = fail(Code::cancelled, "cut: the server stops");
    settle(lane, lease, std::move(attempt), answer);
}

// Whether the lease lasts for one more send; it is renewed when it waited long for its turn.
bool Sender::hold(const Lane& lane, const store::Lease& lease, TimePoint now) {
    const Duration timeout = lane.endpoint.schedule.timeout;
    if (lease.until >= now + timeout + limits_.lease_margin / 2) return true;
    const Duration again = lane.lease_time(limits_.lease_margin);
    return needs_.store.renew(lease.handle, again).has_value();
}

void Sender::settle(const Lane& lane, const store::Lease& lease, store::Attempt attempt,
                    const Result<http::ClientResponse>& answer) {
    const model::Schedule& schedule = lane.endpoint.schedule;
    Outcome result = outcome(schedule, lease.attempt, answer);
    count(needs_.counters, result, fault(schedule, answer));
    attempt.status = answer ? answer->status : 0;
    attempt.outcome = name(result);
    attempt.error = failure(schedule, answer);
    if (needs_.log.writes(Level::debug))
        needs_.log.debug("attempt", {{"event", lease.event.text()},
                                     {"endpoint", lane.endpoint.id.text()},
                                     {"number", lease.attempt},
                                     {"outcome", attempt.outcome},
                                     {"status", attempt.status},
                                     {"ms", attempt.took.count()},
                                     {"fault", name(fault(schedule, answer))},
                                     {"error", attempt.error}});
    if (std::holds_alternative<Dead>(result))
        needs_.log.warning("event given up", {{"event", lease.event.text()},
                                              {"endpoint", lane.endpoint.id.text()},
                                              {"attempts", lease.attempt},
                                              {"fault", name(fault(schedule, answer))},
                                              {"error", attempt.error}});
    ledger_.add({lease.handle, std::move(result), std::move(attempt)});
}

void Sender::bury_unsent(const store::Lease& lease, std::string reason) {
    needs_.counters.unsent.add();
    needs_.log.debug("unsent", {{"event", lease.event.text()}, {"reason", reason}});
    ledger_.add({lease.handle, Dead{std::move(reason)}, {}});
}

Task<void> Sender::cut_after(Duration grace) {
    co_await sleep_for(grace);
    cut_ = true;
    workers_.cancel();
}

Task<void> Sender::stop(Duration grace) {
    stopping_ = true;
    feeders_.cancel();
    co_await feeders_.join();
    if (workers_.size() > 0) {
        alarms_.spawn(cut_after(grace));
        co_await workers_.join();
        alarms_.cancel();
        co_await alarms_.join();
    }
    for (auto& [id, lane] : lanes_) {
        for (const store::Lease& lease : lane->ready)
            ledger_.add({lease.handle, Retry{}, {}});
        lane->ready.clear();
    }
    co_await ledger_.stop();
}

}  // namespace hookreel::delivery
