// A server on a loop of its own, and what the tests of this folder ask of it. Included by *_test.cc
// only.
#pragma once

#include <gtest/gtest.h>

#include "http/server/server.h"
#include "http/testing.h"

namespace hookreel::http {

// The body, behind the method and the target.
inline Task<Response> echo(Request& request) {
    const auto body = co_await request.read_all(1024 * 1024);
    Response response;
    if (!body) {
        response.status = body.error().code == Code::too_large ? 413 : 400;
        response.body = fmt::format("{}: {}", name(body.error().code), body.error().detail);
        co_return response;
    }
    response.headers.add("X-Host", std::string(request.head().headers.get("Host")));
    response.body = request.head().method + " " + request.head().target + " " + *body;
    co_return response;
}

inline Task<Response> ignore_body(Request&) {
    Response response;
    response.status = 403;
    response.body = "no";
    co_return response;
}

class ServerTest : public testing::Test {
 protected:
    void start(Handler handler, ServerOptions options = {}) {
        server_ = std::make_unique<Server>(std::vector<Loop*>{&thread_.loop}, std::move(options),
                                           std::move(handler), log_);
        Result<void> started;
        thread_.call([&] { started = server_->start(); });
        ASSERT_TRUE(started) << started.error().detail;
    }
    void TearDown() override {
        if (server_) thread_.run(server_->stop(Duration(0)));
    }
    RawSocket connect() { return RawSocket::connect(server_->port()); }
    // All that the server answers to `bytes`, up to its close.
    std::string answer_to(std::string_view bytes) {
        auto peer = connect();
        peer.send(bytes);
        return peer.receive_all();
    }
    void expect_status(std::string_view bytes, int status) {
        const auto answer = answer_to(bytes);
        EXPECT_TRUE(answer.starts_with(fmt::format("HTTP/1.1 {} ", status)))
            << "to: " << bytes << "\ncame: " << answer;
        EXPECT_TRUE(answer.contains("Connection: close\r\n")) << answer;
    }

    Log log_{Level::error, -1};
    LoopThread thread_;
    std::unique_ptr<Server> server_;
};

}  // namespace hookreel::http
