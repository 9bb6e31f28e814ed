#include "media/playlists/film_of_mpd.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

std::string mpd(std::string_view sets, std::string_view attributes = "") {
    return fmt::format("<MPD {}><Period>{}</Period></MPD>", attributes, sets);
}
std::string set(std::string_view type, std::string_view inside) {
    return fmt::format("<AdaptationSet {}>{}</AdaptationSet>", type, inside);
}
std::string one(std::string_view address, int bandwidth) {
    return fmt::format("<Representation bandwidth='{}'><BaseURL>{}</BaseURL></Representation>",
                       bandwidth, address);
}

// "picture type sound", by their only pieces; or what is wrong.
std::string film(const std::string& text) {
    const Result<Film> film = film_of_mpd(text);
    if (!film) return film.error().detail;
    std::string all = film->main.parts.front().uri + " " + film->main.type;
    return film->sound ? all + " " + film->sound->parts.front().uri : all;
}

TEST(FilmOfMpd, IsTheBestPictureWithTheBestOfTheFirstSound) {
    EXPECT_EQ(film(mpd(set("contentType='audio'", one("a1", 1) + one("a3", 3)) +
                       set("mimeType='video/mp4'", one("low", 1) + one("high", 9)) +
                       set("contentType='audio'", one("other", 99)) +
                       set("contentType='text'", one("words", 999)) +
                       set("contentType='image'", one("stills", 999)))),
              "high mp4 a3");
    EXPECT_EQ(film(mpd(set("contentType='video'", one("a.webm", 1)) +
                       set("contentType='audio'", one("b.webm", 1)))),
              "a.webm webm b.webm");
    EXPECT_EQ(film(mpd(set("mimeType='audio/mp4'", one("a", 1)))), "a mp4");
    EXPECT_EQ(film(mpd(set("",
                           "<Representation mimeType='video/mp2t'><BaseURL>a</BaseURL>"
                           "</Representation>"))),
              "a ts");
}

TEST(FilmOfMpd, PrefersTheContainerOfThePictureAndTheMainSound) {
    const std::string picture = set("mimeType='video/webm'", one("v", 1));
    const std::string mp4 = set("mimeType='audio/mp4'", "<Role value='main'/>" + one("a.mp4", 9));
    const std::string webm = set("mimeType='audio/webm'", one("a.webm", 1));
    const std::string main = set("mimeType='audio/webm'", "<Role value='main'/>" + one("m", 1));
    EXPECT_EQ(film(mpd(picture + mp4 + webm)), "v webm a.webm");
    EXPECT_EQ(film(mpd(picture + mp4 + webm + main)), "v webm m");
}

TEST(FilmOfMpd, LeavesOutWhatOnlySomePlayersUnderstand) {
    const std::string trick = set("contentType='video'", "<EssentialProperty/>" + one("trick", 9));
    const std::string layer =
        "<Representation bandwidth='99' dependencyId='0'><BaseURL>more</BaseURL></Representation>";
    EXPECT_EQ(film(mpd(trick + set("contentType='video'", layer + one("v", 1)))), "v ts");
    EXPECT_EQ(film(mpd(trick)), "trick ts");
}

TEST(FilmOfMpd, KnowsWhereItBegins) {
    const Result<Film> film = film_of_mpd(
        mpd(set("contentType='video'",
                "<SegmentBase timescale='4' presentationTimeOffset='6'/>" + one("v", 1))));
    ASSERT_TRUE(film);
    EXPECT_EQ(film->main.time_offset, 1.5);
}

TEST(FilmOfMpd, SaysWhyThereIsNone) {
    const std::string picture = set("contentType='video'", one("v", 1));
    const std::string locked = "<ContentProtection/>";
    EXPECT_EQ(film("<html></html>"), "malformed: it has no MPD");
    EXPECT_EQ(film(mpd("")), "malformed: it has neither picture nor sound");
    EXPECT_EQ(film(mpd(set("contentType='video'", "<Representation/>"))),
              "malformed: a representation has no segments");
    EXPECT_EQ(film(mpd(picture, "type='dynamic'")), "unsupported: the description is live");
    EXPECT_EQ(film(mpd(set("mimeType='video/webm'", one("v", 1)))),
              "unsupported: WebM of a picture or a sound alone");
    EXPECT_EQ(film("<MPD><Period/><Period/></MPD>"), "unsupported: several periods");
    EXPECT_EQ(film("<MPD><Period xlink:href='http://h/p'/></MPD>"),
              "unsupported: a part of the description is in another document");
    for (const std::string& text :
         {mpd(locked + picture), mpd(set("contentType='video'", locked + one("v", 1))),
          mpd(picture + set("contentType='audio'", locked + one("a", 1))),
          mpd(set("contentType='video'",
                  "<Representation><ContentProtection/><BaseURL>v</BaseURL>"
                  "</Representation>"))})
        EXPECT_EQ(film(text), "unsupported: the segments are encrypted") << text;
}

}  // namespace
}  // namespace hookreel::media
