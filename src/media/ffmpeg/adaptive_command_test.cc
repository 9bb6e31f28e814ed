#include "media/ffmpeg/adaptive_command.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

Source source(std::int64_t fps = 25) {
    Source film{.path = "/media/1/in.mp4", .metadata = {}};
    film.metadata.video.emplace_back().fps = fps;
    film.metadata.audio.emplace_back().codec = "aac";
    return film;
}

std::vector<Size> sizes(std::uint64_t definition, Size shown) {
    std::vector<Size> all;
    for (const SubPicture& one : sub_pictures(*find_adaptive_template(definition, {}), shown))
        all.push_back(one.size);
    return all;
}

AdaptivePlan plan_of(std::uint64_t definition) {
    const AdaptiveTemplate* const preset = find_adaptive_template(definition, {});
    return {.preset = preset, .pictures = sub_pictures(*preset, {854, 480})};
}

std::string line(std::uint64_t definition, Sound sound = Sound::keep, std::int64_t fps = 25) {
    AdaptivePlan plan = plan_of(definition);
    plan.sound = sound;
    const std::vector<std::string> arguments = adaptive_arguments(source(fps), plan);
    return fmt::format(" {} ", fmt::join(arguments, " "));
}

TEST(SubPictures, AreNotLargerThanTheSourceByTheShortSide) {
    EXPECT_EQ(sizes(10, {1280, 720}), (std::vector<Size>{{426, 240}, {854, 480}, {1280, 720}}));
    EXPECT_EQ(sizes(10, {720, 1280}), (std::vector<Size>{{240, 426}, {480, 854}, {720, 1280}}));
    EXPECT_EQ(sizes(10, {1278, 719}), (std::vector<Size>{{426, 240}, {854, 480}}));
    EXPECT_EQ(sizes(10, {240, 240}), (std::vector<Size>{{240, 240}}));
    EXPECT_EQ(sizes(10, {3840, 2160}).size(), 6u);
}

TEST(SubPictures, OfATinySourceAreOneInItsOwnSize) {
    EXPECT_EQ(sizes(10, {161, 121}), (std::vector<Size>{{160, 120}}));
    EXPECT_EQ(sizes(10, {1, 1}), (std::vector<Size>{{2, 2}}));
}

TEST(SubPictures, OfATemplateThatEnlargesAreAll) {
    EXPECT_EQ(sizes(20, {320, 240}),
              (std::vector<Size>{
                  {320, 240}, {640, 480}, {960, 720}, {1440, 1080}, {1920, 1440}, {2880, 2160}}));
}

TEST(SubPictures, OfAnOwnTemplateComeInItsOrderAndTheSmallestWhenNoneFits) {
    AdaptiveTemplate own{.definition = 1'000'001,
                         .video = {{.kbps = 900, .width = 1280, .height = 0},
                                   {.kbps = 500, .width = 640, .height = 640}},
                         .enlarges = false};
    const std::vector<SubPicture> both = sub_pictures(own, {1280, 720});
    ASSERT_EQ(both.size(), 2u);
    EXPECT_EQ(both[0].size, (Size{1280, 720}));
    EXPECT_EQ(both[0].filters, "scale=1280:720");
    EXPECT_EQ(both[1].size, (Size{640, 640}));
    EXPECT_EQ(both[1].filters,
              "scale=640:360,setsar=1,pad=640:640:(ow-iw)/2:(oh-ih)/2:color=black");
    const std::vector<SubPicture> tiny = sub_pictures(own, {321, 180});
    ASSERT_EQ(tiny.size(), 1u);
    EXPECT_EQ(tiny[0].video.kbps, 500);
    EXPECT_EQ(tiny[0].size, (Size{320, 180}));
    EXPECT_EQ(tiny[0].filters, "scale=320:180");
}

TEST(AdaptiveArguments, FollowAnOwnTemplate) {
    AdaptiveTemplate own{.definition = 1'000'001,
                         .video = {{.fps = 0, .kbps = 900, .width = 0, .height = 240}},
                         .audio = AudioTemplate{.kbps = 96, .sample_rate = 48000, .channels = 1},
                         .piece_seconds = 7};
    const auto line_of = [&own] {
        const AdaptivePlan plan{.preset = &own, .pictures = sub_pictures(own, {640, 480})};
        return fmt::format(" {} ", fmt::join(adaptive_arguments(source(25), plan), " "));
    };
    const std::string hls = line_of();
    EXPECT_TRUE(hls.contains(" [0:V:0]split=1[s0];[s0]scale=320:240,format")) << hls;
    EXPECT_TRUE(hls.contains(" -b:v:0 900k ")) << hls;
    EXPECT_TRUE(hls.contains(" expr:gte(t,n_forced*7) ")) << hls;
    EXPECT_TRUE(hls.contains(" -hls_time 7 ")) << hls;
    EXPECT_TRUE(hls.contains(" -b:a 96k -ac 1 -ar 48000 ")) << hls;
    EXPECT_TRUE(hls.contains(" adp.1000001.m3u8 ")) << hls;
    own.package = model::Package::dash;
    EXPECT_TRUE(line_of().contains(" -seg_duration 6.9 ")) << line_of();
}

