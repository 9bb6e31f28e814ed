// A client on a loop of its own, and what the tests of this folder ask of it. Included by *_test.cc
// only.
#pragma once

#include <gtest/gtest.h>

#include "http/client/client.h"
#include "http/client/testing_dns.h"
#include "http/testing.h"

namespace hookreel::http {

inline constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class ClientTest : public testing::Test {
 protected:
    ClientTest() {
        EXPECT_TRUE(options_.rules.allow("127.0.0.0/8"));
        EXPECT_TRUE(options_.rules.allow("::1"));
    }
    void TearDown() override {
        thread_.call([this] { client_.reset(); });
    }

    Client& client() {
        if (!client_) thread_.call([this] { client_.emplace(thread_.loop, options_); });
        return *client_;
    }
    static ClientRequest request(const std::string& url, std::string method = "GET") {
        ClientRequest request;
        request.method = std::move(method);
        request.url = *parse_url(url);
        return request;
    }
    Result<ClientResponse> send(ClientRequest request) {
        return thread_.run(client().send(std::move(request)));
    }
    Result<ClientResponse> get(const std::string& url) { return send(request(url)); }
    // What becomes of an answer that is sent as it is, and followed by a close.
    Result<ClientResponse> get_from(std::string_view answer) {
        const RawServer server([answer](RawSocket& peer) {
            peer.receive_until("\r\n\r\n");
            peer.send(answer);
        });
        return get(server.url());
    }
    std::future<Result<ClientResponse>> begin(ClientRequest request) {
        return asio::co_spawn(thread_.loop, client().send(std::move(request)), asio::use_future);
    }

    ClientOptions options_;
    LoopThread thread_;
    std::optional<Client> client_;
};

}  // namespace hookreel::http
