#include "media/ffmpeg/overlays.h"

#include <gtest/gtest.h>

#include "media/ffmpeg/step_rules.h"

namespace hookreel::media {
namespace {

using model::Extent;
using model::Mosaic;
using model::Unit;

constexpr double always = std::numeric_limits<double>::infinity();

Extent percent(double value) {
    return {value, Unit::percent};
}
Extent pixels(double value) {
    return {value, Unit::pixels};
}

TEST(StayOf, CountsNegativeOffsetsFromTheEndAndCutsAtTheEdges) {
    struct Case {
        Offsets offsets;
        std::optional<Stay> wanted;
    };
    const Case cases[] = {
        {{0, 0}, Stay{0, always}},   {{2, 0}, Stay{2, always}},       {{0, 3}, Stay{0, 3}},
        {{2, 3.5}, Stay{2, 3.5}},    {{-4, 0}, Stay{6, always}},      {{-4, -1}, Stay{6, 9}},
        {{-40, 0}, Stay{0, always}}, {{0, 10}, Stay{0, always}},      {{0, 1e300}, Stay{0, always}},
        {{10, 0}, std::nullopt},     {{4, 4}, std::nullopt},          {{5, 4}, std::nullopt},
        {{0, -10}, std::nullopt},    {{-1e300, -1e300}, std::nullopt}};
    for (const Case& each : cases)
        EXPECT_EQ(stay_of(each.offsets, {{320, 240}, 10}), each.wanted)
            << each.offsets.start << " " << each.offsets.end;
}

TEST(StayOf, IsFromTheBeginningToTheEndOfWhatHasNoKnownLength) {
    EXPECT_EQ(stay_of({.start = -4, .end = -1}, {{320, 240}, 0}), (Stay{0, always}));
    EXPECT_EQ(stay_of({.start = 2, .end = 3}, {{320, 240}, 0}), (Stay{2, 3}));
}

TEST(RegionOf, CoversAllThatWasAskedForInEvenPixels) {
    const Mosaic standard;
    EXPECT_EQ(region_of(standard, {320, 240}), (Region{0, 0, {32, 24}}));
    const Mosaic odd{pixels(31), pixels(7), pixels(3), pixels(2)};
    EXPECT_EQ(region_of(odd, {320, 240}), (Region{30, 6, {4, 4}}));
    const Mosaic parts{percent(50), percent(25), percent(10), pixels(40)};
    EXPECT_EQ(region_of(parts, {320, 240}), (Region{160, 60, {32, 40}}));
    const Mosaic all{{}, {}, percent(100), percent(100)};
    EXPECT_EQ(region_of(all, {320, 240}), (Region{0, 0, {320, 240}}));
}

TEST(RegionOf, IsCutToTheCanvas) {
    const Mosaic over_the_edge{percent(95), pixels(200), percent(50), pixels(8192)};
    EXPECT_EQ(region_of(over_the_edge, {320, 240}), (Region{304, 200, {16, 40}}));
    const Mosaic beside{pixels(320), {}, pixels(10), pixels(10)};
    EXPECT_EQ(region_of(beside, {320, 240}), std::nullopt);
    EXPECT_TRUE(region_of(beside, {322, 240}));
}

TEST(MosaicFilters, CutTileAndCoverEachRegion) {
    const Canvas canvas{{320, 240}, 10};
    const std::vector<Mosaic> two = {{pixels(32), pixels(24), pixels(96), pixels(64)},
                                     {{}, {}, pixels(8), pixels(8), 1, -2}};
    EXPECT_EQ(mosaic_filters(two, canvas),
              ",split[whole0][part0];[part0]crop=96:64:32:24,scale=10:7:flags=area,"
              "scale=96:64:flags=neighbor[tiles0];[whole0][tiles0]overlay=32:24"
              ",split[whole1][part1];[part1]crop=8:8:0:0,scale=1:1:flags=area,"
              "scale=8:8:flags=neighbor[tiles1];[whole1][tiles1]overlay=0:0"
              ":enable='gte(t,1.000)*lt(t,8.000)'");
    EXPECT_EQ(mosaic_filters({}, canvas), "");
    EXPECT_EQ(mosaic_filters({{pixels(400)}, {{}, {}, {}, {}, 20}}, canvas), "");
}

TEST(TemplateFor, LaysNothingOverPicturesThatItDoesNotEncode) {
    std::optional<model::Metadata> film = model::Metadata{};
    film->width = 640;
    film->height = 480;
    film->video.emplace_back().codec = "h264";
    film->audio.emplace_back().codec = "aac";
    model::TranscodeWork work{.definition = 10, .mosaics = {{}}, .output = {}};
    EXPECT_TRUE(template_for(work, film, {}));
    for (const std::uint64_t definition : {875u, 1010u}) {
        work.definition = definition;
        const auto found = template_for(work, film, {});
        ASSERT_FALSE(found) << definition;
        EXPECT_EQ(found.error().failure, model::Failure::configuration_unsupported);
    }
}

}  // namespace
}  // namespace hookreel::media
