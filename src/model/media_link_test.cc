#include "model/media_link.h"

#include <gtest/gtest.h>

namespace hookreel::model {
namespace {

// The examples of Tencent 266/33986.
constexpr std::string_view key = "24FEQmTzro4V5u3D5epW";
constexpr std::string_view folder = "/dir1/dir2/";
const TimePoint expiry = from_unix_seconds(1'517'400'000);
const TimePoint before = expiry - std::chrono::hours(1);

TEST(MediaLink, IsWrittenAsTheDocumentShowsIt) {
    EXPECT_EQ(link_query({expiry, 0, "72d4cd1101"}, key, folder),
              "t=5a71afc0&us=72d4cd1101&sign=3d8488faeb37d52d6bf63b63c1b171c3");
    EXPECT_EQ(link_query({expiry, 3, "72d4cd1101"}, key, folder),
              "t=5a71afc0&rlimit=3&us=72d4cd1101&sign=c5214f0d5961b13acd558b4957c4dfc5");
}

TEST(MediaLink, IsReadAsTheDocumentShowsIt) {
    const auto plain = read_link("t=5a71afc0&us=72d4cd1101&sign=3d8488faeb37d52d6bf63b63c1b171c3",
                                 key, folder, before);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->expires, expiry);
    EXPECT_EQ(plain->addresses_max, 0);
    const auto limited =
        read_link("t=5a71afc0&rlimit=3&us=72d4cd1101&sign=c5214f0d5961b13acd558b4957c4dfc5", key,
                  folder, before);
    ASSERT_TRUE(limited);
    EXPECT_EQ(limited->addresses_max, 3);
    // A preview is right, but its beginning alone is not served.
    EXPECT_EQ(read_link("t=5a71afc0&exper=300&us=72d4cd1101&sign=547d98c4b91e81b5ea55c95cef63223f",
                        key, folder, before)
                  .error(),
              LinkFault::unsupported);
}

TEST(MediaLink, EndsFiveMinutesAfterItsTime) {
    const std::string query = link_query({expiry, 0, ""}, key, folder);
    EXPECT_TRUE(read_link(query, key, folder, expiry + link_tolerance));
    EXPECT_EQ(read_link(query, key, folder, expiry + link_tolerance + Duration(1)).error(),
              LinkFault::expired);
}

TEST(MediaLink, IsForOneFolderAndOneKey) {
    const std::string query = link_query({expiry, 2, "word"}, key, folder);
    EXPECT_TRUE(read_link(query, key, folder, before));
    EXPECT_EQ(read_link(query, key, "/dir1/", before).error(), LinkFault::wrong);
    EXPECT_EQ(read_link(query, "24FEQmTzro4V5u3D5epX", folder, before).error(), LinkFault::wrong);
}

TEST(MediaLink, NothingOfItCanBeChanged) {
    const std::string good = link_query({expiry, 2, "word"}, key, folder);
    EXPECT_EQ(read_link("", key, folder, before).error(), LinkFault::missing);
    EXPECT_EQ(read_link("t=5a71afc0", key, folder, before).error(), LinkFault::missing);
    EXPECT_EQ(read_link("sign=" + std::string(32, '0'), key, folder, before).error(),
              LinkFault::missing);
    EXPECT_EQ(read_link(good + "&t=6a71afc0", key, folder, before).error(), LinkFault::missing);
    EXPECT_EQ(read_link(good + "&exper=1", key, folder, before).error(), LinkFault::wrong);
    EXPECT_EQ(read_link(good + "&us=word", key, folder, before).error(), LinkFault::wrong);
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string changed = good;
        changed[at] = changed[at] == '1' ? '2' : '1';
        EXPECT_FALSE(read_link(changed, key, folder, before)) << changed;
    }
    // Other parameters are the player's own.
    EXPECT_TRUE(read_link(good + "&cache=1", key, folder, before));
}

TEST(MediaLink, KeysAreLettersAndDigits) {
    EXPECT_TRUE(check_link_key("12345678"));
    EXPECT_TRUE(check_link_key(key));
    for (const char* wrong : {"", "1234567", "123456789012345678901", "1234567-", "1234567 "})
        EXPECT_FALSE(check_link_key(wrong)) << wrong;
}

TEST(LinkSigner, MakesAnAddressALink) {
    const ManualClock clock(before);
    const LinkSigner signer(std::string(key), std::chrono::hours(1), clock);
    const std::string link = signer.sign("https://a.example:8443/dir1/dir2/f0.mp4");
    ASSERT_TRUE(link.starts_with("https://a.example:8443/dir1/dir2/f0.mp4?t=5a71afc0&us="));
    const std::string query = link.substr(link.find('?') + 1);
    EXPECT_TRUE(read_link(query, key, folder, expiry));
    EXPECT_NE(signer.sign("https://a.example:8443/dir1/dir2/f0.mp4"), link);
}

}  // namespace
}  // namespace hookreel::model
