#include "media/tasks/task_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "media/files/end_mark.h"
#include "model/event.h"
#include "model/task_life.h"

#include "media/files/local_library.h"
#include "media/files/rubbish.h"
#include "media/tasks/task_output.h"
#include "media/tasks/task_records.h"
#include "store/held_lease.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using model::JobLength;
using model::StepStatus;
using model::TaskStatus;

// How often a commit is tried again because somebody else changed the asset meanwhile.
constexpr int commit_tries_max = 10;

const std::vector<std::uint64_t>& heads_tails_of(const model::Work& work) {
    static const std::vector<std::uint64_t> none;
    const auto* const transcode = std::get_if<model::TranscodeWork>(&work);
    return transcode ? transcode->heads_tails : none;
}

// Whether it names a template that the application made.
bool names_own_template(const model::Work& work) {
    const auto has_watermarks = [](const auto& chosen) {
        if constexpr (requires { chosen.watermarks; }) return !chosen.watermarks.empty();
        return false;
    };
    return model::is_own_definition(definition_of(work)) || std::visit(has_watermarks, work) ||
           !heads_tails_of(work).empty();
}

// Of the files that those templates name, the ones that are there. Errors: unavailable.
Task<Result<std::vector<model::Asset>>> attachable_files(store::Store& store,
                                                         const StepOrder& order) {
    std::set<model::FileId> files;
    for (const std::uint64_t definition : heads_tails_of(order.work)) {
        const auto found = std::ranges::find(order.own.heads_tails, definition,
                                             &model::HeadTailTemplate::definition);
        if (found == order.own.heads_tails.end()) continue;
        files.insert(found->heads.begin(), found->heads.end());
        files.insert(found->tails.begin(), found->tails.end());
    }
    std::vector<model::Asset> all;
    for (const model::FileId& file : files) {
        store::RecordKey key = asset_key(order.asset.application, file);
        Result<store::Versioned<model::Asset>> asset =
            co_await store::load<model::Asset>(store, std::move(key));
        if (!asset && asset.error().code != Code::not_found)
            co_return fail(std::move(asset.error()));
        if (asset) all.push_back(std::move(asset->value));
    }
    co_return all;
}

// Of the steps before it, those that would name their outputs as it does.
unsigned place_of(const model::Task& task, std::size_t index) {
    const model::Work& work = task.steps[index].work;
    return static_cast<unsigned>(
        std::count_if(task.steps.begin(), task.steps.begin() + static_cast<std::ptrdiff_t>(index),
                      [&work](const model::Step& step) {
                          return step.work.index() == work.index() &&
                                 definition_of(step.work) == definition_of(work);
                      }));
}

StepOutcome outcome_of_gone(const model::Work& work) {
    StepFailure gone = step_failure(model::Failure::source_file_error);
    return {work, gone.failure, std::move(gone.message)};
}

// Adds what becomes of files: of names that are not the asset's any more the bytes go, and of names
// that are its now they stay, whatever was on record of them. Returns what is to be removed.
std::vector<std::string> add_file_changes(store::Commit& commit, const model::Asset& before,
                                          const model::Asset& after) {
    std::vector<std::string> dropped = files_beyond(before, after);
    // A cover that was told stays: one task may make two.
    std::erase(dropped, before.cover);
    for (const std::string& path : dropped)
        commit.puts.push_back(rubbish(path, after.updated));
    for (std::string& path : files_beyond(after, before))
        commit.removes.push_back(rubbish_key(std::move(path)));
    return dropped;
}

void put_asset(store::Commit& commit, const model::Asset& asset, std::uint64_t expected_version) {
    commit.puts.push_back(
        {asset_key(asset.application, asset.id), to_json_text(asset), expected_version});
}

// What a step that failed may have put where its output would be a file of its own.
std::vector<std::string> add_leftovers(store::Commit& commit, const model::Task& task,
                                       std::size_t index) {
    const auto* const work = std::get_if<model::TranscodeWork>(&task.steps[index].work);
    if (!work || work->becomes.empty()) return {};
    std::string folder = library_folder(task.application, work->becomes);
    commit.puts.push_back(rubbish(folder, task.steps[index].finished));
    return {std::move(folder)};
}

}  // namespace

std::vector<std::size_t> work_order(const model::Task& task) {
    std::vector<std::size_t> order;
    for (const JobLength length : {JobLength::quick, JobLength::slow})
        for (std::size_t i = 0; i < task.steps.size(); ++i)
            if (length_of(task.steps[i].work) == length) order.push_back(i);
    return order;
}

Task<void> TaskJob::run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    const store::Renewal renewal{tools_.options.hold, tools_.options.renew_every};
    const std::optional<Error> lost =
        co_await store::work_on_lease(tools_.store, lease_.handle, renewal, work());
    if (lost) fail_over(*lost);
    if (!is_handed_on_) tools_.live.remove(task_.id);
    release_claim();
    if (lease_end_ != Lease::gone) co_await give_back();
}

