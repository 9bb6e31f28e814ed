#include "media/tasks/task_workers.h"

#include <algorithm>
#include <thread>

#include "model/queue.h"

namespace hookreel::media {

int default_jobs_max() {
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / 2);
}

TaskWorkers::TaskWorkers(Executor executor, JobTools tools, OtherWork* edits)
    : tools_(std::move(tools)), edits_(edits), group_(executor) {
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
        for (store::Lease& lease : *leases)
            co_await perform(std::move(lease));
    }
}

Task<void> TaskWorkers::perform(store::Lease lease) {
    co_await asio::this_coro::throw_if_cancelled(false);
    const Result<TaskTicket> ticket = from_json_text<TaskTicket>(*lease.body);
    const bool is_edit = edits_ && ticket && ticket->kind == TicketKind::edit;
    TaskJob job(tools_, lease);
    if (stopping_) {
        co_await job.give_back();
        co_return;
    }
    const auto begun = std::chrono::steady_clock::now();
    running_.fetch_add(1, std::memory_order_relaxed);
    bool let_go = false;
    if (is_edit) {
        let_go = co_await edits_->run(std::move(lease));
    } else {
        co_await job.run();
        let_go = job.let_go();
    }
    running_.fetch_sub(1, std::memory_order_relaxed);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    duration_.observe(took.count());
    (let_go ? finished_ : given_back_).add();
}

void TaskWorkers::write_metrics(MetricsText& text) const {
    text.gauge("hookreel_media_jobs_running", "Media jobs under way now.", "",
               running_.load(std::memory_order_relaxed));
    constexpr std::string_view jobs = "hookreel_media_jobs_total";
    constexpr std::string_view help =
        "Media jobs that ended: finished, be it with failed steps, or given back to be done again.";
    text.counter(jobs, help, R"(outcome="finished")", finished_.value());
    text.counter(jobs, help, R"(outcome="given_back")", given_back_.value());
    text.histogram("hookreel_media_job_duration_seconds", "How long media jobs took.", "",
                   duration_);
}

}  // namespace hookreel::media
