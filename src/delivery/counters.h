// What the senders count. One set serves all loops.
#pragma once

#include <atomic>

#include "base/metrics.h"

namespace hookreel::delivery {

// Threads: any.
struct Counters {
    Counter delivered, retried, dead;                                       // Attempts by outcome.
    Counter failed_receiver, failed_address, failed_ours, failed_stopping;  // By fault.
    Counter unsent;      // Buried without an attempt: the endpoint has no URL.
    Counter lost;        // Settlements whose lease had run out.
    Histogram duration;  // Of an attempt, from the start of the send to its end.
    std::atomic<int> in_flight{0};
};

void write_metrics(MetricsText& text, const Counters& counters);

}  // namespace hookreel::delivery
