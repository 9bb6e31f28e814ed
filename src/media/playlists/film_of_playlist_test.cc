#include "media/playlists/film_of_playlist.h"

#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

TEST(FilmType, IsToldByTheFirstPiece) {
    const std::pair<const char*, std::string_view> cases[] = {
        {"a.ts", "ts"},    {"v/init.MP4?x=1.ts", "mp4"}, {"a.m4s#t", "mp4"}, {"http://h/mp4", "ts"},
        {"a.cmfv", "mp4"}, {"a.webm", "webm"},           {"mp4/a", "ts"},    {"", "ts"}};
    for (const auto& [uri, wanted] : cases)
        EXPECT_EQ(film_type({{uri, std::nullopt}}), wanted) << uri;
}

TEST(FilmParts, SayWhyThereAreNone) {
    const auto why = [](std::string_view text) { return film_parts(*read_playlist(text)).error(); };
    EXPECT_TRUE(why("#EXTM3U\n").detail.starts_with(malformed_source));
    EXPECT_TRUE(why("#EXTM3U\n#EXT-X-STREAM-INF:X=1\na\n").detail.starts_with(malformed_source));
    EXPECT_TRUE(why("#EXTM3U\n#EXT-X-KEY:METHOD=X\na.ts\n").detail.starts_with(unsupported_source));
    EXPECT_TRUE(read_playlist("<html>").error().detail.starts_with(malformed_source));
}

}  // namespace
}  // namespace hookreel::media
