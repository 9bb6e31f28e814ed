#include "media/editing/edit_job.h"

#include <fmt/format.h>

#include <filesystem>

#include "media/files/end_mark.h"
#include "media/files/local_library.h"
#include "model/event.h"
#include "model/task_life.h"
#include "store/held_lease.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using model::TaskStatus;

// Neither file nor request is to blame, and another try may do.
bool may_pass(const Error& error) {
    return error.code == Code::unavailable || error.code == Code::lease_lost ||
           error.code == Code::conflict || error.code == Code::cancelled;
}

model::Payload payload_of(const model::Edit& edit, std::optional<model::Asset> asset) {
    if (std::holds_alternative<model::Cut>(edit.request.work))
        return model::MediaEdited{edit, std::move(asset)};
    return model::MediaComposed{edit, std::move(asset)};
}

}  // namespace

Task<bool> EditJob::run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    const store::Renewal renewal{tools_.options.hold, tools_.options.renew_every};
    const std::optional<Error> lost =
        co_await store::work_on_lease(tools_.store, lease_.handle, renewal, work());
    if (lost) fail_over(*lost);
    tools_.live.remove(edit_.id);
    // What became a file has it no more; whoever goes on with the rest claims anew.
    tools_.catalog.quota().release(edit_.request.application, edit_.file);
    const bool let_go = lease_end_ == Lease::gone;
    if (!let_go) co_await give_back();
    co_return let_go;
}

Task<void> EditJob::work() {
    co_await asio::this_coro::throw_if_cancelled(false);
    const Result<bool> is_open = co_await load();
    Result<void> done;
    if (!is_open) {
        done = fail(is_open.error());
    } else if (!*is_open) {
        done = co_await confirm();
    } else if (lease_.attempt > tools_.options.attempts_max) {
        // It brings down its workers, and would do so for ever.
        StepFailure why = step_failure(model::Failure::internal_error);
        why.message += fmt::format(": given up after {} attempts", tools_.options.attempts_max);
        done = co_await fail_edit(std::move(why));
    } else {
        done = co_await perform();
        const bool is_last = lease_.attempt >= tools_.options.attempts_max;
        if (!done && done.error().code != Code::cancelled && (is_last || !may_pass(done.error()))) {
            tools_.log.error("an edit failed for good", {{"edit", edit_.id.text()},
                                                         {"attempt", lease_.attempt},
                                                         {"reason", done.error().detail}});
            done = co_await fail_edit(step_failure(model::Failure::internal_error));
        }
    }
    if (!done) fail_over(done.error());
}

// Whether there is something to do; then it is told that it began.
Task<Result<bool>> EditJob::load() {
    const Result<TaskTicket> ticket = from_json_text<TaskTicket>(*lease_.body);
    if (!ticket) co_return false;
    store::RecordKey key = edit_key(ticket->application, ticket->task);
    Result<store::Versioned<model::Edit>> kept =
        co_await store::load<model::Edit>(tools_.store, std::move(key));
    if (!kept && kept.error().code == Code::not_found) co_return false;
    if (!kept) co_return fail(std::move(kept.error()));
    edit_ = std::move(kept->value);
    version_ = kept->version;
    if (model::is_over(edit_.status)) co_return false;
    edit_.status = TaskStatus::processing;
    if (edit_.begun == TimePoint{}) edit_.begun = tools_.clock.now();
    // The handle of a lease that ran out must not write.
    const Result<void> held = tools_.store.renew(lease_.handle, tools_.options.hold);
    if (!held) co_return fail(held.error());
    store::Commit commit;
    commit.puts.push_back(
        {edit_key(edit_.request.application, edit_.id), to_json_text(edit_), version_});
    const Result<void> saved = co_await tools_.store.commit(std::move(commit));
    if (!saved) co_return fail(saved.error());
    ++version_;
    tools_.live.set(edit_.id, 0);
    co_return true;
}

// Those that are gone are there without an id.
Task<Result<std::vector<model::Asset>>> EditJob::load_sources() {
    std::vector<model::Asset> all;
    for (const model::FileId& file : model::sources_of(edit_.request.work)) {
        store::RecordKey key = asset_key(edit_.request.application, file);
        Result<store::Versioned<model::Asset>> asset =
            co_await store::load<model::Asset>(tools_.store, std::move(key));
        if (!asset && asset.error().code != Code::not_found)
            co_return fail(std::move(asset.error()));
        all.push_back(asset ? std::move(asset->value) : model::Asset{});
    }
    co_return all;
}

