#include "app/tracing/request_span.h"

namespace hookreel::app {

TraceContext trace_of(const http::RequestHead& head) {
    if (!head.headers.has("traceparent")) return {};
    return read_trace(head.headers.all("traceparent"), head.headers.all("tracestate"));
}

Span begin_request(http::Request& request) {
    const http::RequestHead& head = request.head();
    Span span = begin_span(request.trace, head.method, Span::Kind::server);
    request.trace = span.context;
    span.add("http.request.method", head.method);
    span.add("url.path", std::string(head.path()));
    span.add("url.scheme", request.secure() ? "https" : "http");
    span.add("client.address", head.peer);
    if (const std::string_view agent = head.headers.get("User-Agent"); !agent.empty())
        span.add("user_agent.original", std::string(agent));
    return span;
}

// A refusal is the caller's matter; a failure is ours.
void end_request(Span& span, const http::Request& request, const http::Response& response) {
    constexpr int failures_from = 500;
    if (!request.route.empty()) {
        span.name += " " + request.route;
        span.add("http.route", request.route);
    }
    span.add("http.response.status_code", response.status);
    if (response.status < failures_from) return;
    span.failed = true;
    span.add("error.type", std::to_string(response.status));
}

}  // namespace hookreel::app
