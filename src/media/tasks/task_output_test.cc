#include "media/tasks/task_output.h"

#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

model::TranscodeWork transcoded(std::uint64_t definition, std::string path) {
    model::Rendition output;
    output.definition = definition;
    output.path = std::move(path);
    model::TranscodeWork work;
    work.definition = definition;
    work.output = std::move(output);
    return work;
}

std::vector<std::string> paths(const model::Asset& asset) {
    std::vector<std::string> found;
    for (const model::Rendition& rendition : asset.renditions)
        found.push_back(rendition.path);
    return found;
}

TEST(WithOutput, StandsBesideTheOtherStepsOfItsTaskAndInPlaceOfEarlierTasks) {
    model::Asset asset = with_output({}, transcoded(10, "a"), 0);
    asset = with_output(std::move(asset), transcoded(20, "b"), 0);
    asset = with_output(std::move(asset), transcoded(10, "a.1"), 1);
    EXPECT_EQ(paths(asset), (std::vector<std::string>{"a", "b", "a.1"}));
    // The second step of a later task, when its first one failed.
    asset = with_output(std::move(asset), transcoded(10, "a.1"), 1);
    EXPECT_EQ(paths(asset), (std::vector<std::string>{"a", "b", "a.1"}));
    asset = with_output(std::move(asset), transcoded(10, "a"), 0);
    EXPECT_EQ(paths(asset), (std::vector<std::string>{"a", "b"}));
    // A step that failed has made nothing, and takes nobody's place.
    EXPECT_EQ(paths(with_output(asset, model::TranscodeWork{.definition = 10, .output = {}}, 0)),
              paths(asset));
}

TEST(WithOutput, KeepsOneAnimationPerPartAndOneSpritePerTemplate) {
    const auto animation = [](std::string path, std::string md5) {
        model::Animation output;
        output.definition = 20000;
        output.path = std::move(path);
        output.md5 = std::move(md5);
        return model::AnimationWork{.definition = 20000, .output = std::move(output)};
    };
    model::Asset asset = with_output({}, animation("a.gif", "old"), 0);
    asset = with_output(std::move(asset), animation("b.gif", "other"), 0);
    asset = with_output(std::move(asset), animation("a.gif", "new"), 0);
    ASSERT_EQ(asset.animations.size(), 2u);
    EXPECT_EQ(asset.animations.front().md5, "new");
    for (int i = 0; i < 2; ++i)
        asset = with_output(std::move(asset),
                            model::SpriteWork{.definition = 10, .output = model::Sprite{}}, 0);
    EXPECT_EQ(asset.sprites.size(), 1u);
}

TEST(WithOutput, LeavesNoReviewToANewCover) {
    model::Asset asset;
    asset.review.emplace();
    asset.cover_review.emplace();
    asset = with_output(std::move(asset), transcoded(10, "a"), 0);
    EXPECT_TRUE(asset.cover_review);
    model::CoverWork cover;
    cover.output = "c.jpg";
    asset = with_output(std::move(asset), cover, 0);
    EXPECT_FALSE(asset.cover_review);
    EXPECT_TRUE(asset.review);
}

TEST(OwnFile, IsAnOutputThatBelongsToNoOther) {
    model::Asset source;
    source.application = model::ApplicationId(7);
    source.name = "Lecture";
    source.class_id = 4;
    source.tags = {"a"};
    model::TranscodeWork work = transcoded(210, "7/39/x/f0/v.f210.m3u8");
    work.output->md5 = "beef";
    work.output->metadata.size_bytes = 9;
    const TimePoint now = from_unix_seconds(5);
    EXPECT_FALSE(own_file_of(source, work, now));
    work.becomes = model::FileId("39");
    const std::optional<model::Asset> made = own_file_of(source, work, now);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->id.text(), "39");
    EXPECT_EQ(made->application, source.application);
    EXPECT_EQ(made->name, "Lecture");
    EXPECT_EQ(made->type, "m3u8");
    EXPECT_EQ(made->path, "7/39/x/f0/v.f210.m3u8");
    EXPECT_EQ(made->md5, "beef");
    EXPECT_EQ(made->size_bytes, 9);
    EXPECT_EQ(made->metadata->size_bytes, 9);
    EXPECT_EQ(made->source, model::AssetSource::processing);
    EXPECT_EQ(made->created, now);
    EXPECT_EQ(made->tags, source.tags);
    EXPECT_TRUE(with_output(source, work, 0).renditions.empty());
    work.output.reset();
    EXPECT_FALSE(own_file_of(source, work, now));
}

TEST(CountedBytes, AreThoseOfTheOutputsAtAPath) {
    model::TranscodeWork work = transcoded(10, "a");
    work.output->metadata.size_bytes = 7;
    const model::Asset asset = with_output({}, work, 0);
    EXPECT_EQ(counted_bytes(asset, "a"), 7u);
    EXPECT_EQ(counted_bytes(asset, "b"), 0u);
}

}  // namespace
}  // namespace hookreel::media