Result<void> EditJob::claim(std::uint64_t bytes) {
    return tools_.catalog.quota().claim({edit_.request.application, edit_.file, bytes});
}

Task<Result<void>> EditJob::end_without_room(Error error) {
    StepFailure why = failure_of_claim(std::move(error));
    if (why.fault) co_return fail(std::move(*why.fault));
    co_return co_await fail_edit(std::move(why));
}

Task<Result<void>> EditJob::perform() {
    co_await tools_.catalog.await_quota();
    // How much it will be shows at the end, but nothing can be made when there is no room.
    const Result<void> room = claim(0);
    if (!room) co_return co_await end_without_room(room.error());
    const Result<std::vector<model::Asset>> sources = co_await load_sources();
    if (!sources) co_return fail(sources.error());
    const StepOptions& options = tools_.steps.options;
    const StepResult<RenderPlan> plan = plan_of({edit_.request, *sources, options.media_folder});
    if (!plan) co_return co_await fail_edit(plan.error());
    const auto create = [&options] { return WorkFolder::create(options.media_folder); };
    Result<WorkFolder> folder = co_await tools_.steps.files.run(create);
    if (!folder) co_return fail(std::move(folder.error()));
    OnProgress on_progress = [this](int percent) { tools_.live.set(edit_.id, percent); };
    Rendering rendering(tools_.steps, *plan, *folder, std::move(on_progress));
    StepResult<Rendered> made = co_await rendering.run();
    Result<void> done;
    if (made)
        done = co_await take_in(std::move(*made));
    else if (made.error().fault)
        done = fail(*made.error().fault);
    else
        done = co_await fail_edit(made.error());
    const auto remove = [&folder] { return remove_all(folder->path()); };
    co_await tools_.steps.files.run(remove);
    co_return done;
}

// The new asset, its files in their place.
Task<Result<model::Asset>> EditJob::move_in(Rendered made) {
    const model::EditRequest& request = edit_.request;
    const bool is_hls = request.type == "hls";
    const std::string place = library_folder(request.application, edit_.file);
    model::Asset asset;
    asset.id = edit_.file;
    asset.application = request.application;
    asset.name = request.name;
    asset.description = request.description;
    asset.type = is_hls ? "m3u8" : request.type;
    asset.class_id = request.class_id;
    asset.created = tools_.clock.now();
    asset.updated = asset.created;
    asset.expires = request.expires;
    asset.source = model::AssetSource::processing;
    asset.path = is_hls ? fmt::format("{}/f0/{}", place, joined_name(OutputType::hls))
                        : fmt::format("{}/f0.{}", place, asset.type);
    asset.md5 = std::move(made.md5);
    asset.size_bytes = made.metadata.size_bytes;
    asset.metadata = std::move(made.metadata);
    const std::string path = fmt::format("{}/{}", tools_.steps.options.media_folder, asset.path);
    const Move move{made.path, is_hls ? std::filesystem::path(path).parent_path().string() : path};
    const auto publish = [&move, is_hls] { return is_hls ? move_folder(move) : move_file(move); };
    const Result<void> moved = co_await tools_.steps.files.run(publish);
    if (!moved) co_return fail(moved.error());
    co_return asset;
}

Task<Result<void>> EditJob::take_in(Rendered made) {
    const Result<void> room = claim(static_cast<std::uint64_t>(made.metadata.size_bytes));
    if (!room) co_return co_await end_without_room(room.error());
    std::string warning = std::move(made.warning);
    Result<model::Asset> asset = co_await move_in(std::move(made));
    if (!asset) co_return fail(std::move(asset.error()));
    const model::EditRequest& request = edit_.request;
    store::Commit commit;
    if (!request.procedure.empty()) {
        ProcedureRequest wanted{request.application,     asset->id,        request.procedure,
                                request.session_context, request.priority, request.trace};
        Result<PreparedTask> task = co_await tools_.procedures.prepare(std::move(wanted));
        if (!task && task.error().code != Code::not_found) co_return fail(std::move(task.error()));
        if (task) {
            edit_.procedure_task = std::move(task->id);
            edit_.review_task = std::move(task->review);
            commit.puts = std::move(task->puts);
            commit.events = std::move(task->events);
        } else {
            warning = "there is no such procedure";
        }
    }
    edit_.message = warning.empty() ? "SUCCESS" : "SUCCESS: " + warning;
    co_return co_await finish(std::move(*asset), std::move(commit));
}

