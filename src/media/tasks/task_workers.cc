#include "media/tasks/task_workers.h"

#include <algorithm>
#include <thread>

#include "model/queue.h"

namespace hookreel::media {

int default_jobs_max() {
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / 2);
}

TaskWorkers::TaskWorkers(Executor executor, JobTools tools, OtherWork* edits)
    : tools_(std::move(tools)),
      edits_(edits),
      crew_(executor, tools_.store, tools_.log,
            {.queues = model::task_queues(),
             .workers = tools_.options.jobs_max,
             .hold = tools_.options.hold,
             .retry_delay = tools_.options.retry_delay},
            [this](store::Lease lease) { return perform(std::move(lease)); }) {}

Task<void> TaskWorkers::stop() {
    co_await crew_.stop();
}

Task<void> TaskWorkers::perform(store::Lease lease) {
    const Result<TaskTicket> ticket = from_json_text<TaskTicket>(*lease.body);
    const bool is_edit = edits_ && ticket && ticket->kind == TicketKind::edit;
    const auto begun = std::chrono::steady_clock::now();
    running_.fetch_add(1, std::memory_order_relaxed);
    bool let_go = false;
    if (is_edit) {
        let_go = co_await edits_->run(std::move(lease));
    } else {
        TaskJob job(tools_, std::move(lease));
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
        "Media jobs that ended: finished, be it with failed steps, or given back to be done again. "
        "A "
        "task with quick and slow steps is two jobs.";
    text.counter(jobs, help, R"(outcome="finished")", finished_.value());
    text.counter(jobs, help, R"(outcome="given_back")", given_back_.value());
    text.histogram("hookreel_media_job_duration_seconds", "How long media jobs took.", "",
                   duration_);
}

}  // namespace hookreel::media
