#include "media/templates/own_templates_test.h"

namespace hookreel::media {
namespace {

const model::ApplicationId other{1};

model::TranscodeTemplate wav() {
    return {.name = "wav",
            .container = "wav",
            .video = {},
            .audio = model::AudioTemplate{.codec = model::AudioCodec::pcm16}};
}

class TemplatesTest : public OwnTemplatesTest {
 protected:
    template <class Template>
    Result<std::uint64_t> create(Template made, model::ApplicationId of = app) {
        return run(templates_.create(of, std::move(made)));
    }
};

TEST_F(TemplatesTest, GetNumbersThatNoOtherKindHas) {
    EXPECT_EQ(create(wav()), 1'000'001u);
    EXPECT_EQ(create(model::SnapshotTemplate{.width = 64}), 1'000'002u);
    EXPECT_EQ(create(model::SpriteTemplate{.interval = 7}), 1'000'003u);
    EXPECT_EQ(create(wav()), 1'000'004u);
}

TEST_F(TemplatesTest, AreKeptAsTheyWereMadeByTheirApplicationAlone) {
    ASSERT_TRUE(create(wav()));
    clock_.advance(std::chrono::seconds(5));
    ASSERT_TRUE(create(model::SpriteTemplate{.interval = 7, .comment = "mine"}));
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
    EXPECT_TRUE(own(other).transcodes.empty());
    EXPECT_EQ(create(wav(), other), 1'000'001u);
}

TEST_F(TemplatesTest, AreLimitedInNumber) {
    for (std::size_t i = 0; i < snapshot_templates_max; ++i)
        ASSERT_TRUE(create(model::SnapshotTemplate{}));
    EXPECT_EQ(create(model::SnapshotTemplate{}).error().code, Code::too_large);
    EXPECT_TRUE(create(model::SpriteTemplate{}));
    for (std::size_t i = 0; i < transcode_templates_max; ++i)
        ASSERT_TRUE(create(wav()));
    EXPECT_EQ(create(wav()).error().code, Code::too_large);
    EXPECT_EQ(own().transcodes.size(), transcode_templates_max);
}

}  // namespace
}  // namespace hookreel::media
