#include "delivery/transcript.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

TEST(Transcript, KeepsTheRequestWithoutItsSecrets) {
    const std::string sent =
        "POST /hook?token=1234 HTTP/1.1\r\nHost: example.com:8443\r\nUser-Agent: Hookreel\r\n"
        "webhook-id: msg_1\r\nWebhook-Signature: v1,abc\r\nauthorization: Bearer abc\r\n"
        "X-API-Key: abc\r\nX-Mine: abc\r\nX-Empty: \r\nContent-Length: 7\r\n\r\n";
    model::Endpoint endpoint;
    endpoint.headers = {{"x-mine", "abc"}};
    EXPECT_EQ(request_head(sent, endpoint),
              "POST /hook?*** HTTP/1.1\r\nHost: example.com:8443\r\nUser-Agent: Hookreel\r\n"
              "webhook-id: msg_1\r\nWebhook-Signature: ***\r\nauthorization: ***\r\n"
              "X-API-Key: ***\r\nX-Mine: ***\r\nX-Empty: \r\nContent-Length: 7\r\n");
    EXPECT_EQ(request_head("GET / HTTP/1.1\r\n\r\n", endpoint), "GET / HTTP/1.1\r\n");
}

TEST(Transcript, HidesASecretWordAnywhereInAName) {
    for (const std::string word :
         {"auth", "signature", "secret", "token", "api-key", "apikey", "cookie", "passw"})
        for (const std::string before : {"", "X", "X-", "My-", "Very-"})
            for (const std::string after : {"", "1", "-Of"}) {
                const std::string name = before + word + after;
                const http::ClientResponse response{
                    .status = 200, .headers = {{name, "abc"}}, .body = {}};
                EXPECT_TRUE(response_head(response).ends_with(name + ": ***\r\n")) << name;
            }
    const http::ClientResponse harmless{
        .status = 200, .headers = {{"Aut", "a"}, {"Connection", "b"}, {"Sig", "c"}}, .body = {}};
    EXPECT_EQ(response_head(harmless), "HTTP/1.1 200 OK\r\nAut: a\r\nConnection: b\r\nSig: c\r\n");
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
