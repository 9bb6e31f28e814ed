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
    : tools_(std::move(tools)),
      crew_(executor, tools_.store, tools_.log,
            {.queues = model::pull_queues(),
             .workers = tools_.options.pulls_max,
             .hold = tools_.options.hold,
             .retry_delay = tools_.options.retry_delay},
            [this](store::Lease lease) { return perform(std::move(lease)); }) {}

Task<void> PullWorkers::stop() {
    co_await crew_.stop();
}

Task<void> PullWorkers::perform(store::Lease lease) {
    PullJob job(tools_, std::move(lease));
    co_await job.run();
}

}  // namespace hookreel::media
