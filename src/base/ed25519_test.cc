#include "base/ed25519.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace hookreel {
namespace {

std::string bytes(std::string_view digits) {
    return from_hex(digits).value();
}

// RFC 8032, 7.1, test 2.
const std::string seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
const std::string public_key =
    bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
const std::string signature = bytes(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

TEST(Ed25519, SignsAsRfc8032Says) {
    const Ed25519Key key = Ed25519Key::from_seed(seed).value();
    EXPECT_EQ(key.seed(), seed);
    EXPECT_EQ(key.public_key(), public_key);
    EXPECT_EQ(key.sign("\x72"), signature);
    EXPECT_TRUE(ed25519_verifies({public_key, "\x72", signature}));
}

TEST(Ed25519, RefusesAnythingElse) {
    EXPECT_FALSE(ed25519_verifies({public_key, "\x73", signature}));
    EXPECT_FALSE(ed25519_verifies({Ed25519Key::make().public_key(), "\x72", signature}));
    EXPECT_FALSE(ed25519_verifies({public_key, "\x72", signature.substr(1)}));
    EXPECT_FALSE(ed25519_verifies({public_key.substr(1), "\x72", signature}));
    EXPECT_FALSE(ed25519_verifies({"", "", ""}));
    EXPECT_FALSE(Ed25519Key::from_seed(seed.substr(1)));
    EXPECT_FALSE(Ed25519Key::from_seed(""));
}

TEST(Ed25519, MakesADifferentKeyEachTime) {
    const Ed25519Key key = Ed25519Key::make();
    EXPECT_NE(key.seed(), Ed25519Key::make().seed());
    EXPECT_TRUE(ed25519_verifies({key.public_key(), "", key.sign("")}));
}

}  // namespace
}  // namespace hookreel
