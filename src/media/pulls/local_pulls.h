// Takes pulls and answers for them; the workers of pull_workers.h do them.
//
// A pull's record and its place in the queue are one commit. Threads: any loop. Durability: a pull
// whose id was returned will be done, also after a crash.
#pragma once

#include <map>
#include <mutex>

#include "base/clock.h"
#include "media/pulls/pulls.h"
#include "store/store.h"

namespace hookreel::media {

inline constexpr Duration pull_session_window = std::chrono::days(3);

// Progress of what is being pulled now, which is not worth a commit. Threads: any.
class LivePulls {
 public:
    void set(const model::TaskId& id, int percent);
    void remove(const model::TaskId& id);
    std::optional<int> find(const model::TaskId& id) const;

 private:
    mutable std::mutex mutex_;
    std::map<model::TaskId, int> percents_;
};

class LocalPulls final : public Pulls {
 public:
    // All that is given outlives this.
    LocalPulls(store::Store& store, const Clock& clock, const LivePulls& live)
        : store_(store), clock_(clock), live_(live) {}

    Task<Result<model::TaskId>> create(model::PullRequest request) override;
    Task<Result<model::Pull>> find(model::ApplicationId application, model::TaskId id) override;

 private:
    store::Store& store_;
    const Clock& clock_;
    const LivePulls& live_;
};

// The request with type, name and cover type made out of the addresses where they are missing.
// Errors: as Pulls::create.
Result<model::PullRequest> checked_pull(model::PullRequest request);
// The extension of an address, in lower case: "mp4" of http://host/a/b.mp4?x=1; or empty.
std::string extension_of(std::string_view url);

}  // namespace hookreel::media
