#include "media/external/external_tasks.h"

#include <fmt/format.h>

#include "base/random.h"
#include "media/files/session_claim.h"
#include "model/queue.h"
#include "model/task_id.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

store::NewEvent ticket_of(const model::ExternalTask& task) {
    auto body = std::make_shared<const std::string>(
        to_json_text(ExternalTicket{task.request.application, task.id}));
    return {.id = model::EventId(random_hex(16)),
            .application = task.request.application,
            .type = "external.waiting",
            .key = task.id.text(),
            .time = task.created,
            .entries = {
                {.queue = model::external_queue(task.request.priority), .body = std::move(body)}}};
}

}  // namespace

PreparedTask prepared_external_task(model::ExternalRequest request, TimePoint now) {
    const model::ExternalKind& kind = *model::find_external_kind(request.kind);
    ExternalState state;
    model::ExternalTask& task = state.task;
    task.request = std::move(request);
    task.created = now;
    task.id = model::make_task_id(kind.word, now, random_hex(model::task_id_random_digits / 2));
    PreparedTask prepared;
    prepared.id = task.id;
    prepared.puts.push_back(
        {external_key(task.request.application, task.id), to_json_text(state), 0});
    prepared.events.push_back(ticket_of(task));
    return prepared;
}

Task<Result<model::TaskId>> LocalExternalTasks::create(model::ExternalRequest request) {
    const model::ExternalKind* kind = model::find_external_kind(request.kind);
    if (!kind || !service_.serves(request.kind))
        co_return fail(Code::not_found, "no external service does " + request.kind);
    if (request.input.size() > external_input_bytes_max)
        co_return fail(Code::too_large, "the input is longer than 256 KiB");
    const TimePoint now = clock_.now();
    const SessionScope scope{request.application, kind->name, external_session_window};
    const std::string session_id = request.session_id;
    PreparedTask prepared = prepared_external_task(std::move(request), now);
    const model::TaskId id = prepared.id;
    const SessionUse use{id, now};
    Result<std::optional<store::Put>> session =
        co_await claim_session(store_, scope, session_id, use);
    if (!session) co_return fail(std::move(session.error()));
    store::Commit commit;
    commit.puts = std::move(prepared.puts);
    commit.events = std::move(prepared.events);
    if (*session) commit.puts.push_back(std::move(**session));
    Result<void> done = co_await store_.commit(std::move(commit));
    if (!done) co_return fail(std::move(done.error()));
    co_return id;
}

Task<Result<model::ExternalTask>> LocalExternalTasks::find(model::ApplicationId application,
                                                           model::TaskId id) {
    const store::RecordKey key = external_key(application, id);
    Result<store::Versioned<ExternalState>> state =
        co_await store::load<ExternalState>(store_, key);
    if (!state) co_return fail(std::move(state.error()));
    co_return std::move(state->value.task);
}

store::RecordKey external_key(model::ApplicationId application, const model::TaskId& id) {
    return {store::Kind::external, fmt::format("{}/{}", application.value(), id.text())};
}

}  // namespace hookreel::media
