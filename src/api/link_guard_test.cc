#include "api/link_guard.h"

#include <gtest/gtest.h>

namespace hookreel::api {
namespace {

constexpr std::string_view key = "24FEQmTzro4V5u3D5epW";
const TimePoint now = from_unix_seconds(1'800'000'000);
const TimePoint later = now + std::chrono::minutes(10);

http::RequestHead head(std::string query, std::string peer = "192.0.2.1") {
    http::RequestHead asked;
    asked.method = "GET";
    asked.target = "/media/15/37/3701/f0.mp4?" + std::move(query);
    asked.peer = std::move(peer);
    return asked;
}

std::string link(model::LinkTerms terms, std::string_view folder = "/media/15/37/3701/") {
    return model::link_query(terms, key, folder);
}

TEST(LinkGuard, WithoutAKeyEverythingIsOpen) {
    const ManualClock clock(now);
    LinkGuard guard("", "", clock);
    const Result<LinkGuard::Pass> pass = guard.admit(head(""));
    ASSERT_TRUE(pass);
    EXPECT_FALSE(pass->needs_links);
    EXPECT_EQ(pass->cache_seconds, 3'600);
}

TEST(LinkGuard, WithAKeyOnlyLinksAreGood) {
    ManualClock clock(now);
    LinkGuard guard(std::string(key), "", clock);
    EXPECT_EQ(guard.admit(head("")).error().code, Code::denied);
    EXPECT_EQ(guard.admit(head(link({later}, "/media/15/37/"))).error().code, Code::denied);
    const Result<LinkGuard::Pass> pass = guard.admit(head(link({later})));
    ASSERT_TRUE(pass);
    EXPECT_EQ(pass->cache_seconds, 600);
    clock.advance(std::chrono::minutes(12));
    EXPECT_EQ(guard.admit(head(link({later})))->cache_seconds, 0);
    clock.advance(std::chrono::minutes(4));
    EXPECT_EQ(guard.admit(head(link({later}))).error().detail, "The link has ended.");
}

TEST(LinkGuard, SignsForThePublicPath) {
    const ManualClock clock(now);
    LinkGuard guard(std::string(key), "/video", clock);
    EXPECT_FALSE(guard.admit(head(link({later}))));
    const Result<LinkGuard::Pass> pass =
        guard.admit(head(link({later}, "/video/media/15/37/3701/")));
    ASSERT_TRUE(pass);
    EXPECT_EQ(guard.query(*pass, "0/"), link({later}, "/video/media/15/37/3701/0/"));
}

TEST(LinkGuard, ALinkIsForSoManyAddresses) {
    ManualClock clock(now);
    LinkGuard guard(std::string(key), "", clock);
    const std::string limited = link({later, 2, "a"});
    for (const char* peer : {"192.0.2.1", "2001:db8::1", "192.0.2.1", "2001:db8::1"})
        EXPECT_TRUE(guard.admit(head(limited, peer))) << peer;
    EXPECT_FALSE(guard.admit(head(limited, "192.0.2.3")));
    EXPECT_TRUE(guard.admit(head(link({later, 2, "b"}), "192.0.2.3")));
    EXPECT_TRUE(guard.admit(head(link({later}), "192.0.2.3")));
}

}  // namespace
}  // namespace hookreel::api
