#include "media/external/service_turn.h"

#include <algorithm>

namespace hookreel::media {

using model::Failure;

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

Task<void> ServiceTurn::run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    const Result<bool> is_open = co_await load();
    Result<void> done;
    if (!is_open) done = fail(is_open.error());
    if (is_open && *is_open) {
        done = co_await advance();
        if (done) co_return;
    }
    co_await let_go(std::move(done));
}

Task<Result<void>> ServiceTurn::advance() {
    const TimePoint now = tools_.clock.now();
    const Work work = begin(now);
    if (now >= work.begun + tools_.options.time_limit)
        co_return co_await finish(Failure::internal_error,
                                  "Internal error: the external service did not finish in time.");
    Result<Question> asked = co_await question();
    if (!asked && asked.error().code == Code::not_found)
        co_return co_await finish(Failure::source_file_error,
                                  "Source file error: the file was deleted.");
    if (!asked) co_return fail(std::move(asked.error()));
    asked->deadline = work.begun + tools_.options.time_limit;
    Result<Reply> reply = co_await tools_.service.ask(std::move(*asked));
    if (reply) co_return co_await take(work, std::move(*reply));
    co_return co_await trouble(work, std::move(reply.error()));
}

Task<Result<void>> ServiceTurn::take(Work work, Reply reply) {
    work.troubles = 0;
    work.progress = std::max<std::int64_t>(work.progress, reply.progress);
    switch (reply.state) {
        case Reply::State::processing:
            co_return co_await wait(reply.ask_again);
        case Reply::State::failed:
            co_return co_await finish(reply.failure, std::move(reply.message));
        case Reply::State::finished:
            break;
    }
    Result<std::string> output = tools_.checked_output(work.kind, std::move(reply.output));
    const Result<void> kept = output ? keep(std::move(*output)) : fail(std::move(output.error()));
    if (!kept)
        co_return co_await finish(
            Failure::internal_error,
            "Internal error: the external service's output does not fit: " + kept.error().detail);
    co_return co_await finish(Failure::none, "SUCCESS");
}

Task<Result<void>> ServiceTurn::trouble(Work work, Error error) {
    if (error.code == Code::cancelled) co_return fail(std::move(error));
    tools_.log.warning("an external service did not answer",
                       {{"task", work.task.text()}, {"kind", work.kind}, {"reason", error.detail}});
    if (error.code == Code::invalid || error.code == Code::not_found)
        co_return co_await finish(Failure::internal_error,
                                  "Internal error: the external service: " + error.detail);
    co_return co_await wait(trouble_delay(work.troubles++));
}

// Confirms what is over already, or gives it back after an error: at once when the work was
// stopped, else after the retry delay.
Task<void> ServiceTurn::let_go(Result<void> done) {
    store::Commit commit;
    if (done) {
        commit.confirms.push_back(lease_.handle);
    } else {
        const bool is_stopped = done.error().code == Code::cancelled;
        commit.give_backs.push_back(
            {lease_.handle, is_stopped ? Duration(0) : tools_.options.retry_delay});
        if (!is_stopped)
            tools_.log.warning("external work is left to the next worker",
                               {{"event", lease_.event.text()},
                                {"code", name(done.error().code)},
                                {"reason", done.error().detail}});
    }
    // If this fails, the lease runs out by itself.
    (void)co_await tools_.store.commit(std::move(commit));
}

}  // namespace hookreel::media
