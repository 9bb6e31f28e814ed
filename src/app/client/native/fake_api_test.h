// A native API that answers what a test says. For tests.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "app/client/native/native_client.h"
#include "http/server/server.h"

namespace hookreel::app::client {

class FakeApi {
 public:
    struct Call {
        std::string method;
        std::string target;
        std::string authorization;
        std::string body;
    };

    explicit FakeApi(Loop& loop)
        : server_(
              {&loop}, http::ServerOptions{},
              [this](http::Request& request) { return answer(request); }, log_) {
        EXPECT_TRUE(server_.start());
    }

    // The next call gets this answer. Calls beyond them are refused with 500.
    void expect(int status, std::string body) { answers_.push_back({status, {}, std::move(body)}); }

    std::vector<Call> calls;  // In order.

    http::Url url() const {
        return http::parse_url(fmt::format("http://127.0.0.1:{}", server_.port())).value();
    }
    Task<void> stop() { co_await server_.stop(Duration(1000)); }

 private:
    Task<http::Response> answer(http::Request& request) {
        Result<std::string> body = co_await request.read_all(64 << 20);
        EXPECT_TRUE(body);
        const http::RequestHead& head = request.head();
        calls.push_back({head.method, head.target, std::string(head.headers.get("Authorization")),
                         body.value_or("")});
        EXPECT_FALSE(answers_.empty()) << head.method << " " << head.target;
        if (answers_.empty()) co_return http::Response{500, {}, {}};
        http::Response response = std::move(answers_.front());
        answers_.pop_front();
        co_return response;
    }

    Log log_{Level::error};
    std::deque<http::Response> answers_;
    http::Server server_;
};

// What a test of the native client works with.
struct ApiBench {
    Loop loop{1};
    FakeApi api{loop};
    http::Client http{loop, options()};
    NativeClient native{http, NativeAccount{api.url(), "token", model::ApplicationId(7)}};

    static http::ClientOptions options() {
        http::ClientOptions options;
        EXPECT_TRUE(options.rules.allow("127.0.0.0/8"));
        return options;
    }

    // Runs the scene, then ends everything.
    void run(Task<void> scene) {
        bool ended = false;
        asio::co_spawn(loop, finish(std::move(scene)), [&](const std::exception_ptr& exception) {
            if (exception) std::rethrow_exception(exception);
            ended = true;
        });
        loop.run_for(std::chrono::seconds(60));
        EXPECT_TRUE(ended) << "the scene hangs";
    }

 private:
    Task<void> finish(Task<void> scene) {
        co_await std::move(scene);
        http.close();
        co_await api.stop();
    }
};

}  // namespace hookreel::app::client
