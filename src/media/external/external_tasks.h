// Takes external work and answers for it; the workers of external_workers.h have it done.
//
// A task's record and its place in the queue of its priority are one commit. Each lease of a worker
// is one question to the service; while the answer is "processing" the entry is given back with the
// delay that the service wished for, so that nothing is held while somebody else works. The task's
// end and its event are one commit, together with the confirm of the lease. Threads: any loop.
// Durability: a task whose id was returned will be done or fail, also after a crash.
#pragma once

#include "base/async.h"
#include "base/clock.h"
#include "media/external/external_service.h"
#include "media/files/procedures.h"
#include "model/external.h"
#include "store/store.h"

namespace hookreel::media {

inline constexpr Duration external_session_window = std::chrono::days(3);
inline constexpr std::size_t external_input_bytes_max = 256 * 1024;

class ExternalTasks {
 public:
    virtual ~ExternalTasks() = default;

    // Whether a service does this kind.
    virtual bool serves(std::string_view kind) const = 0;
    // Errors: not_found (no service does this kind), conflict (the session id was used within 3
    // days), too_large (the input), unavailable.
    virtual Task<Result<model::TaskId>> create(model::ExternalRequest request) = 0;
    // Errors: not_found.
    virtual Task<Result<model::ExternalTask>> find(model::ApplicationId application,
                                                   model::TaskId id) = 0;
};

class LocalExternalTasks final : public ExternalTasks {
 public:
    // All that is given outlives this.
    LocalExternalTasks(store::Store& store, const Clock& clock, const ExternalService& service)
        : store_(store), clock_(clock), service_(service) {}

    bool serves(std::string_view kind) const override { return service_.serves(kind); }
    Task<Result<model::TaskId>> create(model::ExternalRequest request) override;
    Task<Result<model::ExternalTask>> find(model::ApplicationId application,
                                           model::TaskId id) override;

 private:
    store::Store& store_;
    const Clock& clock_;
    const ExternalService& service_;
};

// A task as it is kept: "<application>/<task id>".
struct ExternalState {
    model::ExternalTask task;
    std::int64_t troubles = 0;  // Questions in a row that the service did not answer.
};
template <class V>
void fields(V& v, Of<ExternalState, V> s) {
    v("task", s.task);
    v("troubles", s.troubles);
}
store::RecordKey external_key(model::ApplicationId application, const model::TaskId& id);

// A new task, to be committed with something else. The kind must be one of model::external_kinds.
PreparedTask prepared_external_task(model::ExternalRequest request, TimePoint now);

// What waits in the queue.
struct ExternalTicket {
    model::ApplicationId application;
    model::TaskId task;
};
template <class V>
void fields(V& v, Of<ExternalTicket, V> t) {
    v("application", t.application);
    v("task", t.task);
}

}  // namespace hookreel::media
