// Steps by templates of an application's own: real ffmpeg does what they say.
#include <gtest/gtest.h>

#include "media/steps/clips_test.h"

namespace hookreel::media {
namespace {

using model::AudioCodec;
using model::Failure;
using model::Fill;
using model::ImageFormat;
using model::Sides;

constexpr std::uint64_t own_number = 1'000'001;

class OwnTemplatesTest : public fakes::MediaTest {
 protected:
    StepOutcome run(model::Work work, const model::OwnTemplates& own) {
        const Result<StepOutcome> outcome =
            fakes::run(loop_, steps_.run({clip_, std::move(work), own}, [](int) {}));
        EXPECT_TRUE(outcome) << outcome.error().detail;
        return outcome.value_or(StepOutcome{model::Work{}, Failure::internal_error, "no outcome"});
    }
    model::Rendition transcode(model::TranscodeTemplate made_by) {
        made_by.definition = own_number;
        model::OwnTemplates own;
        own.transcodes.push_back(std::move(made_by));
        const StepOutcome outcome =
            run(model::TranscodeWork{.definition = own_number, .output = {}}, own);
        EXPECT_EQ(outcome.failure, Failure::none) << outcome.message;
        const auto* const work = std::get_if<model::TranscodeWork>(&outcome.work);
        return work && work->output ? *work->output : model::Rendition{};
    }
    std::string cover(model::SnapshotTemplate look) {
        look.definition = own_number;
        model::OwnTemplates own;
        own.snapshots.push_back(std::move(look));
        const StepOutcome outcome =
            run(model::CoverWork{.definition = own_number, .output = {}}, own);
        EXPECT_EQ(outcome.failure, Failure::none) << outcome.message;
        return std::get<model::CoverWork>(outcome.work).output;
    }

