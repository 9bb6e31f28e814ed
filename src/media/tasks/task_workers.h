// The workers of this process: they lease tasks and edits from their queues and do them, a few at a
// time, in the order of media/crew/rota.h.
//
// Idle they sleep in the store until a task comes. Threads: one loop, on which they are made and
// stopped; ffmpeg runs in child processes.
#pragma once

#include <atomic>

#include "base/metrics.h"
#include "media/crew/crew.h"
#include "media/tasks/task_job.h"

namespace hookreel::media {

// Half of the processors, at least one: the rest is for callbacks.
int default_jobs_max();

// Work of another kind that waits in the same queues, for the same workers and their limit.
class OtherWork {
 public:
    virtual ~OtherWork() = default;
    // Works until it is finished, the lease is lost, or it is cancelled; then the lease is
    // confirmed or given back. Returns whether nobody has to go on with it.
    virtual Task<bool> run(store::Lease lease) = 0;
};

class TaskWorkers {
 public:
    // They begin at once. `options.jobs_max` of the tools is how many there are. `edits` outlives
    // them; without it there are steps only.
    TaskWorkers(Executor executor, JobTools tools, OtherWork* edits = nullptr);

    // Stops ffmpeg, gives the leases back, and returns when all is done: within 4 s, if the store
    // answers.
    Task<void> stop();

    void write_metrics(MetricsText& text) const;

 private:
    Task<void> perform(store::Lease lease);

    JobTools tools_;
    OtherWork* edits_;
    std::atomic<int> running_ = 0;
    Counter finished_, given_back_;
    Histogram duration_;
    Crew crew_;  // The last: it begins at once, with all of the above.
};

}  // namespace hookreel::media
