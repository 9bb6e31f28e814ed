#include "media/pulls/pull_job.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/files/end_mark.h"
#include "media/files/file_head.h"
#include "media/files/local_library.h"
#include "media/uploads/upload_request.h"
#include "model/event.h"
#include "model/task_life.h"
#include "store/held_lease.h"

namespace hookreel::media {
namespace {

using model::Failure;
using model::TaskStatus;

struct Verdict {
    Failure failure;
    std::string message;
};

Verdict verdict(const Error& error) {
    if (is_over_quota(error))
        return {Failure::result_file_size_too_large,
                "There is no room for the file: " + error.detail};
    if (error.code == Code::internal || error.code == Code::unavailable)
        return {Failure::internal_error, "Internal error: " + error.detail};
    if (error.detail.starts_with(malformed_source))
        return {Failure::content_malformed, "Source file error: " + error.detail};
    if (error.detail.starts_with(unsupported_source))
        return {Failure::content_unsupported, "Source file error: " + error.detail};
    if (error.code == Code::too_large)
        return {Failure::source_file_error, "Source file error: " + error.detail};
    return {Failure::download_not_accessible,
            "Source file error: download failed, " + error.detail};
}

}  // namespace

Task<void> PullJob::run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    const store::Renewal renewal{tools_.options.hold, tools_.options.renew_every};
    const std::optional<Error> lost =
        co_await store::work_on_lease(tools_.store, lease_.handle, renewal, work());
    if (lost) fail_over(*lost);
    tools_.live.remove(state_.pull.id);
    // What became a file has it no more; whoever goes on with the rest claims anew.
    tools_.catalog.quota().release(state_.pull.request.application, state_.pull.file);
    if (lease_end_ != Lease::gone) co_await give_back();
}

Task<void> PullJob::work() {
    co_await asio::this_coro::throw_if_cancelled(false);
    const Result<bool> is_open = co_await load();
    Result<void> done;
    if (!is_open) {
        done = fail(is_open.error());
    } else if (!*is_open) {
        done = co_await confirm();
    } else {
        if (state_.stage == PullStage::fetching) done = co_await fetch();
        if (done) done = co_await take_in();
        const bool is_ours =
            !done && !is_over_quota(done.error()) &&
            (done.error().code == Code::unavailable || done.error().code == Code::lease_lost ||
             done.error().code == Code::conflict || done.error().code == Code::cancelled);
        const bool may_try_again = is_ours && lease_.attempt < tools_.options.attempts_max;
        if (!done && (!may_try_again && done.error().code != Code::cancelled)) {
            const Error error = done.error();
            done = co_await fail_pull(error);
        }
    }
    if (!done) fail_over(done.error());
}

// Whether there is something to do.
Task<Result<bool>> PullJob::load() {
    const Result<PullTicket> ticket = from_json_text<PullTicket>(*lease_.body);
    if (!ticket) co_return false;
    const store::RecordKey key = pull_key(ticket->application, ticket->pull);
    Result<store::Versioned<PullState>> state = co_await store::load<PullState>(tools_.store, key);
    if (!state && state.error().code == Code::not_found) co_return false;
    if (!state) co_return fail(std::move(state.error()));
    state_ = std::move(state->value);
    version_ = state->version;
    if (model::is_over(state_.pull.status)) co_return false;
    state_.pull.status = TaskStatus::processing;
    if (state_.pull.begun == TimePoint{}) state_.pull.begun = tools_.clock.now();
    Result<void> saved = co_await save();
    if (!saved) co_return fail(std::move(saved.error()));
    tools_.live.set(state_.pull.id, 0);
    co_return true;
}

Task<Result<void>> PullJob::save() {
    // The handle of a lease that ran out must not write.
    Result<void> held = tools_.store.renew(lease_.handle, tools_.options.hold);
    if (!held) co_return held;
    store::Commit commit;
    commit.puts.push_back({pull_key(state_.pull.request.application, state_.pull.id),
                           to_json_text(state_), version_});
    Result<void> saved = co_await tools_.store.commit(std::move(commit));
    if (saved) ++version_;
    co_return saved;
}

Result<void> PullJob::claim(std::uint64_t bytes) {
    return tools_.catalog.quota().claim({state_.pull.request.application, state_.pull.file, bytes});
}

Result<void> PullJob::progress(std::uint64_t bytes, std::uint64_t total) {
    if (fetching_ == Fetching::cover) return {};
    double part = total == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(total);
    if (segments_)
        part = (static_cast<double>(segments_->first) + std::min(part, 1.0)) /
               static_cast<double>(segments_->second);
    tools_.live.set(state_.pull.id, static_cast<int>(std::min(part, 1.0) * fetched_percent));
    return claim(bytes_before_ + std::max(bytes, total));
}

