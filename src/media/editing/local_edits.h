// Takes edits and answers for them; the workers of media/tasks do them.
//
// An edit's record and its place in the queue of its priority, among the slow work of tasks, are
// one commit. Threads: any loop.
// Durability: an edit whose id was returned will be done, also after a crash.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "media/editing/edits.h"
#include "store/store.h"

namespace hookreel::media {

inline constexpr Duration edit_session_window = std::chrono::days(3);

// Progress of what is being made now, which is not worth a commit. Threads: any.
class LiveEdits {
 public:
    // Never falls.
    void set(const model::TaskId& id, int percent);
    void remove(const model::TaskId& id);
    std::optional<int> find(const model::TaskId& id) const;

 private:
    mutable std::mutex mutex_;
    std::map<model::TaskId, int> percents_;
};

class LocalEdits final : public Edits {
 public:
    // All that is given outlives this.
    LocalEdits(store::Store& store, const Clock& clock, const LiveEdits& live)
        : store_(store), clock_(clock), live_(live) {}

    Task<Result<model::TaskId>> create(model::EditRequest request) override;
    Task<Result<model::Edit>> find(model::ApplicationId application, model::TaskId id) override;

 private:
    Task<Result<void>> check_sources(const model::EditRequest& request);

    store::Store& store_;
    const Clock& clock_;
    const LiveEdits& live_;
};

// "<application>/<task id>".
store::RecordKey edit_key(model::ApplicationId application, const model::TaskId& id);

}  // namespace hookreel::media
