#include "media/ffmpeg/presets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace hookreel::media {
namespace {

TEST(Presets, HasEveryPlainTranscodeOfTheSpecOnce) {
    std::set<std::uint64_t> wanted = {875, 876, 1010, 1020, 1100, 1110, 1120, 1130, 1140, 100800};
    for (const std::uint64_t level : {10, 20, 30, 40, 70, 80}) {
        for (const std::uint64_t family : {0, 200, 500, 600, 700, 100'000, 100'200})
            wanted.insert(family + level);
    }
    for (const std::uint64_t flv : {10046, 10047, 10048, 10049, 370, 380})
        wanted.insert(flv);
    for (const std::uint64_t top_speed : {100810, 100820, 100830, 100840})
        wanted.insert(top_speed);
    std::set<std::uint64_t> found;
    for (const TranscodeTemplate& each : transcode_templates())
        EXPECT_TRUE(found.insert(each.definition).second) << each.definition;
    EXPECT_EQ(found, wanted);
    EXPECT_TRUE(std::ranges::is_sorted(transcode_templates(), {}, &TranscodeTemplate::definition));
}

TEST(Presets, SaysWhatTheTutorialsTemplateIs) {
    const TranscodeTemplate* const found = find_transcode_preset(10);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->name, "MP4-LD-FLU");
    EXPECT_EQ(found->container, "mp4");
    EXPECT_EQ(found->video->fps, 24);
    EXPECT_EQ(found->video->kbps, 256);
    EXPECT_EQ(found->video->width, 320);
    EXPECT_EQ(found->video->height, 0);
    EXPECT_EQ(found->audio->kbps, 48);
    EXPECT_EQ(found->audio->sample_rate, 44100);
}

TEST(Presets, PutsMp3IntoTheOlderFlvAndHasNoVideoInAudioTemplates) {
    for (const std::uint64_t definition : {10046, 370})
        EXPECT_EQ(find_transcode_preset(definition)->audio->codec, AudioTemplate::Codec::mp3);
    EXPECT_EQ(find_transcode_preset(710)->audio->codec, AudioTemplate::Codec::aac);
    EXPECT_EQ(find_transcode_preset(710)->video->codec, VideoTemplate::Codec::h265);
    for (const std::uint64_t definition : {1010, 1100})
        EXPECT_FALSE(find_transcode_preset(definition)->video);
}

TEST(Presets, HasTheTwoPlainAdaptiveStreamsOfSixPictures) {
    const AdaptiveTemplate* const hls = find_adaptive_template(10, {});
    const AdaptiveTemplate* const dash = find_adaptive_template(20, {});
    ASSERT_TRUE(hls && dash);
    EXPECT_EQ(hls->package, model::Package::hls);
    EXPECT_FALSE(hls->enlarges);
    EXPECT_EQ(dash->package, model::Package::dash);
    EXPECT_TRUE(dash->enlarges);
    std::vector<std::pair<int, int>> rungs;
    for (const VideoTemplate& video : hls->video)
        rungs.emplace_back(video.height, video.kbps);
    const std::vector<std::pair<int, int>> wanted = {{240, 256},   {480, 512},   {720, 512},
                                                     {1080, 1024}, {1440, 3072}, {2160, 6144}};
    EXPECT_EQ(rungs, wanted);
    EXPECT_EQ(hls->video.front().fps, 24);
    EXPECT_EQ(hls->audio->kbps, 48);
    EXPECT_EQ(hls->protection, model::Protection::none);
}

TEST(Presets, HasTheEncryptedStreamThatNeedsNoLicences) {
    const AdaptiveTemplate* const hls = find_adaptive_template(10, {});
    const AdaptiveTemplate* const encrypted = find_adaptive_template(12, {});
    EXPECT_EQ(encrypted->protection, model::Protection::simple_aes);
    EXPECT_EQ(encrypted->package, model::Package::hls);
    EXPECT_EQ(encrypted->video.size(), hls->video.size());
    EXPECT_EQ(encrypted->audio->kbps, hls->audio->kbps);
    EXPECT_FALSE(encrypted->enlarges);
    for (const std::uint64_t definition : {11u, 13u, 14u, 31u, 41u}) {
        EXPECT_TRUE(needs_licences(definition));
        EXPECT_EQ(find_adaptive_template(definition, {}), nullptr);
    }
    for (const std::uint64_t definition : {10u, 12u, 20u})
        EXPECT_FALSE(needs_licences(definition));
}

TEST(Presets, LeavesTheNumbersOfOwnTemplatesFree) {
    EXPECT_FALSE(model::is_own_definition(transcode_templates().back().definition));
    EXPECT_TRUE(model::is_own_definition(model::OwnTemplates{}.next));
}

TEST(FindTemplate, LooksAmongThePresetsAndThenAmongTheOwn) {
    model::OwnTemplates own;
    own.transcodes.push_back({.definition = 1'000'001, .name = "a", .container = "flac"});
    own.snapshots.push_back({.definition = 1'000'002});
    own.sprites.push_back({.definition = 1'000'003});
    EXPECT_EQ(find_transcode_template(10, own)->name, "MP4-LD-FLU");
    EXPECT_EQ(find_transcode_template(1'000'001, own)->container, "flac");
    EXPECT_EQ(find_transcode_template(1'000'002, own), nullptr);  // A number of another kind.
    EXPECT_EQ(find_snapshot_template(10, own)->fill, model::Fill::stretch);
    EXPECT_EQ(find_snapshot_template(1'000'002, own), &own.snapshots.front());
    EXPECT_EQ(find_sprite_template(10, own)->width, 142);
    EXPECT_EQ(find_sprite_template(1'000'003, own), &own.sprites.front());
    EXPECT_EQ(find_sprite_template(1'000'003, {}), nullptr);
    own.samples.push_back({{.definition = 1'000'004}, model::SampleType::time, 7});
    own.animations.push_back({.definition = 1'000'005});
    EXPECT_EQ(find_sample_template(10, own)->sample_type, model::SampleType::percent);
    EXPECT_EQ(find_sample_template(1'000'004, own), &own.samples.front());
    EXPECT_EQ(find_animation_template(20000, own)->format, model::AnimationFormat::gif);
    EXPECT_EQ(find_animation_template(20001, own)->format, model::AnimationFormat::webp);
    EXPECT_EQ(find_animation_template(1'000'005, own), &own.animations.front());
}

TEST(Presets, FindsNothingThatIsNotThere) {
    for (const std::uint64_t definition : {0ul, 11ul, 50ul, 100'011ul, ~0ul})
        EXPECT_EQ(find_transcode_template(definition, {}), nullptr);
    EXPECT_EQ(find_sample_template(11, {}), nullptr);
    EXPECT_EQ(find_snapshot_template(20, {}), nullptr);
    EXPECT_EQ(find_sprite_template(20, {}), nullptr);
    EXPECT_EQ(find_animation_template(20002, {}), nullptr);
}

}  // namespace
}  // namespace hookreel::media
