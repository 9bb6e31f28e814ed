#include "dialect/standard/sending/handshake.h"

#include <gtest/gtest.h>

#include "dialect/standard/sending/cloud_events.h"
#include "dialect/standard/sending/sending_test.h"
#include "dialect/standard/sending/webhook.h"

namespace hookreel::dialect::standard {
namespace {

model::Endpoint endpoint_with_origin() {
    model::Endpoint endpoint = test_endpoint();
    endpoint.origin = "hooks.example.com";
    return endpoint;
}

http::ClientResponse answer(http::Headers headers) {
    return {200, std::move(headers), {}};
}

TEST(Handshake, AsksByOptionsUnderTheOrigin) {
    model::Endpoint endpoint = endpoint_with_origin();
    http::ClientRequest request = permission_request(endpoint).value();
    EXPECT_EQ(request.method, "OPTIONS");
    EXPECT_EQ(request.url.target, "/hook?x=1");
    EXPECT_EQ(request.headers.get("WebHook-Request-Origin"), "hooks.example.com");
    EXPECT_FALSE(request.headers.has("WebHook-Request-Rate"));
    endpoint.rate_per_second = 1.51;
    request = permission_request(endpoint).value();
    EXPECT_EQ(request.headers.get("WebHook-Request-Rate"), "91");
}

TEST(Handshake, TakesTheOriginOrAStarForYes) {
    EXPECT_EQ(permission(answer({{"WebHook-Allowed-Origin", "hooks.example.com"},
                                 {"WebHook-Allowed-Rate", "120"}}),
                         "hooks.example.com")
                  ->rate_per_second,
              2);
    EXPECT_EQ(permission(answer({{"webhook-allowed-origin", "*"}, {"webhook-allowed-rate", "*"}}),
                         "hooks.example.com")
                  ->rate_per_second,
              0);
    EXPECT_TRUE(permission(answer({{"WebHook-Allowed-Origin", "*"}}), "hooks.example.com"));
}

TEST(Handshake, TakesAnythingElseForNo) {
    for (const http::Headers& headers :
         {http::Headers{}, http::Headers{{"Allow", "POST"}},
          http::Headers{{"WebHook-Allowed-Origin", "other.example.com"}},
          http::Headers{{"WebHook-Allowed-Origin", "hooks.example.com.evil.com"}},
          http::Headers{{"WebHook-Allowed-Origin", "*"}, {"WebHook-Allowed-Rate", "0"}},
          http::Headers{{"WebHook-Allowed-Origin", "*"}, {"WebHook-Allowed-Rate", "many"}}}) {
        const Result<Permission> given = permission(answer(headers), "hooks.example.com");
        ASSERT_FALSE(given);
        EXPECT_EQ(given.error().code, Code::denied);
    }
}

TEST(Handshake, KnowsADnsName) {
    for (const char* good : {"a", "hooks.example.com", "xn--bcher-kva.example", "1.a-b"})
        EXPECT_TRUE(is_origin(good)) << good;
    for (const char* bad :
         {"", ".", "a.", ".a", "a..b", "-a", "a-", "a b", "a\r\nb", "http://a", "a:80", "\xC3\xA9"})
        EXPECT_FALSE(is_origin(bad)) << bad;
    EXPECT_FALSE(is_origin(std::string(64, 'a')));
    EXPECT_FALSE(permission_request(test_endpoint()));
}

TEST(Handshake, IsRememberedByEveryRequest) {
    const auto webhook = WebhookRenderer().render(endpoint_with_origin(), test_lease(), test_now);
    EXPECT_EQ(webhook->headers.get("webhook-request-origin"), "hooks.example.com");
    const auto event = CloudEventsRenderer(CloudEventsRenderer::Mode::binary)
                           .render(endpoint_with_origin(), test_lease(), test_now);
    EXPECT_EQ(event->headers.get("webhook-request-origin"), "hooks.example.com");
    const auto without = WebhookRenderer().render(test_endpoint(), test_lease(), test_now);
    EXPECT_FALSE(without->headers.has("webhook-request-origin"));
}

}  // namespace
}  // namespace hookreel::dialect::standard
