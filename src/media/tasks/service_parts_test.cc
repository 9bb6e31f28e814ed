#include "media/tasks/service_parts.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "media/files/library.h"
#include "media/files/upload_fakes.h"
#include "media/tasks/local_tasks.h"
#include "media/tasks/task_records.h"
#include "model/application.h"
#include "model/event.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

using model::Failure;
using model::StepStatus;
using model::TaskStatus;

const model::ApplicationId app = model::default_application;

// Answers each kind what it was told to, and keeps the questions.
class FakeService final : public ExternalService {
 public:
    bool serves(std::string_view) const override { return true; }
    Task<Result<Reply>> ask(Question question) override {
        asked.push_back(question);
        if (before_answer) co_await before_answer();
        const auto found = answers.find(question.kind);
        if (found == answers.end()) co_return fail(Code::not_found, "no external service does it");
        co_return found->second;
    }

    std::map<std::string, Result<Reply>> answers;
    std::vector<Question> asked;
    std::function<Task<void>()> before_answer;
};

Reply finished(std::string output) {
    Reply reply;
    reply.state = Reply::State::finished;
    reply.output = std::move(output);
    return reply;
}

Reply going_on(int progress, int seconds) {
    Reply reply;
    reply.progress = progress;
    reply.ask_again = std::chrono::seconds(seconds);
    return reply;
}

model::ServiceWork part(std::string service) {
    model::ServiceWork work;
    work.definition = 10;
    work.service = std::move(service);
    work.input = R"({"Definition":10})";
    return work;
}

// Tells one queue of every task, as the task's record.
class TaskTeller final : public store::Announcer {
 public:
    static model::QueueId queue() { return model::QueueId("reel/fake"); }
    store::NewEvent announce(const model::Event& event) const override {
        const auto& payload = std::get<model::ProcedureChanged>(event.payload);
        store::NewEvent told{
            event.id, event.application, std::string(model::type(event)), "", event.time, {}, {}};
        auto body = std::make_shared<const std::string>(to_json_text(payload.task));
        told.entries.push_back({queue(), std::move(body), {}});
        return told;
    }
};

class PartsOfServices : public testing::Test {
 protected:
    PartsOfServices() {
        model::Asset asset;
        asset.application = app;
        asset.id = model::FileId("7");
        asset.name = "Lecture";
        asset.path = "a/7/f0.mp4";
        put(asset);
    }

    template <class T>
    T run(Task<T> task) {
        return fakes::run(loop_, std::move(task));
    }
    void put(const model::Asset& asset) {
        store::Commit commit;
        commit.puts.push_back({asset_key(app, asset.id), to_json_text(asset), {}});
        EXPECT_TRUE(run(store_.commit(std::move(commit))));
    }
    static TaskRequest request(std::vector<model::Work> works) {
        TaskRequest made;
        made.application = app;
        made.file = model::FileId("7");
        made.works = std::move(works);
        made.session_context = "lesson 7";
        return made;
    }
    model::TaskId create(TaskRequest wanted) {
        const Result<model::TaskId> id = run(tasks_.create(std::move(wanted)));
        EXPECT_TRUE(id) << id.error().detail;
        return id.value_or(model::TaskId());
    }
    std::vector<store::Lease> due(std::int64_t priority = 0) {
        return *run(store_.lease(model::task_queue(priority, model::JobLength::outside), {}));
    }
    // Asks once, if something is due. Returns how many were.
    std::size_t serve() {
        std::vector<store::Lease> leases = due();
        for (store::Lease& lease : leases)
            serve(std::move(lease));
        return leases.size();
    }
    void serve(store::Lease lease) { run(whole(tools_, std::move(lease))); }
    static Task<int> whole(const ExternalTools& tools, store::Lease lease) {
        co_await ask_for_part(tools, std::move(lease));
        co_return 0;
    }
    model::Task task(const model::TaskId& id) { return *run(tasks_.find(app, id)); }
    std::vector<model::Task> told() {
        std::vector<model::Task> all;
        const store::LeaseOptions options{.count_max = 100, .hold = Duration(0)};
        for (const store::Lease& lease : *run(store_.lease(TaskTeller::queue(), options)))
            all.push_back(from_json_text<model::Task>(*lease.body).value());
        return all;
    }
    static const model::ServiceWork& work(const model::Step& step) {
        return std::get<model::ServiceWork>(step.work);
    }

