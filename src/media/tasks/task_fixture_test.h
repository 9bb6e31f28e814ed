// Tasks, workers and a store in memory around the clips of clips_test.h, and events that can be
// read.
#pragma once

#include <functional>

#include "media/files/library.h"
#include "media/steps/clips_test.h"
#include "media/tasks/local_tasks.h"
#include "media/tasks/task_workers.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"
#include "store/typed_records.h"

namespace hookreel::media::fakes {

// Tells one queue of every task, as the task's record.
class TaskAnnouncer final : public store::Announcer {
 public:
    static model::QueueId queue() { return model::QueueId("reel/fake"); }

    store::NewEvent announce(const model::Event& event) const override {
        const auto& payload = std::get<model::ProcedureChanged>(event.payload);
        store::NewEvent announced{event.id,
                                  event.application,
                                  std::string(model::type(event)),
                                  model::key(event),
                                  event.time,
                                  {},
                                  {}};
        auto body = std::make_shared<const std::string>(to_json_text(payload.task));
        announced.entries.push_back({queue(), std::move(body), {}});
        return announced;
    }
};

// Probes in earnest, after letting the test interfere.
class HookedProber final : public Prober {
 public:
    explicit HookedProber(Prober& prober) : prober_(prober) {}
    std::move_only_function<Task<void>()> before;

    Task<Result<model::Metadata>> probe(std::string path) override {
        if (before) {
            auto hook = std::exchange(before, nullptr);
            co_await hook();
        }
        co_return co_await prober_.probe(std::move(path));
    }

 private:
    Prober& prober_;
};

// The same for every application.
class FakeTemplates final : public Templates {
 public:
    Result<model::OwnTemplates> made = model::OwnTemplates{};

    Task<Result<model::OwnTemplates>> own(model::ApplicationId) override { co_return made; }
};

class TaskTest : public MediaTest {
 protected:
    TaskTest() : hooked_steps_(StepTools{sandbox_, hooked_, files_, log_, options()}) {}

    JobTools tools(WorkerOptions worker_options = {}) {
        return {store_,   announcer_, clock_, hooked_steps_, templates_,
                catalog_, live_,      log_,   worker_options};
    }
    JobTools tools(StepRunner& steps) {
        return {store_, announcer_, clock_, steps, templates_, catalog_, live_, log_, {}};
    }

    void put(const model::Asset& asset) {
        store::Commit commit;
        commit.puts.push_back({asset_key(asset.application, asset.id), to_json_text(asset), {}});
        ASSERT_TRUE(run(loop_, store_.commit(std::move(commit))));
        catalog_.put(asset);
    }
    model::Asset add_mp4() {
        model::Asset asset = add_original("mp4", test_signal(as_mp4));
        put(asset);
        return asset;
    }
    static TaskRequest request(const model::Asset& asset, std::vector<model::Work> works) {
        TaskRequest request;
        request.application = asset.application;
        request.file = asset.id;
        request.works = std::move(works);
        return request;
    }
    model::TaskId create(TaskRequest request) {
        const Result<model::TaskId> id = run(loop_, tasks_.create(std::move(request)));
        EXPECT_TRUE(id) << id.error().detail;
        return id.value_or(model::TaskId());
    }
    model::Task find(const model::TaskId& id) {
        const Result<model::Task> task = run(loop_, tasks_.find(model::default_application, id));
        EXPECT_TRUE(task) << task.error().detail;
        return task.value_or(model::Task{});
    }
    model::Asset find(const model::Asset& asset) {
        store::RecordKey key = asset_key(asset.application, asset.id);
        return run(loop_, store::load<model::Asset>(store_, std::move(key))).value().value;
    }
    // What is to be done next, or nothing.
    std::vector<store::Lease> lease_tasks() {
        const store::LeaseOptions options{.count_max = 1, .hold = Duration(60'000)};
        for (const model::QueueId& queue : model::task_queues()) {
            std::vector<store::Lease> leases = run(loop_, store_.lease(queue, options)).value();
            if (!leases.empty()) return leases;
        }
        return {};
    }
    static Task<int> run_job(TaskJob* job) {
        co_await job->run();
        co_return 0;
    }
    void work(const JobTools& with, store::Lease lease) {
        TaskJob job(with, std::move(lease));
        run(loop_, run_job(&job));
    }
    // Does what is first, as one worker: a task that waits among the quick work, and then, if there
    // is more to it, among the slow.
    void work() {
        std::vector<store::Lease> leases = lease_tasks();
        ASSERT_EQ(leases.size(), 1u);
        const bool is_quick = leases.front().queue.text().ends_with("/quick");
        const JobTools with = tools();
        work(with, std::move(leases.front()));
        leases = is_quick ? lease_tasks() : std::vector<store::Lease>();
        if (!leases.empty()) work(with, std::move(leases.front()));
    }
    // What was told so far, oldest first.
    std::vector<model::Task> told() {
        const store::LeaseOptions options{.count_max = 100, .hold = Duration(0)};
        std::vector<model::Task> tasks;
        for (const store::Lease& lease :
             run(loop_, store_.lease(TaskAnnouncer::queue(), options)).value())
            tasks.push_back(from_json_text<model::Task>(*lease.body).value());
        return tasks;
    }
    // In all queues of tasks.
    store::QueueCounts waiting() {
        store::QueueTotals totals = run(loop_, store_.totals()).value();
        return totals["tasks"];
    }

    ManualClock clock_{parse_time("2026-03-02T08:10:22Z").value()};
    store::MemoryStore store_{clock_};
    TaskAnnouncer announcer_;
    LiveTasks live_;
    LocalTasks tasks_{store_, clock_, live_};
    HookedProber hooked_{prober_};
    StepRunner hooked_steps_;
    FakeTemplates templates_;
    Catalog catalog_;
};

inline model::TranscodeWork transcode(std::uint64_t definition) {
    model::TranscodeWork work;
    work.definition = definition;
    return work;
}
inline model::CoverWork cover() {
    model::CoverWork work;
    work.definition = 10;
    return work;
}

}  // namespace hookreel::media::fakes
