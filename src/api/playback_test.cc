#include "api/playback.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/files/local_library.h"
#include "media/files/upload_fakes.h"
#include "store/memory/memory_store.h"

namespace hookreel::api {
namespace {

class PlaybackTest : public testing::Test {
 protected:
    PlaybackTest() {
        std::filesystem::create_directories(folder_.path() + "/media/15/37/3701");
        std::ofstream(folder_.path() + "/media/15/37/3701/f0.mp4") << "0123456789";
        std::ofstream(folder_.path() + "/media/15/37/3701/empty.mp4");
        std::ofstream(folder_.path() + "/secret.mp4") << "secret";
    }

    http::Response ask(std::string method, std::string target, http::Headers headers = {}) {
        http::RequestHead head;
        head.method = std::move(method);
        head.target = std::move(target);
        head.headers = std::move(headers);
        media::fakes::FakeRequest request(std::move(head), "");
        return media::fakes::run(loop_, playback_.handle(request));
    }
    http::Response get(http::Headers headers = {}) { return ask("GET", film_, std::move(headers)); }
    static std::string body(const http::Response& response) {
        const auto* file = std::get_if<http::FileBody>(&response.body);
        if (!file) return std::get<std::string>(response.body);
        std::string bytes(file->length, '\0');
        EXPECT_EQ(::pread(*file->descriptor, bytes.data(), bytes.size(),
                          static_cast<off_t>(file->offset)),
                  static_cast<ssize_t>(bytes.size()));
        return bytes;
    }

