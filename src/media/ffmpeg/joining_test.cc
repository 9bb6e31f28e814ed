#include "media/ffmpeg/joining.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hookreel::media {
namespace {

Source source(std::string path, std::int64_t width, std::int64_t height, bool has_audio = true) {
    Source made{std::move(path), {}};
    made.metadata.container = "mov,mp4,m4a,3gp,3g2,mj2";
    made.metadata.width = width;
    made.metadata.height = height;
    made.metadata.duration = made.metadata.video_duration = 2;
    made.metadata.video.push_back(
        {.width = width, .height = height, .fps = 30, .frame_rate = 30000.0 / 1001});
    if (has_audio) made.metadata.audio.push_back({.bitrate = 64000});
    return made;
}

std::string graph_of(const std::vector<std::string>& arguments) {
    const auto found = std::ranges::find(arguments, "-filter_complex");
    return found == arguments.end() ? std::string() : *(found + 1);
}
std::vector<std::string> maps_of(const std::vector<std::string>& arguments) {
    std::vector<std::string> maps;
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i)
        if (arguments[i] == "-map") maps.push_back(arguments[i + 1]);
    return maps;
}

const TranscodeTemplate& slow_preset() {
    static const TranscodeTemplate made = {
        .definition = 1,
        .name = {},
        .container = "mp4",
        .video = model::VideoTemplate{.fps = 24, .kbps = 500, .width = 640},
        .audio = model::AudioTemplate{.channels = 1}};
    return made;
}

TEST(Joining, SetsAllPartsOneBehindTheOther) {
    Transcode transcode{.preset = &slow_preset()};
    transcode.heads.push_back({source("/head", 100, 100), model::Fill::black});
    transcode.tails.push_back({source("/tail", 640, 480, false)});
    const std::vector<std::string> arguments =
        transcode_arguments(source("/film", 1280, 720), transcode);
    EXPECT_EQ(graph_of(arguments),
              "[1:V:0]scale=360:360,setsar=1,pad=640:360:(ow-iw)/2:(oh-ih)/2:color=black,"
              "format=yuv420p[p1];"
              "[1:a:0]aresample=44100:async=1:first_pts=0,"
              "aformat=sample_fmts=fltp:sample_rates=44100:channel_layouts=mono[s1];"
              "[0:V:0]scale=640:360,setsar=1,format=yuv420p[p0];"
              "[0:a:0]aresample=44100:async=1:first_pts=0,"
              "aformat=sample_fmts=fltp:sample_rates=44100:channel_layouts=mono[s0];"
              "[2:V:0]scale=640:360,setsar=1,format=yuv420p[p2];"
              "anullsrc=r=44100:cl=mono,atrim=duration=2.000,"
              "aformat=sample_fmts=fltp:sample_rates=44100:channel_layouts=mono[s2];"
              "[p1][s1][p0][s0][p2][s2]concat=n=3:v=1:a=1[joined][sound];"
              "[joined]fps=24/1[picture]");
    EXPECT_EQ(maps_of(arguments), (std::vector<std::string>{"[picture]", "[sound]"}));
    EXPECT_DOUBLE_EQ(attached_seconds(transcode), 4);
}

TEST(Joining, KeepsTheRateOfTheFilmWhereTheTemplateDoes) {
    TranscodeTemplate made = slow_preset();
    made.video->fps = 0;
    made.audio.reset();
    Transcode transcode{.preset = &made};
    transcode.heads.push_back({source("/head", 640, 360)});
    const std::vector<std::string> arguments =
        transcode_arguments(source("/film", 640, 360), transcode);
    EXPECT_TRUE(
        graph_of(arguments).ends_with("concat=n=2:v=1:a=0[joined];"
                                      "[joined]fps=30000/1001[picture]"))
        << graph_of(arguments);
    EXPECT_EQ(maps_of(arguments), std::vector<std::string>{"[picture]"});
    EXPECT_EQ(std::ranges::count(arguments, "-an"), 1);
}

TEST(Joining, DropsTheSoundOfAllAndCountsPicturesOnly) {
    Transcode transcode{.preset = &slow_preset(), .sound = Sound::drop};
    transcode.tails.push_back({source("/tail", 640, 360)});
    transcode.tails.front().source.metadata.duration = 9;  // Of its sound.
    EXPECT_FALSE(has_sound(source("/film", 640, 360), transcode));
    EXPECT_DOUBLE_EQ(attached_seconds(transcode), 2);
    transcode.sound = Sound::keep;
    EXPECT_DOUBLE_EQ(attached_seconds(transcode), 9);
    EXPECT_TRUE(has_sound(source("/film", 640, 360, false), transcode));
}

TEST(Joining, OfSoundAloneHasNoPicture) {
    TranscodeTemplate made = slow_preset();
    made.container = "mp3";
    made.video.reset();
    made.audio->codec = model::AudioCodec::mp3;
    Transcode transcode{.preset = &made};
    transcode.heads.push_back({source("/head", 640, 360)});
    const std::vector<std::string> arguments =
        transcode_arguments(source("/film", 640, 360), transcode);
    EXPECT_FALSE(graph_of(arguments).contains(":V:0]"));
    EXPECT_TRUE(graph_of(arguments).ends_with("[s1][s0]concat=n=2:v=0:a=1[sound]"));
    EXPECT_EQ(maps_of(arguments), std::vector<std::string>{"[sound]"});
}

TEST(Joining, ComesBehindTheMarksOfTheFilm) {
    Transcode transcode{.preset = &slow_preset()};
    Mark mark;
    mark.look.image.emplace().path = "logo.png";
    mark.file = "/logo.png";
    transcode.marks.push_back(mark);
    transcode.heads.push_back({source("/head", 640, 360)});
    const std::vector<std::string> arguments =
        transcode_arguments(source("/film", 640, 360), transcode);
    const std::string graph = graph_of(arguments);
    EXPECT_TRUE(graph.starts_with("[2:V:0]")) << graph;
    EXPECT_TRUE(graph.contains("[1:v]")) << graph;
    EXPECT_EQ(std::ranges::count(arguments, "-filter_complex"), 1);
}

}  // namespace
}  // namespace hookreel::media
