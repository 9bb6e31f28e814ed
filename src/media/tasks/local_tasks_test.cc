#include "media/tasks/local_tasks.h"

#include <gtest/gtest.h>

#include "media/tasks/task_fixture_test.h"

namespace hookreel::media {
namespace {

using fakes::transcode;

class LocalTasksTest : public fakes::TaskTest {
 protected:
    LocalTasksTest() {
        asset_.id = model::FileId("3701925921299637010");
        asset_.application = model::default_application;
        put(asset_);
    }
    Code error_of(TaskRequest request) {
        const auto id = fakes::run(loop_, tasks_.create(std::move(request)));
        EXPECT_FALSE(id);
        return id ? Code::internal : id.error().code;
    }
    TaskRequest with_session(std::string session_id) {
        TaskRequest made = request(asset_, {transcode(10)});
        made.session_id = std::move(session_id);
        return made;
    }

    model::Asset asset_;
};

TEST_F(LocalTasksTest, KeepsATaskAndItsPlaceInTheQueue) {
    TaskRequest made = request(asset_, {transcode(10), fakes::cover()});
    made.priority = 5;
    made.session_context = "mine";
    made.notify = model::NotifyMode::change;
    const model::TaskId id = create(std::move(made));
    EXPECT_TRUE(id.text().starts_with("1300000001-Procedure-"));
    EXPECT_EQ(id.text().size(), std::string_view("1300000001-Procedure-t0").size() + 32);
    const model::Task task = find(id);
    EXPECT_EQ(task.status, model::TaskStatus::waiting);
    EXPECT_EQ(task.steps.size(), 2u);
    EXPECT_EQ(task.session_context, "mine");
    EXPECT_EQ(task.created, clock_.now());
    EXPECT_EQ(waiting().waiting, 1u);
    const auto leases = lease_tasks();
    ASSERT_EQ(leases.size(), 1u);
    EXPECT_EQ(from_json_text<TaskTicket>(*leases.front().body)->task, id);
}

TEST_F(LocalTasksTest, RefusesWhatCannotBecomeATask) {
    EXPECT_EQ(error_of(request(asset_, {})), Code::invalid);
    EXPECT_EQ(error_of(request(asset_, std::vector<model::Work>(steps_max + 1, transcode(10)))),
              Code::invalid);
    model::SnapshotWork many;
    many.offsets.assign(offsets_max + 1, "1s");
    EXPECT_EQ(error_of(request(asset_, {many})), Code::invalid);
    model::Asset other = asset_;
    other.id = model::FileId("1");
    EXPECT_EQ(error_of(request(other, {transcode(10)})), Code::not_found);
    other = asset_;
    other.application = model::ApplicationId(1);
    EXPECT_EQ(error_of(request(other, {transcode(10)})), Code::not_found);
    EXPECT_EQ(waiting(), store::QueueCounts{});
}

TEST_F(LocalTasksTest, TakesASessionIdOnceInThreeDays) {
    create(with_session("a session"));
    EXPECT_EQ(error_of(with_session("a session")), Code::conflict);
    create(with_session("another"));
    create(with_session(""));
    create(with_session(""));
    clock_.advance(session_window - Duration(1));
    EXPECT_EQ(error_of(with_session("a session")), Code::conflict);
    clock_.advance(Duration(1));
    create(with_session("a session"));
    EXPECT_EQ(error_of(with_session("a session")), Code::conflict);
    EXPECT_EQ(waiting().waiting, 5u);
}

TEST_F(LocalTasksTest, KeepsSessionIdsOfProceduresApartAndForSevenDays) {
    const auto by_procedure = [this] {
        TaskRequest made = with_session("a session");
        made.origin = TaskRequest::Origin::procedure;
        return made;
    };
    create(with_session("a session"));
    create(by_procedure());
    clock_.advance(session_window);
    EXPECT_EQ(error_of(by_procedure()), Code::conflict);
    clock_.advance(procedure_session_window - session_window);
    create(by_procedure());
}

TEST_F(LocalTasksTest, TakesSessionIdsOfAnyLengthAndBytes) {
    create(with_session(std::string(100'000, '/')));
    EXPECT_EQ(error_of(with_session(std::string(100'000, '/'))), Code::conflict);
}

TEST_F(LocalTasksTest, FindsOnlyTheTasksOfTheApplication) {
    const model::TaskId id = create(request(asset_, {transcode(10)}));
    const auto foreign = fakes::run(loop_, tasks_.find(model::ApplicationId(1), id));
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().code, Code::not_found);
}

TEST_F(LocalTasksTest, TellsTheProgressOfTheMoment) {
    const model::TaskId id = create(request(asset_, {transcode(10)}));
    model::Task running = find(id);
    running.status = model::TaskStatus::processing;
    live_.put(running);
    live_.progress(id, 0, 40);
    live_.progress(id, 0, 30);
    live_.progress(id, 7, 99);
    live_.progress(model::TaskId("unknown"), 0, 99);
    EXPECT_EQ(find(id).status, model::TaskStatus::processing);
    EXPECT_EQ(find(id).steps.front().progress, 40);
    live_.remove(id);
    EXPECT_EQ(find(id).status, model::TaskStatus::waiting);
}

// The commit of a step's end tells of it before its worker has said so here.
TEST_F(LocalTasksTest, AStepThatEndedIsNotFoundRunning) {
    const model::TaskId id = create(request(asset_, {transcode(10), transcode(20)}));
    model::Task running = find(id);
    running.status = model::TaskStatus::processing;
    live_.put(running);
    live_.progress(id, 0, 99);
    live_.progress(id, 1, 7);
    model::Task stored = running;
    stored.steps[0].status = model::StepStatus::success;
    stored.steps[0].progress = 100;
    store::Commit commit;
    commit.puts.push_back({task_key(stored.application, id), to_json_text(stored), {}});
    ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
    const model::Task found = find(id);
    EXPECT_EQ(found.steps[0].status, model::StepStatus::success);
    EXPECT_EQ(found.steps[0].progress, 100);
    EXPECT_EQ(found.steps[1].progress, 7);
}

}  // namespace
}  // namespace hookreel::media
