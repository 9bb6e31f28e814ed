#include "model/secrets.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/ed25519.h"

namespace hookreel::model {
namespace {

constexpr auto hmac_sha256 = Secret::Algorithm::hmac_sha256;
constexpr auto ed25519 = Secret::Algorithm::ed25519;

std::string encoded(std::size_t bytes) {
    return base64(std::string(bytes, 'k'));
}

Secret secret(Secret::Algorithm algorithm, std::string value) {
    return {algorithm, std::move(value)};
}

TEST(Secrets, AreMadeRandomAndSound) {
    const Secret made = make_secret(hmac_sha256);
    EXPECT_TRUE(made.value.starts_with("whsec_"));
    EXPECT_EQ(signing_key(made).value().size(), 32u);
    EXPECT_EQ(made.expires, never);
    EXPECT_NE(made.value, make_secret(hmac_sha256).value);
    EXPECT_FALSE(public_key(made));
}

TEST(Secrets, OfEd25519AreSeedAndPublicKey) {
    const Secret made = make_secret(ed25519);
    const Ed25519Key key = Ed25519Key::from_seed(signing_key(made).value()).value();
    EXPECT_EQ(made.value, "whsk_" + base64(key.seed() + key.public_key()));
    EXPECT_EQ(public_key(made).value(), "whpk_" + base64(key.public_key()));
    EXPECT_EQ(signing_key(secret(ed25519, "whsk_" + base64(key.seed()))).value(), key.seed());
}

TEST(Secrets, HaveTheLengthsOfTheSpecification) {
    EXPECT_FALSE(signing_key(secret(hmac_sha256, "whsec_" + encoded(23))));
    EXPECT_TRUE(signing_key(secret(hmac_sha256, "whsec_" + encoded(24))));
    EXPECT_TRUE(signing_key(secret(hmac_sha256, "whsec_" + encoded(64))));
    EXPECT_FALSE(signing_key(secret(hmac_sha256, "whsec_" + encoded(65))));
    EXPECT_FALSE(signing_key(secret(ed25519, "whsk_" + encoded(31))));
    EXPECT_TRUE(signing_key(secret(ed25519, "whsk_" + encoded(32))));
    EXPECT_FALSE(signing_key(secret(ed25519, "whsk_" + encoded(33))));
}

TEST(Secrets, AreRefusedWithoutBeingTold) {
    const std::string good = encoded(32);
    for (const std::string& value :
         {std::string(), std::string("whsec_"), good, "WHSEC_" + good, "whsk_" + good,
          "whsec_ " + good, "whsec_" + good + "\n", "whsec_" + good.substr(0, 42),
          "whsec_" + good + "====", "whsec_" + std::string(44, '!'),
          "whsec_" + std::string("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab==")}) {
        const Result<std::string> key = signing_key(secret(hmac_sha256, value));
        ASSERT_FALSE(key) << value;
        EXPECT_FALSE(key.error().detail.contains("aaaa"));
        EXPECT_FALSE(key.error().detail.contains(good.substr(0, 40)));
    }
    const std::string strangers = base64(Ed25519Key::make().seed() + std::string(32, 'x'));
    EXPECT_FALSE(signing_key(secret(ed25519, "whsk_" + strangers)));
}

TEST(Secrets, AreReadByReceivers) {
    const Secret shared = make_secret(hmac_sha256);
    EXPECT_EQ(verifying_key(shared.value).value(),
              (VerifyingKey{hmac_sha256, signing_key(shared).value()}));
    const Secret pair = make_secret(ed25519);
    const std::string public_half = Ed25519Key::from_seed(signing_key(pair).value())->public_key();
    EXPECT_EQ(verifying_key(public_key(pair).value()).value(),
              (VerifyingKey{ed25519, public_half}));
}

TEST(Secrets, ThatNoReceiverCanHaveAreRefused) {
    const std::string good = encoded(32);
    for (const std::string& value :
         {std::string(), good, "whsec_" + encoded(23), "whsec_" + encoded(65),
          "whsec_" + good + " ", std::string("whpk_"), "whpk_" + encoded(31), "whpk_" + encoded(33),
          "whpk_" + good.substr(0, 43), "WHPK_" + good, "whpk_\n" + good,
          make_secret(ed25519).value}) {
        const Result<VerifyingKey> key = verifying_key(value);
        ASSERT_FALSE(key) << value;
        EXPECT_FALSE(key.error().detail.contains(good.substr(0, 40)));
    }
    EXPECT_TRUE(verifying_key(make_secret(ed25519).value).error().detail.contains("whpk_"));
}

class RotationTest : public testing::Test {
 protected:
    const TimePoint now_ = parse_time("2026-11-20T21:40:06Z").value();
    const Secret first_ = make_secret(hmac_sha256);
    const Secret second_ = make_secret(ed25519);
};

TEST_F(RotationTest, KeepsTheOldOneSigningForADay) {
    const std::vector<Secret> after = rotated({first_}, {.next = second_, .now = now_});
    ASSERT_EQ(after.size(), 2u);
    EXPECT_EQ(after[0], second_);
    EXPECT_EQ(after[1].value, first_.value);
    EXPECT_TRUE(is_live(after[1], now_ + std::chrono::hours(24) - Duration(1)));
    EXPECT_FALSE(is_live(after[1], now_ + std::chrono::hours(24)));
}

TEST_F(RotationTest, EndsTheOldOneAtOnceWhenAsked) {
    const std::vector<Secret> after =
        rotated({first_}, {.next = second_, .now = now_, .overlap = Duration(0)});
    EXPECT_EQ(after, std::vector{second_});
}

TEST_F(RotationTest, NeverLengthensALifeAndForgetsTheExpired) {
    Secret dying = first_;
    dying.expires = now_ + std::chrono::hours(1);
    Secret dead = first_;
    dead.expires = now_;
    const std::vector<Secret> after = rotated({dying, dead}, {.next = second_, .now = now_});
    ASSERT_EQ(after.size(), 2u);
    EXPECT_EQ(after[1], dying);
}

TEST_F(RotationTest, BringsAnOldOneBackOnce) {
    const std::vector<Secret> both = rotated({first_}, {.next = second_, .now = now_});
    const std::vector<Secret> back = rotated(both, {.next = first_, .now = now_});
    ASSERT_EQ(back.size(), 2u);
    EXPECT_EQ(back[0].value, first_.value);
    EXPECT_EQ(back[0].expires, never);
    EXPECT_EQ(back[1].value, second_.value);
}

TEST_F(RotationTest, KeepsTheNewestOfTooMany) {
    std::vector<Secret> secrets;
    for (std::size_t i = 0; i < secrets_max + 2; ++i)
        secrets = rotated(std::move(secrets), {.next = make_secret(hmac_sha256), .now = now_});
    secrets = rotated(std::move(secrets), {.next = first_, .now = now_});
    EXPECT_EQ(secrets.size(), secrets_max);
    EXPECT_EQ(secrets[0], first_);
}

}  // namespace
}  // namespace hookreel::model
