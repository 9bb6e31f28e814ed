#include "media/external/external_workers.h"

#include <gtest/gtest.h>

#include "http/testing.h"
#include "media/external/external_tasks.h"
#include "media/files/library.h"
#include "media/files/upload_fakes.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

const model::ApplicationId app = model::default_application;

// Answers what it was told to, and keeps the last question.
class FakeService final : public ExternalService {
 public:
    bool serves(std::string_view kind) const override { return kind == "review_audio_video"; }
    Task<Result<Reply>> ask(Question question) override {
        asked = std::move(question);
        ++count;
        co_return answer;
    }

    Result<Reply> answer = Reply{};
    std::optional<Question> asked;
    int count = 0;
};

Reply finished(std::string output) {
    Reply reply;
    reply.state = Reply::State::finished;
    reply.output = std::move(output);
    return reply;
}

class ExternalWork : public testing::Test {
 protected:
    ExternalWork() {
        model::Asset asset;
        asset.application = app;
        asset.id = model::FileId("7");
        asset.name = "Lecture";
        asset.path = "a/7/f0.mp4";
        store::Commit commit;
        commit.puts.push_back({asset_key(app, asset.id), to_json_text(asset), {}});
        EXPECT_TRUE(thread_.run(store_.commit(std::move(commit))));
    }

    model::ExternalRequest request() const {
        model::ExternalRequest made;
        made.application = app;
        made.kind = "review_audio_video";
        made.file = model::FileId("7");
        made.input = R"({"FileId":"7"})";
        return made;
    }
    model::TaskId create(model::ExternalRequest wanted) {
        const Result<model::TaskId> id = thread_.run(tasks_.create(std::move(wanted)));
        EXPECT_TRUE(id) << id.error().detail;
        return id.value_or(model::TaskId());
    }
    std::vector<store::Lease> due() {
        return *thread_.run(store_.lease(model::external_queue(), {}));
    }
    // Asks once, if something is due. Returns how many were.
    std::size_t serve() {
        std::vector<store::Lease> leases = due();
        for (store::Lease& lease : leases)
            serve(std::move(lease));
        return leases.size();
    }
    void serve(store::Lease lease) { thread_.run(whole(tools_, std::move(lease))); }
    static Task<int> whole(const ExternalTools& tools, store::Lease lease) {
        co_await ask_for_task(tools, std::move(lease));
        co_return 0;
    }
    model::ExternalTask task(const model::TaskId& id) { return *thread_.run(tasks_.find(app, id)); }
    std::vector<std::string> told() {
        std::vector<std::string> types;
        for (const store::Lease& lease :
             *thread_.run(store_.lease(fakes::FakeAnnouncer::queue(), {.count_max = 10})))
            types.push_back(lease.type);
        return types;
    }

    http::LoopThread thread_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    store::MemoryStore store_{clock_};
    fakes::FakeAnnouncer announcer_;
    FakeService service_;
    Log log_{Level::error};
    LocalExternalTasks tasks_{store_, clock_, service_};
    Catalog catalog_;
    ExternalTools tools_{
        store_,
        announcer_,
        clock_,
        service_,
        log_,
        [](std::string_view path) { return "http://h/media/" + std::string(path); },
        [](std::string_view, std::string output) -> Result<std::string> {
            if (output == "{}") return fail(Code::invalid, "it is empty");
            return output;
        },
        [this](const model::ExternalTask& task) {
            seen_output_ = task.output;
            return findings_;
        },
        catalog_,
        {}};
    model::Findings findings_;
    std::string seen_output_;
};

TEST_F(ExternalWork, WaitsInTheQueueOfItsPriority) {
    model::ExternalRequest wanted = request();
    wanted.priority = -10;
    create(std::move(wanted));
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(thread_.run(store_.count(model::external_queue(-10)))->waiting, 1u);
}

TEST_F(ExternalWork, IsAskedForWithItsFileAndEndsWithOneEvent) {
    const model::TaskId id = create(request());
    EXPECT_TRUE(id.text().contains("-ReviewAudioVideo-")) << id.text();
    service_.answer = finished(R"({"Suggestion":"pass"})");
    EXPECT_EQ(serve(), 1u);
    EXPECT_EQ(service_.asked->id, id.text());
    EXPECT_EQ(service_.asked->input, R"({"FileId":"7"})");
    EXPECT_EQ(service_.asked->file->url, "http://h/media/a/7/f0.mp4");
    EXPECT_EQ(service_.asked->deadline, clock_.now() + std::chrono::hours(1));
    const model::ExternalTask ended = task(id);
    EXPECT_EQ(ended.status, model::TaskStatus::finish);
    EXPECT_EQ(ended.failure, model::Failure::none);
    EXPECT_EQ(ended.output, R"({"Suggestion":"pass"})");
    EXPECT_EQ(told(), std::vector<std::string>{"media.reviewed"});
    EXPECT_EQ(serve(), 0u);
}

TEST_F(ExternalWork, LeavesWhatItFoundWithTheFile) {
    const model::TaskId id = create(request());
    findings_.review = model::Review{
        .definition = 10, .suggestion = model::Suggestion::block, .kinds = {"OCR.Ad"}};
    service_.answer = finished(R"({"Suggestion":"block"})");
    serve();
    EXPECT_EQ(seen_output_, R"({"Suggestion":"block"})");
    const auto kept = [this] {
        const store::RecordKey key = asset_key(app, model::FileId("7"));
        return thread_.run(store::load<model::Asset>(store_, key))->value;
    };
    ASSERT_TRUE(kept().review);
    EXPECT_EQ(kept().review->kinds, std::vector<std::string>{"OCR.Ad"});
    EXPECT_FALSE(kept().cover_review);
    EXPECT_EQ(catalog_.search(app, {.reviews = {model::Suggestion::block}}).total, 1u);
    // A later one speaks of the cover alone.
    findings_ = {.cover_review = model::Review{.suggestion = model::Suggestion::pass}};
    create(request());
    serve();
    EXPECT_EQ(kept().review->suggestion, model::Suggestion::block);
    EXPECT_EQ(kept().cover_review->suggestion, model::Suggestion::pass);
    EXPECT_EQ(told().size(), 2u);
}

