#include "media/agenda/local_agenda.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "media/editing/local_edits.h"
#include "media/external/external_tasks.h"
#include "media/files/session_claim.h"
#include "media/files/upload_fakes.h"
#include "media/pulls/pull_records.h"
#include "media/tasks/task_records.h"
#include "model/application.h"
#include "model/task_id.h"
#include "model/task_life.h"
#include "store/memory/memory_store.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using model::TaskStatus;
using Field = AgendaQuery::Field;
using Order = AgendaQuery::Order;

const model::ApplicationId app = model::default_application;

class AgendaTest : public testing::Test {
 protected:
    void put(store::RecordKey key, std::string value) {
        store::Commit commit;
        commit.puts.push_back({std::move(key), std::move(value), {}});
        ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
    }
    // A task of now.
    model::Task task(std::string id, TaskStatus status = TaskStatus::waiting) {
        model::Task task;
        task.id = model::TaskId(std::move(id));
        task.application = app;
        task.file = model::FileId("1");
        task.status = status;
        task.created = clock_.now();
        if (model::is_over(status)) task.finished = clock_.now();
        return task;
    }
    model::Task add(model::Task task) {
        put(task_key(task.application, task.id), to_json_text(task));
        return task;
    }
    void add_edit(std::string id, model::EditWork work) {
        model::Edit edit;
        edit.id = model::TaskId(std::move(id));
        edit.request.application = app;
        edit.request.work = std::move(work);
        edit.request.session_context = "of the edit";
        edit.file = model::FileId("77");
        edit.created = clock_.now();
        put(edit_key(app, edit.id), to_json_text(edit));
    }
    void add_pull(std::string id, TaskStatus status) {
        PullState state;
        state.pull.id = model::TaskId(std::move(id));
        state.pull.request.application = app;
        state.pull.file = model::FileId("88");
        state.pull.status = status;
        state.pull.created = clock_.now();
        if (model::is_over(status)) state.pull.finished = clock_.now();
        put(pull_key(app, state.pull.id), to_json_text(state));
    }
    void add_external(std::string id) {
        ExternalState state;
        state.task.id = model::TaskId(std::move(id));
        state.task.request.application = app;
        state.task.request.kind = "generate_image";
        state.task.created = clock_.now();
        put(external_key(app, state.task.id), to_json_text(state));
    }
    // One of each kind, a second between them.
    void add_all_kinds() {
        add(task("steps"));
        clock_.advance(std::chrono::seconds(1));
        add_edit("cut", model::Cut{});
        clock_.advance(std::chrono::seconds(1));
        add_edit("composition", model::Composition{});
        clock_.advance(std::chrono::seconds(1));
        add_pull("pull", TaskStatus::finish);
        clock_.advance(std::chrono::seconds(1));
        add_external("external");
    }
    AgendaPage list(AgendaQuery query = {}) {
        query.application = app;
        Result<AgendaPage> page = fakes::run(loop_, agenda_.list(std::move(query)));
        EXPECT_TRUE(page);
        return page ? std::move(*page) : AgendaPage{};
    }
    static std::string ids(const AgendaPage& page) {
        std::string all;
        for (const AgendaEntry& entry : page.entries)
            all += entry.id.text() + " ";
        return all;
    }
    Result<void> abort(std::string id, model::ApplicationId of = app) {
        return fakes::run(loop_, agenda_.abort(of, model::TaskId(std::move(id))));
    }

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    store::MemoryStore store_{clock_};
    LiveTasks live_;
    Log log_{Level::error};
    LocalAgenda agenda_{store_, clock_, live_, log_};
};

TEST_F(AgendaTest, ListsWorkOfEveryKindNewestFirst) {
    add_all_kinds();
    const AgendaPage page = list();
    EXPECT_EQ(ids(page), "external pull composition cut steps ");
    EXPECT_EQ(page.next, "");
    EXPECT_EQ(page.entries[0].kind, AgendaKind::external);
    EXPECT_EQ(page.entries[0].external_kind, "generate_image");
    EXPECT_EQ(page.entries[1].kind, AgendaKind::pull);
    EXPECT_EQ(page.entries[1].file.text(), "88");
    EXPECT_EQ(page.entries[2].kind, AgendaKind::composition);
    EXPECT_EQ(page.entries[2].session_context, "of the edit");
    EXPECT_EQ(page.entries[3].kind, AgendaKind::cut);
    EXPECT_EQ(page.entries[3].file.text(), "");
    EXPECT_EQ(page.entries[4].file.text(), "1");
}

