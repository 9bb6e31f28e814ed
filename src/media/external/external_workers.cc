#include "media/external/external_workers.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/files/library.h"
#include "model/event.h"
#include "model/queue.h"
#include "model/task_life.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using model::Failure;
using model::TaskStatus;

// How often a commit is tried again because somebody else changed the file meanwhile.
constexpr int commit_tries_max = 10;

using FoundIn = store::Versioned<model::Asset>;

// One task in the hands of one worker, for one question.
struct Turn {
    const ExternalTools& tools;
    store::Lease lease;
    ExternalState state{};
    std::uint64_t version = 0;

    Task<Result<bool>> load();
    Task<Result<void>> advance();
    Task<Result<Question>> question();
    Task<Result<void>> wait(Duration delay);
    Task<Result<std::optional<FoundIn>>> found_in(const model::Findings& found);
    Task<Result<void>> finish(Failure failure, std::string message);
    Task<Result<void>> take(Reply reply);
    store::Commit commit_of_state() const;
};

store::Commit Turn::commit_of_state() const {
    const model::ExternalTask& task = state.task;
    store::Commit commit;
    commit.puts.push_back(
        {external_key(task.request.application, task.id), to_json_text(state), version});
    return commit;
}

// False when there is nothing left to do.
Task<Result<bool>> Turn::load() {
    const Result<ExternalTicket> ticket = from_json_text<ExternalTicket>(*lease.body);
    if (!ticket) co_return false;
    const store::RecordKey key = external_key(ticket->application, ticket->task);
    Result<store::Versioned<ExternalState>> found =
        co_await store::load<ExternalState>(tools.store, key);
    if (!found && found.error().code == Code::not_found) co_return false;
    if (!found) co_return fail(std::move(found.error()));
    state = std::move(found->value);
    version = found->version;
    co_return !model::is_over(state.task.status);
}

Task<Result<Question>> Turn::question() {
    const model::ExternalRequest& request = state.task.request;
    Question asked{state.task.id.text(),
                   request.kind,
                   request.application,
                   request.input,
                   request.session_context,
                   std::nullopt,
                   state.task.begun + tools.options.time_limit};
    if (request.file.text().empty()) co_return asked;
    const store::RecordKey key = asset_key(request.application, request.file);
    Result<store::Versioned<model::Asset>> asset =
        co_await store::load<model::Asset>(tools.store, key);
    if (!asset) co_return fail(std::move(asset.error()));
    asked.file = file_of(tools, asset->value);
    co_return asked;
}

// Not over: the entry comes again.
Task<Result<void>> Turn::wait(Duration delay) {
    store::Commit commit = commit_of_state();
    commit.give_backs.push_back({lease.handle, delay});
    co_return co_await tools.store.commit(std::move(commit));
}

// The file with what was found in it; nothing when there is no such file any more, or nothing to be
// kept.
Task<Result<std::optional<FoundIn>>> Turn::found_in(const model::Findings& found) {
    const model::ExternalRequest& request = state.task.request;
    if (!found.review && !found.cover_review) co_return std::optional<FoundIn>();
    const store::RecordKey key = asset_key(request.application, request.file);
    Result<FoundIn> asset = co_await store::load<model::Asset>(tools.store, key);
    if (!asset && asset.error().code == Code::not_found) co_return std::optional<FoundIn>();
    if (!asset) co_return fail(std::move(asset.error()));
    if (found.review) asset->value.review = found.review;
    if (found.cover_review) asset->value.cover_review = found.cover_review;
    co_return std::optional(std::move(*asset));
}

// The task's end, its event, what is kept with the file and the confirm: one commit. The file may
// be changed by others meanwhile.
Task<Result<void>> Turn::finish(Failure failure, std::string message) {
    model::ExternalTask& task = state.task;
    task.status = TaskStatus::finish;
    task.failure = failure;
    task.message = std::move(message);
    task.progress = 100;
    task.finished = tools.clock.now();
    const model::Event event = model::make_event(task.request.application, task.finished,
                                                 model::ExternalTaskEnded::of(task));
    const model::Findings found =
        failure == Failure::none ? tools.findings(task) : model::Findings{};
    Result<void> done;
    for (int tries = 0; tries < commit_tries_max; ++tries) {
        const Result<std::optional<FoundIn>> asset = co_await found_in(found);
        if (!asset) co_return fail(asset.error());
        store::Commit commit = commit_of_state();
        if (*asset)
            commit.puts.push_back(
                {(*asset)->key, to_json_text((*asset)->value), (*asset)->version});
        commit.events.push_back(tools.announcer.announce(event));
        commit.confirms.push_back(lease.handle);
        FileChanges changes;
        if (*asset) changes.put.push_back((*asset)->value);
        done = co_await tools.catalog.commit(tools.store, std::move(commit), std::move(changes));
        if (done || done.error().code != Code::conflict) break;
    }
    co_return done;
}

