#include "media/ffmpeg/adaptive_manifest.h"

#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

TEST(PlaylistPieces, AreInOrderWithTheirLengths) {
    const Result<Pieces> pieces = playlist_pieces(
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4.000000,\nstream_0_00000.ts\n"
        "#EXTINF:1.5,\r\nstream_0_00001.ts\r\n#EXT-X-ENDLIST\n");
    ASSERT_TRUE(pieces) << pieces.error().detail;
    EXPECT_EQ(*pieces, (Pieces{{"stream_0_00000.ts", 4}, {"stream_0_00001.ts", 1.5}}));
}

TEST(PlaylistPieces, AreRefusedFromWhatIsNoWholePlaylist) {
    for (const std::string_view text :
         {"", "#EXTM3U\n", "#EXTM3U\n#EXT-X-ENDLIST\n", "#EXTM3U\n#EXTINF:4,\na.ts\n",
          "#EXTM3U\na.ts\n#EXT-X-ENDLIST\n", "#EXTM3U\n#EXTINF:x,\na.ts\n#EXT-X-ENDLIST\n",
          "#EXTM3U\n#EXTINF:-1,\na.ts\n#EXT-X-ENDLIST\n",
          "#EXTM3U\n#EXTINF:nan,\na.ts\n#EXT-X-ENDLIST\n",
          "#EXTM3U\n#EXTINF:4,\n../a.ts\n#EXT-X-ENDLIST\n",
          "#EXTM3U\n#EXTINF:4,\na.ts\nb.ts\n#EXT-X-ENDLIST\n"})
        EXPECT_FALSE(playlist_pieces(text)) << text;
}

std::string mpd(std::string_view timeline) {
    return "<MPD><Period><AdaptationSet id=\"0\">\n"
           "<Representation id=\"0\" bandwidth=\"9\" width=\"426\">\n"
           "<SegmentTemplate timescale=\"1000\" startNumber=\"1\"><SegmentTimeline>\n" +
           std::string(timeline) +
           "</SegmentTimeline></SegmentTemplate></Representation></AdaptationSet></Period></MPD>\n";
}

TEST(MpdPieces, CountTheRepeatsOfTheTimeline) {
    const Result<std::vector<Pieces>> found =
        mpd_pieces(mpd(R"(<S t="0" d="4000" r="1" /><S d="500" />)"));
    ASSERT_TRUE(found) << found.error().detail;
    ASSERT_EQ(found->size(), 1u);
    EXPECT_EQ(found->front(), (Pieces{{"stream_0_00001.m4s", 4},
                                      {"stream_0_00002.m4s", 4},
                                      {"stream_0_00003.m4s", 0.5}}));
}

TEST(MpdPieces, AreRefusedFromWhatIsNotOurs) {
    for (const std::string_view timeline :
         {"", "<S t=\"0\" />", "<S d=\"4000\" r=\"99999999999\" />", "<S d=\"-4\" />",
          "<S d=\"4\" r=\"60000\" /><S d=\"4\" r=\"60000\" />", "<S d=\"4000\""})
        EXPECT_FALSE(mpd_pieces(mpd(timeline))) << timeline;
    std::string other = mpd("<S d=\"4\" />");
    EXPECT_FALSE(mpd_pieces(std::string_view(other).substr(0, other.size() - 9)));
    EXPECT_FALSE(mpd_pieces(other.replace(other.find("1000"), 4, "0")));
    other = mpd("<S d=\"4\" />");
    EXPECT_FALSE(mpd_pieces(other.replace(other.find("n id=\"0\" b"), 8, "n id=\"1\"")));
}

constexpr std::string_view master =
    "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"group_sound\",URI=\"a\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=334400,RESOLUTION=426x240,CODECS=\"avc1\"\n"
    "stream_0_index.m3u8\n\n";

TEST(MeasuredMaster, HasWhatWasMeasuredAndElseWhatItHad) {
    EXPECT_EQ(measured_master(master, {{5000, 4000}}).value(),
              "#EXTM3U\n#EXT-X-VERSION:6\n"
              "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"group_sound\",URI=\"a\"\n"
              "#EXT-X-STREAM-INF:BANDWIDTH=5000,AVERAGE-BANDWIDTH=4000,RESOLUTION=426x240,"
              "CODECS=\"avc1\"\nstream_0_index.m3u8\n\n");
}

TEST(MeasuredMaster, IsOfExactlyThesePictures) {
    EXPECT_FALSE(measured_master(master, {}));
    EXPECT_FALSE(measured_master(master, {{1, 1}, {2, 2}}));
    std::string other(master);
    EXPECT_FALSE(measured_master(other.replace(other.find("stream_0"), 8, "stream_1"), {{1, 1}}));
}

constexpr std::string_view index =
    "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:4.0,\na.ts\n#EXTINF:1.0,\nb.ts\n"
    "#EXT-X-ENDLIST\n";

TEST(KeyedPlaylist, NamesTheKeyOnceBeforeItsPieces) {
    EXPECT_EQ(keyed_playlist(index, "k.key").value(),
              "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-MEDIA-SEQUENCE:0\n"
              "#EXT-X-KEY:METHOD=AES-128,URI=\"k.key\"\n#EXTINF:4.0,\na.ts\n#EXTINF:1.0,\nb.ts\n"
              "#EXT-X-ENDLIST\n");
}

TEST(KeyedPlaylist, IsMadeOfNoneWhosePiecesWouldGetAnotherIv) {
    std::string later(index);
    EXPECT_FALSE(keyed_playlist(later.replace(later.find("CE:0"), 4, "CE:1"), "k"));
    for (const std::string_view tag : {"#EXT-X-KEY:METHOD=NONE\n", "#EXT-X-MAP:URI=\"i.mp4\"\n"})
        EXPECT_FALSE(keyed_playlist(std::string(index).insert(index.find("#EXTINF:1"), tag), "k"));
    EXPECT_FALSE(keyed_playlist("#EXTM3U\n#EXT-X-ENDLIST\n", "k"));
}

}  // namespace
}  // namespace hookreel::media
