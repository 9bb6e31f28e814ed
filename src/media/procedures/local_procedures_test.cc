#include "media/procedures/local_procedures.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "media/external/external_tasks.h"
#include "media/files/upload_fakes.h"
#include "media/tasks/task_records.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

const model::ApplicationId app = model::default_application;

class ProceduresTest : public testing::Test {
 protected:
    static model::Procedure procedure(std::string name, std::uint64_t definition = 10) {
        model::Procedure made;
        made.name = std::move(name);
        model::TranscodeWork work;
        work.definition = definition;
        made.works.emplace_back(work);
        return made;
    }
    Code create(model::Procedure made) {
        const auto done = fakes::run(loop_, procedures_.create(app, std::move(made)));
        return done ? Code{} : done.error().code;
    }
    Result<model::Procedure> find(std::string name, model::ApplicationId of = app) {
        return fakes::run(loop_, procedures_.find(of, std::move(name)));
    }
    Result<PreparedTask> prepare(std::string name) {
        ProcedureRequest request{app, model::FileId("1"), std::move(name), "context", 3, {}};
        return fakes::run(loop_, procedures_.prepare(std::move(request)));
    }
    bool is_made(model::Procedure made) {
        return fakes::run(loop_, procedures_.create(app, std::move(made))).has_value();
    }

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    store::MemoryStore store_{clock_};
    LocalProcedures procedures_{store_, clock_};
};

TEST_F(ProceduresTest, AreKeptAndFoundByTheirApplication) {
    ASSERT_TRUE(is_made(procedure("my-flow")));
    const Result<model::Procedure> found = find("my-flow");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->works.size(), 1u);
    EXPECT_EQ(found->created, clock_.now());
    EXPECT_EQ(find("my-flow", model::ApplicationId(1)).error().code, Code::not_found);
    EXPECT_EQ(find("My-Flow").error().code, Code::not_found);
}

TEST_F(ProceduresTest, HaveNamesOfTheirOwn) {
    ASSERT_TRUE(is_made(procedure("a")));
    EXPECT_EQ(create(procedure("a")), Code::conflict);
    EXPECT_EQ(create(procedure("LongVideoPreset")), Code::conflict);
}

TEST_F(ProceduresTest, AreFiftyAtMost) {
    for (std::size_t i = 0; i < procedures_max; ++i)
        ASSERT_TRUE(is_made(procedure(fmt::format("p{}", i))));
    EXPECT_EQ(create(procedure("one more")), Code::too_large);
    ASSERT_TRUE(fakes::run(loop_, procedures_.remove(app, "p7")));
    EXPECT_TRUE(is_made(procedure("one more")));
    EXPECT_EQ(fakes::run(loop_, procedures_.own(app)).value().back().name, "one more");
}