Task<Result<void>> Turn::take(Reply reply) {
    state.troubles = 0;
    state.task.progress = std::max<std::int64_t>(state.task.progress, reply.progress);
    switch (reply.state) {
        case Reply::State::processing:
            co_return co_await wait(reply.ask_again);
        case Reply::State::failed:
            co_return co_await finish(reply.failure, std::move(reply.message));
        case Reply::State::finished:
            break;
    }
    Result<std::string> output =
        tools.checked_output(state.task.request.kind, std::move(reply.output));
    if (!output)
        co_return co_await finish(
            Failure::internal_error,
            "Internal error: the external service's output does not fit: " + output.error().detail);
    state.task.output = std::move(*output);
    co_return co_await finish(Failure::none, "SUCCESS");
}

Task<Result<void>> Turn::advance() {
    model::ExternalTask& task = state.task;
    const TimePoint now = tools.clock.now();
    task.status = TaskStatus::processing;
    if (task.begun == TimePoint{}) task.begun = now;
    if (now >= task.begun + tools.options.time_limit)
        co_return co_await finish(Failure::internal_error,
                                  "Internal error: the external service did not finish in time.");
    Result<Question> asked = co_await question();
    if (!asked && asked.error().code == Code::not_found)
        co_return co_await finish(Failure::source_file_error,
                                  "Source file error: the file was deleted.");
    if (!asked) co_return fail(std::move(asked.error()));
    Result<Reply> reply = co_await tools.service.ask(std::move(*asked));
    if (reply) co_return co_await take(std::move(*reply));
    const Error& error = reply.error();
    if (error.code == Code::cancelled) co_return fail(error);
    tools.log.warning(
        "an external service did not answer",
        {{"task", task.id.text()}, {"kind", task.request.kind}, {"reason", error.detail}});
    if (error.code == Code::invalid || error.code == Code::not_found)
        co_return co_await finish(Failure::internal_error,
                                  "Internal error: the external service: " + error.detail);
    co_return co_await wait(trouble_delay(state.troubles++));
}

}  // namespace

Question::File file_of(const ExternalTools& tools, const model::Asset& asset) {
    return {asset.id.text(), asset.name,       tools.url_of(asset.path),
            asset.md5,       asset.size_bytes, asset.metadata ? asset.metadata->duration : 0};
}

Duration trouble_delay(std::int64_t troubles) {
    constexpr std::int64_t doublings_max = 5;
    const Duration delay =
        std::chrono::seconds(2 << std::clamp<std::int64_t>(troubles, 0, doublings_max));
    return std::min<Duration>(delay, std::chrono::seconds(60));
}

Task<void> let_go(const ExternalTools& tools, store::Handle handle, model::TaskId task,
                  Result<void> done) {
    store::Commit commit;
    if (done) {
        commit.confirms.push_back(handle);
    } else {
        const bool is_stopped = done.error().code == Code::cancelled;
        commit.give_backs.push_back({handle, is_stopped ? Duration(0) : tools.options.retry_delay});
        if (!is_stopped)
            tools.log.warning("external work is left to the next worker",
                              {{"task", task.text()},
                               {"code", name(done.error().code)},
                               {"reason", done.error().detail}});
    }
    // If this fails, the lease runs out by itself.
    (void)co_await tools.store.commit(std::move(commit));
}

Task<void> ExternalWorkers::serve(const ExternalTools& tools, store::Lease lease) {
    co_await asio::this_coro::throw_if_cancelled(false);
    const store::Handle handle = lease.handle;
    Turn turn{tools, std::move(lease)};
    const Result<bool> is_open = co_await turn.load();
    Result<void> done;
    if (!is_open) done = fail(is_open.error());
    if (is_open && *is_open) {
        done = co_await turn.advance();
        if (done) co_return;
    }
    co_await let_go(tools, handle, turn.state.task.id, std::move(done));
}

ExternalWorkers::ExternalWorkers(Executor executor, ExternalTools tools)
    : tools_(std::move(tools)),
      crew_(executor, tools_.store, tools_.log,
            {.queues = model::external_queues(),
             .workers = tools_.options.questions_max,
             .hold = tools_.options.hold,
             .retry_delay = tools_.options.retry_delay},
            [this](store::Lease lease) { return serve(tools_, std::move(lease)); }) {}

Task<void> ExternalWorkers::stop() {
    co_await crew_.stop();
}

}  // namespace hookreel::media
