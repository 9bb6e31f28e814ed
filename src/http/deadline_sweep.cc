#include "http/deadline_sweep.h"

#include <algorithm>

namespace hookreel::http {

using Time = DeadlineSweep::Time;

namespace {

// So that the sum with the time of day always fits.
constexpr std::chrono::days duration_max{365};

}  // namespace

struct DeadlineSweep::State : std::enable_shared_from_this<DeadlineSweep::State> {
    using List = boost::intrusive::list<Deadline, boost::intrusive::constant_time_size<false>>;

    explicit State(Executor executor) : timer(executor) {}

    void watch(Time at) {
        if (at >= due) return;
        due = at;
        timer.expires_at(due);
        timer.async_wait([self = weak_from_this()](const boost::system::error_code& error) {
            if (error) return;  // Set to an earlier time, or the sweep is gone.
            if (const auto state = self.lock()) state->sweep();
        });
    }

    void sweep();
    // Lets the loop end when nobody is left.
    void rest() {
        if (!deadlines.empty() || due == Time::max()) return;
        due = Time::max();
        timer.cancel();
    }

    List deadlines;
    Timer timer;
    Time due = Time::max();  // When the timer will wake us.
};

void DeadlineSweep::State::sweep() {
    const auto now = std::chrono::steady_clock::now();
    due = Time::max();
    auto earliest = Time::max();
    List expired;
    for (auto it = deadlines.begin(); it != deadlines.end();) {
        auto& deadline = *it++;
        if (deadline.at_ <= now) {
            deadlines.erase(deadlines.iterator_to(deadline));
            expired.push_back(deadline);
        } else {
            earliest = std::min(earliest, deadline.at_);
        }
    }
    if (earliest != Time::max()) watch(earliest);
    // A call may destroy any deadline, which then leaves the list by itself, or set it again.
    while (!expired.empty()) {
        auto& deadline = expired.front();
        expired.pop_front();
        deadlines.push_back(deadline);
        if (deadline.at_ > now) continue;
        deadline.clear();
        deadline.on_expired_();
    }
}

DeadlineSweep::DeadlineSweep(Executor executor) : state_(std::make_shared<State>(executor)) {}

DeadlineSweep::~DeadlineSweep() {
    state_->deadlines.clear();
}

Deadline::Deadline(DeadlineSweep& sweep, std::move_only_function<void()> on_expired)
    : on_expired_(std::move(on_expired)), state_(sweep.state_.get()) {
    state_->deadlines.push_back(*this);
}

Deadline::~Deadline() {
    if (!is_linked()) return;  // The sweep is gone.
    unlink();
    state_->rest();
}

void Deadline::set(Duration duration, Time now) {
    duration = std::min<Duration>(duration, duration_max);
    // Rounded up to a multiple of the allowed lateness.
    const auto late_max = std::clamp<std::chrono::nanoseconds>(
        duration / 16, std::chrono::milliseconds(1), std::chrono::seconds(1));
    const auto exact = (now + duration).time_since_epoch();
    at_ = Time((exact / late_max + 1) * late_max);
    state_->watch(at_);
}

}  // namespace hookreel::http
