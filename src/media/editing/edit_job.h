// One edit in the hands of one worker: from its lease to its confirm.
//
// The new file, the edit's end, its event and the confirm of the lease are one commit; what a crash
// leaves of the work is made again. A worker that lost its lease commits nothing more: the record's
// version and the handle are checked by the store. Threads: one loop.
#pragma once

#include <vector>

#include "base/log.h"
#include "media/editing/edit_plans.h"
#include "media/editing/local_edits.h"
#include "media/editing/rendering.h"
#include "media/files/catalog.h"
#include "media/files/procedures.h"
#include "media/tasks/task_workers.h"
#include "store/announcer.h"

namespace hookreel::media {

// All of it outlives the jobs.
struct EditTools {
    store::Store& store;
    const store::Announcer& announcer;
    const Clock& clock;
    StepTools steps;
    Procedures& procedures;
    Catalog& catalog;
    LiveEdits& live;
    const Log& log;
    WorkerOptions options;
};

class EditJob {
 public:
    EditJob(const EditTools& tools, store::Lease lease) : tools_(tools), lease_(std::move(lease)) {}

    // Works until the edit is finished, the lease is lost, or it is cancelled; then the lease is
    // confirmed or given back. Returns whether nobody has to go on with it.
    Task<bool> run();

 private:
    Task<void> work();
    Task<Result<bool>> load();
    Task<Result<void>> perform();
    Task<Result<std::vector<model::Asset>>> load_sources();
    // Room for so much in all, in the quota of the application.
    Result<void> claim(std::uint64_t bytes);
    // The edit's end when there will be none; else the error.
    Task<Result<void>> end_without_room(Error error);
    Task<Result<void>> take_in(Rendered made);
    Task<Result<model::Asset>> move_in(Rendered made);
    Task<Result<void>> finish(std::optional<model::Asset> asset, store::Commit commit);
    Task<Result<void>> fail_edit(StepFailure why);
    Task<Result<void>> confirm();
    Task<void> give_back();
    void fail_over(const Error& error);

    const EditTools& tools_;
    store::Lease lease_;
    model::Edit edit_;
    std::uint64_t version_ = 0;
    // What becomes of the lease when the work ends.
    enum class Lease { give_back, delay, gone } lease_end_ = Lease::give_back;
};

// Does the edits among the tasks.
class EditWorker final : public OtherWork {
 public:
    explicit EditWorker(EditTools tools);

    Task<bool> run(store::Lease lease) override;

 private:
    EditTools tools_;
};

}  // namespace hookreel::media
