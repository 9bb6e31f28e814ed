#include "dialect/standard/sending/webhook.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "dialect/standard/sending/sending_test.h"
#include "model/secrets.h"

namespace hookreel::dialect::standard {
namespace {

std::string hmac_signature(std::string_view secret, std::string_view content) {
    const std::string key = model::signing_key({.value = std::string(secret)}).value();
    return "v1," + base64(hmac(Algorithm::sha256, key, content));
}

TEST(Webhook, PostsTheStoredBodySigned) {
    const store::Lease lease = test_lease();
    const http::ClientRequest request =
        WebhookRenderer().render(test_endpoint(), lease, test_now).value();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(body_of(request), *lease.body);
    EXPECT_EQ(request.headers.get("Content-Type"), "application/json");
    EXPECT_EQ(request.headers.get("webhook-id"), "e1");
    EXPECT_EQ(request.headers.get("webhook-timestamp"), std::to_string(unix_seconds(test_now)));
    EXPECT_EQ(
        request.headers.get("webhook-signature"),
        hmac_signature(test_secret, fmt::format("e1.{}.{}", unix_seconds(test_now), *lease.body)));
}

TEST(Webhook, IsSignedAnewAtEachAttempt) {
    const store::Lease lease = test_lease();
    const WebhookRenderer renderer;
    const auto first = renderer.render(test_endpoint(), lease, test_now);
    const auto second = renderer.render(test_endpoint(), lease, test_now + std::chrono::hours(2));
    EXPECT_EQ(first->headers.get("webhook-id"), second->headers.get("webhook-id"));
    EXPECT_NE(first->headers.get("webhook-timestamp"), second->headers.get("webhook-timestamp"));
    EXPECT_NE(first->headers.get("webhook-signature"), second->headers.get("webhook-signature"));
}

TEST(Webhook, WithoutSecretsIsUnsigned) {
    model::Endpoint endpoint = test_endpoint();
    endpoint.secrets.clear();
    const auto request = WebhookRenderer().render(endpoint, test_lease(), test_now);
    EXPECT_TRUE(request->headers.has("webhook-id"));
    EXPECT_FALSE(request->headers.has("webhook-signature"));
}

TEST(Webhook, RefusesWhatCannotBeSent) {
    model::Endpoint endpoint = test_endpoint();
    endpoint.secrets = {{.value = "whsec_!"}};
    const auto request = WebhookRenderer().render(endpoint, test_lease(), test_now);
    ASSERT_FALSE(request);
    EXPECT_FALSE(request.error().detail.contains("!"));
}

TEST(Webhook, TriesForThreeDays) {
    const model::Schedule all = schedule();
    EXPECT_EQ(all.delays.size(), 9u);
    Duration sum{0};
    for (const Duration delay : all.delays)
        sum += delay;
    EXPECT_EQ(sum, std::chrono::hours(75) + std::chrono::minutes(35) + std::chrono::seconds(5));
    EXPECT_EQ(all.success, model::Success::any_2xx);
    EXPECT_EQ(all.follows_answer, model::Switch::on);
}

}  // namespace
}  // namespace hookreel::dialect::standard
