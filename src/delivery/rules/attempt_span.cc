#include "delivery/rules/attempt_span.h"

namespace hookreel::delivery {
namespace {

void pass_on(const TraceContext& context, http::Headers& headers) {
    headers.set("traceparent", traceparent(context));
    if (!context.state.empty()) headers.set("tracestate", context.state);
}

std::string url_without_query(const http::Url& url) {
    const char* scheme = url.scheme == http::Url::Scheme::http ? "http" : "https";
    return fmt::format("{}://{}{}", scheme, url.authority(),
                       std::string_view(url.target).substr(0, url.target.find('?')));
}

}  // namespace

std::optional<Span> begin_attempt(const SpanSink* sink, const model::Endpoint& endpoint,
                                  std::span<const store::Lease> leases,
                                  http::ClientRequest& request) {
    const store::Lease& first = leases.front();
    const TraceContext parent = parse_trace_text(first.trace);
    if (!sink && !parent.exists()) return std::nullopt;
    Span span = begin_span(parent, request.method, Span::Kind::client);
    pass_on(span.context, request.headers);
    if (!sink) return std::nullopt;
    span.add("http.request.method", request.method);
    span.add("url.full", url_without_query(request.url));
    span.add("server.address", request.url.host);
    span.add("server.port", request.url.port);
    if (first.all_attempts() > 1) span.add("http.request.resend_count", first.all_attempts() - 1);
    span.add("messaging.system", "hookreel");
    span.add("messaging.destination.name", endpoint.id.text());
    span.add("messaging.message.id", first.event.text());
    if (leases.size() > 1) span.add("messaging.batch.message_count", std::ssize(leases));
    span.add("hookreel.event.type", first.type);
    span.add("hookreel.dialect", endpoint.dialect);
    return span;
}

void end_attempt(Span& span, const model::Schedule& schedule, const Answer& answer) {
    if (answer) span.add("http.response.status_code", answer->status);
    const Cause why = cause(schedule, answer);
    if (why == Cause::none) return;
    span.failed = true;
    span.add("error.type", answer ? std::to_string(answer->status) : std::string(name(why)));
}

}  // namespace hookreel::delivery
