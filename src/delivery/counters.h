// What the senders count. One set serves all loops.
#pragma once

#include <array>
#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "delivery/lane.h"
#include "delivery/rules/classify.h"

namespace hookreel::delivery {

// Attempts by what came of them.
struct Outcomes {
    Counter delivered, retried, dead;

    void count(const Outcome& outcome);
};

// Threads: any.
struct Counters : Outcomes {
    // The dialects that are told apart; attempts of others count as "other".
    explicit Counters(std::vector<std::string> dialects = {});

    std::vector<std::string> dialects;                 // "other" is the last.
    std::vector<Outcomes> by_dialect;                  // In the same order.
    std::array<Counter, cause_names.size()> failures;  // Failed attempts by cause.
    Counter unsent;         // Buried without an attempt: the endpoint is disabled, or has no URL.
    Counter lost;           // Settlements whose lease had run out.
    Histogram duration;     // Of an attempt, from the start of the send to its end.
    Histogram first_delay;  // From the commit of an event to its first attempt.
    std::atomic<int> in_flight{0};
    std::array<std::atomic<int>, 4> endpoints{};  // By Lane::State.

    void count(std::string_view dialect, const Outcome& outcome, Cause cause);
    std::uint64_t failed(Fault fault) const;
};

void write_metrics(MetricsText& text, const Counters& counters);

}  // namespace hookreel::delivery
