#include "media/tasks/local_tasks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "media/files/library.h"
#include "media/files/session_claim.h"
#include "media/tasks/task_records.h"
#include "model/application.h"
#include "model/task_id.h"
#include "model/task_life.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

Result<void> check(const TaskRequest& request) {
    if (request.works.empty()) return fail(Code::invalid, "no work is asked for");
    if (request.works.size() > steps_max)
        return fail(Code::invalid,
                    fmt::format("{} steps; at most {} are taken", request.works.size(), steps_max));
    const auto is_media = [](const model::Work& work) {
        return length_of(work) != model::JobLength::outside;
    };
    if (request.foreign && std::ranges::any_of(request.works, is_media))
        return fail(Code::invalid, "media work needs a file of the library");
    for (const model::Work& work : request.works) {
        const auto* const snapshots = std::get_if<model::SnapshotWork>(&work);
        if (!snapshots) continue;
        if (std::max(snapshots->offsets.size(), snapshots->offsets_ms.size()) > offsets_max)
            return fail(Code::invalid, fmt::format("more than {} time offsets", offsets_max));
    }
    return {};
}

model::Task make_task(TaskRequest request, TimePoint now) {
    model::Task task;
    task.id = model::make_task_id("Procedure", now, random_hex(model::task_id_random_digits / 2));
    task.application = request.application;
    task.file = std::move(request.file);
    task.foreign = std::move(request.foreign);
    task.priority = request.priority;
    task.notify = request.notify;
    task.session_id = std::move(request.session_id);
    task.session_context = std::move(request.session_context);
    task.trace = trace_text(request.trace);
    task.created = now;
    for (model::Work& work : request.works) {
        auto* const transcode = std::get_if<model::TranscodeWork>(&work);
        if (transcode && request.makes == TaskRequest::Makes::files)
            transcode->becomes = model::FileId(random_decimal(19));
        task.steps.emplace_back().work = std::move(work);
    }
    return task;
}

SessionScope scope_of(const TaskRequest& request) {
    if (request.origin == TaskRequest::Origin::procedure)
        return {request.application, "procedure", procedure_session_window};
    return {request.application, "task", session_window};
}

// What is stored of a step that ended is newer than what its worker said last: who heard of its end
// must not find it running.
model::Task as_it_runs(model::Task kept, const model::Task& live) {
    kept.status = live.status;
    kept.begun = live.begun;
    for (std::size_t i = 0; i < std::min(kept.steps.size(), live.steps.size()); ++i)
        if (kept.steps[i].status == model::StepStatus::processing) kept.steps[i] = live.steps[i];
    return kept;
}

}  // namespace

Result<PreparedTask> prepared_task(TaskRequest request, TimePoint now) {
    if (Result<void> checked = check(request); !checked) return fail(checked.error());
    const model::Task task = make_task(std::move(request), now);
    PreparedTask prepared;
    prepared.id = task.id;
    prepared.puts.push_back({.key = task_key(task.application, task.id),
                             .value = to_json_text(task),
                             .expected_version = 0});
    prepared.events.push_back(ticket_of(task, next_length(task)));
    return prepared;
}

Task<Result<model::TaskId>> LocalTasks::create(TaskRequest request) {
    const TimePoint now = clock_.now();
    const SessionScope scope = scope_of(request);
    const std::string session_id = request.session_id;
    const std::vector<PreparedTask> together = std::move(request.together);
    const store::RecordKey file = asset_key(request.application, request.file);
    const bool is_foreign = request.foreign.has_value();
    Result<PreparedTask> prepared = prepared_task(std::move(request), now);
    if (!prepared) co_return fail(std::move(prepared.error()));
    if (!is_foreign) {
        const Result<store::Record> asset = co_await store_.get(file);
        if (!asset) co_return fail(asset.error());
    }

    const SessionUse use{prepared->id, now};
    Result<std::optional<store::Put>> session =
        co_await claim_session(store_, scope, session_id, use);
    if (!session) co_return fail(std::move(session.error()));
    store::Commit commit;
    commit.puts = std::move(prepared->puts);
    commit.events = std::move(prepared->events);
    for (const PreparedTask& other : together) {
        commit.puts.insert(commit.puts.end(), other.puts.begin(), other.puts.end());
        commit.events.insert(commit.events.end(), other.events.begin(), other.events.end());
    }
    if (*session) commit.puts.push_back(std::move(**session));
    const Result<void> committed = co_await store_.commit(std::move(commit));
    if (!committed) co_return fail(committed.error());
    co_return prepared->id;
}

Task<Result<model::Task>> LocalTasks::find(model::ApplicationId application, model::TaskId id) {
    store::RecordKey key = task_key(application, id);
    Result<store::Versioned<model::Task>> kept =
        co_await store::load<model::Task>(store_, std::move(key));
    if (!kept) co_return fail(std::move(kept.error()));
    if (model::is_over(kept->value.status)) co_return std::move(kept->value);
    const std::optional<model::Task> live = live_.find(id);
    co_return live ? as_it_runs(std::move(kept->value), *live) : std::move(kept->value);
}

}  // namespace hookreel::media
