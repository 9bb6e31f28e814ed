// Removes what is old, once a minute, in small steps that never stall delivery.
//
// Events that nobody pulled for 4 days leave the reel. How long the archive, the attempt log and
// the dead letters reach back is a setting. Threads: one loop.
#pragma once

#include <functional>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/store.h"

namespace hookreel::app {

struct Retention {
    Duration unpulled = std::chrono::days(4);
    // Zero: for ever.
    Duration attempts = std::chrono::days(14);  // And dead letters.
    Duration archive = std::chrono::days(7);    // And the ids of events that were published.
    int step_rows = 500;
};

// One round: everything that is due for removal now. Ends early, with a log line, when the store
// refuses.
Task<void> clean_once(store::Store& store, std::vector<model::QueueId> reels, Retention retention,
                      TimePoint now, const Log& log);

// A round every minute until cancelled. `reels` names the queues of reliable callbacks as they are
// at each round.
Task<void> keep_clean(store::Store& store, std::function<std::vector<model::QueueId>()> reels,
                      Retention retention, const Clock& clock, const Log& log);

}  // namespace hookreel::app
