// How tasks are kept: their records, and the entry that a worker takes from the
// queue.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "model/media.h"
#include "model/queue.h"
#include "model/task.h"
#include "store/store.h"

namespace hookreel::media {

// "<application>/<task id>".
store::RecordKey task_key(model::ApplicationId application, const model::TaskId& id);

// What a ticket is for: steps on a file, or a new file made of others. Both share the workers.
enum class TicketKind { steps, edit };
constexpr std::array<std::string_view, 2> names(TicketKind*) {
    return {"steps", "edit"};
}

// What waits in the queues of model::task_queues.
struct TaskTicket {
    model::ApplicationId application;
    model::TaskId task;
    TicketKind kind = TicketKind::steps;
};
template <class V>
void fields(V& v, Of<TaskTicket, V> t) {
    v("application", t.application);
    v("task", t.task);
    v("kind", t.kind);
}

// Pictures are quick: somebody waits for them. What encodes the whole file is slow, and nobody
// does. What a service does is done outside.
model::JobLength length_of(const model::Work& work);

// The entry of a task with which it waits for its steps of this length.
store::NewEvent ticket_of(const model::Task& task, model::JobLength length);
// Where it waits next: the least length among the steps that are left; slow when none is.
model::JobLength next_length(const model::Task& task);

}  // namespace hookreel::media
