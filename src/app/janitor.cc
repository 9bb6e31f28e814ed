#include "app/janitor.h"

namespace hookreel::app {
namespace {

TimePoint limit(TimePoint now, Duration kept) {
    return kept == Duration(0) ? TimePoint{} : now - kept;
}

}  // namespace

Task<void> clean_once(store::Store& store, std::vector<PulledQueue> queues, Retention retention,
                      TimePoint now, const Log& log) {
    for (const PulledQueue& queue : queues) {
        const TimePoint oldest = limit(now, queue.kept);
        int total = 0;
        for (int removed = retention.step_rows; removed == retention.step_rows; total += removed) {
            Result<int> step = co_await store.expire(queue.id, oldest, retention.step_rows);
            if (!step) co_return log.warning("clean-up stopped", {{"reason", step.error().detail}});
            removed = *step;
        }
        if (total > 0)
            log.warning("events expired that nobody pulled",
                        {{"queue", queue.id.text()}, {"count", total}});
    }
    store::PurgeLimits limits;
    limits.attempts_before = limits.dead_letters_before = limit(now, retention.attempts);
    limits.events_before = limits.ids_before = limit(now, retention.archive);
    limits.count_max = retention.step_rows;
    for (int removed = 1; removed > 0;) {
        Result<int> step = co_await store.purge(limits);
        if (!step) co_return log.warning("clean-up stopped", {{"reason", step.error().detail}});
        removed = *step;
    }
}

Task<void> keep_clean(store::Store& store, std::function<std::vector<PulledQueue>()> queues,
                      Retention retention, const Clock& clock, const Log& log) {
    for (;;) {
        Timer timer(co_await asio::this_coro::executor);
        timer.expires_after(std::chrono::minutes(1));
        const auto [error] = co_await timer.async_wait(use_result);
        if (error) co_return;
        const TimePoint now = clock.now();
        co_await clean_once(store, queues(), retention, now, log);
    }
}

}  // namespace hookreel::app
