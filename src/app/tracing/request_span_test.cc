#include "app/tracing/request_span.h"

#include <gtest/gtest.h>

namespace hookreel::app {
namespace {

class FakeRequest final : public http::Request {
 public:
    http::RequestHead said;

    const http::RequestHead& head() const override { return said; }
    bool secure() const override { return false; }
    std::optional<std::uint64_t> content_length() const override { return 0; }
    Task<Result<std::size_t>> read(std::span<char>) override { co_return 0; }
};

std::string text(const Span& span, std::string_view name) {
    for (const auto& [key, value] : span.attributes)
        if (key == name)
            return std::holds_alternative<std::string>(value)
                       ? std::get<std::string>(value)
                       : std::to_string(std::get<std::int64_t>(value));
    return "none";
}

TEST(RequestSpan, ContinuesTheTraceOfTheCaller) {
    FakeRequest request;
    request.said.method = "POST";
    request.said.target = "/api/v1/events?token=1";
    request.said.headers = {
        {"Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"tracestate", "a=1"},
        {"tracestate", "b=2"},
        {"User-Agent", "curl"}};
    request.trace = trace_of(request.said);
    EXPECT_EQ(request.trace.state, "a=1,b=2");
    Span span = begin_request(request);
    EXPECT_EQ(span.parent_id, "00f067aa0ba902b7");
    EXPECT_EQ(request.trace, span.context);
    request.route = "/api/v1/events";
    end_request(span, request, {.status = 202, .headers = {}, .body = {}});
    EXPECT_EQ(span.name, "POST /api/v1/events");
    EXPECT_EQ(text(span, "http.route"), "/api/v1/events");
    EXPECT_EQ(text(span, "url.path"), "/api/v1/events");
    EXPECT_EQ(text(span, "http.response.status_code"), "202");
    EXPECT_EQ(text(span, "user_agent.original"), "curl");
    EXPECT_FALSE(span.failed);
}

TEST(RequestSpan, FailsWhenTheFaultIsOurs) {
    FakeRequest request;
    request.said.method = "GET";
    request.trace = trace_of(request.said);
    EXPECT_FALSE(request.trace.exists());
    Span span = begin_request(request);
    EXPECT_TRUE(request.trace.exists());
    end_request(span, request, {.status = 503, .headers = {}, .body = {}});
    EXPECT_TRUE(span.failed);
    EXPECT_EQ(text(span, "error.type"), "503");
    EXPECT_EQ(text(span, "http.route"), "none");
}

}  // namespace
}  // namespace hookreel::app
