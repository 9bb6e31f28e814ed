// Takes tasks and answers for them; the workers of task_workers.h do them.
//
// A task's record and its place in the queue of its priority are one commit. Definitions are not
// checked here: an unknown one is the failure of its step, told by the task's event. Threads: any
// loop.
// Durability: a task whose id was returned will be done, also after a crash.
#pragma once

#include "media/files/procedures.h"
#include "media/tasks/live_tasks.h"
#include "media/tasks/tasks.h"
#include "store/store.h"

namespace hookreel::media {

// Limits of one task. The wire allows less in most places.
inline constexpr std::size_t steps_max = 100;
inline constexpr std::size_t offsets_max = 100;
inline constexpr Duration session_window = std::chrono::days(3);
inline constexpr Duration procedure_session_window = std::chrono::days(7);

// A task that is there as soon as the commit is, into which its parts go. Whether the file exists
// and what the session id says is for the caller. Errors: invalid (no work, too much of it).
Result<PreparedTask> prepared_task(TaskRequest request, TimePoint now);

class LocalTasks final : public Tasks {
 public:
    // All that is given outlives this.
    LocalTasks(store::Store& store, const Clock& clock, const LiveTasks& live)
        : store_(store), clock_(clock), live_(live) {}

    Task<Result<model::TaskId>> create(TaskRequest request) override;
    Task<Result<model::Task>> find(model::ApplicationId application, model::TaskId id) override;

 private:
    store::Store& store_;
    const Clock& clock_;
    const LiveTasks& live_;
};

}  // namespace hookreel::media
