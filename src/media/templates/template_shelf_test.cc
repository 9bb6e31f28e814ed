#include "media/templates/template_shelf.h"

#include "media/templates/own_templates_test.h"

namespace hookreel::media {
namespace {

using model::HeadTailTemplate;

const model::ApplicationId other{1};

model::TranscodeTemplate wav() {
    return {.name = "wav",
            .container = "wav",
            .video = {},
            .audio = model::AudioTemplate{.codec = model::AudioCodec::pcm16}};
}

class TemplateShelfTest : public OwnTemplatesTest {
 protected:
    template <class Template>
    Result<std::uint64_t> create(Template made, model::ApplicationId of = app) {
        return run(templates_.shelf<Template>().create(of, std::move(made)));
    }
    std::uint64_t create_head() {
        HeadTailTemplate made{.name = "old"};
        made.heads = {model::FileId("1")};
        return create(std::move(made)).value_or(0);
    }
    template <class Template = HeadTailTemplate>
    Code modify(std::uint64_t definition, typename TemplateShelf<Template>::Change change,
                model::ApplicationId of = app) {
        const Result<void> done =
            run(templates_.shelf<Template>().modify(of, definition, std::move(change)));
        return done ? Code{} : done.error().code;
    }
    template <class Template>
    Code remove(std::uint64_t definition, model::ApplicationId of = app) {
        const Result<void> done = run(templates_.shelf<Template>().remove(of, definition));
        return done ? Code{} : done.error().code;
    }
    static Result<HeadTailTemplate> renamed(const HeadTailTemplate& now) {
        HeadTailTemplate made = now;
        made.name = "new";
        return made;
    }
};

TEST_F(TemplateShelfTest, GetNumbersThatNoOtherKindHas) {
    EXPECT_EQ(create(wav()), 1'000'001u);
    EXPECT_EQ(create(model::SnapshotTemplate{.width = 64}), 1'000'002u);
    EXPECT_EQ(create(model::SpriteTemplate{.interval = 7}), 1'000'003u);
    EXPECT_EQ(create(model::SampleTemplate{}), 1'000'004u);
    EXPECT_EQ(create(model::AnimationTemplate{}), 1'000'005u);
    EXPECT_EQ(create(model::AdaptiveTemplate{}), 1'000'006u);
    EXPECT_EQ(create(wav()), 1'000'007u);
}

TEST_F(TemplateShelfTest, AreKeptAsTheyWereMadeByTheirApplicationAlone) {
    ASSERT_TRUE(create(wav()));
    clock_.advance(std::chrono::seconds(5));
    ASSERT_TRUE(create(model::SpriteTemplate{.interval = 7, .comment = "mine"}));
    ASSERT_TRUE(create(model::SampleTemplate{{.name = "s"}, model::SampleType::percent, 3}));
    ASSERT_TRUE(create(model::AnimationTemplate{.fps = 9, .quality = 12.5}));
    LocalTemplates again(store_, clock_, files_, folder_.path());
    const model::OwnTemplates found = run(again.own(app)).value();
    ASSERT_EQ(found.transcodes.size(), 1u);
    EXPECT_EQ(found.transcodes.front().definition, 1'000'001u);
    EXPECT_EQ(found.transcodes.front().audio->codec, model::AudioCodec::pcm16);
    EXPECT_FALSE(found.transcodes.front().video);
    ASSERT_EQ(found.sprites.size(), 1u);
    EXPECT_EQ(found.sprites.front().interval, 7);
    EXPECT_EQ(found.sprites.front().comment, "mine");
    EXPECT_EQ(found.sprites.front().created, clock_.now());
    ASSERT_EQ(found.samples.size(), 1u);
    EXPECT_EQ(found.samples.front().name, "s");
    EXPECT_EQ(found.samples.front().interval, 3);
    EXPECT_EQ(found.samples.front().sample_type, model::SampleType::percent);
    ASSERT_EQ(found.animations.size(), 1u);
    EXPECT_EQ(found.animations.front().fps, 9);
    EXPECT_EQ(found.animations.front().quality, 12.5);
    EXPECT_TRUE(own(other).transcodes.empty());
    EXPECT_EQ(create(wav(), other), 1'000'001u);
}

TEST_F(TemplateShelfTest, AreLimitedInNumber) {
    for (std::size_t i = 0; i < snapshot_templates_max; ++i)
        ASSERT_TRUE(create(model::SnapshotTemplate{}));
    EXPECT_EQ(create(model::SnapshotTemplate{}).error().code, Code::too_large);
    EXPECT_TRUE(create(model::SpriteTemplate{}));
    EXPECT_TRUE(create(model::SampleTemplate{}));
    for (std::size_t i = 0; i < transcode_templates_max; ++i)
        ASSERT_TRUE(create(wav()));
    EXPECT_EQ(create(wav()).error().code, Code::too_large);
    EXPECT_EQ(own().transcodes.size(), transcode_templates_max);
    EXPECT_EQ(remove<model::TranscodeTemplate>(own().transcodes.front().definition), Code{});
    EXPECT_TRUE(create(wav()));
}

TEST_F(TemplateShelfTest, AreChangedButForTheirNumberAndBirth) {
    const std::uint64_t number = create_head();
    const TimePoint made = clock_.now();
    clock_.advance(std::chrono::seconds(3));
    const auto change = [](const HeadTailTemplate&) -> Result<HeadTailTemplate> {
        return HeadTailTemplate{.definition = 7, .name = "new", .fill = model::Fill::gauss};
    };
    EXPECT_EQ(modify(number, change), Code{});
    const HeadTailTemplate one = own().heads_tails.at(0);
    EXPECT_EQ(one.definition, number);
    EXPECT_EQ(one.name, "new");
    EXPECT_EQ(one.fill, model::Fill::gauss);
    EXPECT_TRUE(one.heads.empty());
    EXPECT_EQ(one.created, made);
    EXPECT_EQ(one.updated, clock_.now());
}

TEST_F(TemplateShelfTest, StayAsTheyAreWhenTheChangeIsRefusedOrOfSomebodyElse) {
    const std::uint64_t number = create_head();
    const auto refuse = [](const HeadTailTemplate&) -> Result<HeadTailTemplate> {
        return fail(Code::invalid, "no");
    };
    EXPECT_EQ(modify(number, refuse), Code::invalid);
    EXPECT_EQ(modify(number, renamed, other), Code::not_found);
    EXPECT_EQ(modify(number + 1, renamed), Code::not_found);
    EXPECT_EQ(remove<HeadTailTemplate>(number, other), Code::not_found);
    EXPECT_EQ(remove<model::SnapshotTemplate>(number), Code::not_found);
    EXPECT_EQ(own().heads_tails.at(0).name, "old");
    EXPECT_TRUE(own(other).heads_tails.empty());
}

TEST_F(TemplateShelfTest, TwoChangesAtOnceBothHold) {
    const std::uint64_t number = create_head();
    int asked = 0;
    const auto change = [&](const HeadTailTemplate& now) -> Result<HeadTailTemplate> {
        HeadTailTemplate made = now;
        made.comment = "mine";
        if (++asked > 1) return made;
        // Somebody else is faster.
        Loop loop;
        auto first = templates_.shelf<HeadTailTemplate>().modify(app, number, renamed);
        EXPECT_TRUE(fakes::run(loop, std::move(first)));
        return made;
    };
    EXPECT_EQ(modify(number, change), Code{});
    EXPECT_EQ(own().heads_tails.at(0).name, "new");
    EXPECT_EQ(own().heads_tails.at(0).comment, "mine");
    EXPECT_EQ(asked, 2);
}

TEST_F(TemplateShelfTest, AreRemovedAndTheirNumberNeverComesAgain) {
    const std::uint64_t number = create_head();
    EXPECT_EQ(remove<HeadTailTemplate>(number), Code{});
    EXPECT_TRUE(own().heads_tails.empty());
    EXPECT_EQ(remove<HeadTailTemplate>(number), Code::not_found);
    EXPECT_EQ(create_head(), number + 1);
}

}  // namespace
}  // namespace hookreel::media