Task<void> TaskJob::work() {
    co_await asio::this_coro::throw_if_cancelled(false);
    const Next loaded = co_await load();
    if (loaded == Next::stop) co_return;
    for (const std::size_t index : work_order(task_)) {
        if (task_.steps[index].status != StepStatus::processing) continue;
        const Next next = co_await perform_step(index);
        if (next == Next::stop) co_return;
    }
    fail_over({Code::internal, "it waits among media work with no such step left"});
}

// The task and its asset. Stops when there is nothing to do.
Task<TaskJob::Next> TaskJob::load() {
    const Result<TaskTicket> ticket = from_json_text<TaskTicket>(*lease_.body);
    if (!ticket) {
        tools_.log.error("a place in the queue of tasks names no task",
                         {{"event", lease_.event.text()}});
        co_await confirm();
        co_return Next::stop;
    }
    task_.id = ticket->task;
    task_.application = ticket->application;
    const Next next = co_await reload();
    if (next == Next::stop) co_return Next::stop;
    if (model::is_over(task_.status) || model::are_steps_over(task_)) {
        co_await confirm();
        co_return Next::stop;
    }
    task_.status = TaskStatus::processing;
    if (task_.begun == TimePoint{}) task_.begun = tools_.clock.now();
    tools_.live.put(task_);
    co_return Next::go_on;
}

Task<TaskJob::Next> TaskJob::reload() {
    store::RecordKey key = task_key(task_.application, task_.id);
    Result<store::Versioned<model::Task>> task =
        co_await store::load<model::Task>(tools_.store, std::move(key));
    if (!task && task.error().code == Code::unavailable) {
        fail_over(task.error());
        co_return Next::stop;
    }
    if (!task) {
        tools_.log.error("a task cannot be read",
                         {{"task", task_.id.text()}, {"reason", task.error().detail}});
        co_await confirm();
        co_return Next::stop;
    }
    task_ = std::move(task->value);
    task_version_ = task->version;
    key = asset_key(task_.application, task_.file);
    Result<store::Versioned<model::Asset>> asset =
        co_await store::load<model::Asset>(tools_.store, std::move(key));
    if (!asset && asset.error().code == Code::unavailable) {
        fail_over(asset.error());
        co_return Next::stop;
    }
    asset_version_ = asset ? asset->version : 0;
    if (asset) asset_ = std::move(asset->value);
    asset_.id = task_.file;
    asset_.application = task_.application;
    co_return Next::go_on;
}

Task<TaskJob::Next> TaskJob::perform_step(std::size_t index) {
    model::Step& step = task_.steps[index];
    step.begun = tools_.clock.now();
    tools_.live.put(task_);
    Result<StepOutcome> outcome = fail(Code::internal, "not done");
    if (asset_version_ == 0) {
        outcome = outcome_of_gone(step.work);
    } else if (lease_.attempt > tools_.options.attempts_max) {
        outcome = StepOutcome{
            step.work, model::Failure::internal_error,
            fmt::format("Internal error: given up after {} attempts", tools_.options.attempts_max)};
    } else {
        outcome = co_await run_step(index);
    }
    if (!outcome) {
        fail_over(outcome.error());
        co_return Next::stop;
    }
    co_return co_await store_step(index, *outcome);
}

Task<Result<StepOutcome>> TaskJob::run_step(std::size_t index) {
    StepOrder order{.asset = asset_, .work = task_.steps[index].work};
    order.place = place_of(task_, index);
    if (names_own_template(order.work)) {
        Result<model::OwnTemplates> own = co_await tools_.templates.own(task_.application);
        if (!own) co_return fail(std::move(own.error()));
        order.own = std::move(*own);
        Result<std::vector<model::Asset>> files = co_await attachable_files(tools_.store, order);
        if (!files) co_return fail(std::move(files.error()));
        order.attachable = std::move(*files);
    }
    co_await tools_.catalog.await_quota();
    order.claim = [this](std::string_view path, std::uint64_t bytes) { return claim(path, bytes); };
    OnProgress on_progress = [this, index](int percent) {
        tools_.live.progress(task_.id, index, percent);
    };
    co_return co_await tools_.steps.run(std::move(order), std::move(on_progress));
}

// Under the task's name: others may work on the same file.
Result<void> TaskJob::claim(std::string_view path, std::uint64_t bytes) {
    const std::uint64_t replaced = counted_bytes(asset_, path);
    if (bytes > 0 && bytes <= replaced) return {};
    return tools_.catalog.quota().claim(
        {task_.application, model::FileId(task_.id.text()), bytes - std::min(bytes, replaced)});
}

void TaskJob::release_claim() {
    tools_.catalog.quota().release(task_.application, model::FileId(task_.id.text()));
}

// Commits until nobody else changed the asset in between.
Task<TaskJob::Next> TaskJob::store_step(std::size_t index, const StepOutcome& outcome) {
    const model::EventId event(random_hex(16));
    const std::uint64_t version = task_version_;
    for (int tries = 0; tries < commit_tries_max; ++tries) {
        const Result<Next> committed = co_await commit_step(index, outcome, event);
        if (committed) co_return *committed;
        if (committed.error().code != Code::conflict) {
            fail_over(committed.error());
            co_return Next::stop;
        }
        const model::Task before = task_;
        const Next next = co_await reload();
        if (next == Next::stop) co_return Next::stop;
        if (task_version_ != version) {
            fail_over({Code::lease_lost, "another worker has changed the task"});
            co_return Next::stop;
        }
        task_ = before;
    }
    fail_over({Code::unavailable, "the asset changes all the time"});
    co_return Next::stop;
}

