// The only unit that includes Beast, which is slow to compile.
#include "http/parser.h"

#include <fmt/format.h>

#include <boost/beast/http/basic_parser.hpp>
#include <cstring>

#include "base/text.h"

namespace hookreel::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using BodyLength = boost::optional<std::uint64_t>;
using View = beast::string_view;

constexpr std::size_t fields_max = 256;
// Of a whole body: nobody uses them, and they would be read without being counted as body.
constexpr std::size_t extension_bytes_max = 16 * 1024;
constexpr std::string_view first_bytes = "HTTP/1.";  // Of every response.
constexpr std::size_t reserve_bytes_max = 64 * 1024;

// The shortest that may still come where a chunk's head is expected: "0\r\n\r\n". Beast asserts
// that it gets at least this much when it is called again within the last chunk.
constexpr std::size_t last_chunk_bytes = 5;

// Counts what the head takes: Beast's own limit is one of a single call.
Result<std::size_t> add_head_bytes(std::size_t so_far, std::size_t count, std::size_t bytes_max) {
    if (so_far + count > bytes_max)
        return fail(Code::too_large, fmt::format("the head is over {}", human_bytes(bytes_max)));
    return so_far + count;
}

// "/path?query" of "http://host/path?query", a form that a server must take as well.
std::string_view origin_form(std::string_view target) {
    if (!target.starts_with("http://") && !target.starts_with("https://")) return target;
    const auto path = target.find('/', target.find("://") + 3);
    return path == std::string_view::npos ? "/" : target.substr(path);
}

}  // namespace

struct RequestParser::Beast {
    // One message. Beast's parser cannot be used twice.
    struct Message final : beast::http::basic_parser<true> {
        explicit Message(std::size_t head_bytes_max) {
            header_limit(static_cast<std::uint32_t>(head_bytes_max));
            body_limit(boost::none);
        }

        void refuse(std::string_view reason, error_code& error) {
            refusal = reason;
            error = beast::http::error::bad_field;
        }

        // Whether a field goes on in the line after the one with its name. Beast joins such lines,
        // and an empty first line leaves no trace of it in the value.
        bool is_folded(View name) const {
            const auto begin = static_cast<std::size_t>(name.data() - input.data());
            const auto end = input.find('\n', begin + name.size());
            if (end == std::string_view::npos || end + 1 >= input.size()) return false;
            return input[end + 1] == ' ' || input[end + 1] == '\t';
        }

        void on_request_impl(beast::http::verb, View method, View target, int version,
                             error_code&) override {
            head.method = std::string_view(method);
            head.target = origin_form(target);
            is_http_1_0 = version == 10;
        }

        void on_field_impl(beast::http::field field, View name, View value,
                           error_code& error) override {
            if (is_header_complete) return;  // A trailer.
            if (head.headers.size() == fields_max) {
                error = beast::http::error::header_limit;
                return;
            }
            if (is_folded(name)) return refuse("a field that goes on in the next line", error);
            if (field == beast::http::field::content_length) {
                if (lengths++ > 0 || value.find(',') != View::npos)
                    return refuse("more than one Content-Length", error);
            } else if (field == beast::http::field::transfer_encoding) {
                if (!equal_ignoring_case(value, "chunked"))
                    return refuse("a Transfer-Encoding other than chunked", error);
                if (is_http_1_0) return refuse("a Transfer-Encoding in HTTP/1.0", error);
            } else if (field == beast::http::field::host) {
                if (hosts++ > 0) return refuse("more than one Host", error);
            } else if (field == beast::http::field::expect) {
                expects_continue = !is_http_1_0 && equal_ignoring_case(value, "100-continue");
            }
            head.headers.add(std::string(name), std::string(value));
        }

        void on_header_impl(error_code& error) override {
            if (hosts == 0 && !is_http_1_0) return refuse("no Host", error);
            is_header_complete = true;
        }

        std::size_t on_chunk_body_impl(std::uint64_t, View body, error_code&) override {
            const auto count = std::min(body.size(), into.size() - produced);
            chunk_left -= count;
            std::memcpy(into.data() + produced, body.data(), count);
            produced += count;
            return count;
        }

