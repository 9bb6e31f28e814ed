#include <gtest/gtest.h>

#include "media/files/upload_fakes.h"
#include "media/templates/local_templates.h"
#include "model/application.h"
#include "store/memory/memory_store.h"

namespace hookreel::media {
namespace {

const model::ApplicationId app = model::default_application;

class HeadsTailsTest : public testing::Test {
 protected:
    std::uint64_t create(std::string name) {
        model::HeadTailTemplate made{.name = std::move(name)};
        made.heads = {model::FileId("1")};
        const Result<std::uint64_t> number =
            fakes::run(loop_, templates_.create(app, std::move(made)));
        return number.value_or(0);
    }
    std::vector<model::HeadTailTemplate> all(model::ApplicationId of = app) {
        return fakes::run(loop_, templates_.own(of)).value().heads_tails;
    }
    Code modify(std::uint64_t definition, HeadTailChange change, model::ApplicationId of = app) {
        const Result<void> done =
            fakes::run(loop_, templates_.modify(of, definition, std::move(change)));
        return done ? Code{} : done.error().code;
    }

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    store::MemoryStore store_{clock_};
    FileThreads files_{1};
    fakes::TemporaryFolder folder_;
    LocalTemplates templates_{store_, clock_, files_, folder_.path()};
};

TEST_F(HeadsTailsTest, AreChangedInWhatIsGivenAndBelongToTheirApplication) {
    const std::uint64_t number = create("old");
    const TimePoint made = clock_.now();
    clock_.advance(std::chrono::seconds(3));
    EXPECT_EQ(modify(number, {.name = "new", .tails = {{model::FileId("2")}}}), Code{});
    const model::HeadTailTemplate one = all().at(0);
    EXPECT_EQ(one.name, "new");
    EXPECT_EQ(one.heads, std::vector{model::FileId("1")});
    EXPECT_EQ(one.tails, std::vector{model::FileId("2")});
    EXPECT_EQ(one.fill, model::Fill::stretch);
    EXPECT_EQ(one.created, made);
    EXPECT_EQ(one.updated, clock_.now());
    EXPECT_EQ(modify(number, {.heads = std::vector<model::FileId>()}), Code{});
    EXPECT_TRUE(all().at(0).heads.empty());
    EXPECT_EQ(modify(number, {.name = "x"}, model::ApplicationId(1)), Code::not_found);
    EXPECT_TRUE(all(model::ApplicationId(1)).empty());
}

TEST_F(HeadsTailsTest, AreRemovedAndTheirNumberNeverComesAgain) {
    const std::uint64_t number = create("a");
    EXPECT_TRUE(fakes::run(loop_, templates_.remove_head_tail(app, number)));
    EXPECT_TRUE(all().empty());
    EXPECT_EQ(fakes::run(loop_, templates_.remove_head_tail(app, number)).error().code,
              Code::not_found);
    EXPECT_EQ(create("b"), number + 1);
}

TEST_F(HeadsTailsTest, AreLimitedInNumber) {
    for (std::size_t i = 0; i < head_tail_templates_max; ++i)
        ASSERT_NE(create("x"), 0u);
    EXPECT_EQ(create("x"), 0u);
    EXPECT_EQ(all().size(), head_tail_templates_max);
}

}  // namespace
}  // namespace hookreel::media
