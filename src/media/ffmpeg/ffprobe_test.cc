#include "media/ffmpeg/ffprobe.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace hookreel::media {
namespace {

constexpr std::string_view phone = R"({
  "streams": [
    {"codec_type": "data", "codec_name": "bin_data"},
    {"codec_type": "video", "codec_name": "mjpeg", "width": 300, "height": 300,
     "disposition": {"attached_pic": 1}},
    {"codec_type": "video", "codec_name": "h264", "codec_tag_string": "avc1", "width": 1920,
     "height": 1080, "r_frame_rate": "90000/1", "avg_frame_rate": "30000/1001",
     "bit_rate": "14000000", "duration": "1.6", "color_transfer": "smpte2084",
     "side_data_list": [{"side_data_type": "Display Matrix", "rotation": -90}]},
    {"codec_type": "audio", "codec_name": "aac", "sample_rate": "48000", "bit_rate": "256000",
     "duration": "1.58"}],
  "format": {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "duration": "1.600000", "size": "2900000",
             "bit_rate": "14500000"}})";

// The phone's file with one text replaced by another.
std::string changed(std::string_view from, std::string_view to) {
    std::string text(phone);
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(ParseFfprobe, ReadsStreamsAndSkipsTheCoverArt) {
    const Result<model::Metadata> found = parse_ffprobe(phone);
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(to_json_text(*found),
              R"({"size_bytes":2900000,"container":"mov,mp4,m4a,3gp,3g2,mj2","bitrate":14500000,)"
              R"("width":1920,"height":1080,"duration":1.6E0,"rotate":270,)"
              R"("video":[{"bitrate":14000000,"width":1920,"height":1080,"codec":"h264","fps":30,)"
              R"("codec_tag":"avc1","hdr":"hdr10","frame_rate":2.997002997002997E1}],)"
              R"("audio":[{"bitrate":256000,"sampling_rate":48000,"codec":"aac"}],)"
              R"("video_duration":1.6E0,"audio_duration":1.58E0,"pixel_aspect":1E0})");
}

TEST(ParseFfprobe, TurnsEveryRotationIntoAQuarter) {
    const std::pair<std::string_view, int> cases[] = {
        {"-90", 270}, {"90", 90},   {"180", 180},        {"-180", 180}, {"0", 0},
        {"-270", 90}, {"89.6", 90}, {"\"nonsense\"", 0}, {"1e300", 0},  {"450", 90}};
    for (const auto& [rotation, wanted] : cases) {
        const std::string text =
            changed("\"rotation\": -90", "\"rotation\": " + std::string(rotation));
        EXPECT_EQ(parse_ffprobe(text)->rotate, wanted) << rotation;
    }
}

TEST(ParseFfprobe, TakesPixelsForSquareUnlessTheirShapeIsSensible) {
    const std::pair<std::string_view, double> cases[] = {
        {"\"16:11\"", 16.0 / 11}, {"\"8:9\"", 8.0 / 9}, {"\"0:1\"", 1}, {"\"1:0\"", 1},
        {"\"1:65535\"", 1},       {"\"999:1\"", 1},     {"\"N/A\"", 1}, {"5", 1}};
    for (const auto& [ratio, wanted] : cases) {
        const std::string text =
            changed("\"width\": 1920,",
                    "\"width\": 1920, \"sample_aspect_ratio\": " + std::string(ratio) + ",");
        EXPECT_DOUBLE_EQ(parse_ffprobe(text)->pixel_aspect, wanted) << ratio;
    }
}

TEST(ParseFfprobe, TakesTheFrameRateThatIsThere) {
    const std::string ogg = changed(R"("r_frame_rate": "90000/1", "avg_frame_rate": "30000/1001")",
                                    R"("r_frame_rate": "25/1", "avg_frame_rate": "0/0")");
    EXPECT_EQ(parse_ffprobe(ogg)->video.front().fps, 25);
    const std::string none = changed(R"("r_frame_rate": "90000/1", "avg_frame_rate": "30000/1001")",
                                     R"("r_frame_rate": "1/0", "avg_frame_rate": "90000/1")");
    EXPECT_EQ(parse_ffprobe(none)->video.front().fps, 0);
}

TEST(ParseFfprobe, FillsWhatTheContainerLeavesOut) {
    const std::string text = R"({"streams": [
        {"codec_type": "video", "codec_name": "wmv2", "codec_tag_string": "[0][0][0][0]",
         "width": 320, "height": 240, "avg_frame_rate": "25/1"},
        {"codec_type": "audio", "codec_name": "wmav2", "sample_rate": "44100",
         "bit_rate": "96000"}],
        "format": {"format_name": "asf", "duration": "2.0", "size": "250000"}})";
    const Result<model::Metadata> found = parse_ffprobe(text);
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(found->bitrate, 1'000'000);
    EXPECT_EQ(found->video.front().bitrate, 904'000);
    EXPECT_EQ(found->video.front().codec_tag, "");
    EXPECT_EQ(found->video_duration, 2.0);
    EXPECT_EQ(found->audio_duration, 2.0);
}