    const std::string film_ = "/media/15/37/3701/f0.mp4";
    media::fakes::TemporaryFolder folder_;
    Loop loop_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    store::MemoryStore store_{clock_};
    media::fakes::FakeAnnouncer announcer_;
    media::FileThreads threads_{1};
    media::Catalog catalog_;
    Log log_{Level::error};
    media::LocalLibrary library_{{store_, announcer_, clock_, threads_, catalog_, log_},
                                 folder_.path() + "/media"};
    LinkGuard open_{"", "", clock_};
    Playback playback_{library_, threads_, open_};
};

TEST_F(PlaybackTest, GivesTheWholeFile) {
    const http::Response response = get();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(body(response), "0123456789");
    EXPECT_EQ(response.headers.get("Content-Type"), "video/mp4");
    EXPECT_EQ(response.headers.get("Accept-Ranges"), "bytes");
    EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
    EXPECT_TRUE(response.headers.has("ETag"));
    EXPECT_TRUE(response.headers.has("Last-Modified"));
    EXPECT_EQ(body(ask("GET", film_ + "?download=1")), "0123456789");
    EXPECT_EQ(body(ask("GET", "/media/15/37/3701/empty.mp4")), "");
}

TEST_F(PlaybackTest, GivesOneRange) {
    const http::Response response = get({{"Range", "bytes=2-4"}});
    EXPECT_EQ(response.status, 206);
    EXPECT_EQ(body(response), "234");
    EXPECT_EQ(response.headers.get("Content-Range"), "bytes 2-4/10");
    const http::Response suffix = get({{"Range", "bytes=-3"}});
    EXPECT_EQ(suffix.status, 206);
    EXPECT_EQ(body(suffix), "789");
    EXPECT_EQ(suffix.headers.get("Content-Range"), "bytes 7-9/10");
}

TEST_F(PlaybackTest, GivesTheKeyOfAStreamWholeAndToNoCache) {
    const std::string key = std::string("0123456789abcde") + '\0';
    std::ofstream(folder_.path() + "/media/15/37/3701/adp.12.0a1b.key") << key;
    const std::string path = "/media/15/37/3701/adp.12.0a1b.key";
    for (const http::Headers& headers : {http::Headers{}, http::Headers{{"Range", "bytes=0-3"}},
                                         http::Headers{{"If-None-Match", "*"}}}) {
        const http::Response response = ask("GET", path, headers);
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(body(response), key);
        EXPECT_EQ(response.headers.get("Content-Type"), "application/octet-stream");
        EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
        EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
        for (const char* validator : {"ETag", "Last-Modified", "Accept-Ranges"})
            EXPECT_FALSE(response.headers.has(validator)) << validator;
    }
}

TEST_F(PlaybackTest, RefusesARangeBehindTheEnd) {
    const http::Response response = get({{"Range", "bytes=10-"}});
    EXPECT_EQ(response.status, 416);
    EXPECT_EQ(response.headers.get("Content-Range"), "bytes */10");
    EXPECT_EQ(body(response), "");
}

TEST_F(PlaybackTest, GivesTheWholeFileForSeveralRanges) {
    const http::Response response = get({{"Range", "bytes=0-1,4-5"}});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(body(response), "0123456789");
}

TEST_F(PlaybackTest, AHeadTellsTheLengthAndIgnoresRanges) {
    const http::Response response = ask("HEAD", film_, {{"Range", "bytes=2-4"}});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(http::length(response.body), 10u);
}

TEST_F(PlaybackTest, SaysWhenNothingHasChanged) {
    const http::Response first = get();
    const std::string etag(first.headers.get("ETag"));
    const std::string modified(first.headers.get("Last-Modified"));
    EXPECT_EQ(get({{"If-None-Match", etag}}).status, 304);
    EXPECT_EQ(get({{"If-None-Match", "\"x\", W/" + etag}}).status, 304);
    EXPECT_EQ(get({{"If-None-Match", "*"}}).status, 304);
    EXPECT_EQ(get({{"If-None-Match", "\"x\""}}).status, 200);
    EXPECT_EQ(get({{"If-Modified-Since", modified}}).status, 304);
    EXPECT_EQ(get({{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}).status, 200);
    EXPECT_EQ(get({{"If-Modified-Since", "never"}}).status, 200);
    // The more exact validator wins.
    EXPECT_EQ(get({{"If-None-Match", "\"x\""}, {"If-Modified-Since", modified}}).status, 200);
}

TEST_F(PlaybackTest, RefusesWhatIsNotWhatTheCallerBegan) {
    const http::Response first = get();
    const std::string etag(first.headers.get("ETag"));
    const std::string modified(first.headers.get("Last-Modified"));
    EXPECT_EQ(get({{"If-Match", "\"x\", " + etag}}).status, 200);
    EXPECT_EQ(get({{"If-Match", "*"}}).status, 200);
    EXPECT_EQ(get({{"If-Match", "\"x\""}}).status, 412);
    EXPECT_EQ(get({{"If-Match", "W/" + etag}}).status, 412);
    EXPECT_EQ(get({{"If-Match", "\"x\""}, {"Range", "bytes=2-4"}}).status, 412);
    EXPECT_EQ(get({{"If-Unmodified-Since", modified}}).status, 200);
    EXPECT_EQ(get({{"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}).status, 412);
    EXPECT_EQ(get({{"If-Unmodified-Since", "never"}}).status, 200);
}

TEST_F(PlaybackTest, GivesARangeOnlyOfWhatTheCallerKnows) {
    const http::Response first = get();
    const std::string etag(first.headers.get("ETag"));
    const std::string modified(first.headers.get("Last-Modified"));
    EXPECT_EQ(get({{"Range", "bytes=2-4"}, {"If-Range", etag}}).status, 206);
    EXPECT_EQ(get({{"Range", "bytes=2-4"}, {"If-Range", modified}}).status, 206);
    for (const std::string& other :
         {std::string("\"x\""), "W/" + etag, std::string("Sun, 06 Nov 1994 08:49:37 GMT")})
        EXPECT_EQ(get({{"Range", "bytes=2-4"}, {"If-Range", other}}).status, 200) << other;
}

TEST_F(PlaybackTest, TheValidatorFollowsTheBytes) {
    const std::string before(get().headers.get("ETag"));
    std::ofstream(folder_.path() + film_) << "other bytes";
    EXPECT_NE(get().headers.get("ETag"), before);
}

TEST_F(PlaybackTest, NothingOutsideOfTheLibraryExists) {
    ASSERT_EQ(::mkfifo((folder_.path() + "/media/pipe").c_str(), 0600), 0);
    for (const std::string target :
         {"/media/", "/media", "/media//", "/media/missing.mp4", "/media/15", "/media/15/",
          "/media/../secret.mp4", "/media/%2e%2e/secret.mp4", "/media/15/..%2f..%2fsecret.mp4",
          "/media/15/../../secret.mp4", "/media/%2fetc%2fpasswd", "/media//etc/passwd",
          "/media/15/37/3701/f0.mp4%00", "/media/15/37/3701/f0.mp4/", "/media/%zz",
          "/media/%252e%252e/secret.mp4", "/media/pipe", "/media/.", "/media/15\\37"}) {
        const http::Response response = ask("GET", target);
        EXPECT_EQ(response.status, 404) << target;
        EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
    }
}

TEST_F(PlaybackTest, AnswersOtherMethods) {
    const http::Response options = ask("OPTIONS", film_);
    EXPECT_EQ(options.status, 204);
    EXPECT_NE(options.headers.get("Access-Control-Allow-Headers").find("Range"),
              std::string_view::npos);
    for (const std::string method : {"POST", "PUT", "DELETE", "PATCH"}) {
        const http::Response response = ask(method, film_);
        EXPECT_EQ(response.status, 405) << method;
        EXPECT_EQ(response.headers.get("Allow"), "GET, HEAD, OPTIONS");
    }
}

TEST(ContentType, FollowsTheExtension) {
    EXPECT_EQ(content_type("a/b.mp4"), "video/mp4");
    EXPECT_EQ(content_type("a/b.M3U8"), "application/vnd.apple.mpegurl");
    EXPECT_EQ(content_type("a/b_0001.ts"), "video/mp2t");
    EXPECT_EQ(content_type("a/b.jpg"), "image/jpeg");
    EXPECT_EQ(content_type("a/b.wmv"), "video/x-ms-wmv");
    EXPECT_EQ(content_type("a/b.html"), "application/octet-stream");
    EXPECT_EQ(content_type("mp4"), "application/octet-stream");
    EXPECT_EQ(content_type(""), "application/octet-stream");
}

// The same library, for those who have links.
class LinkedPlaybackTest : public PlaybackTest {
 protected:
    LinkedPlaybackTest() {
        std::ofstream(folder_.path() + "/media/15/37/3701/list.m3u8") << "#EXTM3U\ns.ts\n0/s.ts\n";
    }
    http::Response ask_linked(std::string method, std::string target, http::Headers headers = {}) {
        http::RequestHead head{std::move(method), std::move(target), std::move(headers), "::1"};
        media::fakes::FakeRequest request(std::move(head), "");
        return media::fakes::run(loop_, linked_.handle(request));
    }
    std::string query(std::string_view folder = "/media/15/37/3701/") const {
        return model::link_query({clock_.now() + std::chrono::minutes(1), 0, "us"}, "12345678",
                                 folder);
    }

    LinkGuard guard_{"12345678", "", clock_};
    Playback linked_{library_, threads_, guard_};
};

TEST_F(LinkedPlaybackTest, GivesFilesToLinksOnly) {
    EXPECT_EQ(ask_linked("GET", film_).status, 403);
    EXPECT_EQ(ask_linked("HEAD", film_ + "?t=1&sign=2").status, 403);
    EXPECT_EQ(ask_linked("GET", "/media/15/37/3701/none.mp4").status, 403);
    EXPECT_EQ(ask_linked("GET", "/media/15/37/3701/none.mp4?" + query()).status, 404);
    const http::Response given = ask_linked("GET", film_ + "?" + query(), {{"Range", "bytes=2-4"}});
    EXPECT_EQ(given.status, 206);
    EXPECT_EQ(body(given), "234");
    EXPECT_EQ(given.headers.get("Cache-Control"), "private, max-age=60");
    EXPECT_EQ(ask_linked("OPTIONS", film_).status, 204);
    EXPECT_EQ(ask("GET", film_).headers.get("Cache-Control"), "public, max-age=3600");
    EXPECT_EQ(ask("GET", "/media/15/37/3701/list.m3u8").headers.get("Cache-Control"),
              "public, max-age=60");
}

TEST_F(LinkedPlaybackTest, ALinkIsToNoFolderWithinItsOwn) {
    const std::string within = "/media/15/37/3701/adp.12.0a1b.key";
    std::ofstream(folder_.path() + within) << "0123456789abcdef";
    const std::string outer = query("/media/15/37/");
    for (const char* path :
         {"/media/15/37/3701/adp.12.0a1b.key", "/media/15/37/3701%2Fadp.12.0a1b.key",
          "/media/15/37/3701%2fadp.12.0a1b.key", "/media/15/37/3701%252Fadp.12.0a1b.key"})
        EXPECT_NE(ask_linked("GET", fmt::format("{}?{}", path, outer)).status, 200) << path;
    EXPECT_EQ(ask_linked("GET", within + "?" + query()).status, 200);
}

TEST_F(LinkedPlaybackTest, GivesTheKeyOfAStreamToItsLinksOnly) {
    const std::string path = "/media/15/37/3701/adp.12.0a1b.key";
    std::ofstream(folder_.path() + path) << "0123456789abcdef";
    for (const std::string& other :
         {std::string(), std::string("?t=1&sign=2"), "?" + query("/media/15/37/")})
        EXPECT_EQ(ask_linked("GET", path + other).status, 403) << other;
    const http::Response given = ask_linked("GET", path + "?" + query());
    EXPECT_EQ(given.status, 200);
    EXPECT_EQ(body(given), "0123456789abcdef");
    EXPECT_EQ(given.headers.get("Cache-Control"), "no-store");
    const std::string link = path + "?" + query();
    clock_.advance(std::chrono::minutes(10));
    EXPECT_EQ(ask_linked("GET", link).status, 403);
}

TEST_F(LinkedPlaybackTest, NamesInAPlaylistAreLinks) {
    const http::Response list = ask_linked("GET", "/media/15/37/3701/list.m3u8?" + query());
    EXPECT_EQ(body(list),
              "#EXTM3U\ns.ts?" + query() + "\n0/s.ts?" + query("/media/15/37/3701/0/") + "\n");
    EXPECT_EQ(list.headers.get("Content-Type"), "application/vnd.apple.mpegurl");
    EXPECT_FALSE(list.headers.has("ETag"));
    EXPECT_EQ(body(ask("GET", "/media/15/37/3701/list.m3u8")), "#EXTM3U\ns.ts\n0/s.ts\n");
}

}  // namespace
}  // namespace hookreel::api
