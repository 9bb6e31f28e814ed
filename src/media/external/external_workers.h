// The workers that ask external services: each leases from its queues, one question a lease, in the
// order of media/crew/rota.h.
//
// There are two crews of them: one for the tasks of services, and one for the parts of tasks on
// files (media/tasks/service_parts.h). Threads: one loop, on which they are made and stopped, and
// whose client the service uses.
#pragma once

#include <vector>

#include "media/crew/crew.h"
#include "media/external/service_turn.h"

namespace hookreel::media {

// Asks once about what is leased. Returns when the outcome is committed or left to the next worker.
using AskService = Task<void> (*)(const ExternalTools& tools, store::Lease lease);

// Of a task of its own, from model::external_queues(). What the service found in a file is kept
// with that, in the commit of the task's end.
Task<void> ask_for_task(const ExternalTools& tools, store::Lease lease);

class ExternalWorkers {
 public:
    // They begin at once.
    ExternalWorkers(Executor executor, ExternalTools tools, std::vector<model::QueueId> queues,
                    AskService ask);

    // Breaks off the questions under way and returns when all is done. Their entries are due again.
    Task<void> stop();

 private:
    ExternalTools tools_;
    Crew crew_;
};

}  // namespace hookreel::media
