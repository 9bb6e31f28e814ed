#include "media/playlists/read_film.h"

#include <gtest/gtest.h>

#include <map>

namespace hookreel::media {
namespace {

// Manifests by "base>address"; the base of one is its address.
class Shelf final : public ManifestSource {
 public:
    std::map<std::string, std::string> texts;

    Task<Result<Text>> read(std::string base, std::string address) override {
        const auto found = texts.find(base + ">" + address);
        if (found == texts.end()) co_return fail(Code::not_found, address);
        co_return Text{address, found->second};
    }
};

Result<Film> read(Shelf& shelf) {
    Loop loop;
    std::optional<Result<Film>> film;
    asio::co_spawn(
        loop, read_film(shelf, "top"),
        [&film](const std::exception_ptr&, Result<Film> read) { film = std::move(read); });
    loop.run();
    return std::move(*film);
}

constexpr const char* master =
    "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"s\",URI=\"en/s.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"s\",DEFAULT=YES,URI=\"de/s.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"t\",URI=\"t.m3u8\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=9,AUDIO=\"s\"\nhigh/v.m3u8\n";

TEST(ReadFilm, TakesTheBestVariantWithItsDefaultSound) {
    Shelf shelf;
    shelf.texts[">top"] = master;
    shelf.texts["top>high/v.m3u8"] = "#EXTM3U\n#EXT-X-MAP:URI=\"i.mp4\"\nv.m4s\n#EXT-X-ENDLIST\n";
    shelf.texts["top>de/s.m3u8"] = "#EXTM3U\na.ts\n#EXT-X-ENDLIST\n";
    const Result<Film> film = read(shelf);
    ASSERT_TRUE(film) << film.error().detail;
    EXPECT_EQ(film->main.base, "high/v.m3u8");
    EXPECT_EQ(film->main.parts.size(), 2u);
    EXPECT_EQ(film->main.type, "mp4");
    EXPECT_EQ(film->sound->base, "de/s.m3u8");
    EXPECT_EQ(film->part_count(), 3u);
    EXPECT_TRUE(film->has_end);
    shelf.texts["top>de/s.m3u8"] = "#EXTM3U\na.ts\n";
    EXPECT_FALSE(read(shelf)->has_end);
}

TEST(ReadFilm, KeepsASoundThatIsAmongTheSegments) {
    for (const char* sound : {"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"s\"\n",
                              "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"s\",URI=\"v\"\n",
                              "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"t\",URI=\"x\"\n",
                              "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",URI=\"x\"\n"}) {
        Shelf shelf;
        shelf.texts[">top"] =
            std::string("#EXTM3U\n") + sound + "#EXT-X-STREAM-INF:BANDWIDTH=9,AUDIO=\"s\"\nv\n";
        shelf.texts["top>v"] = "#EXTM3U\na.ts\n";
        const Result<Film> film = read(shelf);
        ASSERT_TRUE(film) << sound;
        EXPECT_FALSE(film->sound) << sound;
    }
}

TEST(ReadFilm, SaysWhyThereIsNone) {
    Shelf shelf;
    EXPECT_EQ(read(shelf).error().code, Code::not_found);
    shelf.texts[">top"] = master;
    EXPECT_EQ(read(shelf).error(), (Error{Code::not_found, "high/v.m3u8"}));
    shelf.texts["top>high/v.m3u8"] = master;
    EXPECT_EQ(read(shelf).error().detail, "malformed: playlists within playlists");
    shelf.texts["top>high/v.m3u8"] = "#EXTM3U\na.ts\n";
    shelf.texts["top>de/s.m3u8"] = "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\na.ts\n";
    EXPECT_EQ(read(shelf).error().detail, "unsupported: the segments are encrypted");
    shelf.texts[">top"] = "nothing";
    EXPECT_EQ(read(shelf).error().detail,
              "malformed: the manifest is neither a playlist of HLS (#EXTM3U) nor a description of "
              "DASH (<MPD>)");
    shelf.texts[">top"] = "";
    EXPECT_EQ(read(shelf).error().detail, "malformed: the manifest is empty");
}

TEST(ReadFilm, ReadsDescriptionsToo) {
    Shelf shelf;
    shelf.texts[">top"] =
        "\xef\xbb\xbf<MPD><Period><AdaptationSet contentType='video'><Representation>"
        "<BaseURL>v.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>";
    const Result<Film> film = read(shelf);
    ASSERT_TRUE(film) << film.error().detail;
    EXPECT_EQ(film->main.base, "top");
    EXPECT_EQ(film->main.parts.front().uri, "v.mp4");
}

}  // namespace
}  // namespace hookreel::media
