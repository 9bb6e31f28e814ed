// Who changed what, when, from where: a record of each change, written in the commit of the change
// itself.
//
// Newest first by id. Kept 90 days; removed in small steps. Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "store/store.h"

namespace hookreel::api {

struct AuditEntry {
    std::string id;  // Sorts newest first.
    TimePoint at{};
    std::string actor;   // "owner", "tok_…", "acc_…".
    std::string peer;    // The address that he called from.
    std::string action;  // "endpoint.created"
    std::string target;  // The id of what was changed.
    model::ApplicationId application;
    std::string detail;  // What of it, for people; no secrets.
};
template <class V>
void fields(V& v, Of<AuditEntry, V> e) {
    v("id", e.id);
    v("at", e.at);
    v("actor", e.actor);
    v("peer", e.peer);
    v("action", e.action);
    v("target", e.target);
    v("application", e.application);
    v("detail", e.detail);
}

inline constexpr Duration audit_retention = std::chrono::days(90);

// What is added to the commit of a change. `id` is made here.
store::Put audit_put(AuditEntry entry);

struct AuditQuery {
    std::string actor, action, target;  // Empty: all.
    store::Span span;
    std::string after;  // The id of the last entry of the page before; empty: from the newest.
    int count_max = 100;
};
// Errors: unavailable, internal. `next` is the id to go on after.
Task<Result<store::Page<AuditEntry>>> audit_entries(store::Store& store, AuditQuery query);

// Removes up to `count_max` entries from before `before`; returns how many.
Task<Result<int>> purge_audit_log(store::Store& store, TimePoint before, int count_max);

}  // namespace hookreel::api