TEST_F(ProceduresTest, AreReplacedAndRemoved) {
    ASSERT_TRUE(is_made(procedure("a")));
    const TimePoint created = clock_.now();
    clock_.advance(Duration(1'000));
    ASSERT_TRUE(fakes::run(loop_, procedures_.reset(app, procedure("a", 20))));
    const Result<model::Procedure> found = find("a");
    EXPECT_EQ(std::get<model::TranscodeWork>(found->works.front()).definition, 20u);
    EXPECT_EQ(found->created, created);
    EXPECT_EQ(found->updated, clock_.now());
    ASSERT_TRUE(fakes::run(loop_, procedures_.remove(app, "a")));
    for (const std::string name : {"a", "LongVideoPreset"}) {
        EXPECT_EQ(fakes::run(loop_, procedures_.reset(app, procedure(name))).error().code,
                  Code::not_found);
        EXPECT_EQ(fakes::run(loop_, procedures_.remove(app, name)).error().code, Code::not_found);
    }
}

TEST_F(ProceduresTest, BecomeATaskInTheCommitOfTheFile) {
    ASSERT_TRUE(is_made(procedure("a")));
    Result<PreparedTask> prepared = prepare("a");
    ASSERT_TRUE(prepared);
    EXPECT_FALSE(fakes::run(loop_, store_.get(task_key(app, prepared->id))));
    store::Commit commit;
    commit.puts = std::move(prepared->puts);
    commit.events = std::move(prepared->events);
    ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
    // What becomes of the procedure does not matter any more.
    ASSERT_TRUE(fakes::run(loop_, procedures_.remove(app, "a")));
    store::RecordKey key = task_key(app, prepared->id);
    const auto task = fakes::run(loop_, store::load<model::Task>(store_, std::move(key)));
    ASSERT_TRUE(task);
    EXPECT_EQ(task->value.session_context, "context");
    EXPECT_EQ(task->value.priority, 3);
    EXPECT_EQ(task->value.steps.size(), 1u);
    const model::QueueId queue = model::task_queue(3, model::JobLength::slow);
    EXPECT_EQ(fakes::run(loop_, store_.count(queue)).value().waiting, 1u);
    EXPECT_EQ(prepare("a").error().code, Code::not_found);
}

TEST_F(ProceduresTest, AskForTheirReviewInTheSameCommit) {
    model::Procedure both = procedure("both");
    both.review = R"({"Definition":10})";
    model::Procedure alone = both;
    alone.name = "alone";
    alone.works.clear();
    ASSERT_TRUE(is_made(std::move(both)));
    ASSERT_TRUE(is_made(std::move(alone)));
    Result<PreparedTask> prepared = prepare("both");
    ASSERT_TRUE(prepared);
    EXPECT_FALSE(prepared->id.empty());
    EXPECT_TRUE(prepared->review.text().contains("-ReviewAudioVideo-")) << prepared->review.text();
    EXPECT_EQ(prepared->puts.size(), 2u);
    EXPECT_EQ(prepared->events.size(), 2u);

    prepared = prepare("alone");
    ASSERT_TRUE(prepared);
    EXPECT_TRUE(prepared->id.empty());
    store::Commit commit;
    commit.puts = std::move(prepared->puts);
    commit.events = std::move(prepared->events);
    ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
    store::RecordKey key = external_key(app, prepared->review);
    const auto kept = fakes::run(loop_, store::load<ExternalState>(store_, std::move(key)));
    ASSERT_TRUE(kept);
    const model::ExternalRequest& request = kept->value.task.request;
    EXPECT_EQ(request.kind, "review_audio_video");
    EXPECT_EQ(request.file.text(), "1");
    EXPECT_EQ(request.input, R"({"Definition":10})");
    EXPECT_EQ(request.session_context, "context");
    EXPECT_EQ(fakes::run(loop_, store_.count(model::external_queue(3))).value().waiting, 1u);
    EXPECT_EQ(prepare("a").error().code, Code::not_found);
}

TEST_F(ProceduresTest, ThatAreTooMuchForARecordAreRefused) {
    model::Procedure large = procedure("large");
    model::SnapshotWork work;
    work.offsets.assign(100, std::string(100, '1'));
    large.works.assign(120, work);
    EXPECT_EQ(create(std::move(large)), Code::too_large);
}

TEST(PresetProcedures, AreThoseOfThePlatform) {
    EXPECT_EQ(preset_procedures().size(), 5u);
    const model::Procedure* preset = find_preset_procedure("LongVideoPreset");
    ASSERT_TRUE(preset);
    ASSERT_EQ(preset->works.size(), 3u);
    EXPECT_EQ(std::get<model::AdaptiveWork>(preset->works[0]).definition, 10u);
    EXPECT_EQ(std::get<model::SpriteWork>(preset->works[1]).definition, 10u);
    EXPECT_EQ(std::get<model::CoverWork>(preset->works[2]).definition, 10u);
    EXPECT_EQ(iso8601(preset->created), "2018-01-01T00:00:00Z");
    EXPECT_FALSE(find_preset_procedure("longvideopreset"));
}

}  // namespace
}  // namespace hookreel::media