Task<Result<void>> PullJob::checkpoint(std::uint64_t file_bytes, const std::string& validator) {
    if (fetching_ != Fetching::media) co_return Result<void>{};
    state_.checkpoint.bytes = file_bytes;
    state_.checkpoint.validator = validator;
    if (const auto percent = tools_.live.find(state_.pull.id)) state_.pull.progress = *percent;
    co_return co_await save();
}

Task<Result<void>> PullJob::fetch() {
    const Result<http::Url> url = http::parse_url(state_.pull.request.url);
    if (!url) co_return fail(url.error());
    co_await tools_.catalog.await_quota();
    const Result<void> room = claim(0);
    if (!room) co_return fail(room.error());
    state_.type = state_.pull.request.type;
    Result<void> done;
    if (is_stream_type(state_.type))
        done = co_await fetch_stream();
    else
        done = co_await fetch_file(*url);
    if (!done) co_return done;
    if (!state_.pull.request.cover_url.empty()) done = co_await fetch_cover();
    if (!done) co_return done;
    state_.stage = PullStage::fetched;
    co_return co_await save();
}

Task<Result<void>> PullJob::fetch_file(const http::Url& url) {
    Download download({tools_.client, tools_.threads}, tools_.options.download, *this,
                      folder() + "/media");
    Result<void> done = co_await download.open(state_.checkpoint.bytes);
    if (!done) co_return done;
    Download::Source source{url, std::nullopt, 0, state_.checkpoint.validator};
    done = co_await download.fetch(std::move(source));
    if (!done) co_return done;
    co_return co_await keep_as_media(download);
}

Task<Result<void>> PullJob::keep_as_media(Download& download) {
    Result<std::string> md5 = co_await download.finish();
    if (!md5) co_return fail(std::move(md5.error()));
    state_.md5 = std::move(*md5);
    state_.size_bytes = static_cast<std::int64_t>(download.size_bytes());
    co_return Result<void>{};
}

// A cover that cannot be had is no reason to have no film.
Task<Result<void>> PullJob::fetch_cover() {
    const std::string& address = state_.pull.request.cover_url;
    const Result<http::Url> url = http::parse_url(address);
    if (!url) co_return Result<void>{};
    DownloadOptions options = tools_.options.download;
    options.bytes_max = tools_.options.cover_bytes_max;
    fetching_ = Fetching::cover;
    Download download({tools_.client, tools_.threads}, options, *this, folder() + "/cover");
    Result<void> done = co_await download.open(0);
    Download::Source source{*url, std::nullopt, 0, {}};
    if (done) done = co_await download.fetch(std::move(source));
    Result<std::string> md5 = fail(Code::not_found, "not fetched");
    if (done) md5 = co_await download.finish();
    fetching_ = Fetching::media;
    if (!done && (done.error().code == Code::cancelled || done.error().code == Code::unavailable))
        co_return done;
    if (md5) {
        auto look = [&] { return read_head(folder() + "/cover"); };
        const Result<std::string> head = co_await tools_.threads.run(look);
        if (!head || picture_type(*head).empty())
            done = fail(Code::invalid, "it is no gif, jpeg or png");
        else
            state_.cover_type = extension_of(address);
    }
    if (!done)
        tools_.log.warning("a pull has no cover",
                           {{"pull", state_.pull.id.text()}, {"reason", done.error().detail}});
    co_return Result<void>{};
}

// The asset, its files in their places.
Task<Result<model::Asset>> PullJob::move_in() {
    const model::PullRequest& request = state_.pull.request;
    const std::string library = tools_.options.data_folder + "/media/";
    const std::string place = library_folder(request.application, state_.pull.file);
    const TimePoint now = tools_.clock.now();
    model::Asset asset;
    asset.id = state_.pull.file;
    asset.application = request.application;
    asset.name = request.name;
    asset.type = state_.type;
    asset.class_id = request.class_id;
    asset.created = now;
    asset.updated = now;
    asset.expires = request.expires;
    asset.source_context = request.source_context;
    asset.path = fmt::format("{}/f0.{}", place, state_.type);
    asset.md5 = state_.md5;
    asset.size_bytes = state_.size_bytes;
    std::vector<Move> moves = {{folder() + "/media", library + asset.path}};
    if (!state_.cover_type.empty()) {
        asset.cover = fmt::format("{}/{}.{}", place, asset.id.text(), state_.cover_type);
        moves.push_back({folder() + "/cover", library + asset.cover});
    }
    auto work = [&]() -> Result<void> {
        for (const Move& move : moves)
            if (Result<void> moved = move_file(move); !moved) return moved;
        return {};
    };
    Result<void> moved = co_await tools_.threads.run(work);
    if (!moved && moved.error().code == Code::not_found)
        co_return fail(Code::internal, "a fetched file has vanished");
    if (!moved) co_return fail(std::move(moved.error()));
    std::string path = library + asset.path;
    Result<model::Metadata> metadata = co_await tools_.prober.probe(std::move(path));
    if (metadata) asset.metadata = std::move(*metadata);
    // A file that is no media is kept all the same, as an uploaded one is; but not a page that
    // says what is wrong with the address, nor nothing at all.
    if (!metadata && metadata.error().code == Code::invalid) {
        auto look = [&]() -> Result<void> {
            const Result<std::string> head = read_head(library + asset.path);
            if (!head) return fail(head.error());
            if (!looks_like_text(*head)) return {};
            if (Result<void> removed = remove_all(library + place); !removed) return removed;
            return fail(Code::invalid, std::string(malformed_source) +
                                           "the address gives a text or nothing, and no media");
        };
        const Result<void> looked = co_await tools_.threads.run(look);
        if (!looked) co_return fail(looked.error());
    }
    co_return asset;
}

