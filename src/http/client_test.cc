#include "http/client.h"

#include <gtest/gtest.h>

#include "http/server.h"
#include "http/testing.h"

namespace hookreel::http {
namespace {

Task<Response> hello(Request& request) {
    const auto body = co_await request.read_all(1000);
    Response response;
    response.body = "hello " + body.value_or("nobody");
    co_return response;
}

TEST(Client, TalksToTheServer) {
    LoopThread thread;
    Log log(Level::error);
    Server server({&thread.loop}, {}, hello, log);
    ASSERT_TRUE(server.start());
    ClientOptions options;
    ASSERT_TRUE(options.rules.allow("127.0.0.0/8"));
    std::optional<Client> client;
    thread.call([&] { client.emplace(thread.loop, options); });
    for (int i = 0; i < 3; ++i) {
        ClientRequest request;
        request.method = "POST";
        request.url = *parse_url("http://127.0.0.1:" + std::to_string(server.port()) + "/x");
        request.body = "you";
        const auto response = thread.run(client->send(std::move(request)));
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ(200, response->status);
        EXPECT_EQ("hello you", response->body);
    }
    EXPECT_EQ(1u, server.counters().connections.value());
    thread.call([&] { client.reset(); });
    thread.run(server.stop(Duration(100)));
}

}  // namespace
}  // namespace hookreel::http
