#include "media/ffmpeg/encoders.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

using model::AudioCodec;
using model::RateControl;
using model::VideoCodec;

Source source() {
    Source source{.path = "/media/1/in.mp4", .metadata = {}};
    source.metadata.width = 640;
    source.metadata.height = 480;
    source.metadata.video_duration = 10;
    source.metadata.video.push_back({.bitrate = 900'000,
                                     .width = 640,
                                     .height = 480,
                                     .codec = "h264",
                                     .fps = 25,
                                     .codec_tag = {},
                                     .hdr = {}});
    source.metadata.audio.push_back({.bitrate = 100'000, .sampling_rate = 44100, .codec = "aac"});
    return source;
}

std::string video_line(const VideoTemplate& video) {
    const TranscodeTemplate made_by{
        .definition = 1'000'001, .name = {}, .container = "mp4", .video = video};
    Arguments arguments;
    add_video(arguments, source(), {.preset = &made_by});
    return fmt::format(" {} ", fmt::join(arguments, " "));
}
std::string audio_line(const AudioTemplate& audio) {
    const TranscodeTemplate made_by{
        .definition = 1'000'001, .name = {}, .container = "mp4", .audio = audio};
    Arguments arguments;
    add_audio(arguments, source(), {.preset = &made_by});
    return fmt::format(" {} ", fmt::join(arguments, " "));
}

testing::AssertionResult has(const std::string& text, std::string_view part) {
    if (text.contains(part)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "no \"" << part << "\" in" << text;
}

TEST(AddVideo, TakesAnExactFrameRateAlsoWhenTheSourceIsSlower) {
    EXPECT_TRUE(has(video_line({.fps = 50}), " -fps_mode vfr "));
    EXPECT_TRUE(
        has(video_line({.fps = 50, .frame_rate = model::FrameRate::exact}), " -vf fps=50,"));
    EXPECT_TRUE(
        has(video_line({.fps = 0, .frame_rate = model::FrameRate::exact}), " -fps_mode vfr "));
}

TEST(AddVideo, ControlsTheRateInFourWays) {
    EXPECT_TRUE(has(video_line({.kbps = 500}), " -b:v 500k -maxrate 750k -bufsize 1000k "));
    const std::string average = video_line({.kbps = 500, .rate_control = RateControl::abr});
    EXPECT_TRUE(has(average, " -b:v 500k "));
    EXPECT_FALSE(has(average, "maxrate"));
    EXPECT_TRUE(has(video_line({.kbps = 500, .rate_control = RateControl::cbr}),
                    " -b:v 500k -minrate 500k -maxrate 500k -bufsize 500k "));
    const std::string by_quality =
        video_line({.kbps = 500, .rate_control = RateControl::quality, .crf = 30});
    EXPECT_TRUE(has(by_quality, " -crf 30 "));
    EXPECT_FALSE(has(by_quality, "-b:v"));
}

TEST(AddVideo, CountsTheGopInFramesOrSeconds) {
    EXPECT_TRUE(has(video_line({}), " -g 240 "));
    EXPECT_TRUE(has(video_line({.gop = 50}), " -g 50 "));
    constexpr model::GopUnit second = model::GopUnit::second;
    EXPECT_TRUE(has(video_line({.gop = 2, .gop_unit = second}), " -g 50 "));
    EXPECT_TRUE(has(video_line({.fps = 10, .gop = 2, .gop_unit = second}), " -g 20 "));
}

TEST(AddVideo, SaysProfileTagAndFramesBetween) {
    EXPECT_TRUE(has(video_line({.profile = model::VideoProfile::baseline, .b_frames = 0}),
                    " -c:v libx264 -profile:v baseline "));
    EXPECT_TRUE(has(video_line({.b_frames = 2}), " -bf 2 "));
    EXPECT_TRUE(has(video_line({.codec = VideoCodec::h265}), " -tag:v hvc1 "));
    EXPECT_TRUE(has(video_line({.codec = VideoCodec::h265, .tag = model::CodecTag::hev1}),
                    " -c:v libx265 -profile:v main -tag:v hev1 "));
}

TEST(AddAudio, NamesEachEncoderAndWhatItTakes) {
    EXPECT_EQ(audio_line({.codec = AudioCodec::aac, .kbps = 64, .sample_rate = 48000}),
              " -map 0:a:0 -c:a aac -b:a 64k -ac 2 -ar 48000 ");
    EXPECT_EQ(audio_line({.codec = AudioCodec::flac, .channels = 6}),
              " -map 0:a:0 -c:a flac -ac 6 -ar 44100 ");
    EXPECT_EQ(audio_line({.codec = AudioCodec::pcm16, .sample_rate = 16000, .channels = 0}),
              " -map 0:a:0 -c:a pcm_s16le -ar 16000 ");
    // Of 100 kbit/s, which is the source's.
    EXPECT_TRUE(has(audio_line({.codec = AudioCodec::mp3}), " -c:a libmp3lame -b:a 100k "));
    EXPECT_TRUE(has(audio_line({.codec = AudioCodec::mp2}), " -c:a mp2 -b:a 112k "));
    EXPECT_TRUE(has(audio_line({.codec = AudioCodec::ac3}), " -c:a ac3 -b:a 112k "));
}

TEST(SegmentLength, IsTheTemplatesOrOurs) {
    TranscodeTemplate made_by{.definition = 1, .name = {}, .container = "hls"};
    EXPECT_EQ(segment_length(made_by), 4);
    made_by.video = VideoTemplate{};
    EXPECT_EQ(segment_length(made_by), 4);
    made_by.video->segment_seconds = 10;
    EXPECT_EQ(segment_length(made_by), 10);
}

TEST(Holds, KnowsWhatGoesIntoWhichContainer) {
    EXPECT_TRUE(holds("flv", VideoCodec::h264));
    EXPECT_FALSE(holds("flv", VideoCodec::h265));
    EXPECT_FALSE(holds("mp3", VideoCodec::h264));
    EXPECT_TRUE(holds("ogg", AudioCodec::flac));
    EXPECT_TRUE(holds("wav", AudioCodec::pcm16));
    EXPECT_FALSE(holds("m4a", AudioCodec::mp3));
    EXPECT_FALSE(holds("avi", AudioCodec::mp3));
    EXPECT_FALSE(holds("mp4", AudioCodec::copy));
}

}  // namespace
}  // namespace hookreel::media