Task<Result<void>> PullJob::take_in() {
    const Result<void> room = claim(static_cast<std::uint64_t>(state_.size_bytes));
    if (!room) co_return fail(room.error());
    Result<model::Asset> asset = co_await move_in();
    if (!asset) co_return fail(std::move(asset.error()));
    const model::PullRequest& request = state_.pull.request;
    store::Commit commit;
    if (!request.procedure.empty()) {
        ProcedureRequest wanted{request.application,     asset->id,        request.procedure,
                                request.session_context, request.priority, request.trace};
        Result<PreparedTask> task = co_await tools_.procedures.prepare(std::move(wanted));
        if (!task && task.error().code != Code::not_found) co_return fail(std::move(task.error()));
        if (task) {
            state_.pull.procedure_task = std::move(task->id);
            state_.pull.review_task = std::move(task->review);
            commit.puts = std::move(task->puts);
            commit.events = std::move(task->events);
        }
    }
    state_.pull.failure = Failure::none;
    state_.pull.message = "SUCCESS";
    co_return co_await finish(std::move(*asset), std::move(commit));
}

// The pull's end, its event and the confirm: one commit.
Task<Result<void>> PullJob::finish(std::optional<model::Asset> asset, store::Commit commit) {
    const model::ApplicationId application = state_.pull.request.application;
    PullState last = state_;
    last.pull.status = TaskStatus::finish;
    last.pull.progress = 100;
    last.pull.finished = tools_.clock.now();
    const store::RecordKey key = pull_key(application, last.pull.id);
    commit.puts.push_back({key, to_json_text(last), version_});
    commit.puts.push_back(end_mark(key, last.pull.finished));
    if (asset) commit.puts.push_back({asset_key(application, asset->id), to_json_text(*asset), 0});
    const model::Event event =
        model::make_event(application, last.pull.finished, model::MediaPulled{last.pull, asset},
                          parse_trace_text(last.pull.request.trace));
    // First what happened, then what it sets off.
    commit.events.insert(commit.events.begin(), tools_.announcer.announce(event));
    commit.confirms.push_back(lease_.handle);
    FileChanges changes;
    if (asset) changes.put.push_back(std::move(*asset));
    Result<void> done =
        co_await tools_.catalog.commit(tools_.store, std::move(commit), std::move(changes));
    if (!done) co_return done;
    lease_end_ = Lease::gone;
    state_ = std::move(last);
    co_await remove_folder();
    co_return done;
}

Task<Result<void>> PullJob::fail_pull(const Error& error) {
    Verdict why = verdict(error);
    state_.pull.failure = why.failure;
    state_.pull.message = std::move(why.message);
    co_return co_await finish(std::nullopt, {});
}

Task<Result<void>> PullJob::confirm() {
    store::Commit commit;
    commit.confirms.push_back(lease_.handle);
    Result<void> confirmed = co_await tools_.store.commit(std::move(commit));
    if (confirmed) lease_end_ = Lease::gone;
    co_return confirmed;
}

Task<void> PullJob::remove_folder() {
    auto work = [this] { return remove_all(folder()); };
    (void)co_await tools_.threads.run(work);
}

std::string PullJob::folder() const {
    return fmt::format("{}/pulls/{}", tools_.options.data_folder, state_.pull.file.text());
}

void PullJob::fail_over(const Error& error) {
    if (error.code == Code::lease_lost || error.code == Code::conflict) lease_end_ = Lease::gone;
    if (error.code == Code::unavailable || error.code == Code::internal) lease_end_ = Lease::delay;
    tools_.log.warning("a pull is left to the next worker", {{"pull", state_.pull.id.text()},
                                                             {"attempt", lease_.attempt},
                                                             {"code", name(error.code)},
                                                             {"reason", error.detail}});
}

Task<void> PullJob::give_back() {
    const Duration delay = lease_end_ == Lease::delay ? tools_.options.retry_delay : Duration(0);
    store::Commit commit;
    commit.give_backs.push_back({lease_.handle, delay});
    // If this fails, the lease runs out by itself.
    (void)co_await tools_.store.commit(std::move(commit));
}

}  // namespace hookreel::media
