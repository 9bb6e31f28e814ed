#include "media/pulls/pull_workers.h"

#include <set>

#include "model/queue.h"
#include "model/task_life.h"

namespace hookreel::media {
namespace {

constexpr int page_count = 500;

// Removes all folders of pulls but these.
Result<void> keep_only(const std::string& folder, const std::set<std::string>& open) {
    Result<std::vector<std::string>> names = names_in(folder);
    if (!names) return fail(std::move(names.error()));
    for (const std::string& name : *names)
        if (!open.contains(name))
            if (Result<void> removed = remove_all(folder + "/" + name); !removed) return removed;
    return {};
}

}  // namespace

Task<Result<void>> PullWorkers::recover(store::Store& store, FileThreads& threads,
                                        const PullOptions& options) {
    std::set<std::string> open;
    store::ListOptions at{{}, {}, page_count};
    for (;;) {
        Result<std::vector<store::Record>> page = co_await store.list(store::Kind::pull, at);
        if (!page) co_return fail(std::move(page.error()));
        if (page->empty()) break;
        at.after = page->back().key.id;
        for (const store::Record& record : *page) {
            const Result<PullState> state = from_json_text<PullState>(record.value);
            if (state && !model::is_over(state->pull.status)) open.insert(state->pull.file.text());
        }
    }
    auto work = [&] { return keep_only(options.data_folder + "/pulls", open); };
    co_return co_await threads.run(work);
}

PullWorkers::PullWorkers(Executor executor, PullTools tools)
    : tools_(std::move(tools)), group_(executor) {
    for (int i = 0; i < tools_.options.pulls_max; ++i)
        group_.spawn(work());
}

Task<void> PullWorkers::stop() {
    stopping_ = true;
    group_.cancel();
    co_await group_.join();
}

Task<void> PullWorkers::work() {
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        const store::LeaseOptions options{
            .count_max = 1, .hold = tools_.options.hold, .wait = std::chrono::minutes(10)};
        Result<std::vector<store::Lease>> leases =
            co_await tools_.store.lease(model::pull_queue(), options);
        if (!leases) {
            if (stopping_) co_return;
            tools_.log.error("no pulls can be taken", {{"reason", leases.error().detail}});
            co_await sleep_for(tools_.options.retry_delay);
            continue;
        }
        for (store::Lease& lease : *leases) {
            PullJob job(tools_, std::move(lease));
            if (stopping_)
                co_await job.give_back();
            else
                co_await job.run();
        }
    }
}

}  // namespace hookreel::media
