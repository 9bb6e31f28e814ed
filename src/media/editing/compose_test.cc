// Compositions from the request to the frames.
#include <gtest/gtest.h>

#include "media/editing/edit_fixture_test.h"
#include "media/editing/edit_plans.h"
#include "media/editing/render_command.h"

namespace hookreel::media {
namespace {

using fakes::expect_frames;
using fakes::NumberedClip;
using model::Failure;
using model::Length;
using Type = model::Track::Type;

model::VideoItem video(const model::Asset& asset, double start, double duration) {
    model::VideoItem item;
    item.file = asset.id;
    item.start = start;
    item.duration = duration;
    return item;
}
model::AudioItem audio(const model::Asset& asset, double start, double duration) {
    model::AudioItem item;
    item.file = asset.id;
    item.start = start;
    item.duration = duration;
    return item;
}
constexpr Length px(double value) {
    return {Length::Unit::px, value};
}
constexpr Length percent(double value) {
    return {Length::Unit::percent, value};
}

class ComposeTest : public fakes::EditTest {
 protected:
    model::Asset add_png(const std::string& color) {
        model::Asset asset = add_original(
            "png", {"-f", "lavfi", "-i", fmt::format("color={}:s=40x40", color), "-frames:v", "1"});
        put(asset);
        return asset;
    }
};

TEST_F(ComposeTest, FollowsATrackWithEmptyStretches) {
    const NumberedClip clip;
    const model::Asset source = add(clip);
    const model::Asset asset = made(done(composition_of(
        {{Type::video, {video(source, 0.4, 0.4), model::EmptyItem{0.2}, video(source, 0, 0.4)}}})));
    const std::vector<int> frames = shades(asset.path);
    ASSERT_EQ(frames.size(), 25u);
    expect_frames(frames, 0, clip, 10, 10);
    for (std::size_t i = 10; i < 15; ++i)
        EXPECT_LT(frames[i], 20);
    expect_frames(frames, 15, clip, 0, 10);
    EXPECT_EQ(asset.metadata->width, 160);
    EXPECT_LT(loudness(asset.path, 0.45, 0.55), 100);
    EXPECT_GT(loudness(asset.path, 0.1, 0.3), 1000);
}

TEST_F(ComposeTest, PlacesPicturesOnTheCanvasByPixelsAndPercent) {
    const model::Asset white = add_png("white");
    model::StickerItem sticker;
    sticker.file = white.id;
    sticker.start = 0.2;
    sticker.duration = 0.4;
    sticker.placement = {percent(25), px(-30), percent(10), px(20)};
    model::EditRequest request =
        composition_of({{Type::video, {model::EmptyItem{0.8}}}, {Type::sticker, {sticker}}});
    std::get<model::Composition>(request.work).canvas = model::Canvas{{}, 200, 100};
    const model::Asset asset = made(done(std::move(request)));
    EXPECT_EQ(asset.metadata->width, 200);
    EXPECT_EQ(asset.metadata->height, 100);
    EXPECT_TRUE(asset.metadata->audio.empty());
    // Its centre is at 100 + 50, 50 - 30.
    const std::vector<int> there = shades(asset.path, 0.75, 0.2);
    ASSERT_EQ(there.size(), 20u);
    EXPECT_LT(there[4], 30);
    EXPECT_GT(there[5], 220);
    EXPECT_GT(there[14], 220);
    EXPECT_LT(there[15], 30);
    EXPECT_LT(shades(asset.path, 0.65, 0.2)[10], 30);
    EXPECT_LT(shades(asset.path, 0.75, 0.4)[10], 30);
}

// H.264 with halved colours has no others.
TEST_F(ComposeTest, MakesAnOddSideOfTheCanvasOnePixelMore) {
    model::EditRequest request = composition_of({{Type::video, {model::EmptyItem{0.4}}}});
    std::get<model::Composition>(request.work).canvas = model::Canvas{{}, 201, 121};
    const model::Asset asset = made(done(std::move(request)));
    EXPECT_EQ(asset.metadata->width, 202);
    EXPECT_EQ(asset.metadata->height, 122);
}

TEST_F(ComposeTest, LaysLaterTracksOverEarlierOnes) {
    const NumberedClip below;
    const NumberedClip above{.size = "64x64", .first = 240, .step = 0};
    model::VideoItem inset = video(add(above), 0, 0.4);
    inset.placement = {px(40), px(0), px(40), {}};
    inset.volumes = {{.is_mute = true, .gain = 0}};
    const model::Asset asset = made(
        done(composition_of({{Type::video, {video(add(below), 0, 0.8)}}, {Type::video, {inset}}})));
    expect_frames(shades(asset.path, 0.2, 0.5), 0, below, 0, 20);
    const std::vector<int> inside = shades(asset.path, 0.75, 0.5);
    EXPECT_GT(inside[9], 220);
    EXPECT_NEAR(inside[10], 60, 4);
}

TEST_F(ComposeTest, FadesFromOneItemToTheNext) {
    const model::Asset dark = add({.first = 20, .step = 0});
    const model::Asset light = add({.first = 220, .step = 0, .tone = NumberedClip::Tone::none});
    const model::TransitionItem fade{0.4, {"ImageFadeInFadeOut", "AudioFadeInFadeOut"}};
    const model::Asset asset =
        made(done(composition_of({{Type::video, {video(dark, 0, 1), fade, video(light, 0, 1)}}})));
    const std::vector<int> frames = shades(asset.path);
    ASSERT_EQ(frames.size(), 40u);  // They overlap by 10 frames.
    EXPECT_LT(frames[14], 30);
    for (std::size_t i = 16; i < 25; ++i)
        EXPECT_GT(frames[i], frames[i - 1]) << i;
    EXPECT_NEAR(frames[20], 120, 15);
    EXPECT_GT(frames[25], 210);
    EXPECT_GT(loudness(asset.path, 0.62, 0.68), 2 * loudness(asset.path, 0.92, 0.98));
}

TEST_F(ComposeTest, TurnsMirrorsAndChangesSpeed) {
    const NumberedClip clip;
    model::VideoItem item = video(add(clip), 0, 1.6);
    item.target = 0.8;
    item.images = {{model::ImageOperation::Type::flip_vertical, 0},
                   {model::ImageOperation::Type::rotate, 180}};
    const model::Asset asset = made(done(composition_of({{Type::video, {item}}})));
    const std::vector<int> frames = shades(asset.path);
    ASSERT_EQ(frames.size(), 20u);
    for (std::size_t i = 0; i < frames.size(); ++i)
        EXPECT_NEAR(frames[i], 20 + 8 * static_cast<int>(i), 6) << i;
    EXPECT_NEAR(asset.metadata->audio_duration, 0.8, 0.05);
}

TEST_F(ComposeTest, MixesSoundsIntoAnMp3) {
    const model::Asset source = add({});
    model::AudioItem quiet = audio(source, 0, 0.5);
    quiet.volumes = {{.is_mute = false, .gain = -40}};
    model::EditRequest request = composition_of(
        {{Type::audio, {quiet, audio(source, 0, 0.5)}}, {Type::video, {video(source, 0, 1)}}});
    request.type = "mp3";
    auto& work = std::get<model::Composition>(request.work);
    std::get<model::VideoItem>(work.tracks[1].items[0]).volumes = {{.is_mute = true, .gain = 0}};
    const model::Asset asset = made(done(std::move(request)));
    EXPECT_EQ(asset.type, "mp3");
    EXPECT_TRUE(asset.metadata->video.empty());
    EXPECT_NEAR(asset.metadata->duration, 1, 0.06);
    EXPECT_GT(loudness(asset.path, 0.7, 0.9), 10 * loudness(asset.path, 0.1, 0.4));
}

TEST_F(ComposeTest, LeavesOutWhatIsNotWanted) {
    const model::Asset source = add({});
    model::EditRequest request = composition_of({{Type::video, {video(source, 0, 0.4)}}});
    std::get<model::Composition>(request.work).audio = model::Part::remove;
    EXPECT_TRUE(made(done(request)).metadata->audio.empty());
    std::get<model::Composition>(request.work).audio = model::Part::keep;
    std::get<model::Composition>(request.work).video = model::Part::remove;
    EXPECT_TRUE(made(done(request)).metadata->video.empty());
}

TEST_F(ComposeTest, FailsWithTheReason) {
    const model::Asset source = add({});
    const model::Asset mute = add({.tone = NumberedClip::Tone::none});
    const model::TransitionItem fade{0.4, {"ImageFadeInFadeOut"}};
    const model::TransitionItem unknown{0.4, {"Heart"}};
    const auto fails = [this](std::vector<model::Track> tracks) {
        return done(composition_of(std::move(tracks))).failure;
    };
    EXPECT_EQ(fails({{Type::video, {video(source, 9, 1)}}}), Failure::invalid_time_offset);
    EXPECT_EQ(fails({{Type::video, {video(source, 0, 9)}}}), Failure::invalid_time_offset);
    EXPECT_EQ(fails({{Type::audio, {audio(mute, 0, 1)}}}), Failure::content_unsupported);
    EXPECT_EQ(fails({{Type::video, {fade, video(source, 0, 1)}}}), Failure::invalid_input);
    EXPECT_EQ(fails({{Type::video, {video(source, 0, 1), fade}}}), Failure::invalid_input);
    EXPECT_EQ(fails({{Type::video, {video(source, 0, 0.2), fade, video(source, 0, 1)}}}),
              Failure::invalid_input);
    EXPECT_EQ(fails({{Type::video, {video(source, 0, 1), unknown, video(source, 0, 1)}}}),
              Failure::configuration_unsupported);
    EXPECT_EQ(fails({{Type::audio, {video(source, 0, 1)}}}), Failure::invalid_input);
    EXPECT_EQ(fails({{Type::video, {model::EmptyItem{1}}}}), Failure::invalid_input);
}

TEST_F(ComposeTest, RefusesTooManyItemsAndTracksAtOnce) {
    const model::Asset source = add({});
    const auto refusal = [this](std::vector<model::Track> tracks) {
        const auto id = fakes::run(loop_, edits_.create(composition_of(std::move(tracks))));
        return id ? Code::internal : id.error().code;
    };
    const std::vector<model::TrackItem> many(501, model::TrackItem(video(source, 0, 1)));
    EXPECT_EQ(refusal({{Type::video, many}}), Code::invalid);
    EXPECT_EQ(refusal({}), Code::invalid);
    EXPECT_EQ(refusal(std::vector<model::Track>(11, {Type::video, {video(source, 0, 1)}})),
              Code::invalid);
    EXPECT_EQ(refusal({{Type::video, {video(model::Asset{}, 0, 1)}}}), Code::not_found);
    model::EditRequest cut = cut_of(std::vector<model::CutPiece>(501, {source.id, 0, 0}));
    EXPECT_EQ(fakes::run(loop_, edits_.create(std::move(cut))).error().code, Code::invalid);
}

TEST_F(ComposeTest, RefusesASessionIdThatWasUsed) {
    model::EditRequest request = cut_of({{add({}).id, 0, 0.4}});
    request.session_id = "once";
    create_edit(request);
    EXPECT_EQ(fakes::run(loop_, edits_.create(request)).error().code, Code::conflict);
    clock_.advance(edit_session_window);
    create_edit(request);
}

// What a slice needs does not grow with the number of its pieces: each is an ffmpeg of its own.
TEST(RenderCommand, OpensOnlyWhatASliceShows) {
    RenderPlan plan;
    Source source{.path = "/media/f0.mp4", .metadata = {}};
    source.metadata.container = "mov,mp4,m4a,3gp,3g2,mj2";
    plan.sources = {source, source, source};
    plan.picture = PictureFormat{.size = {160, 120}};
    plan.sound = SoundFormat{};
    Layer layer;
    layer.source = 1;
    layer.start = 2;
    plan.slices = {{.frames = 25, .images = {layer}, .voices = {{.source = 1, .start = 2}}}};
    EXPECT_EQ(sources_of(plan.slices[0]), std::vector<std::size_t>{1});
    const std::vector<std::string> arguments = slice_arguments(plan, 0, Voices::keep, 2);
    EXPECT_EQ(std::ranges::count(arguments, "-i"), 1);
    EXPECT_EQ(std::ranges::count(arguments, "file:/media/f0.mp4"), 1);
    EXPECT_EQ(std::ranges::count(arguments, "-format_whitelist"), 1);
    EXPECT_EQ(std::ranges::count(arguments, "file:slice_00000.mov"), 1);
    const auto at = std::ranges::find(arguments, "-ss");
    ASSERT_NE(at, arguments.end());
    EXPECT_EQ(*std::next(at), "1.500000");  // Half a second earlier, for the picture on screen.
    EXPECT_EQ(slice_list_text(2), "file slice_00000.mov\nfile slice_00001.mov\n");
    EXPECT_TRUE(xfade_of("Heart").empty());
    EXPECT_EQ(xfade_of("WipeLeft"), "wipeleft");
}

TEST(FrameRate, IsExactForTheUsualRates) {
    model::Metadata metadata;
    metadata.video.resize(1);
    struct Case {
        double rate;
        FrameRate wanted;
    };
    for (const Case& wanted :
         {Case{30000 / 1001.0, {30000, 1001}}, Case{24000 / 1001.0, {24000, 1001}},
          Case{30, {30, 1}}, Case{27.03, {27, 1}}, Case{0, {25, 1}}, Case{240, {120, 1}}}) {
        metadata.video[0].frame_rate = wanted.rate;
        EXPECT_EQ(frame_rate_of(metadata), wanted.wanted) << wanted.rate;
    }
    EXPECT_EQ(frames_in(60, {30000, 1001}), 1798);
    EXPECT_NEAR(seconds_of(1798, {30000, 1001}), 59.99, 0.01);
}

}  // namespace
}  // namespace hookreel::media
