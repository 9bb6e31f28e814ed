#include "media/tasks/task_workers.h"

#include <gtest/gtest.h>

#include "media/tasks/task_fixture_test.h"

namespace hookreel::media {
namespace {

class TaskWorkersTest : public fakes::TaskTest {
 protected:
    // Waits for so many events, then stops the workers.
    static Task<int> await_events(store::Store* store, TaskWorkers* workers, int count) {
        int told = 0;
        while (told < count) {
            const store::LeaseOptions options{
                .count_max = 100, .hold = Duration(60'000), .wait = Duration(30'000)};
            const auto leases = co_await store->lease(fakes::TaskAnnouncer::queue(), options);
            if (!leases || leases->empty()) break;
            told += static_cast<int>(leases->size());
        }
        co_await workers->stop();
        co_return told;
    }
    static Task<int> stop(TaskWorkers* workers) {
        co_await workers->stop();
        co_return 0;
    }
};

TEST_F(TaskWorkersTest, DoAllTasksThatWaitAndThoseThatCome) {
    const model::Asset asset = add_mp4();
    WorkerOptions two;
    two.jobs_max = 2;
    std::vector<model::TaskId> ids;
    for (int i = 0; i < 3; ++i)
        ids.push_back(create(request(asset, {fakes::cover(), fakes::transcode(1010)})));
    TaskWorkers workers(loop_.get_executor(), tools(two));
    EXPECT_EQ(fakes::run(loop_, await_events(&store_, &workers, 3)), 3);
    for (const model::TaskId& id : ids)
        EXPECT_EQ(find(id).status, model::TaskStatus::finish);
    EXPECT_EQ(find(asset).renditions.size(), 1u);
}

// One worker, before which all of it waits: the order is that of the events.
TEST_F(TaskWorkersTest, DoWhatIsUrgentFirstAndPicturesBeforeWhatEncodesAll) {
    const model::Asset asset = add_mp4();
    const auto ask = [&](std::int64_t priority, model::Work work) {
        TaskRequest made = request(asset, {std::move(work)});
        made.priority = priority;
        return create(std::move(made));
    };
    const model::TaskId later = ask(-1, fakes::cover());
    const model::TaskId slow = ask(0, fakes::transcode(1010));
    const model::TaskId quick = ask(0, fakes::cover());
    const model::TaskId younger = ask(0, fakes::cover());
    const model::TaskId urgent = ask(10, fakes::transcode(1010));
    const std::vector<model::TaskId> order = {urgent, quick, younger, slow, later};
    TaskWorkers workers(loop_.get_executor(), tools());
    ASSERT_EQ(fakes::run(loop_, await_events(&store_, &workers, 5)), 5);
    clock_.advance(Duration(60'000));
    std::vector<model::TaskId> done;
    for (const model::Task& task : told())
        done.push_back(task.id);
    EXPECT_EQ(done, order);
}

TEST_F(TaskWorkersTest, GiveTheirTasksBackWhenTheyStop) {
    const model::Asset asset = add_mp4();
    const model::TaskId id = create(request(asset, {fakes::transcode(10)}));
    std::optional<TaskWorkers> workers(std::in_place, loop_.get_executor(), tools());
    TaskGroup stopping(loop_.get_executor());
    // They are stopped in the middle of the task.
    hooked_.before = [&]() -> Task<void> {
        stopping.spawn(workers->stop());
        co_await asio::post(loop_.get_executor(), use_task);
    };
    loop_.restart();
    loop_.run();
    EXPECT_EQ(find(id).status, model::TaskStatus::waiting);
    EXPECT_EQ(waiting().waiting, 1u);
    EXPECT_TRUE(work_is_clean());
    EXPECT_TRUE(told().empty());

    workers.emplace(loop_.get_executor(), tools());
    EXPECT_EQ(fakes::run(loop_, await_events(&store_, &*workers, 1)), 1);
    EXPECT_EQ(find(id).status, model::TaskStatus::finish);
}

TEST_F(TaskWorkersTest, StopAtOnceWhenThereIsNothingToDo) {
    TaskWorkers workers(loop_.get_executor(), tools());
    fakes::run(loop_, stop(&workers));
    EXPECT_GE(default_jobs_max(), 1);
}

}  // namespace
}  // namespace hookreel::media