    Loop loop_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    store::MemoryStore store_{clock_};
    TaskTeller announcer_;
    FakeService service_;
    Log log_{Level::error};
    LiveTasks live_;
    LocalTasks tasks_{store_, clock_, live_};
    Catalog catalog_;
    ExternalTools tools_{
        store_,
        announcer_,
        clock_,
        service_,
        log_,
        [](std::string_view path) { return "http://h/media/" + std::string(path); },
        [](std::string_view, std::string output) -> Result<std::string> {
            if (output == "[]") return fail(Code::invalid, "it is empty");
            return output;
        },
        [](const model::ExternalTask&) { return model::Findings{}; },
        catalog_,
        {}};
};

TEST_F(PartsOfServices, WaitForWhoAsksAndNotForACore) {
    TaskRequest wanted = request({part("review_content")});
    wanted.priority = 4;
    create(std::move(wanted));
    for (const model::QueueId& queue : model::task_queues())
        EXPECT_EQ(run(store_.count(queue))->waiting, 0u) << queue.text();
    EXPECT_EQ(due(4).size(), 1u);
}

TEST_F(PartsOfServices, AreAskedForWithTheirFileAndEndWithOneEvent) {
    const model::TaskId id = create(request({part("review_content")}));
    service_.answers["review_content"] = finished(R"([{"Type":"Porn"}])");
    EXPECT_EQ(serve(), 1u);
    ASSERT_EQ(service_.asked.size(), 1u);
    const Question& asked = service_.asked.front();
    EXPECT_EQ(asked.id, id.text() + "-0");
    EXPECT_EQ(asked.input, R"({"Definition":10})");
    EXPECT_EQ(asked.session_context, "lesson 7");
    EXPECT_EQ(asked.file->url, "http://h/media/a/7/f0.mp4");
    EXPECT_EQ(asked.deadline, clock_.now() + std::chrono::hours(1));
    const model::Task ended = task(id);
    EXPECT_EQ(ended.status, TaskStatus::finish);
    EXPECT_EQ(ended.finished, clock_.now());
    EXPECT_EQ(ended.steps[0].status, StepStatus::success);
    EXPECT_EQ(ended.steps[0].message, "SUCCESS");
    EXPECT_EQ(work(ended.steps[0]).output, R"([{"Type":"Porn"}])");
    ASSERT_EQ(told().size(), 1u);
    EXPECT_EQ(to_json_text(told().front()), to_json_text(ended));
    EXPECT_EQ(serve(), 0u);
}

TEST_F(PartsOfServices, AreAskedForSideBySide) {
    TaskRequest wanted = request({part("review_content"), part("analyze_content")});
    wanted.notify = model::NotifyMode::change;
    const model::TaskId id = create(std::move(wanted));
    service_.answers["review_content"] = going_on(30, 20);
    service_.answers["analyze_content"] = going_on(50, 5);
    EXPECT_EQ(serve(), 1u);
    EXPECT_EQ(serve(), 1u);  // The other one is due at once.
    EXPECT_EQ(service_.asked[1].id, id.text() + "-1");
    EXPECT_EQ(serve(), 0u);
    EXPECT_EQ(task(id).status, TaskStatus::processing);
    EXPECT_EQ(task(id).steps[0].progress, 30);
    EXPECT_EQ(task(id).steps[1].progress, 50);
    clock_.advance(std::chrono::seconds(5));
    service_.answers["analyze_content"] = finished(R"([{"Type":"Tag"}])");
    EXPECT_EQ(serve(), 1u);
    EXPECT_EQ(service_.asked.back().kind, "analyze_content");
    EXPECT_EQ(serve(), 0u);
    ASSERT_EQ(told().size(), 1u);
    EXPECT_EQ(told()[0].status, TaskStatus::processing);
    EXPECT_EQ(told()[0].steps[0].status, StepStatus::processing);
    EXPECT_EQ(told()[0].steps[1].status, StepStatus::success);
    clock_.advance(std::chrono::seconds(15));
    service_.answers["review_content"] = finished(R"([{"Type":"Porn"}])");
    EXPECT_EQ(serve(), 1u);
    ASSERT_EQ(told().size(), 2u);
    EXPECT_EQ(told()[1].status, TaskStatus::finish);
    EXPECT_EQ(serve(), 0u);
}