// The edit's end, the new file, the event and the confirm: one commit.
Task<Result<void>> EditJob::finish(std::optional<model::Asset> asset, store::Commit commit) {
    const model::ApplicationId application = edit_.request.application;
    model::Edit last = edit_;
    last.status = TaskStatus::finish;
    last.progress = 100;
    last.finished = tools_.clock.now();
    const store::RecordKey key = edit_key(application, last.id);
    commit.puts.push_back({key, to_json_text(last), version_});
    commit.puts.push_back(end_mark(key, last.finished));
    if (asset) commit.puts.push_back({asset_key(application, asset->id), to_json_text(*asset), 0});
    const model::Event event = model::make_event(
        application, last.finished, payload_of(last, asset), parse_trace_text(last.request.trace));
    // First what happened, then what it sets off.
    commit.events.insert(commit.events.begin(), tools_.announcer.announce(event));
    commit.confirms.push_back(lease_.handle);
    FileChanges changes;
    if (asset) changes.put.push_back(std::move(*asset));
    const Result<void> done =
        co_await tools_.catalog.commit(tools_.store, std::move(commit), std::move(changes));
    if (!done) co_return fail(done.error());
    lease_end_ = Lease::gone;
    edit_ = std::move(last);
    co_return Result<void>{};
}

Task<Result<void>> EditJob::fail_edit(StepFailure why) {
    edit_.failure = why.failure;
    edit_.message = std::move(why.message);
    edit_.procedure_task = {};
    edit_.review_task = {};
    // An earlier try may have got as far as the library.
    const std::string place = fmt::format("{}/{}", tools_.steps.options.media_folder,
                                          library_folder(edit_.request.application, edit_.file));
    const auto remove = [&place] { return remove_all(place); };
    const Result<void> removed = co_await tools_.steps.files.run(remove);
    if (!removed)
        tools_.log.warning("what is left of an edit cannot be removed",
                           {{"edit", edit_.id.text()}, {"reason", removed.error().detail}});
    co_return co_await finish(std::nullopt, {});
}

Task<Result<void>> EditJob::confirm() {
    store::Commit commit;
    commit.confirms.push_back(lease_.handle);
    const Result<void> confirmed = co_await tools_.store.commit(std::move(commit));
    if (!confirmed) co_return fail(confirmed.error());
    lease_end_ = Lease::gone;
    co_return Result<void>{};
}

void EditJob::fail_over(const Error& error) {
    if (error.code == Code::lease_lost || error.code == Code::conflict) lease_end_ = Lease::gone;
    if (error.code == Code::unavailable || error.code == Code::internal) lease_end_ = Lease::delay;
    tools_.log.warning("an edit is left to the next worker", {{"edit", edit_.id.text()},
                                                              {"attempt", lease_.attempt},
                                                              {"code", name(error.code)},
                                                              {"reason", error.detail}});
}

Task<void> EditJob::give_back() {
    const Duration delay = lease_end_ == Lease::delay ? tools_.options.retry_delay : Duration(0);
    store::Commit commit;
    commit.give_backs.push_back({lease_.handle, delay});
    // If this fails, the lease runs out by itself.
    (void)co_await tools_.store.commit(std::move(commit));
}

EditWorker::EditWorker(EditTools tools) : tools_(std::move(tools)) {
    std::string& folder = tools_.steps.options.media_folder;
    folder = std::filesystem::absolute(folder).lexically_normal().string();
}

Task<bool> EditWorker::run(store::Lease lease) {
    co_await asio::this_coro::throw_if_cancelled(false);
    EditJob job(tools_, std::move(lease));
    co_return co_await job.run();
}

}  // namespace hookreel::media
