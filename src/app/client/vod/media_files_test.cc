#include "app/client/vod/media_files.h"

#include <gtest/gtest.h>

#include "app/client/vod/fake_platform_test.h"

namespace hookreel::app::client {
namespace {

json::object media(std::string_view id) {
    return {{"FileId", id}};
}

json::object page(int first, int count) {
    json::array set;
    for (int i = first; i < first + count; ++i)
        set.push_back(media(std::to_string(i)));
    return {{"MediaInfoSet", std::move(set)}, {"TotalCount", 1000}};
}

TEST(MediaFiles, AreSearchedPageByPage) {
    PlatformBench bench;
    bench.platform.expect("SearchMedia", page(0, 100));
    bench.platform.expect("SearchMedia", page(100, 7));
    const auto scene = [](PlatformBench& b) -> Task<void> {
        MediaFilter filter;
        filter.name = "holiday";
        filter.category = "Video";
        filter.class_id = 3;
        filter.since = "2026-11-20T00:00:00Z";
        const auto found = co_await find_media(b.vod, std::move(filter), 150);
        EXPECT_TRUE(found);
        EXPECT_EQ(found->size(), 107u);
    };
    bench.run(scene(bench));
    ASSERT_EQ(bench.platform.calls.size(), 2u);
    constexpr std::string_view second = R"({
        "SubAppId": 7, "Names": ["holiday"], "Categories": ["Video"], "ClassIds": [3],
        "CreateTime": {"After": "2026-11-20T00:00:00Z"}, "Offset": 100, "Limit": 50,
        "Sort": {"Field": "CreateTime", "Order": "Desc"}, "Filters": ["basicInfo", "metaData"]})";
    EXPECT_EQ(bench.platform.calls[1].second, parse_json(second).value());
}

TEST(MediaFiles, AreSearchedNoFurtherThanThePlatformGoes) {
    PlatformBench bench;
    for (int i = 0; i < 50; ++i)
        bench.platform.expect("SearchMedia", page(i * 100, 100));
    const auto scene = [](PlatformBench& b) -> Task<void> {
        const auto found = co_await find_media(b.vod, {}, 1'000'000);
        EXPECT_EQ(found->size(), media_found_max);
    };
    bench.run(scene(bench));
}

TEST(MediaFiles, AreDescribedTwentyAtATime) {
    PlatformBench bench;
    bench.platform.expect("DescribeMediaInfos", page(0, 20));
    bench.platform.expect("DescribeMediaInfos", page(20, 1));
    const auto scene = [](PlatformBench& b) -> Task<void> {
        std::vector<std::string> ids(21, "1");
        const auto found = co_await describe_media(b.vod, std::move(ids));
        EXPECT_EQ(found->size(), 21u);
    };
    bench.run(scene(bench));
    const json::object& last = bench.platform.calls.back().second.as_object();
    EXPECT_EQ(last.at("FileIds").as_array().size(), 1u);
}

TEST(MediaFiles, AreCutAndJoined) {
    PlatformBench bench;
    bench.platform.expect("EditMedia", {{"TaskId", "t1"}});
    const auto scene = [](PlatformBench& b) -> Task<void> {
        CutOrder order{.pieces = {{"1", 1.5, 0}, {"2", 0, 60}}, .name = "joined", .priority = -2};
        const Result<std::string> id = co_await edit_media(b.vod, std::move(order));
        EXPECT_EQ(id.value(), "t1");
    };
    bench.run(scene(bench));
    constexpr std::string_view expected = R"({
        "SubAppId": 7, "InputType": "File", "TasksPriority": -2,
        "FileInfos": [{"FileId": "1", "StartTimeOffset": 1.5, "EndTimeOffset": 0.0},
                      {"FileId": "2", "StartTimeOffset": 0.0, "EndTimeOffset": 60.0}],
        "OutputConfig": {"Type": "mp4", "MediaName": "joined"}})";
    // As text: a number that JSON has no fraction of compares by its kind.
    EXPECT_EQ(parse_json(json::serialize(bench.platform.calls[0].second)).value(),
              parse_json(json::serialize(parse_json(expected).value())).value());
}

TEST(MediaPiece, IsAFileOrAPartOfIt) {
    EXPECT_EQ(read_piece("7").value(), (MediaPiece{"7", 0, 0}));
    EXPECT_EQ(read_piece("7@10-25.5").value(), (MediaPiece{"7", 10, 25.5}));
    EXPECT_EQ(read_piece("7@1:30-1:00:02.5").value(), (MediaPiece{"7", 90, 3602.5}));
    EXPECT_EQ(read_piece("7@-5").value(), (MediaPiece{"7", 0, 5}));
    EXPECT_EQ(read_piece("7@5-").value(), (MediaPiece{"7", 5, 0}));
    for (const char* text : {"", "@1-2", "7@", "7@5", "7@x-", "7@1-2-3", "7@1:-2", "7@1:2:3:4-5",
                             "7@2-1", "7@2-2", "7@-0", "7@inf-", "7@nan-", "7@ 1-2", "7@1e999-"})
        EXPECT_FALSE(read_piece(text)) << text;
}

}  // namespace
}  // namespace hookreel::app::client