        void on_response_impl(int, View, int, error_code&) override {}
        void on_body_init_impl(const BodyLength&, error_code&) override {}
        std::size_t on_body_impl(View body, error_code&) override { return body.size(); }
        void on_chunk_header_impl(std::uint64_t size, View extension, error_code& error) override {
            chunk_left = size;
            extension_bytes += extension.size();
            if (extension_bytes > extension_bytes_max)
                refuse("too much of chunk extensions", error);
        }
        void on_finish_impl(error_code&) override {}

        RequestHead head;
        std::string_view input;  // What is being parsed.
        std::string_view refusal;
        std::span<char> into;
        std::size_t produced = 0;
        std::uint64_t chunk_left = 0;
        std::size_t extension_bytes = 0;
        int lengths = 0;
        int hosts = 0;
        bool is_http_1_0 = false;
        bool expects_continue = false;
        bool is_header_complete = false;
    };

    explicit Beast(std::size_t bytes_max) : head_bytes_max(bytes_max) { reset(); }

    void reset() {
        message.emplace(head_bytes_max);
        head_bytes = 0;
    }

    std::unexpected<Error> refused(const error_code& error) const {
        if (error == beast::http::error::header_limit)
            return fail(Code::too_large, fmt::format("the head is over {} or {} fields",
                                                     human_bytes(head_bytes_max), fields_max));
        return fail(Code::invalid,
                    message->refusal.empty() ? error.message() : std::string(message->refusal));
    }

    std::size_t head_bytes_max;
    std::size_t head_bytes = 0;
    std::optional<Message> message;
};

RequestParser::RequestParser(std::size_t head_bytes_max)
    : beast_(std::make_unique<Beast>(head_bytes_max)) {}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
    beast_->reset();
}

bool RequestParser::has_begun() const {
    return beast_->message->got_some();
}

Result<ParseStep> RequestParser::parse_head(std::string_view bytes) {
    auto& message = *beast_->message;
    message.input = bytes;
    error_code error;
    const auto consumed = message.put(boost::asio::buffer(bytes), error);
    if (error && error != beast::http::error::need_more) return beast_->refused(error);
    const auto total = add_head_bytes(beast_->head_bytes, consumed, beast_->head_bytes_max);
    if (!total) return fail(total.error());
    beast_->head_bytes = *total;
    return ParseStep{.consumed = consumed, .is_done = message.is_header_done()};
}

RequestHead RequestParser::take_head() {
    return std::move(beast_->message->head);
}

BodyFraming RequestParser::framing() const {
    if (beast_->message->chunked()) return BodyFraming::chunked;
    return content_length() > 0 ? BodyFraming::length : BodyFraming::none;
}

std::uint64_t RequestParser::content_length() const {
    return beast_->message->content_length().value_or(0);
}

bool RequestParser::keep_alive() const {
    return beast_->message->keep_alive();
}
bool RequestParser::is_http_1_0() const {
    return beast_->message->is_http_1_0;
}
bool RequestParser::expects_continue() const {
    return beast_->message->expects_continue;
}

Result<ParseStep> RequestParser::parse_chunks(std::string_view bytes, std::span<char> into) {
    auto& message = *beast_->message;
    message.into = into;
    message.produced = 0;
    std::size_t consumed = 0;
    while (!message.is_done() && message.produced < into.size() && consumed < bytes.size()) {
        if (message.chunk_left == 0 && bytes.size() - consumed < last_chunk_bytes) break;
        error_code error;
        consumed += message.put(boost::asio::buffer(bytes.substr(consumed)), error);
        if (error == beast::http::error::need_more) break;
        if (error) return beast_->refused(error);
    }
    return ParseStep{consumed, message.produced, message.is_done()};
}

struct ResponseParser::Beast {
    struct Message final : beast::http::basic_parser<false> {
        Message(std::size_t head_bytes_max, std::size_t keep_max) : body_bytes_max(keep_max) {
            header_limit(static_cast<std::uint32_t>(head_bytes_max));
            body_limit(boost::none);
            eager(true);
        }

        void on_response_impl(int code, View, int, error_code& error) override {
            if (code < 100) error = beast::http::error::bad_status;
            status = code;
        }

        void on_field_impl(beast::http::field field, View name, View value,
                           error_code& error) override {
            if (is_header_complete) return;  // A trailer.
            if (field == beast::http::field::transfer_encoding &&
                !equal_ignoring_case(value, "chunked")) {
                error = beast::http::error::bad_transfer_encoding;
                return;
            }
            if (headers.size() == fields_max) {
                error = beast::http::error::header_limit;
                return;
            }
            headers.add(std::string(name), std::string(value));
        }

