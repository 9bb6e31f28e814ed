#include "http/parser.h"

#include <gtest/gtest.h>

namespace hookreel::http {
namespace {

constexpr std::string_view chunked_request =
    "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n6;a=\"b\"\r\n world\r\n0\r\nTrailer: t\r\n\r\n";

// Feeds `bytes` in pieces of `size`, as they would come from a socket, and returns the body.
std::string parse_in_pieces(std::string_view bytes, std::size_t size) {
    RequestParser parser(64 * 1024);
    std::string held;
    std::string body;
    std::string space(4, '\0');
    bool is_head_done = false;
    bool is_done = false;
    while (!bytes.empty() && !is_done) {
        held += bytes.substr(0, size);
        bytes.remove_prefix(std::min(size, bytes.size()));
        if (!is_head_done) {
            const auto step = parser.parse_head(held);
            EXPECT_TRUE(step) << step.error().detail;
            held.erase(0, step->consumed);
            is_head_done = step->is_done;
        }
        while (is_head_done && !is_done) {
            const auto step = parser.parse_chunks(held, space);
            EXPECT_TRUE(step) << step.error().detail;
            held.erase(0, step->consumed);
            body.append(space, 0, step->produced);
            is_done = step->is_done;
            if (step->produced == 0) break;
        }
    }
    EXPECT_TRUE(is_done);
    return body;
}

TEST(RequestParser, ReadsTheSameFromPiecesOfEverySize) {
    const std::string_view empty =
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    for (std::size_t size = 1; size <= empty.size(); ++size)
        EXPECT_EQ("", parse_in_pieces(empty, size)) << size;
    for (std::size_t size = 1; size <= chunked_request.size(); ++size)
        EXPECT_EQ("hello world", parse_in_pieces(chunked_request, size)) << size;
}

TEST(RequestParser, TellsWhatTheHeadSays) {
    RequestParser parser(1'000);
    EXPECT_FALSE(parser.has_begun());
    const std::string_view bytes =
        "PUT /p?q HTTP/1.1\r\nhost: a\r\nX-Many: 1\r\nx-many: 2\r\nExpect: 100-Continue\r\n"
        "Content-Length: 12\r\n\r\nbody";
    const auto step = parser.parse_head(bytes);
    ASSERT_TRUE(step);
    EXPECT_TRUE(step->is_done);
    EXPECT_EQ("body", bytes.substr(step->consumed));
    EXPECT_EQ(BodyFraming::length, parser.framing());
    EXPECT_EQ(12u, parser.content_length());
    EXPECT_TRUE(parser.keep_alive());
    EXPECT_TRUE(parser.expects_continue());
    const auto head = parser.take_head();
    EXPECT_EQ("PUT", head.method);
    EXPECT_EQ("/p", head.path());
    EXPECT_EQ("q", head.query());
    EXPECT_EQ("a", head.headers.get("Host"));
    EXPECT_EQ("1", head.headers.get("X-MANY"));
    EXPECT_EQ(5u, head.headers.size());

    parser.reset();
    EXPECT_TRUE(parser.parse_head("GET / HTTP/1.0\r\n\r\n")->is_done);
    EXPECT_FALSE(parser.keep_alive());
    EXPECT_EQ(BodyFraming::none, parser.framing());
}

TEST(RequestParser, CountsTheWholeHead) {
    constexpr std::size_t bytes_max = 1'000;
    RequestParser parser(bytes_max);
    std::string held = "GET / HTTP/1.1\r\nHost: x\r\n";
    std::size_t sent = 0;
    for (;;) {
        const auto step = parser.parse_head(held);
        if (!step) {
            EXPECT_EQ(Code::too_large, step.error().code);
            break;
        }
        held.erase(0, step->consumed);
        held += "Name: value\r\n";
        sent += 13;
        ASSERT_LT(sent, 3 * bytes_max);
    }
}

TEST(ResponseParser, ReadsTheSameFromPiecesOfEverySize) {
    const std::string_view answer =
        "HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    for (std::size_t size = 1; size <= answer.size(); ++size) {
        ResponseParser parser(1'000);
        parser.reset(ResponseParser::Body::expected, 1'000);
        std::string held;
        bool is_done = false;
        for (auto rest = answer; !rest.empty(); rest.remove_prefix(std::min(size, rest.size()))) {
            held += rest.substr(0, size);
            const auto step = parser.parse(held);
            ASSERT_TRUE(step) << step.error().detail;
            held.erase(0, step->consumed);
            is_done = step->is_done;
        }
        EXPECT_TRUE(is_done) << size;
        EXPECT_TRUE(parser.keep_alive());
        EXPECT_EQ("hello world", parser.take_body());
    }
}

TEST(ResponseParser, KnowsWhatTheEndOfTheStreamMeans) {
    ResponseParser parser(1'000);
    EXPECT_FALSE(parser.end_of_stream());
    parser.reset(ResponseParser::Body::expected, 1'000);
    EXPECT_TRUE(parser.parse("HTTP/1.1 200 OK\r\n"));
    EXPECT_FALSE(parser.end_of_stream());
    parser.reset(ResponseParser::Body::expected, 1'000);
    EXPECT_FALSE(parser.parse("HTTP/1.1 200 OK\r\n\r\nabc")->is_done);
    EXPECT_TRUE(parser.end_of_stream());
    EXPECT_FALSE(parser.keep_alive());
    EXPECT_EQ("abc", parser.take_body());
}

}  // namespace
}  // namespace hookreel::http
