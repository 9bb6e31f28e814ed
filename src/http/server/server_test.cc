#include "http/server/server.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "http/server/testing_server.h"

namespace hookreel::http {
namespace {

TEST_F(ServerTest, AnswersARequest) {
    start(echo);
    auto peer = connect();
    peer.send("POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    const auto head = peer.receive_until("\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
    EXPECT_TRUE(head.contains("Content-Length: 17\r\n")) << head;
    EXPECT_TRUE(head.contains("Date: ")) << head;
    EXPECT_FALSE(head.contains("Connection:")) << head;
    EXPECT_EQ("POST /a?b=c hello", peer.receive_bytes(17));
}

TEST_F(ServerTest, TakesARequestByteByByte) {
    start(echo);
    auto peer = connect();
    const std::string_view request =
        "POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: dropped\r\n\r\n";
    for (const char byte : request)
        ASSERT_TRUE(peer.send({&byte, 1}));
    peer.receive_until("\r\n\r\n");
    EXPECT_EQ("POST /slow abcde", peer.receive_bytes(16));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
    start(echo);
    auto peer = connect();
    std::string burst;
    constexpr int count = 300;
    for (int i = 0; i < count; ++i)
        burst += fmt::format("PUT /{} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", i);
    peer.send(burst);
    for (int i = 0; i < count; ++i) {
        const auto body = fmt::format("PUT /{} hi", i);
        peer.receive_until("\r\n\r\n");
        ASSERT_EQ(body, peer.receive_bytes(body.size()));
    }
    EXPECT_EQ(1u, server_->counters().connections.value());
    EXPECT_EQ(300u, server_->counters().requests.value());
}

// The answers fill the socket while more requests wait.
TEST_F(ServerTest, WritesEachAnswerOnceToASlowReader) {
    start([](Request& request) -> Task<Response> {
        co_return Response{200, {}, std::string(60'000, request.head().target.back())};
    });
    auto peer = connect();
    constexpr int count = 400;
    std::string burst;
    for (int i = 0; i < count; ++i)
        burst += fmt::format("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", i);
    peer.send(burst);
    thread_.call([] {});
    for (int i = 0; i < count; ++i) {
        peer.receive_until("\r\n\r\n");
        const std::string body(60'000, static_cast<char>('0' + i % 10));
        ASSERT_TRUE(body == peer.receive_bytes(body.size())) << i;
    }
}

TEST_F(ServerTest, DoesNotHoldBackAnAnswerWhileTheNextRequestWaits) {
    std::promise<void> release;
    const auto released = release.get_future().share();
    start([released](Request& request) -> Task<Response> {
        while (request.head().target == "/waits" &&
               released.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
            co_await sleep_for(Duration(1));
        co_return Response{200, {}, request.head().target};
    });
    auto peer = connect();
    peer.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\nGET /waits HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(peer.receive_until("/first").ends_with("/first"));
    release.set_value();
    EXPECT_TRUE(peer.receive_until("/waits").ends_with("/waits"));
}

TEST_F(ServerTest, TakesAHostWithASchemeAndTargetsWithAHost) {
    start(echo);
    const auto answer = answer_to(
        "\r\nGET http://vod.example/x?y HTTP/1.1\r\nHost: http://vod.example\r\n"
        "Connection: close\r\n\r\n");
    EXPECT_TRUE(answer.contains("X-Host: http://vod.example\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("GET /x?y ")) << answer;
}

TEST_F(ServerTest, LimitsWhatAHandlerReadsAtOnce) {
    start([](Request& request) -> Task<Response> {
        const auto body = co_await request.read_all(4);
        co_return Response{body ? 200 : 413, {}, body ? *body : body.error().detail};
    });
    const std::string_view head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    EXPECT_TRUE(answer_to(std::string(head) + "Content-Length: 4\r\n\r\nfour").contains(" 200 OK"));
    EXPECT_TRUE(answer_to(std::string(head) + "Content-Length: 5\r\n\r\nfifth").contains(" 413 "));
}

TEST_F(ServerTest, ClosesAnIdleConnectionWithoutAWord) {
    ServerOptions options;
    options.limits.idle_timeout = Duration(30);
    start(echo, options);
    EXPECT_EQ("", answer_to(""));
    auto peer = connect();
    peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(peer.receive_all().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerTest, AsksForABodyOnlyWhenItIsRead) {
    start(echo);
    auto peer = connect();
    peer.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ("HTTP/1.1 100 Continue\r\n\r\n", peer.receive_until("\r\n\r\n"));
    peer.send("ok");
    EXPECT_TRUE(peer.receive_until("POST / ok").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerTest, AnswersWithoutTheBodyThatNobodyAskedFor) {
    start(ignore_body);
    expect_status("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
                  403);
}

TEST_F(ServerTest, SkipsAShortBodyThatWasLeft) {
    start(ignore_body);
    auto peer = connect();
    const std::string request =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + std::string(60'000, 'b');
    for (int i = 0; i < 3; ++i) {
        peer.send(request);
        EXPECT_TRUE(peer.receive_until("\r\n\r\nno").starts_with("HTTP/1.1 403 Forbidden\r\n"));
    }
    EXPECT_EQ(1u, server_->counters().connections.value());
}

TEST_F(ServerTest, ClosesAfterALongBodyThatWasLeftAndTheAnswerArrives) {
    start(ignore_body);
    auto peer = connect();
    peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    peer.send(std::string(500'000, 'b'));
    const auto answer = peer.receive_all();
    EXPECT_TRUE(answer.contains("Connection: close\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nno")) << answer;
}

TEST_F(ServerTest, SpeaksHttp10) {
    start(echo);
    const auto once = answer_to("GET /old HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(once.contains("Connection: close\r\n")) << once;
    EXPECT_TRUE(once.ends_with("GET /old ")) << once;
    auto peer = connect();
    for (int i = 0; i < 2; ++i) {
        peer.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        const auto head = peer.receive_until("GET /old ");
        EXPECT_TRUE(head.contains("Connection: keep-alive\r\n")) << head;
    }
}

TEST_F(ServerTest, SendsNoBodyWhereNoneMayBe) {
    start([](Request& request) -> Task<Response> {
        Response response{
            .status = request.head().target == "/none" ? 204 : 200, .headers = {}, .body = "body"};
        if (request.head().target == "/told") response.headers.set("Content-Length", "12345");
        co_return response;
    });
    auto peer = connect();
    peer.send(
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /told HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /none HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(peer.receive_until("\r\n\r\n").contains("Content-Length: 4\r\n"));
    EXPECT_TRUE(peer.receive_until("\r\n\r\n").contains("Content-Length: 12345\r\n"));
    const auto none = peer.receive_until("\r\n\r\n");
    EXPECT_TRUE(none.starts_with("HTTP/1.1 204 No Content\r\n")) << none;
    EXPECT_FALSE(none.contains("Content-Length")) << none;
    EXPECT_TRUE(peer.receive_all().ends_with("\r\n\r\nbody"));
}

TEST_F(ServerTest, KeepsAHandlersFieldsInTheirLines) {
    start([](Request&) -> Task<Response> {
        Response response;
        response.headers.add("Location", "/a\r\nSet-Cookie: stolen");
        response.headers.add("Content-Length", "1000");
        co_return response;
    });
    const auto answer = answer_to("GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(answer.contains("Location: /a  Set-Cookie: stolen\r\n")) << answer;
    EXPECT_TRUE(answer.contains("Content-Length: 0\r\n")) << answer;
}

TEST_F(ServerTest, AnswersAnExceptionWith500AndGoesOn) {
    start([](Request& request) -> Task<Response> {
        if (request.head().target == "/throw") throw std::runtime_error("on purpose");
        co_return Response{};
    });
    auto peer = connect();
    peer.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(peer.receive_until("\r\n\r\n").starts_with("HTTP/1.1 500 "));
    EXPECT_TRUE(peer.receive_all().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerTest, WritesALongBodyToASlowReader) {
    const std::string body(20 * 1024 * 1024, 'l');
    start([&body](Request&) -> Task<Response> { co_return Response{200, {}, body}; });
    auto peer = connect();
    peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    peer.receive_until("\r\n\r\n");
    EXPECT_EQ(body, peer.receive_bytes(body.size()));
}

TEST_F(ServerTest, ReadsALongBodyInPieces) {
    start([](Request& request) -> Task<Response> {
        std::array<char, 10'000> piece;
        std::uint64_t sum = 0;
        for (;;) {
            const auto count = co_await request.read(piece);
            if (!count || *count == 0) break;
            sum += *count;
        }
        co_return Response{200, {}, fmt::to_string(sum)};
    });
    auto peer = connect();
    peer.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n");
    const std::string piece(1'000'000, 'p');
    for (int i = 0; i < 30; ++i)
        ASSERT_TRUE(peer.send(piece));
    EXPECT_TRUE(peer.receive_until("30000000").starts_with("HTTP/1.1 200 OK\r\n"));
}

class ServedFile : public ServerTest {
 protected:
    ServedFile() {
        content_.resize(3'000'000);
        for (std::size_t i = 0; i < content_.size(); ++i)
            content_[i] = static_cast<char>(i * 31 >> 3);
        std::ofstream(path_, std::ios::binary) << content_;
    }
    ~ServedFile() override { std::filesystem::remove(path_); }

    std::string path_ =
        (std::filesystem::temp_directory_path() / fmt::format("served_{}", ::getpid())).string();
    std::string content_;
};

TEST_F(ServedFile, IsSentWholeOrInPart) {
    start([this](Request& request) -> Task<Response> {
        auto file = *open_file(path_);
        if (request.head().target == "/part") {
            file.offset = 1'000;
            file.length = 2'000;
        }
        co_return Response{200, {}, file};
    });
    auto peer = connect();
    peer.send(
        "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /part HTTP/1.1\r\nHost: x\r\n\r\n"
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    peer.receive_until("\r\n\r\n");
    EXPECT_EQ(content_, peer.receive_bytes(content_.size()));
    peer.receive_until("\r\n\r\n");
    EXPECT_EQ(content_.substr(1'000, 2'000), peer.receive_bytes(2'000));
    EXPECT_TRUE(peer.receive_until("\r\n\r\n").contains("Content-Length: 3000000\r\n"));
}

TEST_F(ServedFile, ThatBecameShorterIsCutNotFilledUp) {
    start([this](Request&) -> Task<Response> {
        auto file = *open_file(path_);
        file.length += 10;
        co_return Response{200, {}, file};
    });
    auto peer = connect();
    peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(peer.receive_until("\r\n\r\n").contains("Content-Length: 3000010\r\n"));
    EXPECT_EQ(content_, peer.receive_all());
}

TEST(OpenFile, SaysWhatIsWrong) {
    EXPECT_EQ(Code::not_found, open_file("/nowhere/at/all").error().code);
    EXPECT_EQ(Code::not_found, open_file("/tmp").error().code);
}

TEST_F(ServerTest, LetsAConnectionOverTheLimitWaitForItsPlace) {
    ServerOptions options;
    options.limits.connections_max = 1;
    start(echo, options);
    auto first = connect();
    first.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
    first.receive_until("GET /first ");
    auto second = connect();
    second.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
    first.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
    first.receive_until("GET /again ");
    EXPECT_EQ(1u, server_->counters().connections.value());
    first.close();
    EXPECT_TRUE(second.receive_until("GET /second ").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerTest, SaysThatItsPortIsTaken) {
    start(echo);
    ServerOptions options;
    options.port = server_->port();
    Server second({&thread_.loop}, options, echo, log_);
    const auto started = second.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(Code::conflict, started.error().code);
    EXPECT_EQ(
        fmt::format("127.0.0.1:{} is in use by another program: choose another address or port",
                    server_->port()),
        started.error().detail);
    EXPECT_EQ(try_to_listen("127.0.0.1", server_->port()), std::unexpected(started.error()));
}

TEST_F(ServerTest, LeavesAPortFreeThatWasTried) {
    ASSERT_TRUE(try_to_listen("127.0.0.1", 0));
    EXPECT_EQ(Code::invalid, try_to_listen("127.0.0.256", 0).error().code);
    start(echo);
    const auto port = server_->port();
    thread_.run(server_->stop(Duration(0)));
    server_.reset();
    EXPECT_TRUE(try_to_listen("127.0.0.1", port));
    EXPECT_TRUE(try_to_listen("127.0.0.1", port));
}

TEST_F(ServerTest, SaysThatItsAddressIsWrong) {
    for (const auto* address : {"example.com", "127.0.0.256", "", "192.0.2.1"}) {
        ServerOptions options;
        options.address = address;
        Server server({&thread_.loop}, options, echo, log_);
        const auto started = server.start();
        ASSERT_FALSE(started) << address;
        EXPECT_EQ(Code::invalid, started.error().code) << started.error().detail;
    }
}

TEST_F(ServerTest, EndsIdleConnectionsWhenItStops) {
    start(echo);
    auto peer = connect();
    peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    peer.receive_until("GET / ");
    thread_.run(server_->stop(Duration(60'000)));
    EXPECT_EQ("", peer.receive_all());
}

TEST_F(ServerTest, FinishesARunningRequestWhenItStops) {
    std::promise<void> begun;
    std::promise<void> release;
    const auto released = release.get_future().share();
    start([&begun, released](Request&) -> Task<Response> {
        begun.set_value();
        while (released.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
            co_await sleep_for(Duration(1));
        co_return Response{200, {}, "done"};
    });
    auto peer = connect();
    peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /never HTTP/1.1\r\nHost: x\r\n\r\n");
    begun.get_future().wait();
    auto stopped = asio::co_spawn(thread_.loop, server_->stop(Duration(60'000)), asio::use_future);
    thread_.call([] {});
    release.set_value();
    const auto answer = peer.receive_all();
    EXPECT_TRUE(answer.contains("Connection: close\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("done")) << answer;
    stopped.get();
}

TEST_F(ServerTest, CutsWhatOutlivesTheGrace) {
    std::promise<void> begun;
    start([&begun](Request& request) -> Task<Response> {
        begun.set_value();
        const auto body = co_await request.read_all(1'000);
        EXPECT_EQ(Code::cancelled, body.error().code);
        co_return Response{};
    });
    auto peer = connect();
    peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nnever more");
    begun.get_future().wait();
    thread_.run(server_->stop(Duration(20)));
    peer.receive_all();
}

TEST(ServerOfTwoLoops, SpreadsItsConnections) {
    LoopThread first;
    LoopThread second;
    const Log log(Level::error, -1);
    std::mutex mutex;
    std::set<std::thread::id> threads;
    Server server(
        {&first.loop, &second.loop}, {},
        [&](Request&) -> Task<Response> {
            const std::lock_guard lock(mutex);
            threads.insert(std::this_thread::get_id());
            co_return Response{};
        },
        log);
    first.call([&] { ASSERT_TRUE(server.start()); });
    for (int i = 0; i < 4; ++i) {
        auto peer = RawSocket::connect(server.port());
        peer.send("GET / HTTP/1.0\r\n\r\n");
        EXPECT_TRUE(peer.receive_all().starts_with("HTTP/1.1 200 OK\r\n"));
    }
    EXPECT_EQ(2u, threads.size());
    first.run(server.stop(Duration(1'000)));
}

}  // namespace
}  // namespace hookreel::http
