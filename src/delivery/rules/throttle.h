// How much is sent to one endpoint: at a time, per second, and whether at all.
//
// Three small state machines without clock or timer; each is told what came of attempts. Threads:
// the sender's loop.
#pragma once

#include <chrono>

#include "base/clock.h"
#include "delivery/rules/classify.h"

namespace hookreel::delivery {

// Of the steady clock: for waits and paces.
using Instant = std::chrono::steady_clock::time_point;

// One send, when it is over.
struct Send {
    Verdict verdict = Verdict::taken;
    Instant begun{};
    Instant ended{};
};

// How many sends may be under way: all that the endpoint allows, halved down to 1 when it is
// overloaded, and one more for each round of sends that it takes.
class Window {
 public:
    explicit Window(int most) : most_(most), size_(most) {}

    void set_most(int most);
    int size() const { return static_cast<int>(size_); }
    // Sends that were under way already when it was halved do not halve it again.
    void heard(const Send& send);

 private:
    int most_;
    double size_;
    Instant halved_{};
};

// So many sends per second, evenly; what a late timer cost is caught up within a few.
class Pace {
 public:
    // 0: as fast as it goes.
    void set_rate(double per_second);
    // How long the next send has to wait; 0: it may go now.
    Duration wait(Instant now) const;
    // How many sends may begin from now on until so much later; at most 1,000,000.
    int count(Instant now, Duration ahead) const;
    void sent(Instant now);

 private:
    std::chrono::nanoseconds interval_{0};
    Instant next_{};
};

// Holds back an endpoint that takes nothing: after `failures_max` failed sends in a row, only one
// event is tried at a time, after 1 s, then after pauses that double up to 1 min, until one is
// taken. The event that is tried is charged with its attempt as always; the others wait
// uncharged, whatever their schedule says. Faults of ours hold back too, but charge nobody.
class Breaker {
 public:
    static constexpr int failures_max = 20;

    void heard(const Send& send);
    bool is_open() const { return failures_ >= failures_max; }
    // While it is open: how long until one event may be tried; 0: now.
    Duration wait(Instant now) const;

 private:
    int failures_ = 0;
    int pauses_ = 0;  // Since it opened.
    Instant opened_{};
    Instant next_{};
};

}  // namespace hookreel::delivery
