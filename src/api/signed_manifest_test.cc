#include "api/signed_manifest.h"

#include <gtest/gtest.h>

namespace hookreel::api {
namespace {

std::string linked(std::string_view path, std::string_view text) {
    return with_queries(path, text,
                        [](std::string_view folder) { return "t=1&sign=" + std::string(folder); });
}

TEST(SignedManifest, NamesOfAPlaylistGetAQuery) {
    EXPECT_EQ(linked("a.m3u8",
                     "#EXTM3U\r\n#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"1@0\"\r\n\r\n"
                     "#EXTINF:4.0,\n0/seg.ts\nseg.ts"),
              "#EXTM3U\r\n#EXT-X-MAP:URI=\"init.mp4?t=1&sign=\",BYTERANGE=\"1@0\"\r\n\r\n"
              "#EXTINF:4.0,\n0/seg.ts?t=1&sign=0/\nseg.ts?t=1&sign=");
}

TEST(SignedManifest, TheKeyOfAPlaylistGetsAQuery) {
    EXPECT_EQ(linked("a.m3u8", "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"adp.12.0a.key\"\n"),
              "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"adp.12.0a.key?t=1&sign=\"\n");
}

TEST(SignedManifest, OtherAddressesStay) {
    const std::string text =
        "https://a.example/seg.ts\n/root.ts\n../up.ts\nseg.ts?x=1\n#EXT-X-KEY:URI=\"skd://k\"\n";
    EXPECT_EQ(linked("a.M3U8", text), text);
}

TEST(SignedManifest, NamesOfADashManifestGetAnEscapedQuery) {
    EXPECT_EQ(
        linked("a.mpd",
               R"(<MPD><BaseURL>v.mp4</BaseURL><SegmentTemplate media="s-$Number%05d$.m4s" )"
               R"(initialization="0/i.mp4" timescale="1"/></MPD>)"),
        R"(<MPD><BaseURL>v.mp4?t=1&amp;sign=</BaseURL><SegmentTemplate )"
        R"(media="s-$Number%05d$.m4s?t=1&amp;sign=" initialization="0/i.mp4?t=1&amp;sign=0/" )"
        R"(timescale="1"/></MPD>)");
}

TEST(SignedManifest, PicturesOfASpriteGetAQueryAndWordsStay) {
    EXPECT_EQ(linked("a.vtt",
                     "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na.jpg#xywh=0,0,1,1\n\nsay a.jpg\n"),
              "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na.jpg?t=1&sign=#xywh=0,0,1,1\n\n"
              "say a.jpg\n");
}

TEST(SignedManifest, OtherFilesAreNone) {
    EXPECT_TRUE(is_manifest("a/b.m3u8"));
    EXPECT_FALSE(is_manifest("a/m3u8"));
    EXPECT_FALSE(is_manifest("a.mp4"));
}

}  // namespace
}  // namespace hookreel::api
