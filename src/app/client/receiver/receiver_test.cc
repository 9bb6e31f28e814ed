#include "app/client/receiver/receiver.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "http/client/client.h"

namespace hookreel::app::client {
namespace {

std::string signed_fixture() {
    std::ifstream file(HOOKREEL_FIXTURES "/tencent_vod/event.NewFileUpload.signed.json");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// The vector of the spec (b.4).
constexpr std::string_view key = "abcDEF0123456789abcDEF0123456789";
const TimePoint signed_until = from_unix_seconds(1772439000);

ReceiverOptions with_sign_key() {
    ReceiverOptions options;
    options.keys.sign_key = key;
    return options;
}

struct Bench {
    Loop loop{1};
    ManualClock clock{signed_until};
    Log log{Level::error};
    std::vector<Callback> callbacks;
    std::vector<std::string> origins;
    Receiver receiver;
    http::Client http{loop, client_options()};

    explicit Bench(ReceiverOptions options)
        : receiver(loop, std::move(options), clock, log,
                   {.on_callback = [this](const Callback& one) { callbacks.push_back(one); },
                    .on_handshake = [this](std::string_view one) { origins.emplace_back(one); },
                    .on_forwarded = {}}) {}

    static http::ClientOptions client_options() {
        http::ClientOptions options;
        EXPECT_TRUE(options.rules.allow("127.0.0.0/8"));
        return options;
    }

    Task<Result<http::ClientResponse>> send(std::string method, std::string body,
                                            http::Headers headers = {}) {
        http::ClientRequest request;
        request.headers = std::move(headers);
        request.method = std::move(method);
        request.url = http::parse_url(receiver.url()).value();
        request.body = std::move(body);
        request.timeout = Duration(2000);
        co_return co_await http.send(std::move(request));
    }

    void run(Task<void> scene) {
        ASSERT_TRUE(receiver.start());
        bool ended = false;
        asio::co_spawn(loop, finish(std::move(scene)), [&](const std::exception_ptr& exception) {
            if (exception) std::rethrow_exception(exception);
            ended = true;
            loop.stop();
        });
        loop.run_for(std::chrono::seconds(60));
        EXPECT_TRUE(ended) << "the scene hangs";
    }

 private:
    Task<void> finish(Task<void> scene) {
        co_await std::move(scene);
        http.close();
        co_await receiver.stop();
    }
};

TEST(Receiver, HandsOverWhatCame) {
    Bench bench(with_sign_key());
    const auto scene = [](Bench& b) -> Task<void> {
        const auto answer = co_await b.send("POST", signed_fixture());
        EXPECT_EQ(answer->status, 200);
    };
    bench.run(scene(bench));
    ASSERT_EQ(bench.callbacks.size(), 1u);
    const Callback& callback = bench.callbacks[0];
    EXPECT_EQ(callback.number, 1);
    EXPECT_EQ(callback.verdict.signature, Signature::good);
    EXPECT_EQ(callback.head.target, "/callback");
    EXPECT_EQ(callback.body, signed_fixture());
    EXPECT_EQ(callback.reading.json->at("EventType").as_string(), "NewFileUpload");
}

TEST(Receiver, TakesForeignBytesAsTheyAre) {
    Bench bench(with_sign_key());
    const auto scene = [](Bench& b) -> Task<void> {
        for (std::string body : {"", "not json", "[1]"}) {
            const auto answer = co_await b.send("POST", std::move(body));
            EXPECT_EQ(answer->status, 200);
        }
        const auto refused = co_await b.send("GET", "");
        EXPECT_EQ(refused->status, 405);
    };
    bench.run(scene(bench));
    ASSERT_EQ(bench.callbacks.size(), 3u);
    EXPECT_FALSE(bench.callbacks[0].reading.json);
    EXPECT_FALSE(bench.callbacks[1].reading.json);
    EXPECT_EQ(bench.callbacks[2].verdict.signature, Signature::unchecked);
}

TEST(Receiver, AllowsWhoeverAsks) {
    Bench bench({});
    const auto scene = [](Bench& b) -> Task<void> {
        http::Headers question = {{"WebHook-Request-Origin", "hooks.example.com"},
                                  {"WebHook-Request-Rate", "120"}};
        const auto answer = co_await b.send("OPTIONS", "", std::move(question));
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->headers.get("WebHook-Allowed-Origin"), "hooks.example.com");
        EXPECT_EQ(answer->headers.get("WebHook-Allowed-Rate"), "*");
        const auto plain = co_await b.send("OPTIONS", "");
        EXPECT_FALSE(plain->headers.has("WebHook-Allowed-Origin"));
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.origins, std::vector<std::string>{"hooks.example.com"});
    EXPECT_TRUE(bench.callbacks.empty());
}

TEST(Receiver, AnswersErrorsOnPurpose) {
    Bench bench({.keys = {}, .status = 503, .delay = Duration(5)});
    const auto scene = [](Bench& b) -> Task<void> {
        const auto answer = co_await b.send("POST", "{}");
        EXPECT_EQ(answer->status, 503);
    };
    bench.run(scene(bench));
}

TEST(Receiver, LetsTheFirstCallbacksRunIntoTheTimeout) {
    Bench bench({.keys = {}, .fail_first = 1});
    const auto scene = [](Bench& b) -> Task<void> {
        const auto first = co_await b.send("POST", "{}");
        EXPECT_EQ(first.error().code, Code::timed_out);
        const auto second = co_await b.send("POST", "{}");
        EXPECT_EQ(second->status, 200);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.callbacks.size(), 2u);
}

}  // namespace
}  // namespace hookreel::app::client
