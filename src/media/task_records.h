// How tasks are kept: their records, their session ids, and the entry that a worker takes from the
// queue.
#pragma once

#include <string>

#include "model/media.h"
#include "model/task.h"
#include "store/store.h"

namespace hookreel::media {

// "<application>/<task id>" and "<application>/<file id>".
store::RecordKey task_key(model::ApplicationId application, const model::TaskId& id);
store::RecordKey asset_key(model::ApplicationId application, const model::FileId& id);
// The session id as a client chose it is hashed: its length and bytes do not matter.
store::RecordKey session_key(model::ApplicationId application, const std::string& session_id);

// A record with what it says.
template <class T>
struct Kept {
    T value;
    std::uint64_t version = 0;
};
// Errors: not_found, unavailable; internal when the record cannot be read.
Task<Result<Kept<model::Task>>> load_task(store::Store& store, store::RecordKey key);
Task<Result<Kept<model::Asset>>> load_asset(store::Store& store, store::RecordKey key);

// What waits in the queue "tasks".
struct TaskTicket {
    model::ApplicationId application;
    model::TaskId task;
};
template <class V>
void fields(V& v, Of<TaskTicket, V> t) {
    v("application", t.application);
    v("task", t.task);
}

// When a session id was last used.
struct Session {
    model::TaskId task;
    TimePoint used{};
};
template <class V>
void fields(V& v, Of<Session, V> s) {
    v("task", s.task);
    v("used", s.used);
}

}  // namespace hookreel::media
