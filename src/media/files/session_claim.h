// A client's session id, by which it asks for the same work once only (Tencent spec d, open point
// 18).
//
// The id as the client chose it is hashed: its length and bytes do not matter. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"
#include "base/clock.h"
#include "base/json.h"
#include "model/ids.h"
#include "store/store.h"

namespace hookreel::media {

// Whose session ids and of what: those of pulls and of tasks are apart.
struct SessionScope {
    model::ApplicationId application;
    std::string_view what;  // "pull"
    Duration window{};      // How long an id stays taken.
};

// When a session id was last used, and for what.
struct SessionUse {
    model::TaskId task;
    TimePoint used{};
};
template <class V>
void fields(V& v, Of<SessionUse, V> s) {
    v("task", s.task);
    v("used", s.used);
}

// The write that takes the session id for a task; none when it is empty. It belongs into the
// commit that creates the task: of two at once one fails with conflict. Errors: conflict (it is
// taken), unavailable.
Task<Result<std::optional<store::Put>>> claim_session(store::Store& store, SessionScope scope,
                                                      std::string session_id, SessionUse use);

}  // namespace hookreel::media
