#include "app/client/receiver/forwarder.h"

#include <gtest/gtest.h>

#include "app/client/receiver/receiver.h"

namespace hookreel::app::client {
namespace {

TEST(Forwarder, KeepsWhatIsMeantForTheOtherEnd) {
    const http::Headers kept = end_to_end({{"Host", "a"},
                                           {"Connection", "x-hop, Keep-Alive"},
                                           {"Connection", "close"},
                                           {"X-Hop", "1"},
                                           {"keep-alive", "timeout=5"},
                                           {"Transfer-Encoding", "chunked"},
                                           {"Content-Length", "7"},
                                           {"TE", "trailers"},
                                           {"Expect", "100-continue"},
                                           {"Upgrade", "h2c"},
                                           {"Content-Type", "application/json"},
                                           {"webhook-id", "e1"},
                                           {"X-Two", "1"},
                                           {"X-Two", "2"},
                                           {"Authorization", "Bearer t"}});
    std::string names;
    for (const auto& [name, value] : kept)
        names += name + " ";
    EXPECT_EQ(names, "Content-Type webhook-id X-Two X-Two Authorization ");
}

// A target that says what it got, and forwarding to it.
struct Road {
    Loop loop{1};
    SystemClock clock;
    Log log{Level::error};
    http::Client client{loop, options()};
    http::RequestHead got;
    std::string got_body;
    http::Response answer;
    http::Server target{{&loop}, {}, [this](http::Request& request) { return take(request); }, log};

    static http::ClientOptions options() {
        http::ClientOptions options;
        EXPECT_TRUE(options.rules.allow("127.0.0.0/8"));
        return options;
    }
    Task<http::Response> take(http::Request& request) {
        got = request.head();
        Result<std::string> body = co_await request.read_all(1 << 20);
        got_body = body.value_or("");
        co_return answer;
    }
    http::Url url(std::uint16_t port) const {
        return http::parse_url(fmt::format("http://127.0.0.1:{}/hook?x=1", port)).value();
    }
    void run(Task<void> scene) {
        bool ended = false;
        asio::co_spawn(loop, finish(std::move(scene)), [&](const std::exception_ptr& exception) {
            if (exception) std::rethrow_exception(exception);
            ended = true;
            loop.stop();
        });
        loop.run_for(std::chrono::seconds(60));
        EXPECT_TRUE(ended) << "the scene hangs";
    }
    Task<void> finish(Task<void> scene) {
        co_await std::move(scene);
        client.close();
        co_await target.stop(Duration(500));
    }
};

http::RequestHead head_of(std::string method) {
    http::RequestHead head;
    head.method = std::move(method);
    head.target = "/callback";
    head.headers = {{"Host", "listen"},
                    {"User-Agent", "Sender/1"},
                    {"webhook-id", "e1"},
                    {"Via", "1.0 elsewhere"}};
    return head;
}

TEST(Forwarder, SendsMethodFieldsAndBodyAndBringsTheAnswer) {
    Road road;
    road.answer = {418, {{"X-Answer", "1"}}, "tea"};
    const auto scene = [](Road& r) -> Task<void> {
        EXPECT_TRUE(r.target.start());
        Forwarder forwarder(r.client, r.url(r.target.port()));
        const std::string body("\0\xff{", 3);
        const Forwarded forwarded = co_await forwarder.send(head_of("PUT"), body);
        EXPECT_EQ(forwarded.trouble, "");
        EXPECT_EQ(forwarded.response.status, 418);
        EXPECT_EQ(forwarded.response.headers.get("X-Answer"), "1");
        EXPECT_EQ(std::get<std::string>(forwarded.response.body), "tea");
        EXPECT_EQ(r.got_body, body);
    };
    road.run(scene(road));
    EXPECT_EQ(road.got.method, "PUT");
    EXPECT_EQ(road.got.target, "/hook?x=1");
    EXPECT_EQ(road.got.headers.get("webhook-id"), "e1");
    EXPECT_EQ(road.got.headers.get("User-Agent"), "Sender/1");
    EXPECT_TRUE(road.got.headers.get("Host").starts_with("127.0.0.1:"));
    EXPECT_EQ(road.got.headers.all("Via").size(), 2u);
}

TEST(Forwarder, AnswersForATargetThatIsDown) {
    Road road;
    const auto scene = [](Road& r) -> Task<void> {
        EXPECT_TRUE(r.target.start());
        const http::Url url = r.url(r.target.port());
        co_await r.target.stop(Duration(0));
        Forwarder forwarder(r.client, url);
        const Forwarded forwarded = co_await forwarder.send(head_of("POST"), "{}");
        EXPECT_EQ(forwarded.response.status, 502);
        EXPECT_TRUE(forwarded.trouble.starts_with("connect")) << forwarded.trouble;
        EXPECT_TRUE(std::get<std::string>(forwarded.response.body).contains(forwarder.target()));
    };
    road.run(scene(road));
}

TEST(Forwarder, BoundsTheAnswer) {
    Road road;
    road.answer.body = std::string((4u << 20) + 1, 'x');
    const auto scene = [](Road& r) -> Task<void> {
        EXPECT_TRUE(r.target.start());
        Forwarder forwarder(r.client, r.url(r.target.port()));
        const Forwarded forwarded = co_await forwarder.send(head_of("POST"), "{}");
        EXPECT_EQ(forwarded.response.status, 502);
        EXPECT_TRUE(forwarded.trouble.contains("4 MiB"));
    };
    road.run(scene(road));
}

TEST(Forwarder, NoticesThatItWouldGoInCircles) {
    Road road;
    const auto scene = [](Road& r) -> Task<void> {
        EXPECT_TRUE(r.target.start());
        Forwarder forwarder(r.client, r.url(r.target.port()));
        (void)co_await forwarder.send(head_of("POST"), "{}");
        const http::RequestHead once_around = r.got;
        r.got = {};
        const Forwarded forwarded = co_await forwarder.send(once_around, "{}");
        EXPECT_EQ(forwarded.response.status, 508);
        EXPECT_EQ(r.got.method, "");
    };
    road.run(scene(road));
}

}  // namespace
}  // namespace hookreel::app::client