Task<Result<TaskJob::Next>> TaskJob::commit_step(std::size_t index, const StepOutcome& outcome,
                                                 model::EventId event) {
    // The handle of a lease that ran out must not write, not even a step that has no confirm.
    const Result<void> held = tools_.store.renew(lease_.handle, tools_.options.hold);
    if (!held) co_return fail(held.error());
    const TimePoint now = tools_.clock.now();
    model::Task task = task_;
    // What was made of a file that is deleted meanwhile goes with it.
    const bool is_gone = asset_version_ == 0;
    const StepOutcome end = is_gone ? outcome_of_gone(task_.steps[index].work) : outcome;
    task.steps[index].work = end.work;
    model::end_step(task.steps[index], end.failure, end.message, now);
    model::end_if_over(task, now);
    const bool is_last = model::is_over(task.status);
    store::Commit commit;
    commit.puts.push_back({.key = task_key(task.application, task.id),
                           .value = to_json_text(task),
                           .expected_version = task_version_});
    if (is_last) commit.puts.push_back(end_mark(commit.puts.front().key, now));
    model::Asset asset = asset_;
    const bool succeeded = outcome.failure == model::Failure::none && !is_gone;
    std::vector<std::string> dropped;
    std::optional<model::Asset> own_file;
    if (succeeded) {
        own_file = own_file_of(asset_, outcome.work, now);
        asset = with_output(std::move(asset), outcome.work, place_of(task_, index));
        if (own_file)
            put_asset(commit, *own_file, 0);
        else
            asset.updated = now;
        // As it was, too: it must still be there.
        put_asset(commit, asset, asset_version_);
        dropped = add_file_changes(commit, asset_, asset);
    } else {
        dropped = add_leftovers(commit, task, index);
        // Its deletion has it on record as something to be removed.
        if (is_gone) dropped.push_back(library_folder(task.application, task.file));
    }
    if (model::must_tell(task)) {
        const model::Event told{event, task.application, now,
                                model::ProcedureChanged{.task = task, .asset = asset},
                                parse_trace_text(task.trace)};
        commit.events.push_back(tools_.announcer.announce(told));
    }
    const bool hands_on = !is_last && goes_on_elsewhere(task);
    if (hands_on) {
        commit.events.push_back(ticket_of(task, next_length(task)));
        tools_.live.remove(task.id);  // Before anybody can go on with it.
    }
    if (hands_on || is_last) commit.confirms.push_back(lease_.handle);
    FileChanges changes;
    if (succeeded) changes.put.push_back(asset);
    if (own_file) changes.put.push_back(std::move(*own_file));
    const Result<void> committed =
        co_await tools_.catalog.commit(tools_.store, std::move(commit), std::move(changes));
    if (!committed) co_return fail(committed.error());
    task_ = std::move(task);
    asset_ = std::move(asset);
    ++task_version_;
    if (succeeded) ++asset_version_;
    release_claim();
    is_handed_on_ = hands_on;
    if (hands_on || is_last) lease_end_ = Lease::gone;
    if (!hands_on) tools_.live.put(task_);
    // Before the next step, which may use the same names.
    const StepTools& steps = tools_.steps.tools();
    const RubbishPlace place{tools_.store, steps.files, tools_.clock, steps.options.media_folder};
    co_await remove_rubbish(place, std::move(dropped));
    co_return hands_on || is_last ? Next::stop : Next::go_on;
}

// Whether what is left of it waits elsewhere: slow work for one of the quick, or a service.
bool TaskJob::goes_on_elsewhere(const model::Task& task) const {
    const bool is_quick = lease_.queue == model::task_queue(task.priority, JobLength::quick);
    return next_length(task) > (is_quick ? JobLength::quick : JobLength::slow);
}

void TaskJob::fail_over(const Error& error) {
    if (error.code == Code::lease_lost) lease_end_ = Lease::gone;
    if (error.code == Code::unavailable || error.code == Code::internal) lease_end_ = Lease::delay;
    tools_.log.warning("a task is left to the next worker", {{"task", task_.id.text()},
                                                             {"attempt", lease_.attempt},
                                                             {"code", name(error.code)},
                                                             {"reason", error.detail}});
}

Task<void> TaskJob::confirm() {
    store::Commit commit;
    commit.confirms.push_back(lease_.handle);
    const Result<void> confirmed = co_await tools_.store.commit(std::move(commit));
    if (confirmed) lease_end_ = Lease::gone;
}

Task<void> TaskJob::give_back() {
    const Duration delay = lease_end_ == Lease::delay ? tools_.options.retry_delay : Duration(0);
    store::Commit commit;
    commit.give_backs.push_back({lease_.handle, delay});
    // If this fails, the lease runs out by itself.
    (void)co_await tools_.store.commit(std::move(commit));
}

}  // namespace hookreel::media
