#include "media/playlists/mpd_segments.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "media/playlists/manifest.h"

namespace hookreel::media {
namespace {

using Names = std::vector<std::string>;

// A description with one representation, which has an id and a bandwidth.
std::string mpd(std::string_view inside, std::string_view attributes = "",
                std::string_view before = "") {
    return fmt::format(
        "<MPD {}><Period>{}<AdaptationSet><Representation id='r' bandwidth='9'>{}"
        "</Representation></AdaptationSet></Period></MPD>",
        attributes, before, inside);
}

// "address" or "address@offset+length" of each piece; or what is wrong.
Names pieces(const std::string& text) {
    const Result<Mpd> read = parse_mpd(text);
    if (!read) return {"! " + read.error().detail};
    MpdBudget budget;
    const Result<std::vector<Segment>> segments = segments_of(places_of(*read).front(), budget);
    if (!segments) return {"! " + segments.error().detail};
    Names names;
    for (const Segment& one : *segments)
        names.push_back(one.range
                            ? fmt::format("{}@{}+{}", one.uri, one.range->offset, one.range->length)
                            : one.uri);
    return names;
}
std::string why(const std::string& text) {
    const Names names = pieces(text);
    return names.size() == 1 && names[0].starts_with("! ") ? names[0].substr(2) : "nothing";
}

TEST(MpdSegments, AreOneFileBehindItsBaseUrl) {
    EXPECT_EQ(pieces(mpd("<BaseURL> a.mp4 </BaseURL>")), Names{"a.mp4"});
    EXPECT_EQ(pieces(mpd("<BaseURL>a.mp4</BaseURL><BaseURL>b.mp4</BaseURL>"
                         "<SegmentBase indexRange='1-2'><Initialization range='0-0'/>"
                         "</SegmentBase>",
                         "", "<BaseURL>v/</BaseURL>")),
              Names{"v/a.mp4"});
    EXPECT_EQ(pieces(mpd("<BaseURL>a.mp4</BaseURL><SegmentBase><Initialization "
                         "sourceURL='i.mp4'/></SegmentBase>")),
              (Names{"i.mp4", "a.mp4"}));
    EXPECT_EQ(pieces(mpd("")), Names{});
    EXPECT_EQ(pieces(mpd("<BaseURL>v/</BaseURL>")), Names{});
}

TEST(MpdSegments, AreThoseOfAList) {
    EXPECT_EQ(pieces(mpd("<BaseURL>v/all.mp4</BaseURL><SegmentList duration='2'>"
                         "<Initialization range='0-9'/><SegmentURL mediaRange='10-19'/>"
                         "<SegmentURL media='b.mp4'/></SegmentList>")),
              (Names{"v/all.mp4@0+10", "v/all.mp4@10+10", "v/b.mp4"}));
    EXPECT_EQ(why(mpd("<SegmentList><SegmentURL mediaRange='0-9'/></SegmentList>")),
              "a piece has no address");
    for (const char* range : {"", "1", "-", "2-1", "a-b", "0-99999999999999999999"})
        EXPECT_EQ(why(mpd(fmt::format("<SegmentList><SegmentURL media='a' mediaRange='{}'/>"
                                      "</SegmentList>",
                                      range))),
                  "a byte range is not one");
}

TEST(MpdSegments, AreNumberedOverTheDurationOfThePeriod) {
    const std::string numbered =
        "<SegmentTemplate timescale='10' duration='20' startNumber='7' "
        "initialization='$RepresentationID$-$Bandwidth%03d$' media='$Number%02d$-$Time$$$'/>";
    EXPECT_EQ(pieces(mpd(numbered, "mediaPresentationDuration='PT5S'")),
              (Names{"r-009", "07-0$", "08-20$", "09-40$"}));
    EXPECT_EQ(pieces(mpd(numbered, "mediaPresentationDuration='PT4S'")).size(), 3u);
    // A remainder of rounding is no piece.
    EXPECT_EQ(pieces(mpd(numbered, "mediaPresentationDuration='PT4.0000001S'")).size(), 3u);
    EXPECT_EQ(why(mpd(numbered)), "the duration of the period is not known");
    EXPECT_EQ(pieces(mpd("<SegmentTemplate duration='1' endNumber='2' media='$Number$'/>")),
              (Names{"1", "2"}));
    EXPECT_EQ(pieces(mpd("<SegmentTemplate media='all.mp4'/>")), Names{"all.mp4"});
}

TEST(MpdSegments, FollowATimeline) {
    EXPECT_EQ(pieces(mpd("<SegmentTemplate media='$Time$'><SegmentTimeline><S t='5' d='2' r='1'/>"
                         "<S d='3'/><S t='20' d='1'/></SegmentTimeline></SegmentTemplate>")),
              (Names{"5", "7", "9", "20"}));
    // Until the next one, and until the end.
    EXPECT_EQ(pieces(mpd("<SegmentTemplate timescale='2' presentationTimeOffset='4' "
                         "media='$Number$-$Time$'><SegmentTimeline><S t='4' d='2' r='-1'/>"
                         "<S t='7' d='4' r='-1'/></SegmentTimeline></SegmentTemplate>",
                         "mediaPresentationDuration='PT6S'")),
              (Names{"1-4", "2-6", "3-7", "4-11", "5-15"}));
    EXPECT_EQ(why(mpd("<SegmentTemplate media='$Time$'><SegmentTimeline><S d='1' r='-1'/>"
                      "</SegmentTimeline></SegmentTemplate>")),
              "the duration of the period is not known");
}

TEST(MpdSegments, HaveFromAboveWhatIsNotSaid) {
    EXPECT_EQ(
        pieces(mpd("<SegmentTemplate media='$Number$.m4s'/>", "mediaPresentationDuration='PT4S'",
                   "<SegmentTemplate duration='2' media='x' initialization='i.mp4'/>")),
        (Names{"i.mp4", "1.m4s", "2.m4s"}));
}

TEST(MpdSegments, KeepTheBudget) {
    const auto timeline = [](std::string_view media, std::string_view repeats) {
        return mpd(
            fmt::format("<SegmentTemplate media='{}'><SegmentTimeline><S d='1' r='{}'/>"
                        "</SegmentTimeline></SegmentTemplate>",
                        media, repeats));
    };
    EXPECT_EQ(pieces(timeline("$Number$", "99999")).size(), 100'000u);
    EXPECT_EQ(why(timeline("$Number$", "100000")), "it refers to too many files");
    EXPECT_EQ(why(timeline("$Number$", "9223372036854775807")), "it refers to too many files");
    EXPECT_EQ(why(timeline(std::string(1 << 20, 'a'), "16")), "it refers to too many files");
    EXPECT_EQ(why(mpd("<SegmentTemplate duration='1' media='$Number$'/>",
                      "mediaPresentationDuration='P9999D'")),
              "it refers to too many files");
    // What few words say of many representations counts as well.
    std::string many =
        "<MPD mediaPresentationDuration='PT1000S'><Period>"
        "<SegmentTemplate duration='1' media='$Number$'/><AdaptationSet>";
    for (int i = 0; i < 101; ++i)
        many += "<Representation/>";
    many += "</AdaptationSet></Period></MPD>";
    EXPECT_EQ(files_of_mpd(many).error().detail, "it refers to too many files");
}

TEST(MpdSegments, ArePatternsThatCanBeFilled) {
    for (const char* pattern :
         {"$Number", "$X$", "$Number%99d$", "$Number%5x$", "$Number%d$", "$Number%$"})
        EXPECT_TRUE(why(mpd(fmt::format("<SegmentTemplate media='{}'/>", pattern)))
                        .starts_with("a pattern has "))
            << pattern;
}

TEST(Mpd, SaysWhatIsWrongWithIt) {
    for (const char* text : {"<MPD/>", "<a><MPD><Period/></MPD></a>",
                             "<MPD mediaPresentationDuration='x'><Period/></MPD>",
                             "<MPD mediaPresentationDuration='P1Y'><Period/></MPD>",
                             "<MPD mediaPresentationDuration='PT'><Period/></MPD>",
                             "<MPD mediaPresentationDuration='PT99999999999S'><Period/></MPD>",
                             "<MPD><Period duration='PT1'/></MPD>"})
        EXPECT_FALSE(parse_mpd(text)) << text;
    for (const char* naming : {"timescale='0'", "duration='0'", "startNumber='-1'", "duration='x'"})
        EXPECT_FALSE(parse_mpd(mpd(fmt::format("<SegmentTemplate {}/>", naming)))) << naming;
    for (const char* run : {"", "d='0'", "d='1' r='-2'", "d='1' t='x'", "d='1' r='1.5'"})
        EXPECT_FALSE(
            parse_mpd(mpd(fmt::format("<SegmentTemplate><SegmentTimeline><S {}/>"
                                      "</SegmentTimeline></SegmentTemplate>",
                                      run))))
            << run;
    EXPECT_FALSE(parse_mpd(std::string(playlist_bytes_max + 1, ' ')));
    EXPECT_EQ(
        parse_mpd("<MPD mediaPresentationDuration='P0Y0M1DT1H1M1.5S'><Period/></MPD>")->duration,
        90'061.5);
}

TEST(JoinedAddress, FollowsFromItsBase) {
    const std::tuple<const char*, const char*, const char*> cases[] = {
        {"", "a", "a"},
        {"v/", "a", "v/a"},
        {"v/x.mp4", "a", "v/a"},
        {"x.mp4", "a", "a"},
        {"v/x?q=/", "a", "v/a"},
        {"v/", "", "v/"},
        {"v/", "/a", "/a"},
        {"v/", "http://h/a", "http://h/a"},
        {"http://h", "a", "http://h/a"},
        {"http://h/", "a", "http://h/a"},
        {"http://h/v/x.mpd?q", "a/b", "http://h/v/a/b"},
        {"http://h/v/", "/a", "http://h/a"},
        {"http://h/v/", "//i/a", "http://i/a"},
        {"v/", "../a", "v/../a"}};
    for (const auto& [base, reference, joined] : cases)
        EXPECT_EQ(joined_address(base, reference), joined) << base << " " << reference;
}

}  // namespace
}  // namespace hookreel::media
