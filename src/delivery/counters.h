// What the senders count. One set serves all loops.
#pragma once

#include <array>
#include <atomic>

#include "base/metrics.h"
#include "delivery/classify.h"
#include "delivery/lane.h"

namespace hookreel::delivery {

// Threads: any.
struct Counters {
    Counter delivered, retried, dead;                  // Attempts by outcome.
    std::array<Counter, cause_names.size()> failures;  // Failed attempts by cause.
    Counter unsent;      // Buried without an attempt: the endpoint is disabled, or has no URL.
    Counter lost;        // Settlements whose lease had run out.
    Histogram duration;  // Of an attempt, from the start of the send to its end.
    std::atomic<int> in_flight{0};
    std::array<std::atomic<int>, 4> endpoints{};  // By Lane::State.

    void count(const Outcome& outcome, Cause cause);
    std::uint64_t failed(Fault fault) const;
};

void write_metrics(MetricsText& text, const Counters& counters);

}  // namespace hookreel::delivery