        void on_header_impl(error_code&) override { is_header_complete = true; }

        void on_body_init_impl(const BodyLength& length, error_code&) override {
            if (length) body.reserve(std::min<std::uint64_t>(*length, reserve_bytes_max));
        }

        std::size_t on_body_impl(View bytes, error_code& error) override {
            const auto kept = std::min(bytes.size(), body_bytes_max - body.size());
            body.append(bytes.substr(0, kept));
            if (kept == bytes.size()) return kept;
            is_cut = true;
            error = beast::http::error::body_limit;
            return kept;
        }

        std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code& error) override {
            const auto count = on_body_impl(bytes, error);
            chunk_left -= count;
            return count;
        }

        void on_request_impl(beast::http::verb, View, View, int, error_code&) override {}
        void on_chunk_header_impl(std::uint64_t size, View extension, error_code& error) override {
            chunk_left = size;
            extension_bytes += extension.size();
            if (extension_bytes > extension_bytes_max)
                error = beast::http::error::bad_chunk_extension;
        }
        void on_finish_impl(error_code&) override {}

        int status = 0;
        Headers headers;
        std::string body;
        std::size_t body_bytes_max;
        std::uint64_t chunk_left = 0;
        std::size_t extension_bytes = 0;
        bool is_cut = false;
        bool is_header_complete = false;
    };

    explicit Beast(std::size_t bytes_max) : head_bytes_max(bytes_max) {}

    std::size_t head_bytes_max;
    std::size_t head_bytes = 0;
    std::optional<Message> message;
};

ResponseParser::ResponseParser(std::size_t head_bytes_max)
    : beast_(std::make_unique<Beast>(head_bytes_max)) {
    reset(Body::expected, 0);
}
ResponseParser::~ResponseParser() = default;

void ResponseParser::reset(Body body, std::size_t body_bytes_max) {
    beast_->message.emplace(beast_->head_bytes_max, body_bytes_max);
    beast_->message->skip(body == Body::never);
    beast_->head_bytes = 0;
}

bool ResponseParser::has_begun() const {
    return beast_->message->got_some();
}

Result<ParseStep> ResponseParser::parse(std::string_view bytes) {
    auto& message = *beast_->message;
    error_code error;
    const bool was_head = !message.is_header_complete;
    if (was_head && beast_->head_bytes == 0 &&
        !first_bytes.starts_with(bytes.substr(0, first_bytes.size())))
        return fail(Code::protocol, "it does not begin with HTTP/1");
    const bool is_chunk_head = !was_head && message.chunked() && message.chunk_left == 0;
    if (is_chunk_head && bytes.size() < last_chunk_bytes) return ParseStep();
    const auto consumed = message.put(boost::asio::buffer(bytes), error);
    if (message.is_cut) return ParseStep{.consumed = consumed, .is_done = true};
    if (error == beast::http::error::header_limit)
        return fail(Code::too_large, fmt::format("the head is over {} or {} fields",
                                                 human_bytes(beast_->head_bytes_max), fields_max));
    if (error && error != beast::http::error::need_more)
        return fail(Code::protocol, error.message());
    if (was_head && !message.is_header_complete) {
        const auto total = add_head_bytes(beast_->head_bytes, consumed, beast_->head_bytes_max);
        if (!total) return fail(total.error());
        beast_->head_bytes = *total;
    }
    return ParseStep{.consumed = consumed, .is_done = message.is_done()};
}

Result<void> ResponseParser::end_of_stream() {
    error_code error;
    if (has_begun()) beast_->message->put_eof(error);
    if (error || !beast_->message->is_done())
        return fail(Code::network, "closed before the end of the response");
    return {};
}

bool ResponseParser::has_head() const {
    return beast_->message->is_header_complete;
}
std::string ResponseParser::drain_body() {
    return std::exchange(beast_->message->body, {});
}
int ResponseParser::status() const {
    return beast_->message->status;
}
Headers ResponseParser::take_headers() {
    return std::move(beast_->message->headers);
}
std::string ResponseParser::take_body() {
    return std::move(beast_->message->body);
}
bool ResponseParser::body_is_whole() const {
    return !beast_->message->is_cut;
}
bool ResponseParser::keep_alive() const {
    return beast_->message->keep_alive() && !beast_->message->is_cut;
}

}  // namespace hookreel::http
