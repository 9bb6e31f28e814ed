// Callers that are wrong, slow or malicious: a clear refusal, and nobody else notices.
#include <gtest/gtest.h>

#include "http/server/testing_server.h"

namespace hookreel::http {
namespace {

using HostileCaller = ServerTest;

TEST_F(HostileCaller, RefusesWhatTwoReadersWouldReadDifferently) {
    start(echo);
    const std::string_view line = "POST / HTTP/1.1\r\nHost: x\r\n";
    const std::string_view fields[] = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "Content-Length: 5, 5\r\n\r\nhello",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length: 0x5\r\n\r\nhello",
        "Content-Length: -1\r\n\r\nhello",
        "Content-Length: 99999999999999999999\r\n\r\nhello",
        "Content-Length:\r\n\r\nhello",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: y\r\n\tfolded\r\n\r\n",
        "Host: y\r\n\r\n",
        "X: a\nContent-Length: 5\r\n\r\nhello",
        std::string_view("X\0Y: a\r\n\r\n", 10),
        "X\r\n\r\n",
        // Bare line ends, blanks where none may be, and other spellings of "chunked".
        "X: a\rContent-Length: 5\r\n\r\nhello",
        "X: a\r\rContent-Length: 5\r\n\r\nhello",
        "X: a\r\n\rContent-Length: 5\r\n\r\nhello",
        "\tContent-Length: 5\r\n\r\nhello",
        "Content-Length : 5\r\n\r\nhello",
        "Content-Length: 5 5\r\n\r\nhello",
        "Content-Length: 5;\r\n\r\nhello",
        "Content-Length: 5\r\n 5\r\n\r\nhello",
        "Content-Length\t: 5\r\n\r\nhello",
        "Content Length: 5\r\n\r\nhello",
        "Transfer-Encoding:\x0b"
        "chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: \r\n\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: \r\n\tchunked\r\n\r\n0\r\n\r\n",
        "X:\r\n \r\n\r\n",
        "X:\r\n \r\nY: z\r\n\r\n",
        ": empty\r\n\r\n",
        "\x80: high\r\n\r\n",
    };
    for (const auto& field : fields)
        expect_status(std::string(line) + std::string(field), 400);
    expect_status("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    EXPECT_EQ(0u, server_->counters().requests.value());
}

TEST_F(HostileCaller, RefusesWhatIsNoRequest) {
    start(echo);
    for (const std::string_view bytes :
         {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS greeting\r\n\r\n", "GET /\r\n\r\n",
          "GET / HTTP/2.0\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GE T / HTTP/1.1\r\n\r\n",
          "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", "/ HTTP/1.1\r\n\r\n", "\n\n\n\n",
          "GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\nHost: x\n\n",
          "GET / HTTP/1.1 \r\nHost: x\r\n\r\n", "GET / http/1.1\r\nHost: x\r\n\r\n",
          "GET / HTTP/1.1\r\n Host: x\r\n\r\n", "GET  HTTP/1.1\r\nHost: x\r\n\r\n",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.10\r\nHost: x\r\n\r\n",
          "G\x01T / HTTP/1.1\r\nHost: x\r\n\r\n"})
        expect_status(bytes, 400);
}

TEST_F(HostileCaller, RefusesBrokenChunks) {
    start(echo);
    const std::string_view head =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string_view chunks :
         {"x\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n",
          "3\nabc\r\n0\r\n\r\n", "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n", "\r\n\r\n\r\n",
          "+3\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n",
          "3_0\r\nabc\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n", "3\r\nabc\n0\r\n\r\n",
          "3\r\nabc\r0\r\n\r\n", "3;a\nb\r\nabc\r\n0\r\n\r\n", "3\rabc\r\n0\r\n\r\n",
          "2\r\nab\r\n0\r\nX : y\r\n\r\n", "2\r\nab\r\n0\r\nX\r\n\r\n"})
        expect_status(std::string(head) + std::string(chunks), 400);
    const auto endless = std::string(head) + "1;" + std::string(100 * 1024, 'x');
    expect_status(endless, 400);
    // Short ones also add up.
    auto many = std::string(head);
    for (int i = 0; i < 200; ++i)
        many += "1;" + std::string(100, 'x') + "\r\nb\r\n";
    expect_status(many, 400);
    const auto trailers = std::string(head) + "0\r\n" + std::string(100 * 1024, 'T');
    expect_status(trailers, 400);
}

// What looks like a request inside of a body must stay a body, whatever its framing.
TEST_F(HostileCaller, TakesNothingOfABodyForARequest) {
    start(echo);
    const std::string_view inner = "GET /inner HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const auto& framed :
         {fmt::format("Content-Length: {}\r\n\r\n{}", inner.size(), inner),
          fmt::format("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n", inner.size(),
                      inner),
          fmt::format("Transfer-Encoding: Chunked\r\n\r\n00{:X};x=\"y\"\r\n{}\r\n000\r\n"
                      "X: y\r\n\r\n",
                      inner.size(), inner)}) {
        const auto answer =
            answer_to("GET / HTTP/1.1\r\nHost: x\r\n" + framed + "GET /next HTTP/1.0\r\n\r\n");
        EXPECT_TRUE(answer.contains(fmt::format("GET / {}", inner))) << answer;
        EXPECT_TRUE(answer.ends_with("GET /next ")) << answer;
        EXPECT_FALSE(answer.contains("\r\n\r\nGET /inner ")) << answer;
    }
}