TEST_F(ExternalWork, KeepsNothingOfWhatFailed) {
    create(request());
    findings_.review = model::Review{};
    service_.answer = finished("{}");
    serve();
    const store::RecordKey key = asset_key(app, model::FileId("7"));
    EXPECT_FALSE(thread_.run(store::load<model::Asset>(store_, key))->value.review);
    EXPECT_EQ(catalog_.size(), 0u);
}

TEST_F(ExternalWork, ThatGoesOnIsAskedAboutAgainWhenTheServiceWished) {
    const model::TaskId id = create(request());
    Reply going_on;
    going_on.progress = 30;
    going_on.ask_again = std::chrono::seconds(20);
    service_.answer = going_on;
    EXPECT_EQ(serve(), 1u);
    EXPECT_EQ(task(id).status, model::TaskStatus::processing);
    EXPECT_EQ(task(id).progress, 30);
    EXPECT_TRUE(told().empty());
    clock_.advance(std::chrono::seconds(19));
    EXPECT_EQ(serve(), 0u);
    clock_.advance(std::chrono::seconds(1));
    going_on.progress = 10;  // It never falls.
    service_.answer = going_on;
    EXPECT_EQ(serve(), 1u);
    EXPECT_EQ(task(id).progress, 30);
}

TEST_F(ExternalWork, FailsAsTheServiceSays) {
    const model::TaskId id = create(request());
    Reply reply;
    reply.state = Reply::State::failed;
    reply.failure = model::Failure::content_unsupported;
    reply.message = "no faces";
    service_.answer = reply;
    serve();
    EXPECT_EQ(task(id).failure, model::Failure::content_unsupported);
    EXPECT_EQ(task(id).message, "no faces");
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(ExternalWork, WhoseOutputDoesNotFitFails) {
    const model::TaskId id = create(request());
    service_.answer = finished("{}");
    serve();
    EXPECT_EQ(task(id).failure, model::Failure::internal_error);
    EXPECT_TRUE(task(id).message.contains("it is empty"));
    EXPECT_EQ(task(id).output, "");
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(ExternalWork, OfAServiceThatDoesNotAnswerIsTriedUntilItsTimeIsUp) {
    const model::TaskId id = create(request());
    service_.answer = fail(Code::network, "connect: refused");
    for (int i = 0; i < 200 && task(id).status != model::TaskStatus::finish; ++i) {
        serve();
        clock_.advance(std::chrono::seconds(60));
    }
    EXPECT_EQ(task(id).failure, model::Failure::internal_error);
    EXPECT_TRUE(task(id).message.contains("in time"));
    EXPECT_GE(service_.count, 50);
    EXPECT_LE(service_.count, 60);
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(ExternalWork, ThatIsRefusedFailsAtOnce) {
    const model::TaskId id = create(request());
    service_.answer = fail(Code::invalid, "it refused with status 404");
    serve();
    EXPECT_TRUE(task(id).message.contains("404"));
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(ExternalWork, OnAFileThatIsGoneFails) {
    const model::TaskId id = create(request());
    store::Commit commit;
    commit.removes.push_back(asset_key(app, model::FileId("7")));
    ASSERT_TRUE(thread_.run(store_.commit(std::move(commit))));
    serve();
    EXPECT_EQ(service_.count, 0);
    EXPECT_EQ(task(id).failure, model::Failure::source_file_error);
}

// A worker that was given up for dead comes back while the next one works.
TEST_F(ExternalWork, OfALostLeaseChangesNothing) {
    const model::TaskId id = create(request());
    std::vector<store::Lease> old = due();
    clock_.advance(std::chrono::minutes(2));
    std::vector<store::Lease> next = due();
    ASSERT_EQ(next.size(), 1u);
    service_.answer = finished(R"({"a":1})");
    serve(std::move(old.front()));
    EXPECT_EQ(task(id).status, model::TaskStatus::waiting);
    EXPECT_TRUE(told().empty());
    serve(std::move(next.front()));
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(ExternalWork, OfAKindThatNobodyDoesIsNotTaken) {
    model::ExternalRequest wanted = request();
    wanted.kind = "generate_image";
    EXPECT_EQ(thread_.run(tasks_.create(wanted)).error().code, Code::not_found);
    wanted.kind = "no_such_kind";
    EXPECT_EQ(thread_.run(tasks_.create(wanted)).error().code, Code::not_found);
    EXPECT_TRUE(due().empty());
}

TEST_F(ExternalWork, IsAskedForOnceBySessionId) {
    model::ExternalRequest wanted = request();
    wanted.session_id = "s1";
    create(wanted);
    EXPECT_EQ(thread_.run(tasks_.create(wanted)).error().code, Code::conflict);
    clock_.advance(std::chrono::days(3));
    create(wanted);
}

TEST(TroubleDelay, GrowsToAMinute) {
    EXPECT_EQ(trouble_delay(0), std::chrono::seconds(2));
    EXPECT_EQ(trouble_delay(1), std::chrono::seconds(4));
    EXPECT_EQ(trouble_delay(5), std::chrono::seconds(60));
    EXPECT_EQ(trouble_delay(5000), std::chrono::seconds(60));
}

}  // namespace
}  // namespace hookreel::media
