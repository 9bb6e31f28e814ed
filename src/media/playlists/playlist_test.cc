#include "media/playlists/playlist.h"

#include <gtest/gtest.h>

#include "media/playlists/manifest.h"

namespace hookreel::media {
namespace {

using Names = std::vector<std::string>;

TEST(Playlist, ReadsVariants) {
    const Result<Playlist> read = parse_playlist(
        "#EXTM3U\r\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a,b\",DEFAULT=YES,URI=\"sound.m3u8\"\r\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=100,CODECS=\"avc1,mp4a\"\r\nlow.m3u8\r\n"
        "#EXT-X-STREAM-INF:AUDIO=\"a,b\",BANDWIDTH=900\r\nhigh.m3u8");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->variants.size(), 2u);
    EXPECT_EQ(read->variants[0].uri, "low.m3u8");
    EXPECT_EQ(read->variants[0].bandwidth, 100u);
    EXPECT_EQ(read->variants[1].bandwidth, 900u);
    EXPECT_EQ(read->variants[1].audio_group, "a,b");
    ASSERT_EQ(read->sounds.size(), 1u);
    EXPECT_EQ(read->sounds[0].group, "a,b");
    EXPECT_EQ(read->sounds[0].uri, "sound.m3u8");
    EXPECT_TRUE(read->sounds[0].is_default);
}

TEST(Playlist, ReadsSegmentsRangesMapsAndKeys) {
    const Result<Playlist> read = parse_playlist(
        "\xef\xbb\xbf#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"100@0\"\n"
        "#EXT-X-KEY:METHOD=NONE\n#EXTINF:2,\n#EXT-X-BYTERANGE:50@100\nall.mp4\n"
        "#EXT-X-BYTERANGE:60\nall.mp4\n#EXTINF:2,\n\nother.mp4\n#EXT-X-ENDLIST\n");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->segments.size(), 3u);
    EXPECT_EQ(read->segments[1].range->offset, 150u);
    EXPECT_EQ(read->segments[1].range->length, 60u);
    EXPECT_FALSE(read->segments[2].range);
    EXPECT_EQ(read->maps.front().range->length, 100u);
    EXPECT_TRUE(read->has_end);
    EXPECT_FALSE(read->is_encrypted);
    EXPECT_TRUE(parse_playlist("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n")->is_encrypted);
}

TEST(Playlist, RefusesWhatIsNone) {
    for (const char* text :
         {"", "<html>", "#EXTM3", "#EXTM3U\n#EXT-X-BYTERANGE:x\na",
          "#EXTM3U\n#EXT-X-BYTERANGE:0\na", "#EXTM3U\n#EXT-X-MAP:A=B\n",
          "#EXTM3U\n#EXT-X-BYTERANGE:9999999999999999999@9999999999999999999\na"})
        EXPECT_FALSE(parse_playlist(text)) << text;
    std::string many = "#EXTM3U\n";
    for (std::size_t i = 0; i <= playlist_items_max; ++i)
        many += "a\n";
    EXPECT_FALSE(parse_playlist(many));
    for (const char* text : {"#EXTM3U\n#EXT-X-STREAM-INF:", "#EXTM3U\n#EXT-X-MEDIA:=,=\"",
                             "#EXTM3U\n#EXT-X-STREAM-INF:A=\"x\nb"})
        EXPECT_TRUE(parse_playlist(text)) << text;
}

TEST(Manifest, ListsTheFilesOfAPlaylistOnce) {
    EXPECT_EQ(files_of_m3u8("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"key\"\n#EXTINF:1,\na.ts\n"
                            "#EXTINF:1,\nb.ts\n#EXTINF:1,\na.ts\n"),
              (Names{"key", "a.ts", "b.ts"}));
    EXPECT_FALSE(files_of_m3u8("nothing"));
}

TEST(Manifest, ListsTheFilesOfADescription) {
    const Result<Names> read = files_of_mpd(R"(<?xml version="1.0"?><!-- <x> -->
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet>
        <SegmentTemplate timescale="1" initialization="init-$RepresentationID$.m4s"
          media='v&amp;$RepresentationID$-$Number%03d$.m4s' startNumber="7">
        <SegmentTimeline><S t="0" d="2" r="1"/><S d="1"/></SegmentTimeline></SegmentTemplate>
        <Representation id="0" bandwidth="1"/><Representation id="1"></Representation>
        </AdaptationSet><AdaptationSet><Representation id="2"><BaseURL>sound.mp4</BaseURL>
        <SegmentList><Initialization sourceURL="i.mp4"/><SegmentURL media="s.mp4"/></SegmentList>
        </Representation></AdaptationSet></Period></MPD>)");
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, (Names{"init-0.m4s", "v&0-007.m4s", "v&0-008.m4s", "v&0-009.m4s", "init-1.m4s",
                            "v&1-007.m4s", "v&1-008.m4s", "v&1-009.m4s", "i.mp4", "s.mp4"}));
    EXPECT_TRUE(looks_like_mpd(" <MPD/>"));
    EXPECT_TRUE(looks_like_mpd("\xef\xbb\xbf<MPD/>"));
}

TEST(Manifest, RefusesDescriptionsThatAreNone) {
    for (const char* text :
         {"", "<html></html>", "<MPD", "<MPD a", "<MPD a=", "<MPD a=\"", "<!-- ", "<?xml",
          "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><MPD/>",
          R"(<MPD><AdaptationSet><SegmentTemplate media="$Number$"/><Representation id="1"/>
             </AdaptationSet></MPD>)",
          R"(<MPD><AdaptationSet><SegmentTemplate media="$X$"><S d="1" r="999999999999"/>
             </SegmentTemplate><Representation id="1"/></AdaptationSet></MPD>)",
          R"(<MPD><AdaptationSet><SegmentTemplate media="$Number%99d$"><S d="1"/>
             </SegmentTemplate><Representation id="1"/></AdaptationSet></MPD>)"})
        EXPECT_FALSE(files_of_mpd(text)) << text;
}

}  // namespace
}  // namespace hookreel::media
