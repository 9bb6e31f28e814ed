// One task in the hands of one worker: from its lease to its confirm.
//
// Each step's end is one commit of the task, the asset with what was made, and the event that tells
// of it; the last one confirms the lease too. So a crash loses at most the step that ran, and no
// event is told twice. A worker that lost its lease commits nothing more: the task's version and
// the handle are checked by the store.
//
// A task that waited among the quick work gives its place up when its quick steps are done: the
// commit of the last of them puts it among the slow. Threads: one loop.
#pragma once

#include <string>

#include "base/log.h"
#include "media/files/catalog.h"
#include "media/files/templates.h"
#include "media/steps/step_runner.h"
#include "media/tasks/live_tasks.h"
#include "media/tasks/task_records.h"
#include "store/announcer.h"
#include "store/store.h"

namespace hookreel::media {

struct WorkerOptions {
    int jobs_max = 1;
    Duration hold{60'000};  // A worker that dies is followed after this.
    Duration renew_every{20'000};
    Duration retry_delay{10'000};  // When there is no disk or no ffmpeg.
    int attempts_max = 10;         // Restarts count too. Then the task fails.
};

// All of it outlives the jobs.
struct JobTools {
    store::Store& store;
    const store::Announcer& announcer;
    const Clock& clock;
    StepRunner& steps;
    Templates& templates;
    Catalog& catalog;
    LiveTasks& live;
    const Log& log;
    WorkerOptions options;
};

class TaskJob {
 public:
    TaskJob(const JobTools& tools, store::Lease lease) : tools_(tools), lease_(std::move(lease)) {}

    // Works until the task is finished or waits elsewhere, the lease is lost, or it is cancelled;
    // then the lease is confirmed or given back.
    Task<void> run();
    // Whether nobody has to go on with this lease: it is confirmed, or lost.
    bool let_go() const { return lease_end_ == Lease::gone; }

 private:
    enum class Next { go_on, stop };

    Task<void> work();
    Task<Next> load();
    Task<Next> perform_step(std::size_t index);
    Task<Result<StepOutcome>> run_step(std::size_t index);
    Task<Next> store_step(std::size_t index, const StepOutcome& outcome);
    Task<Result<Next>> commit_step(std::size_t index, const StepOutcome& outcome,
                                   model::EventId event);
    Task<Next> reload();
    Task<void> confirm();
    Task<void> give_back();
    // Room in the application's quota for what a step made, but for what it replaces.
    Result<void> claim(std::string_view path, std::uint64_t bytes);
    // What became part of the file has it no more, and who goes on with the rest claims anew.
    void release_claim();
    bool goes_on_elsewhere(const model::Task& task) const;
    void fail_over(const Error& error);

    const JobTools& tools_;
    store::Lease lease_;
    model::Task task_;
    model::Asset asset_;
    std::uint64_t task_version_ = 0;
    std::uint64_t asset_version_ = 0;  // 0: the asset is gone.
    // It waits among the slow work, or is done there already: its progress is not ours to tell.
    bool is_handed_on_ = false;
    // What becomes of the lease when the work ends.
    enum class Lease { give_back, delay, gone } lease_end_ = Lease::give_back;
};

// The order in which steps are done: pictures first, because somebody waits for them, then the
// rest as asked.
std::vector<std::size_t> work_order(const model::Task& task);

}  // namespace hookreel::media
