// The workers of this process that fetch files: they lease pulls from the queues, a few at a time,
// in the order of media/crew/rota.h.
//
// Idle they sleep in the store until a pull comes. Threads: one loop, on which they are made and
// stopped, and whose client they use.
#pragma once

#include "media/crew/crew.h"
#include "media/pulls/pull_job.h"

namespace hookreel::media {

class PullWorkers {
 public:
    // They begin at once. `options.pulls_max` of the tools is how many there are.
    PullWorkers(Executor executor, PullTools tools);

    // Breaks off what is being fetched, gives the leases back, and returns when all is done.
    Task<void> stop();

    // Before the first worker: removes the folders that pulls left which are over. Errors:
    // unavailable.
    static Task<Result<void>> recover(store::Store& store, FileThreads& threads,
                                      const PullOptions& options);

 private:
    Task<void> perform(store::Lease lease);

    PullTools tools_;
    Crew crew_;
};

}  // namespace hookreel::media
