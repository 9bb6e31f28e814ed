#include "media/tasks/service_workers.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/files/library.h"
#include "media/tasks/task_records.h"
#include "model/event.h"
#include "model/queue.h"
#include "model/task_life.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using model::Failure;

model::ServiceWork* open_part(model::Step& step) {
    const bool is_open = step.status == model::StepStatus::processing;
    return is_open ? std::get_if<model::ServiceWork>(&step.work) : nullptr;
}

std::size_t findings_bytes(const model::Task& task) {
    std::size_t bytes = 0;
    for (const model::Step& step : task.steps)
        if (const auto* const part = std::get_if<model::ServiceWork>(&step.work))
            bytes += part->output.size();
    return bytes;
}

// One task in the hands of one worker, for one question.
struct Turn {
    const ExternalTools& tools;
    store::Lease lease;
    model::Task task{};
    std::uint64_t version = 0;
    std::size_t index = 0;  // Of the part that is asked for.
    // What the task works on, as far as it is there.
    std::optional<Question::File> file{};
    model::Asset asset{};

    Task<Result<bool>> load();
    Task<Result<void>> advance();

 private:
    struct Next {
        std::size_t index;
        TimePoint due;
    };

    model::Step& step() { return task.steps[index]; }
    model::ServiceWork& part() { return std::get<model::ServiceWork>(step().work); }
    TimePoint deadline() { return step().begun + tools.options.time_limit; }
    std::optional<Next> next();
    Task<Result<void>> find_file();
    Question question();
    Task<Result<void>> take(Reply reply);
    Task<Result<void>> take_output(std::string text);
    Task<Result<void>> trouble(Error error);
    Task<Result<void>> wait(Duration delay);
    Task<Result<void>> finish(Failure failure, std::string message);
    Task<Result<void>> commit(store::Commit commit);
};

// The part that is asked for next; nothing when all are over.
std::optional<Turn::Next> Turn::next() {
    std::optional<Next> found;
    for (std::size_t i = 0; i < task.steps.size(); ++i) {
        const model::ServiceWork* const open = open_part(task.steps[i]);
        if (!open) continue;
        TimePoint due = open->ask_at;
        if (task.steps[i].begun != TimePoint{})
            due = std::min(due, task.steps[i].begun + tools.options.time_limit);
        if (!found || due < found->due) found = Next{i, due};
    }
    return found;
}

// False when there is nothing left to do.
Task<Result<bool>> Turn::load() {
    const Result<TaskTicket> ticket = from_json_text<TaskTicket>(*lease.body);
    if (!ticket) co_return false;
    const store::RecordKey key = task_key(ticket->application, ticket->task);
    Result<store::Versioned<model::Task>> found =
        co_await store::load<model::Task>(tools.store, key);
    if (!found && found.error().code == Code::not_found) co_return false;
    if (!found) co_return fail(std::move(found.error()));
    task = std::move(found->value);
    version = found->version;
    const std::optional<Next> open = next();
    if (!open || model::is_over(task.status)) co_return false;
    index = open->index;
    co_return true;
}

// Leaves `file` empty when it is gone, be it only the original.
Task<Result<void>> Turn::find_file() {
    asset.id = task.file;
    asset.application = task.application;
    if (task.foreign) {
        asset.name = task.foreign->name;
        file = Question::File{task.foreign->id, task.foreign->name, task.foreign->url, {}, 0, 0};
        co_return Result<void>();
    }
    const store::RecordKey key = asset_key(task.application, task.file);
    Result<store::Versioned<model::Asset>> found =
        co_await store::load<model::Asset>(tools.store, key);
    if (!found && found.error().code == Code::not_found) co_return Result<void>();
    if (!found) co_return fail(std::move(found.error()));
    asset = std::move(found->value);
    if (!asset.path.empty()) file = file_of(tools, asset);
    co_return Result<void>();
}

Question Turn::question() {
    return {.id = fmt::format("{}-{}", task.id.text(), index),
            .kind = part().service,
            .application = task.application,
            .input = part().input,
            .session_context = task.session_context,
            .file = file,
            .deadline = deadline()};
}

Task<Result<void>> Turn::commit(store::Commit commit) {
    commit.puts.push_back({task_key(task.application, task.id), to_json_text(task), version});
    const std::optional<Next> open = next();
    if (open) {
        const Duration delay = std::max(open->due - tools.clock.now(), Duration(0));
        commit.give_backs.push_back({lease.handle, delay});
    } else {
        commit.confirms.push_back(lease.handle);
    }
    co_return co_await tools.store.commit(std::move(commit));
}

