#include "delivery/sender.h"

#include <algorithm>

#include "base/random.h"
#include "delivery/rules/attempt_span.h"
#include "delivery/transcript.h"

namespace hookreel::delivery {
namespace {

using std::chrono::steady_clock;

// How often an endpoint that was removed looks whether its queue is empty at last.
constexpr Duration drain_wait{60'000};
constexpr std::array<Turn, 2> both_turns = {Turn::first, Turn::again};

constexpr std::array<Need, 2> both_needs = {Need::one, Need::more};

std::size_t line_of(Need need, Turn turn) {
    return 2 * static_cast<std::size_t>(need) + static_cast<std::size_t>(turn);
}

// Those that were handed out before, which may have been sent: since then the endpoint was changed
// to at most once.
std::vector<store::Lease> take_tried(std::vector<store::Lease>& leases) {
    std::vector<store::Lease> tried;
    std::erase_if(leases, [&tried](store::Lease& lease) {
        if (lease.attempt > 1) tried.push_back(std::move(lease));
        return lease.attempt > 1;
    });
    return tried;
}

std::minstd_rand seeded() {
    std::uint32_t seed = 1;
    for (const char byte : random_bytes(sizeof seed))
        seed = seed << 8 | static_cast<unsigned char>(byte);
    return std::minstd_rand(seed);
}

}  // namespace

Sender::Sender(Executor executor, SenderNeeds needs, SenderLimits limits)
    : needs_(needs),
      limits_(limits),
      outage_(needs.log, "lease"),
      ledger_(executor, needs.store, needs.log, needs.counters, limits.pauses,
              [this] { resume(); }),
      slots_(limits.in_flight_max),
      random_(seeded()),
      feeders_(executor),
      workers_(executor),
      reporters_(executor),
      alarms_(executor),
      stoppers_(executor) {}

Sender::~Sender() = default;

void Sender::set(EndpointPtr endpoint) {
    if (stopping_) return;
    const auto found = needs_.renderers.find(endpoint->dialect);
    const Renderer* renderer = found == needs_.renderers.end() ? nullptr : found->second;
    std::unique_ptr<Lane>& lane = lanes_[endpoint->id];
    if (lane) {
        lane->set(std::move(endpoint), renderer);
    } else {
        lane = std::make_unique<Lane>(std::move(endpoint), renderer, limits_.health);
        auto heard = [this, lane = lane.get()] { hear(*lane); };
        lane->bell = std::make_shared<store::Bell>(feeders_.executor(), std::move(heard));
    }
    lane->watching = false;  // Another order may let go at once what the old one held back.
    count_state(*lane);
    advance(*lane);
}

void Sender::remove(const model::EndpointId& id) {
    const auto found = lanes_.find(id);
    if (found == lanes_.end()) return;
    Lane& lane = *found->second;
    lane.remove();
    lane.watching = false;  // From now on it looks whether its queue is empty.
    count_state(lane);
    advance(lane);
}

void Sender::send_now(const model::EndpointId& id, const model::EventId& event) {
    const auto found = lanes_.find(id);
    if (found == lanes_.end() || stopping_) return;
    Lane& lane = *found->second;
    if (lane.mode() != Lane::Mode::sends) return;
    if (std::optional<store::Lease> lease = lane.take(event)) return start(lane, std::move(*lease));
    ++lane.pending;
    feeders_.spawn(fetch(lane, event));
}

model::Standings Sender::standings(std::span<const model::EndpointId> ids) const {
    model::Standings all;
    const Instant now = steady_clock::now();
    for (const model::EndpointId& id : ids)
        if (const auto lane = lanes_.find(id); lane != lanes_.end())
            all.emplace(id, lane->second->standing(now, needs_.clock.now()));
    return all;
}

Task<void> Sender::fetch(Lane& lane, model::EventId event) {
    store::LeaseOptions options;
    options.hold = lane.lease_time(limits_.lease_margin);
    options.order = lane.endpoint().order;
    options.only = std::move(event);
    Result<std::vector<store::Lease>> leases =
        co_await needs_.store.lease(lane.endpoint().queue, options);
    --lane.pending;
    if (!leases) co_return;
    for (store::Lease& lease : *leases)
        start(lane, std::move(lease));
}

void Sender::start(Lane& lane, store::Lease lease) {
    Parcel parcel = lane.begin(std::move(lease));
    slots_.take(parcel.turn);
    needs_.counters.in_flight.fetch_add(1, std::memory_order_relaxed);
    workers_.spawn(work({&lane, std::move(parcel)}));
}

void Sender::advance(Lane& lane) {
    advance(lane, steady_clock::now());
}

// Does for the endpoint what may be done now.
void Sender::advance(Lane& lane, Instant now) {
    if (stopping_ || ledger_.blocked()) return;
    clear(lane, now);
    while (std::optional<Parcel> parcel = next_parcel(lane, now))
        workers_.spawn(work({&lane, std::move(*parcel)}));
    refill(lane, now);
}

// Lets go of what was leased and will not be sent soon.
void Sender::clear(Lane& lane, Instant now) {
    if (!lane.has_ready()) return;
    std::vector<store::Lease> leases = lane.take_unsendable(now);
    if (lane.mode() == Lane::Mode::buries)
        bury(std::move(leases), lane.reason());
    else
        give_back(std::move(leases));
}

// Asks for more unless that is under way, or enough is ready; later when it is too early. When
// nothing is due, the store calls.
void Sender::refill(Lane& lane, Instant now) {
    if (stopping_ || ledger_.blocked()) return;
    if (const Duration pause = lane.pause(now); pause > Duration(0)) arm(lane, pause);
    if (lane.feeding || lane.watching || lane.room(now) == 0) return;
    const model::Endpoint& endpoint = lane.endpoint();
    lane.watching =
        !lane.is_removed() && needs_.store.watch(endpoint.queue, endpoint.order, lane.bell);
    if (lane.watching) return;
    lane.feeding = true;
    feeders_.spawn(feed(lane));
}

void Sender::hear(Lane& lane) {
    if (std::exchange(lane.watching, false)) advance(lane);
}

Task<void> Sender::feed(Lane& lane) {
    Duration pause = limits_.pauses.shortest;
    while (!stopping_ && !ledger_.blocked()) {
        const int room = lane.room(steady_clock::now());
        if (room == 0) break;
        const store::LeaseOptions options{.count_max = room,
                                          .hold = lane.lease_time(limits_.lease_margin),
                                          .wait = lane.is_removed() ? drain_wait : Duration(0),
                                          .order = lane.endpoint().order};
        Result<std::vector<store::Lease>> leases =
            co_await needs_.store.lease(lane.endpoint().queue, options);
        if (!leases) {
            if (stopping_) break;
            outage_.begin(leases.error());
            co_await sleep_for(pause);
            pause = std::min(pause * 2, limits_.pauses.longest);
            continue;
        }
        outage_.end();
        pause = limits_.pauses.shortest;
        const bool nothing_came = leases->empty();
        const bool is_all = std::ssize(*leases) < room;
        lane.add(std::move(*leases));
        advance(lane);
        if (is_all && !lane.is_removed()) break;
        if (!nothing_came || !lane.is_removed()) continue;
        const bool gone = co_await is_empty(lane);
        if (!gone || !lane.is_removed()) continue;
        needs_.counters.endpoints[static_cast<std::size_t>(*lane.counted)].fetch_sub(1);
        lanes_.erase(model::EndpointId(lane.endpoint().id));
        co_return;
    }
    lane.feeding = false;
    refill(lane, steady_clock::now());
}

// Whether nothing of the endpoint is left, here or in the store.
Task<bool> Sender::is_empty(const Lane& lane) {
    const Result<store::QueueCounts> counts = co_await needs_.store.count(lane.endpoint().queue);
    co_return counts && counts->waiting == 0 && counts->leased == 0 && lane.is_idle();
}

// What may be sent now, its slot taken. When only a slot is missing, the lane stands in line.
std::optional<Parcel> Sender::next_parcel(Lane& lane, Instant now) {
    if (stopping_ || ledger_.blocked() || !lane.has_ready() || !lane.may_send(now))
        return std::nullopt;
    std::optional<Parcel> parcel = lane.begin(slots_, now);
    if (parcel) {
        slots_.take(parcel->turn);
        needs_.counters.in_flight.fetch_add(1, std::memory_order_relaxed);
        return parcel;
    }
    for (const Turn turn : both_turns)
        if (lane.has_ready(turn)) park(lane, turn);
    return std::nullopt;
}

void Sender::park(Lane& lane, Turn turn) {
    const std::size_t line = line_of(lane.need(), turn);
    if (std::exchange(lane.parked[line], true)) return;
    parked_[line].push_back(&lane);
}

bool Sender::is_served(Need need, Turn turn) const {
    return !parked_[line_of(need, turn)].empty() && slots_.free(turn, need);
}

// Of whom something is sent next, `served_` is of what turn; nothing when nobody waits who may.
std::optional<Need> Sender::choose() {
    const Turn other = served_ == Turn::first ? Turn::again : Turn::first;
    for (const Need need : both_needs) {
        if (is_served(need, other)) {
            served_ = other;
            return need;
        }
        if (is_served(need, served_)) return need;
    }
    return std::nullopt;
}

// What a slot that fell free sends next: something of those in line, those with nothing under way
// first, one of each, first attempts and retries in turn.
std::optional<Sender::Job> Sender::next_job(Instant now) {
    while (!stopping_ && !ledger_.blocked()) {
        const std::optional<Need> need = choose();
        if (!need) return std::nullopt;
        const std::size_t line = line_of(*need, served_);
        Lane& lane = *parked_[line].front();
        parked_[line].pop_front();
        lane.parked[line] = false;
        std::optional<Parcel> parcel = next_parcel(lane, now);
        if (!parcel) continue;
        if (lane.has_ready(served_) && lane.may_send(now)) park(lane, served_);
        refill(lane, now);
        return Job{&lane, std::move(*parcel)};
    }
    return std::nullopt;
}

// The store takes settlements again.
void Sender::resume() {
    for (auto& [id, lane] : lanes_)
        advance(*lane);
    while (std::optional<Job> job = next_job(steady_clock::now()))
        workers_.spawn(work(std::move(*job)));
}

// Has the lane advance after the wait, unless it will earlier.
void Sender::arm(Lane& lane, Duration wait) {
    const Instant at = steady_clock::now() + wait;
    if (lane.alarm <= at) return;
    lane.alarm = at;
    ++lane.pending;
    alarms_.spawn(ring(lane, at));
}

Task<void> Sender::ring(Lane& lane, Instant at) {
    Timer timer(co_await asio::this_coro::executor);
    timer.expires_at(at);
    co_await timer.async_wait(use_result);
    if (lane.alarm == at) lane.alarm = Instant::max();
    --lane.pending;
    advance(lane);
}

// One slot: sends one parcel after the other. Those in line come first, then its own endpoint.
Task<void> Sender::work(Job job) {
    for (std::optional<Job> next = std::move(job); next;) {
        Lane& lane = *next->lane;
        const Turn turn = next->parcel.turn;
        const std::vector<std::string> keys = std::move(next->parcel.keys);
        if (stopping_)
            lane.add(std::move(next->parcel.leases));
        else
            co_await deliver(lane, std::move(next->parcel.leases));
        lane.end(keys);
        slots_.give(turn);
        needs_.counters.in_flight.fetch_sub(1, std::memory_order_relaxed);
        const Instant now = steady_clock::now();
        next = next_job(now);
        if (next) {
            advance(lane, now);
        } else if (std::optional<Parcel> more = next_parcel(lane, now)) {
            next = Job{&lane, std::move(*more)};
            refill(lane, now);
        } else {
            advance(lane, now);
        }
    }
}

Task<void> Sender::deliver(Lane& lane, std::vector<store::Lease> leases) {
    const TimePoint now = needs_.clock.now();
    std::erase_if(leases, [&](const store::Lease& lease) { return !hold(lane, lease, now); });
    if (lane.mode() == Lane::Mode::keeps) co_return give_back(std::move(leases));
    if (lane.mode() == Lane::Mode::buries) co_return bury(std::move(leases), lane.reason());
    const bool is_only_try = lane.endpoint().guarantee == model::Guarantee::at_most_once;
    if (is_only_try) bury(take_tried(leases), "sent at most once; it was tried before");
    if (leases.empty()) co_return;
    Result<http::ClientRequest> request = prepare(lane, leases, now);
    if (!request) co_return bury(std::move(leases), "cannot be sent: " + request.error().detail);
    if (is_only_try) {
        const bool is_ours = co_await spend(leases);
        if (!is_ours) co_return;
    }
    std::optional<Span> span = begin_attempt(needs_.spans, lane.endpoint(), leases, *request);
    request->head = needs_.transport.head(*request);
    store::Attempt attempt{.application = lane.endpoint().application,
                           .at = now,
                           .url = lane.url_to_log(),
                           .request_head = request_head(request->head, lane.endpoint())};
    count_delays(leases, now);
    const Instant begun = steady_clock::now();
    std::optional<http::ClientResponse> broken;  // What came of an answer that has no end.
    request->on_broken = [&broken](http::ClientResponse part) { broken = std::move(part); };
    Answer answer = co_await needs_.transport.send(std::move(*request));
    if (!answer && cut_) answer = fail(Code::cancelled, "stopping: the server stops");
    const Instant ended = steady_clock::now();
    if (span) {
        end_attempt(*span, lane.endpoint().schedule, answer);
        needs_.spans->add(std::move(*span));
    }
    needs_.counters.duration.observe(std::chrono::duration<double>(ended - begun).count());
    attempt.took = std::chrono::round<Duration>(ended - begun);
    if (answer)
        write_down(*answer, attempt);
    else if (broken)
        write_down(*broken, attempt);
    const Send send{verdict(lane.endpoint().schedule, answer), begun, ended};
    const TimePoint over = now + attempt.took;
    settle(lane, leases, attempt, answer);
    learn(lane, send, over);
}

// How long first attempts came after the commit.
void Sender::count_delays(const std::vector<store::Lease>& leases, TimePoint now) {
    for (const store::Lease& lease : leases)
        if (lease.attempt == 1 && lease.stored != TimePoint{})
            needs_.counters.first_delay.observe(
                std::chrono::duration<double>(now - lease.stored).count());
}

// Whether the lease lasts for one more send; it is renewed when it waited long for its turn.
bool Sender::hold(const Lane& lane, const store::Lease& lease, TimePoint now) {
    const Duration timeout = lane.endpoint().schedule.timeout;
    if (lease.until >= now + timeout + limits_.lease_margin / 2) return true;
    const Duration again = lane.lease_time(limits_.lease_margin);
    return needs_.store.renew(lease.handle, again).has_value();
}

Result<http::ClientRequest> Sender::prepare(const Lane& lane,
                                            const std::vector<store::Lease>& leases,
                                            TimePoint now) {
    const model::Endpoint& endpoint = lane.endpoint();
    if (!lane.url()) return fail(lane.url().error());
    Result<http::ClientRequest> request =
        leases.size() == 1 && lane.renderer()->batch_max() == 1
            ? lane.renderer()->render(endpoint, leases.front(), now)
            : lane.renderer()->render_batch(endpoint, leases, now);
    if (!request) return request;
    if (request->url.host.empty()) request->url = *lane.url();
    for (const model::Header& header : endpoint.headers)
        if (!request->headers.has(header.name)) request->headers.add(header.name, header.value);
    request->timeout = endpoint.schedule.timeout;
    request->connect_timeout = endpoint.schedule.connect_timeout;
    request->tls = lane.tls();
    if (endpoint.guarantee == model::Guarantee::at_most_once)
        request->repeat = http::ClientRequest::Repeat::never;
    request->response_bytes_max = limits_.answer_bytes_max;
    return request;
}

// Of at most once: from here on nobody sends it again.
Task<bool> Sender::spend(const std::vector<store::Lease>& leases) {
    store::Commit commit;
    for (const store::Lease& lease : leases)
        commit.spends.push_back(
            {lease.handle, "sent at most once; the server stopped before its answer came"});
    const Result<void> spent = co_await needs_.store.commit(std::move(commit));
    co_return spent.has_value();
}

void Sender::settle(Lane& lane, std::vector<store::Lease>& leases, store::Attempt& attempt,
                    const Answer& answer) {
    const model::Endpoint& endpoint = lane.endpoint();
    const model::Schedule& schedule = endpoint.schedule;
    const Cause why = cause(schedule, answer);
    attempt.error = failure(schedule, answer);
    const bool is_over = endpoint.guarantee == model::Guarantee::at_most_once;
    for (std::size_t i = 0; i < leases.size(); ++i) {
        store::Lease& lease = leases[i];
        Outcome result =
            why == Cause::none ? Outcome(Delivered{}) : after_failure(lane, lease, answer);
        if (is_over && why != Cause::none) result = Dead{"sent at most once: " + attempt.error};
        needs_.counters.count(endpoint.dialect, result, why);
        const bool is_last = i + 1 == leases.size();
        const auto entry = is_last ? std::make_shared<store::Attempt>(std::move(attempt))
                                   : std::make_shared<store::Attempt>(attempt);
        entry->event = std::move(lease.event);
        entry->queue = std::move(lease.queue);
        entry->type = std::move(lease.type);
        entry->number = lease.all_attempts();
        entry->outcome = name(result);
        tell(lane, *entry, fault(why));
        ledger_.add({lease.handle, std::move(result), entry});
    }
}

Outcome Sender::after_failure(const Lane& lane, const store::Lease& lease, const Answer& answer) {
    const double random = std::uniform_real_distribution<double>()(random_);
    const Circumstances circumstances{lease.attempt, lane.own_faults(), random, needs_.clock.now()};
    return outcome(lane.endpoint().schedule, circumstances, answer);
}

void Sender::tell(const Lane& lane, const store::Attempt& attempt, Fault fault) const {
    if (needs_.log.writes(Level::debug))
        needs_.log.debug("attempt", {{"event", attempt.event.text()},
                                     {"endpoint", lane.endpoint().id.text()},
                                     {"number", attempt.number},
                                     {"outcome", attempt.outcome},
                                     {"status", attempt.status},
                                     {"ms", attempt.took.count()},
                                     {"fault", name(fault)},
                                     {"error", attempt.error}});
    if (attempt.outcome == "dead")
        needs_.log.warning("event given up", {{"event", attempt.event.text()},
                                              {"endpoint", lane.endpoint().id.text()},
                                              {"attempts", attempt.number},
                                              {"fault", name(fault)},
                                              {"error", attempt.error}});
}

void Sender::give_back(std::vector<store::Lease> leases) {
    for (const store::Lease& lease : leases)
        ledger_.add({lease.handle, Retry{Duration(0), Retry::Counted::no}, {}});
}

void Sender::bury(std::vector<store::Lease> leases, const std::string& reason) {
    for (const store::Lease& lease : leases) {
        needs_.counters.unsent.add();
        needs_.log.debug("unsent", {{"event", lease.event.text()}, {"reason", reason}});
        ledger_.add({lease.handle, Dead{reason}, {}});
    }
}

// What the end of a send says of the endpoint.
void Sender::learn(Lane& lane, const Send& send, TimePoint now) {
    lane.heard(send, now);
    count_state(lane);
    if (needs_.overseer == nullptr || lane.reporting || stopping_) return;
    std::optional<Finding> found = lane.examine(now);
    if (!found) return;
    lane.reporting = true;
    lane.disabling = found->kind == Finding::Kind::disabled;
    reporters_.spawn(report(lane, std::move(*found)));
}

Task<void> Sender::report(Lane& lane, Finding finding) {
    const model::EndpointId id = lane.endpoint().id;
    co_await needs_.overseer->record(id, std::move(finding));
    co_await asio::post(use_task);  // After the change came back.
    lane.reporting = lane.disabling = false;
    advance(lane);
}

void Sender::count_state(Lane& lane) {
    const Lane::State state = lane.state();
    if (lane.counted == state) return;
    auto& endpoints = needs_.counters.endpoints;
    if (lane.counted) endpoints[static_cast<std::size_t>(*lane.counted)].fetch_sub(1);
    endpoints[static_cast<std::size_t>(state)].fetch_add(1);
    lane.counted = state;
    if (state == Lane::State::held_back)
        needs_.log.warning("endpoint held back, it takes nothing",
                           {{"endpoint", lane.endpoint().id.text()}});
}

Task<void> Sender::cut_after(Duration grace) {
    co_await sleep_for(grace);
    cut_ = true;
    workers_.cancel();
}

Task<void> Sender::stop(Duration grace) {
    stopping_ = true;
    for (auto& [id, lane] : lanes_)
        lane->bell->silence();
    alarms_.cancel();
    feeders_.cancel();
    co_await alarms_.join();
    co_await feeders_.join();
    if (workers_.size() > 0) {
        stoppers_.spawn(cut_after(grace));
        co_await workers_.join();
        stoppers_.cancel();
        co_await stoppers_.join();
    }
    co_await reporters_.join();
    for (auto& [id, lane] : lanes_)
        give_back(lane->take_all());
    co_await ledger_.stop();
}

}  // namespace hookreel::delivery