TEST_F(PartsOfServices, NeverFallInTheirProgress) {
    const model::TaskId id = create(request({part("review_content")}));
    service_.answers["review_content"] = going_on(30, 1);
    serve();
    service_.answers["review_content"] = going_on(10, 1);
    clock_.advance(std::chrono::seconds(1));
    EXPECT_EQ(serve(), 1u);
    EXPECT_EQ(task(id).steps[0].progress, 30);
}

TEST_F(PartsOfServices, TellNothingWhenAskedNotTo) {
    TaskRequest wanted = request({part("review_content")});
    wanted.notify = model::NotifyMode::none;
    const model::TaskId id = create(std::move(wanted));
    service_.answers["review_content"] = finished(R"([{"Type":"Porn"}])");
    serve();
    EXPECT_EQ(task(id).status, TaskStatus::finish);
    EXPECT_TRUE(told().empty());
}

TEST_F(PartsOfServices, FailEachForItself) {
    const model::TaskId id = create(
        request({part("review_content"), part("analyze_content"), part("recognize_content")}));
    Reply reply;
    reply.state = Reply::State::failed;
    reply.failure = Failure::content_unsupported;
    reply.message = "no speech";
    service_.answers["review_content"] = reply;
    service_.answers["analyze_content"] = finished("[]");
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(serve(), 1u);
    const model::Task ended = task(id);
    EXPECT_EQ(ended.status, TaskStatus::finish);
    EXPECT_EQ(ended.steps[0].failure, Failure::content_unsupported);
    EXPECT_EQ(ended.steps[0].message, "no speech");
    EXPECT_EQ(ended.steps[1].failure, Failure::internal_error);
    EXPECT_TRUE(ended.steps[1].message.contains("it is empty"));
    // Its service is not there any more.
    EXPECT_TRUE(ended.steps[2].message.contains("no external service does it"));
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(PartsOfServices, OfAServiceThatDoesNotAnswerAreTriedUntilTheirTimeIsUp) {
    const model::TaskId id = create(request({part("review_content")}));
    service_.answers["review_content"] = fail(Code::network, "connect: refused");
    for (int i = 0; i < 200 && task(id).status != TaskStatus::finish; ++i) {
        serve();
        clock_.advance(std::chrono::seconds(60));
    }
    EXPECT_TRUE(task(id).steps[0].message.contains("in time"));
    EXPECT_GE(service_.asked.size(), 50u);
    EXPECT_LE(service_.asked.size(), 60u);
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(PartsOfServices, EndAtTheirTimeAlsoWhenTheServiceWishesToBeAskedLater) {
    tools_.options.time_limit = std::chrono::seconds(30);
    const model::TaskId id = create(request({part("review_content")}));
    service_.answers["review_content"] = going_on(10, 600);
    serve();
    clock_.advance(std::chrono::seconds(30));
    EXPECT_EQ(serve(), 1u);
    EXPECT_EQ(service_.asked.size(), 1u);
    EXPECT_TRUE(task(id).steps[0].message.contains("in time"));
}

TEST_F(PartsOfServices, OnAFileThatIsGoneFail) {
    const model::TaskId id = create(request({part("review_content"), part("analyze_content")}));
    store::Commit commit;
    commit.removes.push_back(asset_key(app, model::FileId("7")));
    ASSERT_TRUE(run(store_.commit(std::move(commit))));
    serve();
    serve();
    EXPECT_TRUE(service_.asked.empty());
    EXPECT_EQ(task(id).steps[0].failure, Failure::source_file_error);
    EXPECT_EQ(task(id).steps[1].failure, Failure::source_file_error);
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(PartsOfServices, OnAFileWhoseOriginalIsGoneFail) {
    model::Asset asset;
    asset.application = app;
    asset.id = model::FileId("7");
    put(asset);
    const model::TaskId id = create(request({part("review_content")}));
    serve();
    EXPECT_EQ(task(id).steps[0].failure, Failure::source_file_error);
}

TEST_F(PartsOfServices, OfAForeignFileGetItsAddress) {
    TaskRequest wanted = request({part("recognize_content")});
    wanted.file = model::FileId();
    wanted.foreign = model::ForeignFile{"http://o/a.mp4", "clip", "mine"};
    const model::TaskId id = create(std::move(wanted));
    service_.answers["recognize_content"] = finished(R"([{"Type":"Face"}])");
    serve();
    const Question::File& file = *service_.asked.front().file;
    EXPECT_EQ(file.url, "http://o/a.mp4");
    EXPECT_EQ(file.name, "clip");
    EXPECT_EQ(file.id, "mine");
    EXPECT_EQ(task(id).status, TaskStatus::finish);
    EXPECT_EQ(told().size(), 1u);
    wanted = request({model::SpriteWork{}});
    wanted.foreign = model::ForeignFile{"http://o/a.mp4", "", ""};
    EXPECT_EQ(run(tasks_.create(wanted)).error().code, Code::invalid);
}

// The service answers while somebody takes the task back.
TEST_F(PartsOfServices, ThatWereTakenBackAreNotToldOf) {
    const model::TaskId id = create(request({part("review_content")}));
    service_.answers["review_content"] = finished(R"([{"Type":"Porn"}])");
    std::vector<store::Lease> leases = due();
    store::RecordKey key = task_key(app, id);
    auto kept = *run(store::load<model::Task>(store_, key));
    kept.value.status = TaskStatus::aborted;
    service_.before_answer = [&]() -> Task<void> {
        store::Commit commit;
        commit.puts.push_back({key, to_json_text(kept.value), kept.version});
        EXPECT_TRUE(co_await store_.commit(std::move(commit)));
    };
    serve(std::move(leases.front()));
    EXPECT_EQ(task(id).status, TaskStatus::aborted);
    EXPECT_TRUE(told().empty());
    clock_.advance(std::chrono::minutes(1));
    EXPECT_EQ(serve(), 1u);  // It finds out, and is gone.
    clock_.advance(std::chrono::minutes(1));
    EXPECT_EQ(serve(), 0u);
    EXPECT_EQ(service_.asked.size(), 1u);
}

// A worker that was given up for dead comes back while the next one works.
TEST_F(PartsOfServices, OfALostLeaseChangeNothing) {
    const model::TaskId id = create(request({part("review_content")}));
    std::vector<store::Lease> old = due();
    clock_.advance(std::chrono::minutes(2));
    std::vector<store::Lease> next = due();
    ASSERT_EQ(next.size(), 1u);
    service_.answers["review_content"] = finished(R"([{"Type":"Porn"}])");
    serve(std::move(old.front()));
    EXPECT_EQ(task(id).status, TaskStatus::waiting);
    EXPECT_TRUE(told().empty());
    serve(std::move(next.front()));
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(PartsOfServices, FindNoMoreThanTheirTaskCanTell) {
    const model::TaskId id = create(request({part("review_content"), part("analyze_content")}));
    const std::string large = "[\"" + std::string(findings_bytes_max - 10, 'x') + "\"]";
    service_.answers["review_content"] = finished(large);
    service_.answers["analyze_content"] = finished(R"([{"Type":"Tag"}])");
    serve();
    serve();
    EXPECT_EQ(task(id).steps[0].status, StepStatus::success);
    EXPECT_EQ(task(id).steps[1].failure, Failure::internal_error);
    EXPECT_TRUE(task(id).steps[1].message.contains("384 KiB"));
    EXPECT_EQ(told().size(), 1u);
}

// The file and what was made of it take room too.
TEST_F(PartsOfServices, WhoseFindingsDoNotFitIntoTheRecordFail) {
    TaskRequest wanted = request({part("review_content")});
    wanted.session_context = std::string(700 * 1024, 'c');
    const model::TaskId id = create(std::move(wanted));
    service_.answers["review_content"] = finished("[\"" + std::string(350 * 1024, 'x') + "\"]");
    serve();
    EXPECT_EQ(task(id).steps[0].failure, Failure::internal_error);
    EXPECT_TRUE(task(id).steps[0].message.contains("does not fit"));
    EXPECT_EQ(work(task(id).steps[0]).output, "");
    EXPECT_EQ(told().size(), 1u);
}

}  // namespace
}  // namespace hookreel::media
