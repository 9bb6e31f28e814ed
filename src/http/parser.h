// HTTP/1.x messages from bytes, without any I/O.
//
// Bytes are offered with what came before and was not consumed. What could be understood in two
// ways (request smuggling) is refused: both lengths, repeated lengths, unknown transfer codings.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace hookreel::http {

// How far one call came.
struct ParseStep {
    std::size_t consumed = 0;  // Of the bytes offered; the rest is to be offered again.
    std::size_t produced = 0;  // Body bytes written.
    bool is_done = false;      // The head, or the body, is complete.
};

// What follows a head.
enum class BodyFraming { none, length, chunked, until_close };

// Reads one request after the other.
class RequestParser {
 public:
    explicit RequestParser(std::size_t head_bytes_max);
    ~RequestParser();

    // Begins a new message.
    void reset();
    // Whether a byte of the message was consumed.
    bool has_begun() const;
    // Errors: invalid (it is no HTTP request; the detail says why), too_large (head limit).
    Result<ParseStep> parse_head(std::string_view bytes);

    // The following are valid when the head is complete.
    RequestHead take_head();
    BodyFraming framing() const;
    std::uint64_t content_length() const;
    bool keep_alive() const;
    bool is_http_1_0() const;
    // Whether the peer waits for "100 Continue" before it sends the body.
    bool expects_continue() const;

    // For BodyFraming::chunked: the body without its framing. Trailers are dropped.
    // Errors: invalid.
    Result<ParseStep> parse_chunks(std::string_view bytes, std::span<char> into);

 private:
    struct Beast;
    std::unique_ptr<Beast> beast_;
};

// Reads one response after the other.
class ResponseParser {
 public:
    explicit ResponseParser(std::size_t head_bytes_max);
    ~ResponseParser();

    // Whether the request that is answered lets the response have a body: HEAD does not.
    enum class Body { expected, never };

    // Begins a new message, of which up to `body_bytes_max` bytes of body are kept.
    void reset(Body body, std::size_t body_bytes_max);
    bool has_begun() const;
    // Parses head and body; done at the end of the message or when the body is over its limit.
    // Errors: protocol (not HTTP, broken framing), too_large (head limit).
    Result<ParseStep> parse(std::string_view bytes);
    // The peer closed the connection. Errors: network (the message is not whole).
    Result<void> end_of_stream();

    // Whether all of the head was read; then `status`, `take_headers` and `drain_body` are valid.
    bool has_head() const;
    // What has come of the body since the last time, for those who do not want it whole; the limit
    // counts from here again.
    std::string drain_body();

    // The following are valid when the message is done.
    int status() const;
    Headers take_headers();
    std::string take_body();
    bool body_is_whole() const;
    bool keep_alive() const;

 private:
    struct Beast;
    std::unique_ptr<Beast> beast_;
};

}  // namespace hookreel::http