TEST_F(AgendaTest, GoesOnWhereThePageEnded) {
    for (int i = 0; i < 5; ++i) {
        add(task(fmt::format("t{}", i)));
        if (i != 2) clock_.advance(Duration(1));  // Two of one time.
    }
    AgendaQuery query;
    query.count_max = 2;
    query.order = Order::oldest_first;
    std::string all;
    for (int pages = 0; pages < 3; ++pages) {
        const AgendaPage page = list(query);
        all += ids(page);
        query.cursor = page.next;
        EXPECT_EQ(page.next.empty(), pages == 2);
        add(task(fmt::format("late{}", pages), TaskStatus::aborted));
        query.status = TaskStatus::waiting;
    }
    EXPECT_EQ(all, "t0 t1 t2 t3 t4 ");
}

TEST_F(AgendaTest, RefusesACursorOfAnotherList) {
    for (const char* cursor : {"x", "cd-", "cd-12", "cd--", "ca-1-t", "fd-1-t"}) {
        AgendaQuery query;
        query.application = app;
        query.cursor = cursor;
        const Result<AgendaPage> page = fakes::run(loop_, agenda_.list(query));
        ASSERT_FALSE(page) << cursor;
        EXPECT_EQ(page.error().code, Code::invalid);
    }
}

TEST_F(AgendaTest, FiltersByStatusFileAndTimes) {
    add_all_kinds();
    AgendaQuery query;
    query.status = TaskStatus::finish;
    EXPECT_EQ(ids(list(query)), "pull ");
    query = {};
    query.file = model::FileId("1");
    EXPECT_EQ(ids(list(query)), "steps ");
    query = {};
    query.finished.to = clock_.now();
    EXPECT_EQ(ids(list(query)), "pull ");
    query = {};
    query.created.from = query.created.to = clock_.now() - Duration(1'000);
    EXPECT_EQ(ids(list(query)), "pull ");
}

TEST_F(AgendaTest, PutsWhatDidNotFinishBehindWhatDid) {
    add(task("open"));
    add(task("first", TaskStatus::finish));
    clock_.advance(Duration(1));
    add(task("second", TaskStatus::finish));
    AgendaQuery query;
    query.field = Field::finished;
    query.order = Order::oldest_first;
    EXPECT_EQ(ids(list(query)), "first second open ");
    query.order = Order::newest_first;
    EXPECT_EQ(ids(list(query)), "second first open ");
}

TEST_F(AgendaTest, ShowsWhatIsBeingDoneNow) {
    model::Task running = add(task("running"));
    running.status = TaskStatus::processing;
    running.begun = clock_.now();
    live_.put(running);
    AgendaQuery query;
    query.status = TaskStatus::processing;
    const AgendaPage page = list(query);
    ASSERT_EQ(ids(page), "running ");
    EXPECT_EQ(page.entries.front().begun, clock_.now());
}

TEST_F(AgendaTest, IsOfOneApplicationAndThreeDays) {
    model::Task foreign = task("foreign");
    foreign.application = model::ApplicationId(1);
    add(foreign);
    add(task("old"));
    clock_.advance(model::task_memory);
    EXPECT_EQ(ids(list()), "old ");
    clock_.advance(Duration(1));
    EXPECT_EQ(ids(list()), "");
}

TEST_F(AgendaTest, TakesBackWhatWaits) {
    add_all_kinds();
    for (const char* id : {"steps", "cut", "composition", "external"}) {
        EXPECT_TRUE(abort(id)) << id;
        EXPECT_EQ(abort(id).error().code, Code::conflict);
        EXPECT_EQ(abort(id).error().detail, "ABORTED");
    }
    AgendaQuery query;
    query.status = TaskStatus::aborted;
    const AgendaPage page = list(query);
    EXPECT_EQ(page.entries.size(), 4u);
    for (const AgendaEntry& entry : page.entries)
        EXPECT_EQ(entry.finished, clock_.now());
}

TEST_F(AgendaTest, EndsTheStepsOfWhatIsTakenBack) {
    model::Task waits = task("waits");
    waits.steps.resize(2);
    add(waits);
    ASSERT_TRUE(abort("waits"));
    const store::RecordKey key{store::Kind::task, fmt::format("{}/waits", app.value())};
    const auto kept = fakes::run(loop_, store::load<model::Task>(store_, key));
    ASSERT_TRUE(kept);
    ASSERT_EQ(kept->value.steps.size(), 2u);
    for (const model::Step& step : kept->value.steps) {
        EXPECT_EQ(step.status, model::StepStatus::fail);
        EXPECT_EQ(step.finished, clock_.now());
    }
}

TEST_F(AgendaTest, LeavesWhatDoesNotWait) {
    model::Task running = add(task("running"));
    running.status = TaskStatus::processing;
    live_.put(running);
    EXPECT_EQ(abort("running").error().detail, "PROCESSING");
    add(task("between steps", TaskStatus::processing));
    EXPECT_EQ(abort("between steps").error().detail, "PROCESSING");
    add_pull("pull", TaskStatus::finish);
    EXPECT_EQ(abort("pull").error().detail, "FINISH");
    EXPECT_EQ(abort("unknown").error().code, Code::not_found);
    EXPECT_EQ(abort("pull", model::ApplicationId(1)).error().code, Code::not_found);
}

TEST_F(AgendaTest, ForgetsWhatIsLongOver) {
    add(task("over", TaskStatus::finish));
    add(task("aborted", TaskStatus::aborted));
    add(task("waits"));
    add_edit("cut", model::Cut{});
    add_pull("pull", TaskStatus::finish);
    put({store::Kind::session, "a"}, to_json_text(SessionUse{model::TaskId("t"), clock_.now()}));
    const auto left = [this](store::Kind kind) {
        return fakes::run(loop_, store_.list(kind, {})).value().size();
    };
    clock_.advance(model::task_memory);
    ASSERT_TRUE(fakes::run(loop_, agenda_.forget_old()));
    EXPECT_EQ(left(store::Kind::task), 3u);
    clock_.advance(Duration(1));
    ASSERT_TRUE(fakes::run(loop_, agenda_.forget_old()));
    EXPECT_EQ(left(store::Kind::task), 1u);
    EXPECT_EQ(left(store::Kind::edit), 1u);
    EXPECT_EQ(left(store::Kind::pull), 0u);
    EXPECT_EQ(left(store::Kind::session), 1u);
    clock_.advance(session_memory);
    ASSERT_TRUE(fakes::run(loop_, agenda_.forget_old()));
    EXPECT_EQ(left(store::Kind::session), 0u);
}

// What lists say must not depend on how they are read.
class AgendaOfManyTest : public AgendaTest {
 protected:
    AgendaOfManyTest() {
        for (int i = 0; i < 600; ++i) {
            if (i % 7 != 0) clock_.advance(std::chrono::minutes(i % 11));  // Some at one time.
            const std::string digits = fmt::format("{:020x}", (i * 7919ull) % 1009 * 1'000'003);
            const TaskStatus status = i % 5 == 0 ? TaskStatus::waiting : TaskStatus::finish;
            if (i % 3 == 0)
                add_pull(model::make_task_id("Pull", clock_.now(), digits).text(), status);
            else if (i % 3 == 1)
                add_edit(
                    model::make_task_id(i % 2 ? "EditMedia" : "ComposeMedia", clock_.now(), digits)
                        .text(),
                    i % 2 ? model::EditWork(model::Cut{}) : model::Composition{});
            else
                add(lasting(
                    task(model::make_task_id("Procedure", clock_.now(), digits).text(), status),
                    std::chrono::minutes(i * 31 % 200)));
        }
        EXPECT_TRUE(fakes::run(loop_, agenda_.forget_old()));
    }

    static model::Task lasting(model::Task task, Duration time) {
        if (task.finished != TimePoint{}) task.finished += time;
        return task;
    }

    // All pages, one after the other.
    std::string all_of(LocalAgenda& agenda, AgendaQuery query) {
        query.application = app;
        std::string all;
        do {
            const Result<AgendaPage> page = fakes::run(loop_, agenda.list(query));
            EXPECT_TRUE(page);
            all += ids(*page) + "| ";
            query.cursor = page->next;
        } while (!query.cursor.empty());
        return all;
    }
};

TEST_F(AgendaOfManyTest, ShowsTheSameHoweverItIsRead) {
    LocalAgenda reads_all(store_, clock_, live_, log_);  // It has not looked at the ids.
    AgendaQuery query;
    query.count_max = 7;
    const std::string everything = all_of(agenda_, query);
    EXPECT_GT(everything.size(), 10'000u);
    EXPECT_EQ(everything, all_of(reads_all, query));
    query.status = TaskStatus::waiting;
    EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
    query.created.to = clock_.now() - std::chrono::hours(10);
    query.created.from = clock_.now() - std::chrono::hours(20);
    EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
    query.order = Order::oldest_first;
    EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
}

TEST_F(AgendaOfManyTest, ShowsTheOldestAndTheFirstToFinishAsIfAllWereRead) {
    LocalAgenda reads_all(store_, clock_, live_, log_);
    for (const Field field : {Field::created, Field::finished}) {
        AgendaQuery query;
        query.count_max = 7;
        query.field = field;
        query.order = Order::oldest_first;
        const std::string everything = all_of(agenda_, query);
        EXPECT_GT(everything.size(), 10'000u);
        EXPECT_EQ(everything, all_of(reads_all, query));
        query.status = TaskStatus::finish;
        EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
        query.finished.to = clock_.now() - std::chrono::hours(10);
        query.created.from = clock_.now() - std::chrono::hours(20);
        EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
        query.order = Order::newest_first;
        EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
    }
}

TEST_F(AgendaOfManyTest, ShowsTheLastToFinishAsIfAllWereRead) {
    LocalAgenda reads_all(store_, clock_, live_, log_);
    AgendaQuery query;
    query.count_max = 7;
    query.field = Field::finished;
    const std::string everything = all_of(agenda_, query);
    EXPECT_GT(everything.size(), 10'000u);
    EXPECT_EQ(everything, all_of(reads_all, query));
    for (const TaskStatus status : {TaskStatus::waiting, TaskStatus::finish}) {
        query.status = status;
        EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
    }
    query.finished.from = clock_.now() - std::chrono::hours(20);
    EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
    query = {.field = Field::finished, .count_max = 7};
    query.file = model::FileId("1");
    EXPECT_EQ(all_of(agenda_, query), all_of(reads_all, query));
}

// Marks are written by whoever ends work; those of an earlier build are written once.
TEST_F(AgendaTest, MarksEndsOfAnEarlierBuildOnceAndForgetsThemWithTheWork) {
    AgendaQuery by_end;
    by_end.field = Field::finished;
    const auto round = [this] { ASSERT_TRUE(fakes::run(loop_, agenda_.forget_old())); };
    const std::string id = model::make_task_id("Procedure", clock_.now(), "ab").text();
    add(task(id, TaskStatus::finish));
    round();
    EXPECT_EQ(ids(list(by_end)), id + " ");
    const std::string unmarked = model::make_task_id("Procedure", clock_.now(), "cd").text();
    add(task(unmarked, TaskStatus::finish));
    round();
    EXPECT_EQ(ids(list(by_end)), id + " ");
    clock_.advance(model::task_memory + Duration(1));
    round();
    EXPECT_TRUE(fakes::run(loop_, store_.list(store::Kind::end_mark, {})).value().empty());
}

TEST_F(AgendaOfManyTest, ListsWhatWasTakenBackAmongTheLastToFinish) {
    const std::string id = model::make_task_id("Procedure", clock_.now(), "ab").text();
    add(task(id));
    clock_.advance(std::chrono::hours(9));
    ASSERT_TRUE(abort(id));
    AgendaQuery query;
    query.count_max = 1;
    query.field = Field::finished;
    EXPECT_EQ(ids(list(query)), id + " ");
    query.status = TaskStatus::aborted;
    EXPECT_EQ(ids(list(query)), id + " ");
}

TEST_F(AgendaOfManyTest, ShowsTasksOfAnEarlierBuildToo) {
    add(task("1300000001-Procedure-fffffffffffffffffffffffffffffffft0"));
    ASSERT_TRUE(fakes::run(loop_, agenda_.forget_old()));
    AgendaQuery query;
    query.count_max = 1;
    EXPECT_TRUE(ids(list(query)).starts_with("1300000001-Procedure-ffff"));
}

// Stops a group when it is asked for the time: in the middle of a round.
class StoppingClock : public Clock {
 public:
    explicit StoppingClock(TaskGroup& group) : group_(group) {}
    TimePoint now() const override {
        group_.cancel();
        return {};
    }

 private:
    TaskGroup& group_;
};

TEST_F(AgendaTest, EndsItsRoundsAlsoWhenStoppedInTheMiddleOfOne) {
    TaskGroup rounds(loop_.get_executor());
    const StoppingClock clock(rounds);
    LocalAgenda agenda(store_, clock, live_, log_);
    rounds.spawn(agenda.tend());
    loop_.restart();
    loop_.run_for(std::chrono::seconds(1));
    EXPECT_EQ(rounds.size(), 0u);
    rounds.cancel();
    loop_.restart();
    loop_.run_for(std::chrono::seconds(1));
}

}  // namespace
}  // namespace hookreel::media