TEST_F(HostileCaller, LimitsTheHead) {
    ServerOptions options;
    options.limits.head_bytes_max = 8 * 1024;
    start(echo, options);
    expect_status("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 431);
    expect_status("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(9'000, 'a') + "\r\n\r\n", 431);
    std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 300; ++i)
        many += "A: b\r\n";
    expect_status(many + "\r\n", 431);
    // Also when it comes line by line, so that no single read is too long.
    auto peer = connect();
    peer.send("GET / HTTP/1.1\r\nHost: x\r\n");
    while (peer.send("Name: " + std::string(100, 'v') + "\r\n")) {
    }
    EXPECT_EQ(4u, server_->counters().bad_requests.value());
}

TEST_F(HostileCaller, LimitsTheBody) {
    ServerOptions options;
    options.limits.body_bytes_max = 10;
    start(echo, options);
    expect_status("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", 413);
    expect_status(
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n",
        413);
}

TEST_F(HostileCaller, GivesUpOnASlowHead) {
    ServerOptions options;
    options.limits.head_timeout = Duration(30);
    start(echo, options);
    expect_status("GET / HTTP/1.1\r\nHost", 408);
    EXPECT_EQ(1u, server_->counters().timeouts.value());
}

TEST_F(HostileCaller, TellsTheHandlerOfABodyThatStallsOrEndsEarly) {
    ServerOptions options;
    options.limits.stall_timeout = Duration(30);
    start(echo, options);
    const std::string_view head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc";
    EXPECT_TRUE(answer_to(head).contains("timed_out: "));
    auto peer = connect();
    peer.send(head);
    peer.end_output();
    EXPECT_TRUE(peer.receive_all().contains("network: "));
}

// Each byte is progress, so only the average tells that it is too slow.
TEST_F(HostileCaller, GivesUpOnABodyThatDrips) {
    ServerOptions options;
    options.limits.stall_timeout = Duration(50);
    options.limits.bytes_per_second_min = 1ull << 40;
    start(echo, options);
    auto peer = connect();
    peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    std::thread drips([&peer] {
        while (peer.send("x"))
            std::this_thread::sleep_for(Duration(1));
    });
    EXPECT_TRUE(peer.receive_until("timed_out: ").contains("timed_out: "));
    peer.end_output();
    drips.join();
}

TEST_F(HostileCaller, GivesUpOnAReaderThatDrips) {
    ServerOptions options;
    options.limits.stall_timeout = Duration(50);
    options.limits.bytes_per_second_min = 1ull << 40;
    const std::string body(100'000'000, 'l');
    start([&body](Request&) -> Task<Response> { co_return Response{200, {}, body}; }, options);
    auto peer = connect();
    peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    std::size_t received = 0;
    char bytes[100];
    while (const auto count = ::recv(peer.descriptor(), bytes, sizeof bytes, 0)) {
        if (count < 0) break;
        received += static_cast<std::size_t>(count);
        std::this_thread::yield();
    }
    EXPECT_LT(received, body.size());
    EXPECT_EQ(1u, server_->counters().timeouts.value());
}

TEST_F(HostileCaller, SurvivesAResetAtEveryByte) {
    start(echo);
    const std::string_view request =
        "POST /reset HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for (std::size_t i = 0; i <= request.size(); ++i) {
        auto peer = connect();
        peer.send(request.substr(0, i));
        peer.reset();
    }
    EXPECT_TRUE(answer_to("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
}

}  // namespace
}  // namespace hookreel::http
