// A server that answers API calls with what a test says, and takes objects. For tests.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>

#include "app/client/vod/vod_client.h"
#include "http/server/server.h"

namespace hookreel::app::client {

class FakePlatform {
 public:
    explicit FakePlatform(Loop& loop)
        : server_(
              {&loop}, http::ServerOptions{},
              [this](http::Request& request) { return answer(request); }, log_) {
        EXPECT_TRUE(server_.start());
    }

    // The next call of this action gets this `Response`. Calls that nobody expects are refused.
    void expect(const std::string& action, json::object response) {
        answers_[action].push_back(std::move(response));
    }
    int object_status = 200;

    std::vector<std::pair<std::string, json::value>> calls;  // Action and parameters, in order.
    http::RequestHead object_head;
    std::string object;

    http::Url url() const {
        return http::parse_url(fmt::format("http://127.0.0.1:{}", server_.port())).value();
    }
    Task<void> stop() { co_await server_.stop(Duration(1000)); }

 private:
    Task<http::Response> answer(http::Request& request) {
        Result<std::string> body = co_await request.read_all(64 << 20);
        EXPECT_TRUE(body);
        if (request.head().method == "PUT") {
            object_head = request.head();
            object = std::move(*body);
            co_return http::Response{object_status, {}, "<Error><Code>NoSuchUpload</Code></Error>"};
        }
        const std::string action(request.head().headers.get("X-TC-Action"));
        EXPECT_TRUE(request.head().headers.get("Authorization").starts_with("TC3-HMAC-SHA256 "));
        calls.emplace_back(action, parse_json(*body).value());
        std::deque<json::object>& answers = answers_[action];
        EXPECT_FALSE(answers.empty()) << action;
        if (answers.empty()) co_return http::Response{500, {}, {}};
        const json::object response = {{"Response", std::move(answers.front())}};
        answers.pop_front();
        co_return http::Response{
            200, {{"Content-Type", "application/json"}}, json::serialize(response)};
    }

    Log log_{Level::error};
    std::map<std::string, std::deque<json::object>> answers_;
    http::Server server_;
};

// What a client's test works with.
struct PlatformBench {
    Loop loop{1};
    SystemClock clock;
    FakePlatform platform{loop};
    http::Client http{loop, options()};
    VodClient vod{http, clock,
                  Account{platform.url(), {"AKIDEXAMPLE", "SKEXAMPLE"}, model::ApplicationId(7)}};

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
        co_await platform.stop();
    }
};

}  // namespace hookreel::app::client
