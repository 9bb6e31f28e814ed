#include "http/server.h"

#include <gtest/gtest.h>

#include "http/testing.h"

namespace hookreel::http {
namespace {

Task<Response> echo(Request& request) {
    auto body = co_await request.read_all(1024 * 1024);
    Response response;
    if (!body) {
        response.status = body.error().code == Code::too_large ? 413 : 400;
        response.body = body.error().detail;
        co_return response;
    }
    response.headers.add("X-Target", request.head().target);
    response.body = request.head().method + " " + *body;
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

    Log log_{Level::error};
    LoopThread thread_;
    std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersARequest) {
    start(echo);
    auto peer = connect();
    peer.send("POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    const auto head = peer.receive_until("\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
    EXPECT_TRUE(head.contains("X-Target: /a?b=c\r\n")) << head;
    EXPECT_EQ("POST hello", peer.receive_bytes(10));
}

}  // namespace
}  // namespace hookreel::http
