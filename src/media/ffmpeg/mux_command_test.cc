#include "media/ffmpeg/mux_command.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

Mux mux(std::string_view sound_container) {
    Mux mux;
    mux.picture.source = {"/p", {}};
    mux.picture.source.metadata.container = "mpegts";
    mux.picture.source.metadata.duration = 9;
    mux.picture.source.metadata.video_duration = 8;
    mux.sound.source = {"/s", {}};
    mux.sound.source.metadata.container = sound_container;
    mux.sound.source.metadata.audio_duration = 10;
    mux.type = "ts";
    return mux;
}

std::string line(const Mux& mux, Clocks clocks) {
    return fmt::format("{}", fmt::join(mux_arguments(mux, clocks), " "));
}

TEST(MuxCommand, CopiesThePictureOfOneFileAndTheSoundOfTheOther) {
    const std::string text = line(mux("mpegts"), Clocks::one);
    EXPECT_TRUE(text.contains(" -i file:/p ")) << text;
    EXPECT_TRUE(text.contains(" -i file:/s -map 0:V:0? -map 1:a:0 -c copy ")) << text;
    EXPECT_TRUE(text.ends_with(" -f mpegts file:film")) << text;
    EXPECT_FALSE(text.contains("faststart"));
    // Each input has its own limits and lists.
    EXPECT_LT(text.find("-protocol_whitelist"), text.rfind("-protocol_whitelist"));
    Mux mp4 = mux("mpegts");
    mp4.type = "mp4";
    EXPECT_TRUE(line(mp4, Clocks::one).ends_with(" -movflags +faststart -f mp4 file:film"));
}

TEST(MuxCommand, KeepsTheTimesOfOneClock) {
    Mux shifted = mux("mpegts");
    shifted.sound.time_offset = 1.5;
    const std::string text = line(shifted, Clocks::one);
    EXPECT_TRUE(text.contains(" -copyts ")) << text;
    EXPECT_EQ(text.find("-itsoffset"), text.rfind("-itsoffset"));
    EXPECT_GT(text.find("-itsoffset -1.500000 "), text.find("file:/p"));
    const std::string each = line(shifted, Clocks::each);
    EXPECT_FALSE(each.contains("-copyts") || each.contains("-itsoffset")) << each;
    EXPECT_EQ(clocks_of(mux("mpegts")), Clocks::one);
    EXPECT_EQ(clocks_of(mux("aac")), Clocks::each);
}

TEST(MuxCommand, KnowsHowLongTheFilmBecomes) {
    EXPECT_EQ(muxed_seconds(mux("mpegts")), 10);
    EXPECT_EQ(muxed_seconds(mux("aac")), 8);  // Its length is an estimate.
}

}  // namespace
}  // namespace hookreel::media
