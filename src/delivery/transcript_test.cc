#include "delivery/transcript.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

TEST(Transcript, KeepsTheRequestWithoutItsSecrets) {
    http::ClientRequest request;
    request.method = "POST";
    request.url.host = "example.com";
    request.url.target = "/hook?token=1234";
    request.headers = {{"Content-Type", "application/json"},
                       {"webhook-id", "msg_1"},
                       {"Webhook-Signature", "v1,abc"},
                       {"authorization", "Bearer abc"},
                       {"X-API-Key", "abc"},
                       {"X-Mine", "abc"}};
    model::Endpoint endpoint;
    endpoint.headers = {{"x-mine", "abc"}};
    EXPECT_EQ(request_head(request, endpoint),
              "POST /hook?*** HTTP/1.1\r\nHost: example.com\r\n"
              "Content-Type: application/json\r\nwebhook-id: msg_1\r\nWebhook-Signature: ***\r\n"
              "authorization: ***\r\nX-API-Key: ***\r\nX-Mine: ***\r\n");
}

TEST(Transcript, KeepsTheHeadOfTheAnswer) {
    http::ClientResponse response{
        .status = 404, .headers = {{"Server", "nginx"}, {"Set-Cookie", "session=1"}}, .body = {}};
    EXPECT_EQ(response_head(response),
              "HTTP/1.1 404 Not Found\r\nServer: nginx\r\nSet-Cookie: ***\r\n");
}

TEST(Transcript, CutsALongHead) {
    http::ClientResponse response{.status = 200, .headers = {}, .body = {}};
    for (int i = 0; i < 100; ++i)
        response.headers.add("A", std::string(500, 'a'));
    EXPECT_EQ(response_head(response).size(), transcript_bytes_max);
}

}  // namespace
}  // namespace hookreel::delivery
