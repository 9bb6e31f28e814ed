// The agenda of this server, read from the records of each kind.
//
// Threads: any loop; tend() runs on one.
#pragma once

#include <atomic>

#include "base/clock.h"
#include "base/log.h"
#include "media/agenda/agenda.h"
#include "media/tasks/live_tasks.h"
#include "store/store.h"

namespace hookreel::media {

// How long a client's session id is kept: the longest window in which a repeat is refused (Tencent
// ProcessMediaByProcedure).
inline constexpr Duration session_memory = std::chrono::days(7);

class LocalAgenda final : public Agenda {
 public:
    // All that is given outlives this.
    LocalAgenda(store::Store& store, const Clock& clock, const LiveTasks& live, const Log& log)
        : store_(store), clock_(clock), live_(live), log_(log) {}

    Task<Result<AgendaPage>> list(AgendaQuery query) override;
    Task<Result<void>> abort(model::ApplicationId application, model::TaskId id) override;

    // Until the first round ended, and while there are tasks of an earlier build, a list reads the
    // records of all three days. Then one of the newest, or of those that ended last, reads no more
    // than it shows, and one of the oldest at most about twice as much. All are read for what did
    // not end in a list by ends, which is last there, and for those of one file by ends.

    // Removes the records of what is over for more than model::task_memory, and session ids that
    // are free again. Errors: unavailable.
    Task<Result<void>> forget_old();
    // Forgets now and every hour, until it is cancelled.
    Task<void> tend();

 private:
    store::Store& store_;
    const Clock& clock_;
    const LiveTasks& live_;
    const Log& log_;
    // The ids of all works tell when they were made, and all that ended is marked.
    std::atomic<bool> is_ordered_{false};
};

}  // namespace hookreel::media
