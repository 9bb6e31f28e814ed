#include "media/tasks/task_workers.h"

#include <algorithm>
#include <thread>

#include "model/queue.h"

namespace hookreel::media {

int default_jobs_max() {
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / 2);
}

TaskWorkers::TaskWorkers(Executor executor, JobTools tools)
    : tools_(std::move(tools)), group_(executor) {
    for (int i = 0; i < tools_.options.jobs_max; ++i)
        group_.spawn(work());
}

Task<void> TaskWorkers::stop() {
    stopping_ = true;
    group_.cancel();
    co_await group_.join();
}

Task<void> TaskWorkers::work() {
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        const store::LeaseOptions options{
            .count_max = 1, .hold = tools_.options.hold, .wait = std::chrono::minutes(10)};
        Result<std::vector<store::Lease>> leases =
            co_await tools_.store.lease(model::task_queue(), options);
        if (!leases) {
            if (stopping_) co_return;
            tools_.log.error("no tasks can be taken", {{"reason", leases.error().detail}});
            co_await sleep_for(tools_.options.retry_delay);
            continue;
        }
        for (store::Lease& lease : *leases) {
            TaskJob job(tools_, std::move(lease));
            if (stopping_)
                co_await job.give_back();
            else
                co_await job.run();
        }
    }
}

}  // namespace hookreel::media
