#include "media/external/external_workers.h"

#include "media/external/external_tasks.h"
#include "media/files/end_mark.h"
#include "media/files/library.h"
#include "model/event.h"
#include "model/task_life.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using model::Failure;
using model::TaskStatus;

// How often a commit is tried again because somebody else changed the file meanwhile.
constexpr int commit_tries_max = 10;

using FoundIn = store::Versioned<model::Asset>;

class TaskTurn final : public ServiceTurn {
 public:
    using ServiceTurn::ServiceTurn;

 private:
    Task<Result<bool>> load() override;
    Work begin(TimePoint now) override;
    Task<Result<Question>> question() override;
    Result<void> keep(std::string output) override;
    Task<Result<void>> wait(Duration delay) override;
    Task<Result<void>> finish(Failure failure, std::string message) override;

    Task<Result<std::optional<FoundIn>>> found_in(const model::Findings& found);
    store::Commit commit_of_state() const;

    ExternalState state_;
    std::uint64_t version_ = 0;
};

Task<Result<bool>> TaskTurn::load() {
    const Result<ExternalTicket> ticket = from_json_text<ExternalTicket>(*lease_.body);
    if (!ticket) co_return false;
    const store::RecordKey key = external_key(ticket->application, ticket->task);
    Result<store::Versioned<ExternalState>> found =
        co_await store::load<ExternalState>(tools_.store, key);
    if (!found && found.error().code == Code::not_found) co_return false;
    if (!found) co_return fail(std::move(found.error()));
    state_ = std::move(found->value);
    version_ = found->version;
    co_return !model::is_over(state_.task.status);
}

TaskTurn::Work TaskTurn::begin(TimePoint now) {
    model::ExternalTask& task = state_.task;
    task.status = TaskStatus::processing;
    if (task.begun == TimePoint{}) task.begun = now;
    return {task.id, task.request.kind, task.begun, state_.troubles, task.progress};
}

Task<Result<Question>> TaskTurn::question() {
    const model::ExternalRequest& request = state_.task.request;
    Question asked{.id = state_.task.id.text(),
                   .kind = request.kind,
                   .application = request.application,
                   .input = request.input,
                   .session_context = request.session_context,
                   .file = std::nullopt};
    if (request.file.text().empty()) co_return asked;
    const store::RecordKey key = asset_key(request.application, request.file);
    Result<store::Versioned<model::Asset>> asset =
        co_await store::load<model::Asset>(tools_.store, key);
    if (!asset) co_return fail(std::move(asset.error()));
    asked.file = file_of(tools_, asset->value);
    co_return asked;
}

Result<void> TaskTurn::keep(std::string output) {
    state_.task.output = std::move(output);
    return {};
}

store::Commit TaskTurn::commit_of_state() const {
    const model::ExternalTask& task = state_.task;
    store::Commit commit;
    commit.puts.push_back(
        {external_key(task.request.application, task.id), to_json_text(state_), version_});
    return commit;
}

Task<Result<void>> TaskTurn::wait(Duration delay) {
    store::Commit commit = commit_of_state();
    commit.give_backs.push_back({lease_.handle, delay});
    co_return co_await tools_.store.commit(std::move(commit));
}

// The file with what was found in it; nothing when there is no such file any more, or nothing to be
// kept.
Task<Result<std::optional<FoundIn>>> TaskTurn::found_in(const model::Findings& found) {
    const model::ExternalRequest& request = state_.task.request;
    if (!found.review && !found.cover_review) co_return std::optional<FoundIn>();
    const store::RecordKey key = asset_key(request.application, request.file);
    Result<FoundIn> asset = co_await store::load<model::Asset>(tools_.store, key);
    if (!asset && asset.error().code == Code::not_found) co_return std::optional<FoundIn>();
    if (!asset) co_return fail(std::move(asset.error()));
    if (found.review) asset->value.review = found.review;
    if (found.cover_review) asset->value.cover_review = found.cover_review;
    co_return std::optional(std::move(*asset));
}

// The task's end, its event, what is kept with the file and the confirm: one commit. The file may
// be changed by others meanwhile.
Task<Result<void>> TaskTurn::finish(Failure failure, std::string message) {
    model::ExternalTask& task = state_.task;
    task.status = TaskStatus::finish;
    task.failure = failure;
    task.message = std::move(message);
    task.progress = 100;
    task.finished = tools_.clock.now();
    const model::Event event = model::make_event(task.request.application, task.finished,
                                                 model::ExternalTaskEnded::of(task));
    const model::Findings found =
        failure == Failure::none ? tools_.findings(task) : model::Findings{};
    Result<void> done;
    for (int tries = 0; tries < commit_tries_max; ++tries) {
        const Result<std::optional<FoundIn>> asset = co_await found_in(found);
        if (!asset) co_return fail(asset.error());
        store::Commit commit = commit_of_state();
        commit.puts.push_back(end_mark(commit.puts.front().key, task.finished));
        FileChanges changes;
        if (*asset) {
            commit.puts.push_back(
                {(*asset)->key, to_json_text((*asset)->value), (*asset)->version});
            changes.put.push_back((*asset)->value);
        }
        commit.events.push_back(tools_.announcer.announce(event));
        commit.confirms.push_back(lease_.handle);
        done = co_await tools_.catalog.commit(tools_.store, std::move(commit), std::move(changes));
        if (done || done.error().code != Code::conflict) break;
    }
    co_return done;
}

}  // namespace

Task<void> ask_for_task(const ExternalTools& tools, store::Lease lease) {
    TaskTurn turn(tools, std::move(lease));
    co_await turn.run();
}

ExternalWorkers::ExternalWorkers(Executor executor, ExternalTools tools,
                                 std::vector<model::QueueId> queues, AskService ask)
    : tools_(std::move(tools)),
      crew_(executor, tools_.store, tools_.log,
            {.queues = std::move(queues),
             .workers = tools_.options.questions_max,
             .hold = tools_.options.hold,
             .retry_delay = tools_.options.retry_delay},
            [this, ask](store::Lease lease) { return ask(tools_, std::move(lease)); }) {}

Task<void> ExternalWorkers::stop() {
    co_await crew_.stop();
}

}  // namespace hookreel::media
