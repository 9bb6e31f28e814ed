#include "media/templates/own_templates_test.h"

namespace hookreel::media {
namespace {

class HeadsTailsTest : public OwnTemplatesTest {
 protected:
    std::uint64_t create(std::string name) {
        model::HeadTailTemplate made{.name = std::move(name)};
        made.heads = {model::FileId("1")};
        const Result<std::uint64_t> number = run(templates_.create(app, std::move(made)));
        return number.value_or(0);
    }
    std::vector<model::HeadTailTemplate> all(model::ApplicationId of = app) {
        return own(of).heads_tails;
    }
    Code modify(std::uint64_t definition, HeadTailChange change, model::ApplicationId of = app) {
        const Result<void> done = run(templates_.modify(of, definition, std::move(change)));
        return done ? Code{} : done.error().code;
    }
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
    EXPECT_TRUE(run(templates_.remove_head_tail(app, number)));
    EXPECT_TRUE(all().empty());
    EXPECT_EQ(run(templates_.remove_head_tail(app, number)).error().code, Code::not_found);
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
