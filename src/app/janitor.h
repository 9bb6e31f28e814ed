// Removes what is old, once a minute, in small steps that never stall delivery.
//
// Events that nobody pulled leave their queue: a reel after 4 days, a consumer's queue when the
// archive lets go of them too. How long archive, attempt log and dead letters reach back is a
// setting. Threads: one loop.
#pragma once

#include <functional>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/store.h"

namespace hookreel::app {

struct Retention {
    // Zero: for ever.
    Duration attempts = std::chrono::days(14);  // And dead letters.
    Duration archive = std::chrono::days(7);    // And the ids of events that were published.
    int step_rows = 500;
};

// A queue that is pulled, and how long an event waits there. Zero: for ever.
struct PulledQueue {
    model::QueueId id;
    Duration kept{0};
};

// One round: everything that is due for removal now. Ends early, with a log line, when the store
// refuses.
Task<void> clean_once(store::Store& store, std::vector<PulledQueue> queues, Retention retention,
                      TimePoint now, const Log& log);

// A round every minute until cancelled. `queues` says which there are at each round.
Task<void> keep_clean(store::Store& store, std::function<std::vector<PulledQueue>()> queues,
                      Retention retention, const Clock& clock, const Log& log);

}  // namespace hookreel::app
