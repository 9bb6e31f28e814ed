#include "base/digest.h"

#include <gtest/gtest.h>

namespace hookreel {
namespace {

TEST(Digest, MatchesPublishedVectors) {
    EXPECT_EQ(hex(digest(Algorithm::md5, "abc")), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(hex(digest(Algorithm::sha1, "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(hex(digest(Algorithm::sha256, "{}")),
              "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST(Digest, AuthenticatesAsRfc4231And2202Say) {
    EXPECT_EQ(hex(hmac(Algorithm::sha256, "Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hex(hmac(Algorithm::sha1, "Jefe", "what do ya want for nothing?")),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(hex(hmac(Algorithm::sha256, "", "")),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(KeyedHmac, SaysTheSameAsOneShotForMessageAfterMessage) {
    KeyedHmac keyed(Algorithm::sha256, "Jefe");
    const std::string whole = "what do ya want for nothing?";
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(keyed.of({whole}), hmac(Algorithm::sha256, "Jefe", whole));
        EXPECT_EQ(keyed.of({"what do ya", "", " want for nothing?"}), keyed.of({whole}));
        EXPECT_EQ(keyed.of({}), hmac(Algorithm::sha256, "Jefe", ""));
    }
    EXPECT_EQ(KeyedHmac(Algorithm::sha256, "").of({"x"}), hmac(Algorithm::sha256, "", "x"));
}

TEST(Hasher, TakesBytesInPieces) {
    Hasher hasher(Algorithm::sha256);
    hasher.update("{");
    hasher.update("");
    hasher.update("}");
    EXPECT_EQ(hasher.finish(), digest(Algorithm::sha256, "{}"));
}

TEST(Base64, GoesBothWays) {
    for (const std::string text : {"", "a", "ab", "abc", "abcd"})
        EXPECT_EQ(from_base64(base64(text)).value(), text);
    EXPECT_EQ(base64("abcd"), "YWJjZA==");
    EXPECT_FALSE(from_base64("YWJj*A=="));
    EXPECT_FALSE(from_base64("YWJ"));
}

TEST(Hex, GoesBothWays) {
    EXPECT_EQ(from_hex("00ffA1").value(), std::string("\x00\xff\xa1", 3));
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
}

TEST(ConstantTimeEqual, ComparesAllBytes) {
    EXPECT_TRUE(constant_time_equal("secret", "secret"));
    EXPECT_FALSE(constant_time_equal("secret", "secreT"));
    EXPECT_FALSE(constant_time_equal("secret", "secre"));
}

}  // namespace
}  // namespace hookreel