TEST(AdaptiveArguments, DecodeOnceAndEncodeEachSize) {
    const std::string hls = line(10);
    EXPECT_TRUE(hls.contains(" -protocol_whitelist file -format_whitelist mov")) << hls;
    EXPECT_TRUE(
        hls.contains(" -filter_complex [0:V:0]fps=24,split=2[s0][s1];"
                     "[s0]scale=428:240,format=yuv420p[v0];"
                     "[s1]scale=854:480,format=yuv420p[v1] "))
        << hls;
    EXPECT_TRUE(hls.contains(" -map [v0] -map [v1] -map 0:a:0 ")) << hls;
    EXPECT_TRUE(hls.contains(" -b:v:0 256k -maxrate:v:0 384k -bufsize:v:0 512k ")) << hls;
    EXPECT_TRUE(hls.contains(" -sc_threshold 0 -force_key_frames expr:gte(t,n_forced*4) ")) << hls;
    EXPECT_TRUE(hls.contains(" -c:a aac -b:a 48k -ac 2 -ar 44100 ")) << hls;
    EXPECT_TRUE(
        hls.contains(" -master_pl_name adp.10.m3u8 -var_stream_map "
                     "v:0,agroup:sound v:1,agroup:sound a:0,agroup:sound,default:yes "))
        << hls;
    EXPECT_TRUE(line(10, Sound::keep, 12).contains(" [0:V:0]split=2"));
}

TEST(AdaptiveArguments, LeaveOutTheSoundThatIsNotWanted) {
    const std::string hls = line(10, Sound::drop);
    EXPECT_FALSE(hls.contains("0:a:0"));
    EXPECT_FALSE(hls.contains("-c:a"));
    EXPECT_TRUE(hls.contains(" -var_stream_map v:0 v:1 ")) << hls;
    const std::string dash = line(20, Sound::drop);
    EXPECT_TRUE(dash.contains(" -adaptation_sets id=0,streams=v ")) << dash;
}

TEST(AdaptiveArguments, HaveTheEditionOfAnEncryptedStreamInTheNamesOfItsPieces) {
    EXPECT_TRUE(line(10).ends_with(" stream_%v_%05d.ts stream_%v_index.m3u8 ")) << line(10);
    AdaptivePlan plan = plan_of(12);
    plan.edition = "0a1b";
    EXPECT_EQ(key_name(plan), "adp.12.0a1b.key");
    const std::string hls = fmt::format("{} ", fmt::join(adaptive_arguments(source(), plan), " "));
    EXPECT_TRUE(hls.ends_with(" stream_%v_0a1b_%05d.ts stream_%v_index.m3u8 ")) << hls;
    EXPECT_FALSE(hls.contains("key_info")) << hls;
    EXPECT_TRUE(is_encrypted_piece(plan, 1, "stream_1_0a1b_00000.ts"));
    for (const char* name : {"stream_0_0a1b_00000.ts", "stream_1_00000.ts", "adp.12.0a1b.key",
                             "stream_1_index.m3u8", "stream_1_0a1b_00000.mp4"})
        EXPECT_FALSE(is_encrypted_piece(plan, 1, name)) << name;
    EXPECT_FALSE(is_encrypted_piece(plan_of(10), 1, "stream_1_00000.ts"));
}

TEST(AdaptiveArguments, NameTheFilesOfDash) {
    const std::string dash = line(20);
    EXPECT_TRUE(dash.contains(" -adaptation_sets id=0,streams=v id=1,streams=a ")) << dash;
    EXPECT_TRUE(
        dash.ends_with(" -media_seg_name stream_$RepresentationID$_$Number%05d$.m4s "
                       "adp.20.mpd "))
        << dash;
    EXPECT_EQ(head_name(model::Package::dash, 3), "stream_3_init.mp4");
    EXPECT_EQ(piece_name(model::Package::dash, 3, 1), "stream_3_00001.m4s");
    EXPECT_EQ(head_name(model::Package::hls, 0), "stream_0_index.m3u8");
    EXPECT_EQ(piece_name(model::Package::hls, 0, 7), "stream_0_00007.ts");
}

}  // namespace
}  // namespace hookreel::media
