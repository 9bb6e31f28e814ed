#include "delivery/lane.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hookreel::delivery {
namespace {

using model::EndpointState;

// Of one lease request.
constexpr int room_max = 1000;
// What is leased begins to be sent within this, as far as the pace goes; what would not for so
// long, after a change of the pace, is given back.
constexpr Duration leased_ahead{250};
constexpr Duration kept_ahead{1'000};
// Leased at a time to be buried.
constexpr int burial_max = 100;

// What is retried by hand or replayed was sent before, so it gets no slot of the first attempts.
Turn turn_of(const store::Lease& lease) {
    return lease.all_attempts() == 1 ? Turn::first : Turn::again;
}

std::size_t again_of(const std::vector<store::Lease>& leases) {
    const auto again = std::ranges::count(leases, Turn::again, turn_of);
    return static_cast<std::size_t>(again);
}

int most_in_flight(const model::Endpoint& endpoint) {
    return std::max(endpoint.in_flight_max, 1);
}

}  // namespace

Lane::Lane(EndpointPtr endpoint, const Renderer* renderer, const HealthRules& rules)
    : endpoint_(std::move(endpoint)),
      renderer_(renderer),
      rules_(rules),
      window_(most_in_flight(*endpoint_)) {
    health_.failing_since = endpoint_->failing_since;
    adopt();
}

Lane::~Lane() {
    if (bell) bell->silence();
}

void Lane::set(EndpointPtr endpoint, const Renderer* renderer) {
    const EndpointPtr before = std::exchange(endpoint_, std::move(endpoint));
    const bool is_fresh = endpoint_->url != before->url || endpoint_->state != before->state;
    const bool was_reset = endpoint_->failing_since == never && before->failing_since != never;
    renderer_ = renderer;
    removed_ = false;
    window_.set_most(most_in_flight(*endpoint_));
    if (is_fresh) {
        breaker_ = Breaker();
        window_ = Window(most_in_flight(*endpoint_));
        health_.gone = false;
    }
    if (was_reset) health_.failing_since = never;
    if (endpoint_->tls != before->tls) tls_.reset();
    adopt();
}

void Lane::adopt() {
    url_.reset();
    pace_.set_rate(endpoint_->rate_per_second);
    if (!tls_ && endpoint_->tls != model::EndpointTls())
        tls_ = std::make_shared<const http::ClientTls>(
            endpoint_->tls.authorities, endpoint_->tls.certificate, endpoint_->tls.private_key);
}

const Result<http::Url>& Lane::url() const {
    if (!url_) url_ = std::make_unique<const Result<http::Url>>(http::parse_url(endpoint_->url));
    return *url_;
}

void Lane::remove() {
    removed_ = true;
}

Lane::Mode Lane::mode() const {
    if (removed_ || endpoint_->state == EndpointState::disabled || endpoint_->url.empty() ||
        renderer_ == nullptr)
        return Mode::buries;
    return endpoint_->state == EndpointState::paused || disabling ? Mode::keeps : Mode::sends;
}

std::string Lane::reason() const {
    if (removed_) return "the endpoint was removed";
    if (endpoint_->state == EndpointState::disabled)
        return "the endpoint is disabled: " + endpoint_->state_reason;
    if (endpoint_->url.empty()) return "the endpoint has no URL";
    return "nobody speaks the dialect \"" + endpoint_->dialect + "\"";
}

Lane::State Lane::state() const {
    if (endpoint_->state == EndpointState::disabled) return State::disabled;
    if (endpoint_->state == EndpointState::paused) return State::paused;
    return is_held_back() ? State::held_back : State::enabled;
}

model::Standing Lane::standing(Instant now, TimePoint clock) const {
    using Held = model::Standing::Held;
    model::Standing standing;
    if (mode() == Mode::keeps) return {.held = Held::paused, .until = never};
    if (mode() == Mode::buries) return standing;
    if (is_held_back()) {
        const Duration wait = breaker_.wait(now);
        const bool is_open = wait > Duration(0);
        standing.breaker =
            is_open ? model::Standing::Breaker::open : model::Standing::Breaker::half_open;
        standing.held = Held::breaker;
        if (is_open) standing.until = clock + wait;
    } else if (in_flight_ >= window_.size()) {
        standing.held = Held::in_flight;
    } else if (const Duration wait = pace_.wait(now); wait > Duration(0)) {
        standing.held = Held::rate;
        standing.until = clock + wait;
    }
    return standing;
}

// One that fails for so long that it would be disabled, and is not, has to take its queue: else the
// queue would grow without end.
bool Lane::is_held_back() const {
    const bool is_lost =
        rules_.disable_after > Duration(0) && health_.failing_since < heard_ - rules_.disable_after;
    return breaker_.is_open() && !is_lost;
}

int Lane::batch_max() const {
    return renderer_ == nullptr ? 1 : static_cast<int>(renderer_->batch_max());
}

int Lane::room(Instant now) const {
    if (mode() == Mode::keeps) return 0;
    if (mode() == Mode::buries) return burial_max;
    const int ready = static_cast<int>(ready_.size() + behind());
    if (is_held_back()) return may_send(now) && ready == 0 ? 1 : 0;
    // One round in flight and one ready.
    const int round = window_.size() * batch_max();
    if (2 * ready > round) return 0;
    const int borne = 2 * round - in_flight_ * batch_max();
    const int paced = pace_.count(now, leased_ahead) * batch_max();
    return std::clamp(std::min(borne, paced) - ready, 0, room_max);
}

Duration Lane::pause(Instant now) const {
    if (mode() != Mode::sends) return Duration(0);
    if (is_held_back()) return breaker_.wait(now);
    const bool waits_for_pace = !ready_.empty() || pace_.count(now, leased_ahead) == 0;
    return waits_for_pace ? pace_.wait(now) : Duration(0);
}

void Lane::add(std::vector<store::Lease> leases) {
    for (store::Lease& lease : leases) {
        if (line_ && line_->busy_keys.contains(lease.key)) {
            line_->behind.push_back(std::move(lease));
            continue;
        }
        if (turn_of(lease) == Turn::again) ++ready_again_;
        ready_.push_back(std::move(lease));
    }
}

void Lane::occupy(Parcel& parcel) {
    if (endpoint_->order != model::Order::key ||
        endpoint_->guarantee != model::Guarantee::at_most_once)
        return;
    if (!line_) line_ = std::make_unique<Line>();
    for (const store::Lease& lease : parcel.leases)
        if (!lease.key.empty() && line_->busy_keys.insert(lease.key).second)
            parcel.keys.push_back(lease.key);
}

void Lane::end(const std::vector<std::string>& keys) {
    --in_flight_;
    if (keys.empty()) return;
    for (const std::string& key : keys)
        line_->busy_keys.erase(key);
    add(std::exchange(line_->behind, {}));
}

bool Lane::may_send(Instant now) const {
    if (mode() != Mode::sends || pace_.wait(now) > Duration(0)) return false;
    if (is_held_back()) return in_flight_ == 0 && breaker_.wait(now) == Duration(0);
    return in_flight_ < window_.size();
}

bool Lane::has_ready(Turn turn) const {
    return turn == Turn::again ? ready_again_ > 0 : ready_.size() > ready_again_;
}

bool Lane::finds_slot(const Slots& slots, Turn turn) const {
    return has_ready(turn) && slots.free(turn, need());
}

std::optional<Parcel> Lane::begin(const Slots& slots, Instant now) {
    const bool first_fits = finds_slot(slots, Turn::first);
    const bool again_fits = finds_slot(slots, Turn::again);
    if (!first_fits && !again_fits) return std::nullopt;
    const auto first = std::ranges::find_if(ready_, [&](const store::Lease& lease) {
        return turn_of(lease) == Turn::first ? first_fits : again_fits;
    });
    Parcel parcel{turn_of(*first), {}};
    const std::ptrdiff_t count = is_held_back() ? 1 : batch_max();
    auto end = first;
    while (end != ready_.end() && end - first < count && turn_of(*end) == parcel.turn)
        ++end;
    parcel.leases.assign(std::move_iterator(first), std::move_iterator(end));
    if (parcel.turn == Turn::again) ready_again_ -= parcel.leases.size();
    ready_.erase(first, end);
    occupy(parcel);
    ++in_flight_;
    pace_.sent(now);
    return parcel;
}

Parcel Lane::begin(store::Lease lease) {
    Parcel parcel{turn_of(lease), {}};
    parcel.leases.push_back(std::move(lease));
    ++in_flight_;
    return parcel;
}

std::vector<store::Lease> Lane::take_unsendable(Instant now) {
    if (mode() != Mode::sends) return take_all();
    if (is_held_back()) return take_behind(may_send(now) ? 1 : 0);
    // A window that became small may have left more than its two rounds.
    const std::size_t round = static_cast<std::size_t>(window_.size() * batch_max());
    const std::size_t borne = ready_.size() > 2 * round ? round : ready_.size();
    const std::size_t paced = static_cast<std::size_t>(pace_.count(now, kept_ahead) * batch_max());
    return take_behind(std::min(borne, paced));
}

// All but the oldest ones.
std::vector<store::Lease> Lane::take_behind(std::size_t kept) {
    std::vector<store::Lease> rest;
    while (ready_.size() > kept) {
        rest.push_back(std::move(ready_.back()));
        ready_.pop_back();
    }
    ready_again_ -= again_of(rest);
    return rest;
}

std::vector<store::Lease> Lane::take_all() {
    std::vector<store::Lease> all(std::move_iterator(ready_.begin()),
                                  std::move_iterator(ready_.end()));
    if (line_) std::ranges::move(std::exchange(line_->behind, {}), std::back_inserter(all));
    ready_.clear();
    ready_again_ = 0;
    return all;
}

std::optional<store::Lease> Lane::take(const model::EventId& event) {
    const auto found = std::ranges::find(ready_, event, &store::Lease::event);
    if (found == ready_.end()) return std::nullopt;
    store::Lease lease = std::move(*found);
    ready_.erase(found);
    if (turn_of(lease) == Turn::again) --ready_again_;
    return lease;
}

void Lane::heard(const Send& send, TimePoint now) {
    window_.heard(send);
    breaker_.heard(send);
    health_ = after(health_, send.verdict, now);
    heard_ = now;
    if (send.verdict == Verdict::ours)
        ++own_faults_;
    else if (send.verdict != Verdict::stopping)
        own_faults_ = 0;
}

std::optional<Finding> Lane::examine(TimePoint now) {
    std::optional<Finding> found = finding(*endpoint_, health_, rules_, now);
    if (found && found->kind == Finding::Kind::warning) health_.warned = now;
    return found;
}

}  // namespace hookreel::delivery
