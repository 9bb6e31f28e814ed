// The workers that ask external services for their parts of tasks: one question each lease, about
// the part whose turn it is.
//
// A task comes here when its other steps are done, and holds nothing while a service works: the
// entry is given back until the next question. All its parts are asked for side by side. Each
// part's end is one commit of the task and the event that tells of it; the last one confirms the
// lease too. A service that does not answer is asked again with growing pauses until the part's
// time is up. Threads: one loop, on which they are made and stopped, and whose client the service
// uses.
#pragma once

#include "media/crew/crew.h"
#include "media/external/external_workers.h"

namespace hookreel::media {

// Of what services found for one task: it is kept and told as a whole, within the store's 1 MiB.
inline constexpr std::size_t findings_bytes_max = 384 * 1024;

class ServiceWorkers {
 public:
    // They begin at once.
    ServiceWorkers(Executor executor, ExternalTools tools);

    // Breaks off the questions under way and returns when all is done. Their entries are due again.
    Task<void> stop();

    // One question, for a lease of model::outside_queues. Returns when its outcome is committed or
    // left to the next worker.
    static Task<void> serve(const ExternalTools& tools, store::Lease lease);

 private:
    ExternalTools tools_;
    Crew crew_;
};

}  // namespace hookreel::media