// Not over: it is asked for again.
Task<Result<void>> Turn::wait(Duration delay) {
    part().ask_at = tools.clock.now() + delay;
    store::Commit nothing_told;
    co_return co_await commit(std::move(nothing_told));
}

Task<Result<void>> Turn::finish(Failure failure, std::string message) {
    const model::Task before = task;
    const TimePoint now = tools.clock.now();
    model::end_step(step(), failure, std::move(message), now);
    model::end_if_over(task, now);
    store::Commit told;
    if (model::must_tell(task)) {
        const model::Event event =
            model::make_event(task.application, now, model::ProcedureChanged{task, asset},
                              parse_trace_text(task.trace));
        told.events.push_back(tools.announcer.announce(event));
    }
    Result<void> done = co_await commit(std::move(told));
    if (done || done.error().code != Code::too_large || failure != Failure::none) co_return done;
    // The file and what was made of it take room in the event too.
    task = before;
    part().output.clear();
    co_return co_await finish(Failure::internal_error,
                              "Internal error: what the external service found does not fit into "
                              "the task's event.");
}

Task<Result<void>> Turn::take(Reply reply) {
    part().troubles = 0;
    step().progress = std::max<std::int64_t>(step().progress, reply.progress);
    switch (reply.state) {
        case Reply::State::processing:
            co_return co_await wait(reply.ask_again);
        case Reply::State::failed:
            co_return co_await finish(reply.failure, std::move(reply.message));
        case Reply::State::finished:
            break;
    }
    co_return co_await take_output(std::move(reply.output));
}

Task<Result<void>> Turn::take_output(std::string text) {
    Result<std::string> output = tools.checked_output(part().service, std::move(text));
    if (output && findings_bytes(task) + output->size() > findings_bytes_max)
        output = fail(Code::too_large, fmt::format("those of one task may have {} KiB in all",
                                                   findings_bytes_max / 1024));
    if (!output)
        co_return co_await finish(
            Failure::internal_error,
            "Internal error: the external service's output does not fit: " + output.error().detail);
    part().output = std::move(*output);
    co_return co_await finish(Failure::none, "SUCCESS");
}

Task<Result<void>> Turn::trouble(Error error) {
    if (error.code == Code::cancelled) co_return fail(std::move(error));
    tools.log.warning(
        "an external service did not answer",
        {{"task", task.id.text()}, {"kind", part().service}, {"reason", error.detail}});
    if (error.code == Code::invalid || error.code == Code::not_found)
        co_return co_await finish(Failure::internal_error,
                                  "Internal error: the external service: " + error.detail);
    co_return co_await wait(trouble_delay(part().troubles++));
}

Task<Result<void>> Turn::advance() {
    const TimePoint now = tools.clock.now();
    task.status = model::TaskStatus::processing;
    if (task.begun == TimePoint{}) task.begun = now;
    if (step().begun == TimePoint{}) step().begun = now;
    Result<void> found = co_await find_file();
    if (!found) co_return found;
    if (!file)
        co_return co_await finish(Failure::source_file_error,
                                  "Source file error: the file was deleted.");
    if (now >= deadline())
        co_return co_await finish(Failure::internal_error,
                                  "Internal error: the external service did not finish in time.");
    Result<Reply> reply = co_await tools.service.ask(question());
    if (reply) co_return co_await take(std::move(*reply));
    co_return co_await trouble(std::move(reply.error()));
}

}  // namespace

Task<void> ServiceWorkers::serve(const ExternalTools& tools, store::Lease lease) {
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
    co_await let_go(tools, handle, turn.task.id, std::move(done));
}

ServiceWorkers::ServiceWorkers(Executor executor, ExternalTools tools)
    : tools_(std::move(tools)),
      crew_(executor, tools_.store, tools_.log,
            {.queues = model::outside_queues(),
             .workers = tools_.options.questions_max,
             .hold = tools_.options.hold,
             .retry_delay = tools_.options.retry_delay},
            [this](store::Lease lease) { return serve(tools_, std::move(lease)); }) {}

Task<void> ServiceWorkers::stop() {
    co_await crew_.stop();
}

}  // namespace hookreel::media
