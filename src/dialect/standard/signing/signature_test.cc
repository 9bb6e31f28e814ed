#include "dialect/standard/signing/signature.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/digest.h"
#include "base/ed25519.h"
#include "dialect/standard/signing/signing_test.h"
#include "model/secrets.h"

namespace hookreel::dialect::standard {
namespace {

using model::Secret;

std::string hmac_signature(std::string_view secret, std::string_view content) {
    const std::string key = model::signing_key({.value = std::string(secret)}).value();
    return "v1," + base64(hmac(Algorithm::sha256, key, content));
}

TEST(Signature, MatchesThePublishedVector) {
    for (int round = 0; round < 3; ++round)
        EXPECT_EQ(signatures({{.value = vector_secret}}, vector_message).value(),
                  "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, OfEd25519IsVerifiedByThePublicKey) {
    const Secret secret = model::make_secret(Secret::Algorithm::ed25519);
    const std::string value = signatures({secret}, vector_message).value();
    ASSERT_TRUE(value.starts_with("v1a,"));
    const std::string key = from_base64(model::public_key(secret)->substr(5)).value();
    const std::string signature = from_base64(std::string_view(value).substr(4)).value();
    EXPECT_TRUE(ed25519_verifies(
        {key, "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}", signature}));
}

TEST(Signature, IsMadeByEveryLiveSecretInOrder) {
    const Secret fresh = model::make_secret(Secret::Algorithm::hmac_sha256);
    const Secret key = model::make_secret(Secret::Algorithm::ed25519);
    Secret expired = model::make_secret(Secret::Algorithm::hmac_sha256);
    expired.expires = vector_message.sent;
    Secret dying{.value = vector_secret, .expires = vector_message.sent + Duration(1)};
    const std::string value = signatures({fresh, expired, key, dying}, vector_message).value();
    EXPECT_EQ(std::ranges::count(value, ' '), 2);
    EXPECT_TRUE(value.starts_with(hmac_signature(fresh.value,
                                                 "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330."
                                                 "{\"test\": 2432232314}") +
                                  " v1a,"));
    EXPECT_TRUE(value.ends_with(" v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
}

TEST(Signature, IsNeverLeftOutInSilence) {
    EXPECT_EQ(signatures({}, vector_message).value(), "");
    EXPECT_FALSE(
        signatures({{.value = vector_secret, .expires = vector_message.sent}}, vector_message));
    EXPECT_FALSE(signatures({{.value = "secret"}}, vector_message));
    EXPECT_FALSE(signatures({{.value = vector_secret}, {.value = ""}}, vector_message));
    EXPECT_FALSE(signatures({{Secret::Algorithm::ed25519, vector_secret}}, vector_message));
}

TEST(Signature, IsTheSameFromManyThreadsAndForManySecrets) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([i] {
            for (int secret = 0; secret < 5000; ++secret) {
                const std::string value =
                    "whsec_" + base64(fmt::format("{:032}", i % 2 == 0 ? secret : 4999 - secret));
                const Message message{"m", vector_message.sent, "x"};
                const std::string first = signatures({{.value = value}}, message).value();
                ASSERT_EQ(first, hmac_signature(value, "m.1614265330.x"));
                ASSERT_EQ(first, signatures({{.value = value}}, message).value());
            }
        });
}

}  // namespace
}  // namespace hookreel::dialect::standard
