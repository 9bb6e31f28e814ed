#include "delivery/rules/throttle.h"

#include <algorithm>
#include <cmath>

namespace hookreel::delivery {
namespace {

constexpr std::chrono::milliseconds catch_up{50};
constexpr int count_max = 1'000'000;
constexpr Duration pause_shortest{1'000};
constexpr Duration pause_longest{60'000};

Duration until(Instant then, Instant now) {
    return std::max(std::chrono::ceil<Duration>(then - now), Duration(0));
}

}  // namespace

void Window::set_most(int most) {
    // One that was as large as allowed stays so.
    size_ = size_ >= most_ ? most : std::min<double>(size_, most);
    most_ = most;
}

void Window::heard(const Send& send) {
    if (send.verdict == Verdict::taken) size_ = std::min<double>(size_ + 1 / size_, most_);
    if (send.verdict != Verdict::overloaded || send.begun < halved_) return;
    size_ = std::max(std::floor(size_ / 2), 1.0);
    halved_ = send.ended;
}

void Pace::set_rate(double per_second) {
    interval_ = per_second > 0
                    ? std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / per_second))
                    : std::chrono::nanoseconds(0);
}

Duration Pace::wait(Instant now) const {
    if (interval_.count() == 0 || next_ <= now) return Duration(0);
    return until(next_, now);
}

int Pace::count(Instant now, Duration ahead) const {
    if (interval_.count() == 0) return count_max;
    const std::chrono::nanoseconds wait = std::max(next_ - now, Instant::duration(0));
    if (wait > ahead) return 0;
    return static_cast<int>(std::min<std::int64_t>((ahead - wait) / interval_ + 1, count_max));
}

void Pace::sent(Instant now) {
    if (interval_.count() > 0) next_ = std::max(next_, now - catch_up) + interval_;
}

void Breaker::heard(const Send& send) {
    if (send.verdict == Verdict::stopping) return;
    if (send.verdict == Verdict::taken) {
        *this = Breaker();
        return;
    }
    if (is_open() && send.begun < opened_) return;  // It was under way already.
    if (!is_open() && ++failures_ < failures_max) return;
    const Duration pause = std::min(pause_shortest * (1 << std::min(pauses_, 6)), pause_longest);
    if (pauses_++ == 0) opened_ = send.ended;
    next_ = send.ended + pause;
}

Duration Breaker::wait(Instant now) const {
    return is_open() ? until(next_, now) : Duration(0);
}

}  // namespace hookreel::delivery
