#include "media/ffmpeg/fitting.h"

#include <gtest/gtest.h>

#include "media/ffmpeg/presets.h"

namespace hookreel::media {
namespace {

using model::Fill;
using model::Sides;

TEST(FittedSize, FollowsTheTemplateInBothOrientations) {
    struct Case {
        std::uint64_t definition;
        Size shown;
        Size wanted;
    };
    const Case cases[] = {
        {10, {640, 480}, {320, 240}},          // 320 is the long side.
        {10, {480, 640}, {240, 320}},          //
        {10, {1920, 800}, {320, 134}},         // Even.
        {20, {320, 240}, {640, 480}},          // A small source is enlarged.
        {70, {1920, 1080}, {2560, 1440}},      // 1440 is the short side.
        {100020, {640, 480}, {720, 540}},      // As the fixture of the wire.
        {100020, {480, 640}, {540, 720}},      //
        {100800, {641, 481}, {642, 482}},      // As the source, but even.
        {510, {1280, 720}, {426, 240}},        //
        {100080, {10000, 100}, {8192, 2160}},  // No side over what encoders take.
        {10, {10000, 1}, {320, 2}},            //
        {875, {640, 480}, {640, 480}},         //
    };
    for (const Case& each : cases) {
        const Size size =
            fitted_size(fitting_of(*find_transcode_preset(each.definition)->video), each.shown);
        EXPECT_EQ(size, each.wanted)
            << each.definition << ": " << each.shown.width << "x" << each.shown.height << " to "
            << size.width << "x" << size.height;
    }
}

TEST(FittedSize, KeepsABoxOfTwoSidesInTheOrientationOfTheSource) {
    const Fitting box{.width = 640, .height = 360};
    EXPECT_EQ(fitted_size(box, {100, 100}), (Size{640, 360}));
    EXPECT_EQ(fitted_size(box, {90, 160}), (Size{360, 640}));
}

TEST(FittedSize, TakesTheSidesAsNamedWhenItIsNotAdaptive) {
    constexpr Sides as_named = Sides::as_named;
    EXPECT_EQ(fitted_size({640, 360, as_named}, {90, 160}), (Size{640, 360}));
    EXPECT_EQ(fitted_size({360, 640, as_named}, {160, 90}), (Size{360, 640}));
    EXPECT_EQ(fitted_size({640, 0, as_named}, {90, 160}), (Size{640, 1138}));
    EXPECT_EQ(fitted_size({0, 640, as_named}, {90, 160}), (Size{360, 640}));
    EXPECT_EQ(fitted_size({0, 0, as_named}, {91, 161}), (Size{92, 162}));
}

TEST(FittingFilters, ScaleWhereTheShapeIsTheSources) {
    EXPECT_EQ(fitting_filters({0, 240}, {640, 480}), "scale=320:240");
    EXPECT_EQ(fitting_filters({0, 240, Sides::as_named, Fill::black}, {640, 480}), "scale=320:240");
    EXPECT_EQ(fitting_filters({320, 240, Sides::as_named, Fill::black}, {640, 480}),
              "scale=320:240,setsar=1");
}

TEST(FittingFilters, FillWhatIsBesideThePicture) {
    const Size shown{640, 480};
    const auto filters = [&shown](Fill fill) {
        return fitting_filters({400, 200, Sides::as_named, fill}, shown);
    };
    EXPECT_EQ(filters(Fill::stretch), "scale=400:200,setsar=1");
    EXPECT_EQ(filters(Fill::black),
              "scale=266:200,setsar=1,pad=400:200:(ow-iw)/2:(oh-ih)/2:color=black");
    EXPECT_EQ(filters(Fill::white),
              "scale=266:200,setsar=1,pad=400:200:(ow-iw)/2:(oh-ih)/2:color=white");
    const std::string blurred = filters(Fill::gauss);
    EXPECT_TRUE(blurred.starts_with("split[over][under];[under]scale=100:50,gblur=")) << blurred;
    EXPECT_TRUE(
        blurred.ends_with("[over]scale=266:200,setsar=1[whole];[blurred][whole]overlay="
                          "(W-w)/2:(H-h)/2"))
        << blurred;
}

}  // namespace
}  // namespace hookreel::media
