#include "media/ffmpeg/watermarks.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "media/ffmpeg/adaptive_command.h"
#include "media/ffmpeg/arguments.h"
#include "media/ffmpeg/ffmpeg_command.h"

namespace hookreel::media {
namespace {

using model::Corner;
using model::Unit;

constexpr Canvas canvas{{320, 240}, 10};

Mark image(const std::string& file = "/media/watermarks/1/a.png") {
    Mark mark{.file = file};
    mark.look.image.emplace().path = file;
    return mark;
}
Mark drawing(model::DrawnMark sides = {}) {
    Mark mark{.file = "/media/.work/1/mark_0.png"};
    mark.look.drawn = sides;
    return mark;
}
Mark text() {
    Mark mark{.file = "mark_0.txt"};
    mark.look.text = model::TextMark{.size_pixels = 24, .color = 0xFF10, .opacity = 0.5};
    return mark;
}

Source film() {
    Source source{.path = "/media/1/in.mp4", .metadata = {}};
    source.metadata.width = 640;
    source.metadata.height = 480;
    source.metadata.duration = source.metadata.video_duration = 10;
    source.metadata.video.emplace_back().codec = "h264";
    source.metadata.video.front().fps = 20;
    return source;
}

std::string line(const std::vector<std::string>& arguments) {
    return fmt::format(" {} ", fmt::join(arguments, " "));
}

testing::AssertionResult has(const std::string& text, std::string_view part) {
    if (text.contains(part)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "no \"" << part << "\" in" << text;
}

TEST(MarkFilters, AreNoneWithoutMarks) {
    EXPECT_EQ(mark_filters({}, canvas, {}), "");
    EXPECT_EQ(image_count({}), 0u);
}

TEST(MarkFilters, FitAnImageAndPlaceItFromItsCorner) {
    Mark mark = image();
    EXPECT_EQ(mark_filters({mark}, canvas, {}),
              "[below1];[1:v]format=rgba,scale=w=32:h='clip(ow/a,1,8192)',"
              "colorchannelmixer=aa=1.00[mark1];[below1][mark1]overlay=x=0:y=0:eof_action=repeat");
    mark.look.corner = Corner::bottom_right;
    mark.look.x = {10, Unit::percent};
    mark.look.y = {7, Unit::pixels};
    mark.look.image->height = {50, Unit::percent};
    mark.look.image->transparency_percent = 25;
    mark.offsets = {.start = -4, .end = -1};
    const std::string moved = mark_filters({mark}, canvas, {.number = 5});
    EXPECT_TRUE(has(moved, "[5:v]format=rgba,scale=w=32:h=120,colorchannelmixer=aa=0.75[mark5]"));
    EXPECT_TRUE(has(moved, "overlay=x=W-w-32:y=H-h-7:"));
    EXPECT_TRUE(has(moved, ":enable='gte(t,6.000)*lt(t,9.000)'"));
    mark.look.corner = Corner::top_right;
    EXPECT_TRUE(has(mark_filters({mark}, canvas, {}), "overlay=x=W-w-32:y=7:"));
    mark.look.corner = Corner::bottom_left;
    EXPECT_TRUE(has(mark_filters({mark}, canvas, {}), "overlay=x=32:y=H-h-7:"));
}

TEST(MarkFilters, BringADrawingToItsSizeBeforeItsColoursAreAsTheyAre) {
    Mark mark = drawing();
    EXPECT_TRUE(mark.is_image());
    EXPECT_EQ(mark_filters({mark}, canvas, {}),
              "[below1];[1:v]format=rgba,scale=w=32:h='max(ow/a,1)',format=gbrap,"
              "unpremultiply=inplace=1[mark1];[below1][mark1]overlay=x=0:y=0:eof_action=repeat");
    mark.look.corner = Corner::bottom_right;
    mark.look.x = {10, Unit::percent};
    mark.look.drawn->height = {50, model::DrawnUnit::percent};
    mark.offsets = {.start = 4};
    std::string made = mark_filters({mark}, canvas, {.number = 5});
    EXPECT_TRUE(has(made, "[5:v]format=rgba,scale=w=32:h=120,format=gbrap,"));
    EXPECT_TRUE(has(made, "overlay=x=W-w-32:y=H-h-0:eof_action=repeat:enable='gte(t,4.000)'"));
    mark.look.drawn->width = {};
    made = mark_filters({mark}, canvas, {});
    EXPECT_TRUE(has(made, "format=rgba,scale=w='max(oh*a,1)':h=120,format=gbrap,"));
    mark.look.drawn->height = {};
    EXPECT_TRUE(has(mark_filters({mark}, canvas, {}), "format=rgba,format=gbrap,"));
}

TEST(DrawnSize, IsCountedInWhatItSays) {
    using model::DrawnUnit;
    const Size wide{320, 200};
    const Size high{200, 320};
    const auto width = [](DrawnUnit unit, Size of) {
        return drawn_size({.width = {10, unit}, .height = {}}, of);
    };
    EXPECT_EQ(width(DrawnUnit::pixels, wide), (Size{10, 0}));
    EXPECT_EQ(width(DrawnUnit::percent, wide), (Size{32, 0}));
    EXPECT_EQ(width(DrawnUnit::of_width, high), (Size{20, 0}));
    EXPECT_EQ(width(DrawnUnit::of_height, high), (Size{32, 0}));
    EXPECT_EQ(width(DrawnUnit::of_short_side, wide), (Size{20, 0}));
    EXPECT_EQ(width(DrawnUnit::of_short_side, high), (Size{20, 0}));
    EXPECT_EQ(width(DrawnUnit::of_long_side, wide), (Size{32, 0}));
    EXPECT_EQ(width(DrawnUnit::of_long_side, high), (Size{32, 0}));
    const model::DrawnMark both{.width = {0.01, DrawnUnit::of_width},
                                .height = {10, DrawnUnit::percent}};
    EXPECT_EQ(drawn_size(both, wide), (Size{1, 20}));
    EXPECT_EQ(drawn_size({.width = {}, .height = {}}, wide), (Size{}));
    EXPECT_EQ(sharp_size(both, {wide, high}), (Size{1, 32}));
    EXPECT_EQ(sharp_size(both, {}), (Size{}));
}

TEST(DrawingArguments, OpenADrawingLikeASourceInItsSize) {
    Drawn drawn{.path = "/media/.drawings/1/a.svg", .size = {64, 0}, .picture = "mark_0.png"};
    std::string made = line(drawing_arguments(drawn));
    EXPECT_TRUE(has(made,
                    " -max_pixels 50000000 -protocol_whitelist file -format_whitelist svg_pipe "
                    "-width 64 -f svg_pipe -i file:/media/.drawings/1/a.svg "));
    EXPECT_TRUE(has(made, " -f image2 file:mark_0.png "));
    drawn.size = {0, 32};
    EXPECT_TRUE(has(line(drawing_arguments(drawn)), " svg_pipe -height 32 -f "));
    drawn.size = {64, 64};
    EXPECT_TRUE(has(line(drawing_arguments(drawn)), " -width 64 -height 64 -keep_ar 0 -f "));
    drawn.size = {};
    EXPECT_TRUE(has(line(drawing_arguments(drawn)), " -format_whitelist svg_pipe -f svg_pipe "));
}

TEST(MarkFilters, UseEachInputAlsoForWhatIsNeverSeen) {
    Mark never = image();
    never.offsets = {.start = 20};
    const std::string filters = mark_filters({never, text(), image()}, canvas, {});
    EXPECT_TRUE(
        has(filters, "[below1][mark1]overlay=x=0:y=0:eof_action=repeat:enable='lt(t,0.000)'"));
    EXPECT_TRUE(has(filters, "[2:v]"));
    EXPECT_EQ(image_count({never, text(), image()}), 2u);
}

TEST(MarkFilters, ReadTextFromAFileInWhichNothingMeansAnything) {
    Mark mark = text();
    mark.look.corner = Corner::top_right;
    mark.look.y = {5, Unit::pixels};
    EXPECT_EQ(mark_filters({mark}, canvas, {}),
              ",drawtext=fontfile=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:"
              "textfile=mark_0.txt:expansion=none:fontsize=24:fontcolor=0x00FF10:alpha=0.50:"
              "x=w-tw-0:y=5");
}

TEST(MarkFilters, LetAMovingImageEndAsItSays) {
    Mark mark = image("/media/watermarks/1/a.gif");
    const TranscodeTemplate& preset = *find_transcode_preset(10);
    const auto transcode = [&] {
        return line(transcode_arguments(film(), {.preset = &preset, .marks = {mark}}));
    };
    EXPECT_TRUE(
        has(transcode(), " -format_whitelist gif -ignore_loop 1 -stream_loop -1 -f gif -i "));
    EXPECT_TRUE(has(transcode(), ":shortest=1"));
    mark.look.image->repeat = model::Repeat::last_frame;
    EXPECT_TRUE(has(transcode(), " -ignore_loop 1 -f gif -i "));
    EXPECT_TRUE(has(transcode(), ",tpad=stop=-1:stop_mode=clone[mark1]"));
    EXPECT_TRUE(has(transcode(), ":shortest=1"));
    mark.look.image->repeat = model::Repeat::once;
    EXPECT_TRUE(has(transcode(), ",tpad=stop=-1:color=black@0[mark1]"));
    EXPECT_TRUE(has(transcode(), ":shortest=1"));
}

TEST(MarksAt, AreThoseThatAreSeenThen) {
    Mark late = text();
    late.offsets = {.start = -2};
    const std::vector<Mark> both = {text(), late};
    EXPECT_EQ(marks_at(both, {7.9, 10}).size(), 1u);
    const std::vector<Mark> seen = marks_at(both, {8, 10});
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[1].offsets.start, 0);
}

TEST(TranscodeArguments, OpenAnImageLikeASourceAndNothingElse) {
    const std::string made = line(
        transcode_arguments(film(), {.preset = find_transcode_preset(10), .marks = {image()}}));
    EXPECT_TRUE(has(made,
                    " -max_pixels 50000000 -protocol_whitelist file -format_whitelist "
                    "png_pipe -f png_pipe -i file:/media/watermarks/1/a.png "));
    EXPECT_TRUE(has(made, " -filter_complex [0:V:0]scale=320:240[below1];"));
    EXPECT_TRUE(has(made, ",format=yuv420p[v0] -map [v0] -fps_mode vfr "));
    EXPECT_FALSE(has(made, " -vf "));
}

TEST(PicturesArguments, GiveEachPictureItsOwnMarks) {
    Mark late = image();
    late.offsets = {.start = 5};
    const std::string made = line(pictures_arguments(
        film(), {.look = &snapshot_preset(), .times = {1, 6, 7}, .first = 0, .marks = {late}}));
    EXPECT_TRUE(has(made, " -frames:v 1 -map 0:V:0 -q:v "));
    EXPECT_TRUE(has(made, " -filter_complex [1:V:0]null[below3];[3:v]"));
    EXPECT_TRUE(has(made, " -filter_complex [2:V:0]null[below4];[4:v]"));
}

TEST(AdaptiveArguments, MarkEachPictureInItsOwnSize) {
    const AdaptiveTemplate& preset = *find_adaptive_template(10, {});
    AdaptivePlan plan{.preset = &preset,
                      .pictures = sub_pictures(preset, {640, 480}),
                      .sound = Sound::drop,
                      .marks = {image()}};
    ASSERT_EQ(plan.pictures.size(), 2u);
    const std::string made = line(adaptive_arguments(film(), plan));
    EXPECT_TRUE(has(made, ";[s0]scale=320:240[below1];[1:v]format=rgba,scale=w=32:"));
    EXPECT_TRUE(has(made, ";[s1]scale=640:480[below2];[2:v]format=rgba,scale=w=64:"));
}

}  // namespace
}  // namespace hookreel::media
