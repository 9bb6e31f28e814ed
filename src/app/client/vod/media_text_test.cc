#include "app/client/vod/media_text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hookreel::app::client {
namespace {

json::object example() {
    constexpr std::string_view text = R"({
        "FileId": "42",
        "BasicInfo": {"Name": "Holi\u001b[2Jday", "Type": "mp4",
            "CreateTime": "2026-11-20T10:00:00Z",
            "ExpireTime": "9999-12-31T23:59:59Z", "TagSet": ["a", "b"], "ClassId": 3,
            "SourceInfo": {"SourceType": "Upload"}, "CoverUrl": "http://x/c.jpg"},
        "MetaData": {"Size": 2097152, "Width": 640, "Height": 360, "Duration": 8.0,
            "VideoStreamSet": [{"Codec": "h264", "Width": 640, "Height": 360, "Fps": 25,
                                "Bitrate": 900000}],
            "AudioStreamSet": [{"Codec": "aac", "SamplingRate": 44100, "Bitrate": 64000},
                               {"Codec": "flac", "SamplingRate": 48000, "Bitrate": 0}]},
        "TranscodeInfo": {"TranscodeSet": [
            {"Definition": 0, "Url": "http://x/f0.mp4", "Size": 2097152},
            {"Definition": 10, "Url": "http://x/v.f10.mp4", "Width": 320, "Height": 180}]},
        "SampleSnapshotInfo": {"SampleSnapshotSet": [
            {"Definition": 10, "ImageUrlSet": ["http://x/0.jpg", "http://x/1.jpg"]}]},
        "SnapshotByTimeOffsetInfo": {"SnapshotByTimeOffsetSet": [
            {"Definition": 10, "PicInfoSet": [{"TimeOffset": 0, "Url": "http://x/s.jpg"}]}]}})";
    return parse_json(text).value().get_object();
}

TEST(MediaText, HasALineForAFile) {
    const Row row = media_row(example());
    ASSERT_EQ(row.size(), media_head().size());
    EXPECT_EQ(row[0], "42");
    EXPECT_EQ(row[2], "mp4");
    EXPECT_EQ(row[3], "640x360");
    EXPECT_EQ(row[4], "8.0 s");
    EXPECT_EQ(row[5], "2.0 MiB");
    EXPECT_EQ(row[6].find('\x1b'), std::string::npos) << "a name moves no cursor";
}

TEST(MediaText, TellsTheFactsThatThereAre) {
    const std::vector<Row> facts = media_facts(example());
    const auto fact = [&facts](std::string_view name) {
        const auto found = std::ranges::find(facts, name, [](const Row& row) { return row[0]; });
        return found == facts.end() ? std::string("none") : (*found)[1];
    };
    EXPECT_EQ(fact("what"), "mp4  640x360  8.0 s  2.0 MiB");
    EXPECT_EQ(fact("streams"), "h264 640x360 25 fps 900 kbps; aac 44.1 kHz 64 kbps; flac 48 kHz");
    EXPECT_EQ(fact("tags"), "a, b");
    EXPECT_EQ(fact("class"), "3");
    EXPECT_EQ(fact("expires"), "none");
    EXPECT_EQ(fact("description"), "none");
}

TEST(MediaText, LeadsToEachOutput) {
    const std::vector<std::string> expected = {
        "  original            2.0 MiB", "    http://x/f0.mp4",
        "  Transcode 10        320x180", "    http://x/v.f10.mp4",
        "  Snapshot 10         ",        "    http://x/s.jpg",
        "  Sample 10           ",        "    http://x/0.jpg  and 1 more"};
    EXPECT_EQ(output_lines(example()), expected);
}

TEST(MediaText, ToleratesFilesOfAnyShape) {
    for (const char* text :
         {"{}", R"({"FileId":7,"BasicInfo":[],"MetaData":null,"TranscodeInfo":7})",
          R"({"TranscodeInfo":{"TranscodeSet":[7,{}]},"ImageSpriteInfo":{"ImageSpriteSet":[
              {"ImageUrlSet":[]},{"ImageUrlSet":[7]},{"ImageUrlSet":"x"}]}})"}) {
        const json::object media = parse_json(text).value().get_object();
        EXPECT_EQ(media_row(media).size(), media_head().size());
        EXPECT_TRUE(media_facts(media).empty());
        (void)output_lines(media);
    }
}

}  // namespace
}  // namespace hookreel::app::client