// As of Matroska and WebM: only the whole has a bitrate.
model::Metadata of_matroska(std::size_t sounds = 1) {
    model::Metadata metadata;
    metadata.bitrate = 1'000'000;
    metadata.video.resize(1);
    metadata.audio.resize(sounds);
    return metadata;
}

TEST(ParseFfprobe, TellsNoBitrateThatWouldCountTheSound) {
    const Result<model::Metadata> found = parse_ffprobe(R"({"streams": [
        {"codec_type": "video", "codec_name": "vp9", "width": 320, "height": 240},
        {"codec_type": "audio", "codec_name": "opus", "sample_rate": "48000"}],
        "format": {"format_name": "matroska,webm", "duration": "2.0", "size": "250000"}})");
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(found->bitrate, 1'000'000);
    EXPECT_EQ(found->video.front().bitrate, 0);
    EXPECT_TRUE(lacks_bitrates(*found));
    EXPECT_FALSE(lacks_bitrates(of_matroska(0)));  // All of it is the picture's.
}

TEST(BitrateShares, FollowFromTheSizesOfPackets) {
    const model::Metadata known =
        with_shares(of_matroska(), "video,700\naudio,100\r\nvideo,100\naudio,100,\n\n");
    EXPECT_EQ(known.video.front().bitrate, 800'000);
    EXPECT_EQ(known.audio.front().bitrate, 200'000);
    EXPECT_EQ(known.bitrate, 1'000'000);
    const model::Metadata two = with_shares(of_matroska(2), "video,3\naudio,1\n");
    EXPECT_EQ(two.video.front().bitrate, 750'000);
    EXPECT_EQ(two.audio.front().bitrate, 0);
    for (const std::string_view nothing : {"", "video", "video,N/A\n", "video,-5\naudio,1e300\n"})
        EXPECT_EQ(with_shares(of_matroska(), nothing).video.front().bitrate, 0) << nothing;
}

TEST(ParseFfprobe, RefusesWhatIsNoMedia) {
    const std::pair<std::string, std::string_view> cases[] = {
        {"", "not valid JSON"},
        {"[]", "not an object"},
        {"{}", "not a media file"},
        {R"({"format": {"format_name": 7}})", "not a media file"},
        {changed("mov,mp4,m4a,3gp,3g2,mj2", "png_pipe"), "png_pipe"},
        {changed("mov,mp4,m4a,3gp,3g2,mj2", "hls"), "hls"},
        {changed("mov,mp4,m4a,3gp,3g2,mj2", "mp4,concat"), "concat"},
        {R"({"streams": [{"codec_type": "subtitle"}, 7], "format": {"format_name": "asf",
            "duration": "3"}})",
         "neither video nor audio"},
        {R"({"streams": [{"codec_type": "video"}], "format": {"format_name": "asf",
            "duration": "N/A"}})",
         "no duration"},
        {R"({"streams": [{"codec_type": "video"}], "format": {"format_name": "asf",
            "duration": "nan"}})",
         "no duration"},
        {R"({"streams": [{"codec_type": "video"}], "format": {"format_name": "asf",
            "duration": "-4"}})",
         "no duration"},
    };
    for (const auto& [text, reason] : cases) {
        const Result<model::Metadata> found = parse_ffprobe(text);
        ASSERT_FALSE(found) << text;
        EXPECT_EQ(found.error().code, Code::invalid);
        EXPECT_TRUE(found.error().detail.contains(reason)) << found.error().detail;
    }
}

TEST(ParseFfprobe, KeepsHostileNumbersAndTextsWithinLimits) {
    const std::string text = R"({"streams": [
        {"codec_type": "video", "codec_name": ")" +
                             std::string(5000, 'x') + R"(", "width": 999999999999,
         "height": -5, "bit_rate": "1e400", "avg_frame_rate": "x/1"}],
        "format": {"format_name": "asf", "duration": "5", "size": "99999999999999999999"}})";
    const Result<model::Metadata> found = parse_ffprobe(text);
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(found->video.front().codec.size(), 64u);
    EXPECT_EQ(found->width, 0);
    EXPECT_EQ(found->height, 0);
    EXPECT_EQ(found->size_bytes, 0);
    std::string many = R"({"format": {"format_name": "asf", "duration": "5"}, "streams": [)";
    for (int i = 0; i < 65; ++i)
        many += R"({"codec_type": "audio"},)";
    many.back() = ']';
    EXPECT_FALSE(parse_ffprobe(many + "}"));
    EXPECT_FALSE(parse_ffprobe(std::string(100'000, '[')));
}

}  // namespace
}  // namespace hookreel::media
