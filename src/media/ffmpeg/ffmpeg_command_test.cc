#include "media/ffmpeg/ffmpeg_command.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "media/ffmpeg/arguments.h"

namespace hookreel::media {
namespace {

Source source(std::int64_t width = 640, std::int64_t height = 480, std::int64_t fps = 30) {
    Source source{.path = "/media/1/in.wmv", .metadata = {}};
    source.metadata.width = width;
    source.metadata.height = height;
    source.metadata.duration = source.metadata.video_duration = 10;
    source.metadata.video.push_back({.bitrate = 900'000,
                                     .width = width,
                                     .height = height,
                                     .codec = "h264",
                                     .fps = fps,
                                     .codec_tag = {},
                                     .hdr = {}});
    source.metadata.audio.push_back({.bitrate = 96'000, .sampling_rate = 44100, .codec = "aac"});
    return source;
}

std::string line(const std::vector<std::string>& arguments) {
    return fmt::format(" {} ", fmt::join(arguments, " "));
}

std::string transcode(std::uint64_t definition, const Source& from = source(),
                      std::optional<Range> range = {}) {
    return line(
        transcode_arguments(from, {.preset = find_transcode_preset(definition), .range = range}));
}

testing::AssertionResult has(const std::string& text, std::string_view part) {
    if (text.contains(part)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "no \"" << part << "\" in" << text;
}

TEST(ShownSize, TurnsTheSidesOfARotatedSource) {
    Source turned = source(1280, 720);
    turned.metadata.rotate = 90;
    EXPECT_EQ(shown_size(turned.metadata), (Size{720, 1280}));
    turned.metadata.rotate = 180;
    EXPECT_EQ(shown_size(turned.metadata), (Size{1280, 720}));
    turned.metadata.rotate = 270;
    EXPECT_TRUE(has(transcode(10, turned), ",scale=180:320,"));
}

Source wide_pixels() {
    Source wide = source(360, 288);
    wide.metadata.pixel_aspect = 16.0 / 11;
    return wide;
}

TEST(SquareSize, WidensBeforeItTurns) {
    model::Metadata wide = wide_pixels().metadata;
    EXPECT_EQ(square_size(wide), (Size{524, 288}));
    EXPECT_EQ(shown_size(wide), (Size{360, 288}));
    wide.rotate = 90;
    EXPECT_EQ(square_size(wide), (Size{288, 524}));
}

TEST(TranscodeArguments, KeepTheShapeOfPixelsOrMakeThemSquare) {
    EXPECT_TRUE(has(transcode(20, wide_pixels()), ",scale=640:512,format"));
    TranscodeTemplate box = *find_transcode_preset(20);
    box.video->width = 640;
    box.video->height = 480;
    box.video->fill = model::Fill::black;
    const std::string boxed = line(transcode_arguments(wide_pixels(), {.preset = &box}));
    EXPECT_TRUE(has(boxed, ",scale=640:352,setsar=1,pad=640:480:"));
}

TEST(TranscodeArguments, AreTheTutorialsCommandToTheLetter) {
    EXPECT_EQ(transcode(10),
              " -nostdin -hide_banner -v error -y -threads 2 -max_pixels 50000000 "
              "-protocol_whitelist file -format_whitelist "
              "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,mpegts,mpeg,avi,asf,ogg,wav,mp3,aac,flac,"
              "rm,amr,ac3,ape,dv,mxf -i file:/media/1/in.wmv -map 0:V:0 "
              "-vf fps=24,scale=320:240,format=yuv420p -c:v libx264 -profile:v high "
              "-preset veryfast -threads 2 -g 240 -b:v 256k -maxrate 384k -bufsize 512k "
              "-map 0:a:0 -c:a aac -b:a 48k -ac 2 -ar 44100 -sn -dn -map_metadata -1 "
              "-map_chapters -1 -progress pipe:1 -stats_period 0.5 -movflags +faststart -f mp4 "
              "file:v.f10.mp4 ");
}

TEST(TranscodeArguments, TakeTheTemplatesFrameRateAsAMaximum) {
    EXPECT_TRUE(has(transcode(10, source(640, 480, 25)), " -vf fps=24,scale="));
    EXPECT_TRUE(has(transcode(10, source(640, 480, 24)), " -fps_mode vfr "));
    EXPECT_TRUE(has(transcode(10, source(640, 480, 12)), " -fps_mode vfr "));
    EXPECT_TRUE(has(transcode(10, source(640, 480, 0)), " -vf fps=24,scale="));  // Unknown.
}

TEST(TranscodeArguments, KeepAPictureThatIsShorterThanAFrame) {
    Source flash = source(640, 480, 60);
    flash.metadata.video_duration = 1.0 / 60;
    EXPECT_TRUE(has(transcode(10, flash), " -vf scale=320:240,format=yuv420p -r 24 "));
}

TEST(TranscodeArguments, WriteEachContainerInItsOwnWay) {
    const std::string hls = transcode(210);
    EXPECT_TRUE(has(hls, " -f hls -hls_time 4 -hls_playlist_type vod "));
    EXPECT_TRUE(has(hls, " -hls_segment_filename segment_%05d.ts file:v.f210.m3u8 "));
    EXPECT_TRUE(has(hls, " -force_key_frames expr:gte(t,n_forced*4) "));
    const std::string flv = transcode(10046);
    EXPECT_TRUE(has(flv, " -c:a libmp3lame "));
    EXPECT_TRUE(has(flv, " -f flv file:v.f10046.flv "));
    EXPECT_FALSE(has(flv, "faststart"));
    const std::string h265 = transcode(510);
    EXPECT_TRUE(has(h265, " -c:v libx265 -profile:v main -tag:v hvc1 "));
    EXPECT_TRUE(has(transcode(1100), " -vn -map 0:a:0 -c:a aac -b:a 24k "));
    EXPECT_TRUE(has(transcode(1100), " -f ipod file:v.f1100.m4a "));
    EXPECT_TRUE(has(transcode(1010), " -c:a libmp3lame -b:a 128k -ac 2 -ar 44100 "));
    EXPECT_TRUE(has(transcode(1010), " -f mp3 file:v.f1010.mp3 "));
}

TEST(TranscodeArguments, CopyWhenTheTemplateOnlyChangesTheContainer) {
    const std::string mp4 = transcode(875);
    EXPECT_TRUE(has(mp4, " -map 0:V:0 -c:v copy -map 0:a:0 -c:a copy "));
    EXPECT_FALSE(has(mp4, "scale"));
    EXPECT_FALSE(has(transcode(876), "force_key_frames"));
    Source hevc = source();
    hevc.metadata.video.front().codec = "hevc";
    EXPECT_TRUE(has(transcode(875, hevc), " -c:v copy -tag:v hvc1 "));
}

TEST(TranscodeArguments, LetThePictureChooseTheBitrateButNotAboveTheSource) {
    const std::string top_speed = transcode(100800);
    EXPECT_TRUE(has(top_speed, " -crf 23 -maxrate 900k -bufsize 1800k "));
    EXPECT_FALSE(has(top_speed, "-b:v"));
    EXPECT_TRUE(has(top_speed, " -b:a 96k "));
}

TEST(TranscodeArguments, StartAndEndWhereTheyShould) {
    const std::string part = transcode(10, source(), Range{.start = 2.5, .length = 3});
    EXPECT_TRUE(has(part, " -ss 2.500 -t 3.000 -i file:"));
    EXPECT_FALSE(has(transcode(10, source(), Range{.start = 0, .length = 3}), "-ss"));
}

TEST(TranscodeArguments, LeaveOutTheSoundThatIsNotThereOrNotWanted) {
    Source silent = source();
    silent.metadata.audio.clear();
    EXPECT_TRUE(has(transcode(10, silent), " -an "));
    const std::string dropped = line(
        transcode_arguments(source(), {.preset = find_transcode_preset(10), .sound = Sound::drop}));
    EXPECT_TRUE(has(dropped, " -an "));
    EXPECT_FALSE(has(dropped, "0:a:0"));
}

TEST(PicturesArguments, MakeAllPicturesWithOneProgramAndGuardEachInput) {
    const std::string two = line(
        pictures_arguments(source(), {.look = &snapshot_preset(), .times = {0, 3.5}, .first = 10}));
    EXPECT_TRUE(has(two, " -ss 3.500 -i file:/media/1/in.wmv "));
    EXPECT_TRUE(has(two, " -map 0:V:0 -q:v 3 -pix_fmt yuvj420p "));
    EXPECT_TRUE(has(two, " file:picture_10.jpg -frames:v 1 -map 1:V:0 "));
    EXPECT_TRUE(two.ends_with(" file:picture_11.jpg "));
    std::size_t guards = 0;
    for (std::size_t at = two.find("-protocol_whitelist file -format_whitelist mov");
         at != std::string::npos; at = two.find("-protocol_whitelist file", at + 1))
        ++guards;
    EXPECT_EQ(guards, 2u);
}

const SpriteTemplate small_sheets{
    .definition = 7, .width = 100, .height = 50, .rows = 1, .columns = 2, .interval = 5};

SpriteSheets sheets(std::int64_t count) {
    return {.preset = &small_sheets, .cell = {100, 50}, .interval_seconds = 5, .count = count};
}

TEST(PicturesArguments, MakeThemAsTheTemplateSays) {
    const SnapshotTemplate square{
        .definition = 7, .width = 300, .height = 300, .format = model::ImageFormat::png};
    const std::string made =
        line(pictures_arguments(source(), {.look = &square, .times = {1}, .first = 0}));
    EXPECT_TRUE(has(made, " -map 0:V:0 -vf scale=300:226,setsar=1,pad=300:300:"));
    EXPECT_TRUE(has(made, " -c:v png -pix_fmt rgb24 "));
    EXPECT_TRUE(made.ends_with(" file:picture_0.png "));
    const SnapshotTemplate small{.definition = 7, .width = 160, .format = model::ImageFormat::webp};
    const std::string last = line(last_picture_arguments(
        source(), {.look = &small, .range = {.start = 1, .length = 2}, .index = 4}));
    EXPECT_TRUE(has(last, " -ss 1.000 -t 2.000 -i file:"));
    EXPECT_TRUE(has(last, " -vf scale=160:120,setsar=1 -c:v libwebp "));
    EXPECT_TRUE(last.ends_with(" file:picture_4.webp "));
}

TEST(PicturesArguments, MakePixelsSquare) {
    const std::string as_source = line(
        pictures_arguments(wide_pixels(), {.look = &snapshot_preset(), .times = {1}, .first = 0}));
    EXPECT_TRUE(has(as_source, " -vf scale=524:288,setsar=1 -q:v 3 "));
    const SnapshotTemplate box{.definition = 7, .width = 300, .height = 300};
    const std::string boxed =
        line(pictures_arguments(wide_pixels(), {.look = &box, .times = {1}, .first = 0}));
    EXPECT_TRUE(has(boxed, " -vf scale=300:164,setsar=1,pad=300:300:"));
}

TEST(PicturesArguments, OpenAPlaylistOfOursAndItsSegmentsOnly) {
    Source playlist = source();
    playlist.path = "/media/1/f0/out.m3u8";
    EXPECT_EQ(readable_path(playlist), "/media/1/f0/out.m3u8");
    playlist.metadata.container = "hls";
    EXPECT_EQ(readable_path(playlist), "/media/1/f0");
    const std::string made =
        line(pictures_arguments(playlist, {.look = &snapshot_preset(), .times = {1}, .first = 0}));
    EXPECT_TRUE(has(made,
                    " -protocol_whitelist file -format_whitelist hls,mpegts -allowed_extensions ts "
                    "-ss 1.000 -i file:/media/1/f0/out.m3u8 "));
}

TEST(SpriteArguments, MakeExactlyTheCountWhereverTheVideoEnds) {
    const SpriteSheets three = sheets(3);
    const std::string made = line(sprite_arguments(source(), three));
    EXPECT_TRUE(has(made, " -protocol_whitelist file -format_whitelist mov"));
    EXPECT_TRUE(has(made, "fps=1/5:round=up:start_time=0,"));
    EXPECT_TRUE(has(made, "tpad=stop=3:stop_mode=clone,trim=end_frame=3,scale=100:50,setsar=1,"));
    EXPECT_TRUE(has(made, "tile=2x1 "));
    EXPECT_FALSE(has(made, "setsar=1,setsar=1"));
    EXPECT_TRUE(has(made, ",metadata=print:key=at:file=-:direct=1,tpad="));
    EXPECT_TRUE(made.ends_with(" -start_number 0 -threads 1 -f image2 file:sheet_%d.jpg "));
    EXPECT_EQ(sheet_count(three), 2u);
    EXPECT_EQ(sheet_count(sheets(2)), 1u);
}

TEST(SpriteArguments, FollowTheTemplatesFormatFillAndInterval) {
    const SpriteTemplate square{.definition = 7,
                                .rows = 2,
                                .columns = 2,
                                .fill = model::Fill::black,
                                .format = model::ImageFormat::webp};
    const SpriteSheets four{
        .preset = &square, .cell = {160, 160}, .interval_seconds = 2.5, .count = 4};
    const std::string made = line(sprite_arguments(source(), four));
    EXPECT_TRUE(has(made, "fps=1/2.5:round=up"));
    EXPECT_TRUE(has(made, ",scale=160:120,setsar=1,pad=160:160:(ow-iw)/2:(oh-ih)/2:color=black,"));
    EXPECT_TRUE(has(made, " file:sheet_%d.webp "));
    EXPECT_EQ(sheet_name(four, 1), "sheet_1.webp");
}

TEST(SpriteVtt, PointsToEachPictureAndEndsWithTheSource) {
    EXPECT_EQ(sprite_vtt(sheets(3), {"a.jpg", "b.jpg"}, 3612.5),
              "WEBVTT\n"
              "\n00:00:00.000 --> 00:00:05.000\na.jpg#xywh=0,0,100,50\n"
              "\n00:00:05.000 --> 00:00:10.000\na.jpg#xywh=100,0,100,50\n"
              "\n00:00:10.000 --> 01:00:12.500\nb.jpg#xywh=0,0,100,50\n");
}

TEST(AnimationArguments, KeepMemoryFlatAndTurnTheSize) {
    Source turned = source(320, 240);
    turned.metadata.rotate = 90;
    const Range range{.start = 1.5, .length = 2};
    const MovingPicture picture{
        .preset = find_animation_template(20000, {}), .size = {240, 320}, .range = range};
    const std::string gif = line(animation_arguments(turned, picture));
    EXPECT_TRUE(has(gif, " -ss 1.500 -t 2.000 -i file:/media/1/in.wmv "));
    EXPECT_TRUE(has(gif, "fps=2:round=up:start_time=0,scale=240:320,"));
    EXPECT_TRUE(has(gif, "palettegen=stats_mode=single"));
    EXPECT_TRUE(gif.ends_with(" -loop 0 -f gif file:animation "));
    const AnimationTemplate look{
        .format = model::AnimationFormat::webp, .fps = 12, .quality = 37.5};
    const std::string webp =
        line(animation_arguments(turned, {.preset = &look, .size = {64, 48}, .range = range}));
    EXPECT_TRUE(has(webp, "fps=12:round=up:start_time=0,scale=64:48,"));
    EXPECT_TRUE(has(webp, " -quality 37.5 "));
    EXPECT_FALSE(has(webp, "palettegen"));
    EXPECT_TRUE(has(webp, " -c:v libwebp "));
}

TEST(ProgressSeconds, ReadsTheOneLineThatTellsThePosition) {
    EXPECT_EQ(progress_seconds("out_time_us=2500000"), 2.5);
    EXPECT_EQ(progress_seconds("frame:3    pts:5       pts_time:12.5"), 12.5);
    for (const std::string_view other :
         {"out_time_ms=2500000", "out_time_us=N/A", "out_time_us=-1", "out_time_us=",
          "progress=end", "frame=12", "frame:3    pts:5", "frame:3    pts:NOPTS   pts_time:NOPTS",
          "frame:0 pts_time:-1", "at=1", "out_time_us=99999999999999999999", ""})
        EXPECT_EQ(progress_seconds(other), std::nullopt) << other;
}

TEST(PlaylistSeconds, SumsTheSegments) {
    EXPECT_DOUBLE_EQ(playlist_seconds("#EXTM3U\n#EXTINF:4.000,\na.ts\n#EXTINF:1.5,\nb.ts\n"), 5.5);
    for (const std::string_view other :
         {"", "#EXTINF:4,\n", "#EXTM3U\n#EXTINF:x,\n#EXTINF:\n#EXTINF:-3,\n#EXTINF:nan,\n"})
        EXPECT_EQ(playlist_seconds(other), 0) << other;
}

}  // namespace
}  // namespace hookreel::media