    // 320x240, 25 frames a second, with a tone.
    model::Asset clip_ = add_original("mp4", fakes::test_signal(fakes::as_mp4));
};

std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t number = 0;
    for (const char byte : bytes.substr(0, 4))
        number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

TEST_F(OwnTemplatesTest, MakeTheirSizeRateAndSound) {
    const model::VideoTemplate square{.fps = 10,
                                      .kbps = 300,
                                      .width = 200,
                                      .height = 200,
                                      .frame_rate = model::FrameRate::exact,
                                      .sides = Sides::as_named};
    const model::AudioTemplate mono{.kbps = 48, .sample_rate = 48000, .channels = 1};
    const model::Rendition made =
        transcode({.name = {}, .container = "mp4", .video = square, .audio = mono});
    EXPECT_EQ(made.definition, own_number);
    EXPECT_TRUE(made.path.ends_with("/v.f1000001.mp4")) << made.path;
    EXPECT_EQ(made.metadata.width, 200);
    EXPECT_EQ(made.metadata.height, 200);
    EXPECT_EQ(made.metadata.video.front().fps, 10);
    EXPECT_EQ(made.metadata.audio.front().sampling_rate, 48000);
    EXPECT_NEAR(made.metadata.duration, 2, 0.1);
}

TEST_F(OwnTemplatesTest, EncodeWithEachFill) {
    for (const Fill fill : {Fill::stretch, Fill::black, Fill::white, Fill::gauss}) {
        const model::VideoTemplate tall{
            .kbps = 200, .width = 128, .height = 256, .sides = Sides::as_named, .fill = fill};
        const model::Rendition made =
            transcode({.name = {}, .container = "flv", .video = tall, .audio = {}});
        EXPECT_EQ(made.metadata.width, 128) << name(fill);
        EXPECT_EQ(made.metadata.height, 256) << name(fill);
        EXPECT_TRUE(made.metadata.audio.empty()) << name(fill);
    }
}

TEST_F(OwnTemplatesTest, EncodeWithEachRateControl) {
    model::VideoTemplate video{.kbps = 300, .width = 160, .gop = 1, .gop_unit = {}, .b_frames = 0};
    video.gop_unit = model::GopUnit::second;
    video.profile = model::VideoProfile::baseline;
    for (const auto control :
         {model::RateControl::abr, model::RateControl::cbr, model::RateControl::quality}) {
        video.rate_control = control;
        video.crf = 30;
        const model::Rendition made =
            transcode({.name = {}, .container = "mp4", .video = video, .audio = {}});
        EXPECT_EQ(made.metadata.width, 160) << name(control);
    }
}

TEST_F(OwnTemplatesTest, MakeH265UnderEitherTag) {
    for (const auto tag : {model::CodecTag::hvc1, model::CodecTag::hev1}) {
        const model::VideoTemplate video{
            .codec = model::VideoCodec::h265, .width = 160, .tag = tag, .b_frames = 1};
        const model::Rendition made =
            transcode({.name = {}, .container = "mp4", .video = video, .audio = {}});
        ASSERT_FALSE(made.metadata.video.empty());
        EXPECT_EQ(made.metadata.video.front().codec, "hevc");
        EXPECT_EQ(made.metadata.video.front().codec_tag, name(tag));
    }
}

TEST_F(OwnTemplatesTest, PutEachSoundIntoEachContainerThatTakesIt) {
    const std::tuple<std::string, AudioCodec, std::string> cases[] = {
        {"mp4", AudioCodec::ac3, "ac3"},   {"mp4", AudioCodec::mp3, "mp3"},
        {"hls", AudioCodec::aac, "aac"},   {"hls", AudioCodec::mp2, "mp2"},
        {"flv", AudioCodec::mp3, "mp3"},   {"m4a", AudioCodec::ac3, "ac3"},
        {"mp3", AudioCodec::mp3, "mp3"},   {"flac", AudioCodec::flac, "flac"},
        {"ogg", AudioCodec::flac, "flac"}, {"wav", AudioCodec::pcm16, "pcm_s16le"}};
    for (const auto& [container, codec, wanted] : cases) {
        const model::AudioTemplate audio{.codec = codec, .channels = 0};
        const model::Rendition made =
            transcode({.name = {}, .container = container, .video = {}, .audio = audio});
        ASSERT_FALSE(made.metadata.audio.empty()) << container << " " << wanted;
        EXPECT_EQ(made.metadata.audio.front().codec, wanted) << container;
        EXPECT_TRUE(made.metadata.video.empty()) << container;
    }
}

TEST_F(OwnTemplatesTest, CutHlsAsLongAsTheySay) {
    const model::VideoTemplate video{.width = 160, .segment_seconds = 1};
    const model::Rendition made =
        transcode({.name = {}, .container = "hls", .video = video, .audio = {}});
    EXPECT_TRUE(made.path.ends_with("/v.f1000001/v.f1000001.m3u8")) << made.path;
    const std::string playlist = bytes_of(made.path);
    EXPECT_TRUE(playlist.contains("segment_00001.ts")) << playlist;
    EXPECT_FALSE(playlist.contains("segment_00002.ts")) << playlist;
}

TEST_F(OwnTemplatesTest, TakePicturesInTheirFormatAndSize) {
    const std::string png = bytes_of(
        cover({.width = 100, .height = 200, .sides = Sides::as_named, .format = ImageFormat::png}));
    ASSERT_TRUE(png.starts_with("\x89PNG"));
    EXPECT_EQ(big_endian(std::string_view(png).substr(16)), 100u);
    EXPECT_EQ(big_endian(std::string_view(png).substr(20)), 200u);
    const std::string path = cover({.width = 64, .format = ImageFormat::webp});
    EXPECT_TRUE(path.ends_with("/coverBySnapshot_1000001_0.webp")) << path;
    EXPECT_EQ(bytes_of(path).substr(8, 4), "WEBP");
}

TEST_F(OwnTemplatesTest, DrawSpritesByPercentInTheirFormat) {
    model::OwnTemplates own;
    own.sprites.push_back({.definition = own_number,
                           .width = 128,
                           .height = 128,
                           .rows = 2,
                           .columns = 2,
                           .interval = 20,
                           .sample_type = model::SampleType::percent,
                           .fill = Fill::black,
                           .format = ImageFormat::png});
    const StepOutcome outcome = run(model::SpriteWork{.definition = own_number, .output = {}}, own);
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    const model::Sprite sprite = *std::get<model::SpriteWork>(outcome.work).output;
    EXPECT_EQ(sprite.count, 5);
    EXPECT_EQ(sprite.width, 128);
    ASSERT_EQ(sprite.sheets.size(), 2u);
    const std::string sheet = bytes_of(sprite.sheets.front());
    ASSERT_TRUE(sheet.starts_with("\x89PNG"));
    EXPECT_EQ(big_endian(std::string_view(sheet).substr(16)), 256u);
    EXPECT_TRUE(bytes_of(sprite.vtt).contains("imageSprite_1000001_1.png#xywh=0,0,128,128"));
}

TEST_F(OwnTemplatesTest, TakeSamplesAtTheirTimesInTheirLook) {
    model::OwnTemplates own;
    own.samples.push_back({{.definition = own_number, .width = 64, .format = ImageFormat::png},
                           model::SampleType::time,
                           1});
    const StepOutcome outcome = run(model::SampleWork{.definition = own_number, .output = {}}, own);
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    const model::PictureSet set = *std::get<model::SampleWork>(outcome.work).output;
    EXPECT_EQ(set.sample_type, model::SampleType::time);
    EXPECT_EQ(set.interval, 1);
    ASSERT_EQ(set.pictures.size(), 2u);
    EXPECT_EQ(set.pictures[1].offset_ms, 1000);
    const std::string png = bytes_of(set.pictures[1].path);
    ASSERT_TRUE(png.starts_with("\x89PNG"));
    EXPECT_EQ(big_endian(std::string_view(png).substr(16)), 64u);
}

TEST_F(OwnTemplatesTest, MoveInTheirSizeFormatAndQuality) {
    const auto make = [this](double quality) {
        model::OwnTemplates own;
        own.animations.push_back({.definition = own_number,
                                  .width = 128,
                                  .format = model::AnimationFormat::webp,
                                  .fps = 5,
                                  .quality = quality});
        const StepOutcome outcome =
            run(model::AnimationWork{.definition = own_number, .end_offset = 1, .output = {}}, own);
        EXPECT_EQ(outcome.failure, Failure::none) << outcome.message;
        return *std::get<model::AnimationWork>(outcome.work).output;
    };
    const model::Animation good = make(100);
    EXPECT_EQ(good.container, "webp");
    EXPECT_EQ(good.width, 128);
    EXPECT_TRUE(good.path.ends_with("/animatedGraphics_1000001_0_1000.webp")) << good.path;
    EXPECT_EQ(bytes_of(good.path).substr(8, 4), "WEBP");
    EXPECT_LT(make(1).size_bytes, good.size_bytes);
}

TEST_F(OwnTemplatesTest, MakeAdaptiveStreamsOfTheirSizes) {
    for (const model::Package package : {model::Package::hls, model::Package::dash}) {
        model::OwnTemplates own;
        own.adaptives.push_back({.definition = own_number,
                                 .package = package,
                                 .video = {{.fps = 10,
                                            .kbps = 200,
                                            .width = 128,
                                            .height = package == model::Package::hls ? 128 : 0},
                                           {.fps = 10, .kbps = 300, .width = 640}},
                                 .audio = model::AudioTemplate{.kbps = 32, .channels = 1},
                                 .piece_seconds = 1});
        const StepOutcome outcome =
            run(model::AdaptiveWork{.definition = own_number, .output = {}}, own);
        ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
        const model::AdaptiveStream made = *std::get<model::AdaptiveWork>(outcome.work).output;
        EXPECT_EQ(made.definition, own_number);
        EXPECT_EQ(made.package, package);
        ASSERT_EQ(made.streams.size(), 3u);
        EXPECT_EQ(made.streams[0].width, 128);
        EXPECT_EQ(made.streams[0].height, package == model::Package::hls ? 128 : 96);
        EXPECT_EQ(made.streams[1].width, 640);
        EXPECT_EQ(made.streams[1].height, 480);
        const std::string folder = made.path.substr(0, made.path.rfind('/') + 1);
        const bool is_hls = package == model::Package::hls;
        const std::string second = is_hls ? "stream_0_00001.ts" : "stream_0_00002.m4s";
        EXPECT_FALSE(bytes_of(folder + second).empty());  // Two seconds are two pieces.
    }
}

TEST_F(OwnTemplatesTest, AreChangedForOneTask) {
    model::TranscodeWork work{.definition = 10, .output = {}};
    work.changed = model::ChangedTemplate{*find_transcode_preset(10), "{}"};
    work.changed->made.video->width = 160;
    work.changed->made.audio.reset();
    const StepOutcome outcome = run(work, {});
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    const model::Rendition made = *std::get<model::TranscodeWork>(outcome.work).output;
    EXPECT_TRUE(made.path.ends_with("/v.f10.mp4")) << made.path;
    EXPECT_EQ(made.metadata.width, 160);
    EXPECT_TRUE(made.metadata.audio.empty());
}

TEST_F(OwnTemplatesTest, OfNobodyDoNotExist) {
    EXPECT_EQ(run(model::TranscodeWork{.definition = own_number, .output = {}}, {}).failure,
              Failure::definition_not_exist);
    EXPECT_EQ(run(model::CoverWork{.definition = own_number, .output = {}}, {}).failure,
              Failure::definition_not_exist);
    EXPECT_EQ(run(model::SpriteWork{.definition = own_number, .output = {}}, {}).failure,
              Failure::definition_not_exist);
}

}  // namespace
}  // namespace hookreel::media
