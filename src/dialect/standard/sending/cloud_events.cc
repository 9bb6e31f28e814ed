#include "dialect/standard/sending/cloud_events.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json_out.h"
#include "base/trace_context.h"
#include "dialect/standard/events/event_body.h"
#include "dialect/standard/sending/webhook.h"

namespace hookreel::dialect::standard {
namespace {

// Few enough that a failed request repeats little, many enough that its cost is shared.
constexpr std::size_t events_per_batch_max = 50;
constexpr std::size_t attributes_bytes = 400;
constexpr std::string_view json_type = "application/json";

Result<std::string_view> stored_data(const store::Lease& lease) {
    const std::string_view data = data_of(*lease.body);
    if (data.empty()) return fail(Code::internal, "the stored event has no data");
    return data;
}

// Appends the event in the JSON format. Errors: internal.
Result<void> append_event(JsonOut& json, const model::Endpoint& endpoint,
                          const store::Lease& lease) {
    const Result<std::string_view> data = stored_data(lease);
    if (!data) return fail(data.error());
    json.open('{').member("specversion", "1.0").member("id", lease.event.text());
    json.member("source", event_source(endpoint.application)).member("type", lease.type);
    json.member("time", lease.time);
    if (!lease.key.empty()) json.member("subject", lease.key);
    // The extension "distributed tracing": where the event came from. The fields of the request are
    // those of the attempt, and a batch has only one of them.
    if (const TraceContext trace = parse_trace_text(lease.trace); trace.exists()) {
        json.member("traceparent", traceparent(trace));
        if (!trace.state.empty()) json.member("tracestate", trace.state);
    }
    json.member("datacontenttype", json_type).name("data").raw(*data).close('}');
    return {};
}

Result<http::ClientRequest> structured(const model::Endpoint& endpoint, const store::Lease& lease,
                                       TimePoint now) {
    Content content{lease.event.text(), "application/cloudevents+json; charset=utf-8", {}};
    content.body.reserve(lease.body->size() + attributes_bytes);
    JsonOut json(content.body);
    if (Result<void> done = append_event(json, endpoint, lease); !done)
        return fail(std::move(done.error()));
    return signed_post(endpoint, std::move(content), now);
}

Result<http::ClientRequest> binary(const model::Endpoint& endpoint, const store::Lease& lease,
                                   TimePoint now) {
    const Result<std::string_view> data = stored_data(lease);
    if (!data) return fail(data.error());
    Content content{lease.event.text(), std::string(json_type), std::string(*data)};
    Result<http::ClientRequest> request = signed_post(endpoint, std::move(content), now);
    if (!request) return request;
    request->headers.add("ce-specversion", "1.0");
    request->headers.add("ce-id", header_value(lease.event.text()));
    request->headers.add("ce-source", header_value(event_source(endpoint.application)));
    request->headers.add("ce-type", header_value(lease.type));
    request->headers.add("ce-time", rfc3339(lease.time));
    if (!lease.key.empty()) request->headers.add("ce-subject", header_value(lease.key));
    if (const TraceContext trace = parse_trace_text(lease.trace); trace.exists()) {
        request->headers.add("ce-traceparent", header_value(traceparent(trace)));
        if (!trace.state.empty()) request->headers.add("ce-tracestate", header_value(trace.state));
    }
    return request;
}

// The same for the same events, so that a repeated batch can be told.
std::string batch_id(std::span<const store::Lease> leases) {
    Hasher hasher(Algorithm::sha256);
    for (const store::Lease& lease : leases) {
        hasher.update(lease.event.text());
        hasher.update("\n");
    }
    return "batch_" + hex(hasher.finish().substr(0, 16));
}

Result<http::ClientRequest> batched(const model::Endpoint& endpoint,
                                    std::span<const store::Lease> leases, TimePoint now) {
    Content content{batch_id(leases), "application/cloudevents-batch+json; charset=utf-8", {}};
    JsonOut json(content.body);
    json.open('[');
    for (const store::Lease& lease : leases)
        if (Result<void> done = append_event(json, endpoint, lease); !done)
            return fail(std::move(done.error()));
    json.close(']');
    return signed_post(endpoint, std::move(content), now);
}

bool is_plain(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '%';
}

}  // namespace

Result<http::ClientRequest> CloudEventsRenderer::render(const model::Endpoint& endpoint,
                                                        const store::Lease& lease,
                                                        TimePoint now) const {
    switch (mode_) {
        case Mode::structured:
            return structured(endpoint, lease, now);
        case Mode::binary:
            return binary(endpoint, lease, now);
        case Mode::batched:
            break;
    }
    return batched(endpoint, {&lease, 1}, now);
}

std::size_t CloudEventsRenderer::batch_max() const {
    return mode_ == Mode::batched ? events_per_batch_max : 1;
}

Result<http::ClientRequest> CloudEventsRenderer::render_batch(const model::Endpoint& endpoint,
                                                              std::span<const store::Lease> leases,
                                                              TimePoint now) const {
    return mode_ == Mode::batched ? batched(endpoint, leases, now)
                                  : render(endpoint, leases.front(), now);
}

std::string event_source(model::ApplicationId application) {
    return fmt::format("urn:hookreel:application:{}", application.value());
}

std::string header_value(std::string_view attribute) {
    std::string value;
    for (const char c : attribute)
        if (is_plain(c))
            value += c;
        else
            fmt::format_to(std::back_inserter(value), "%{:02X}", static_cast<unsigned char>(c));
    return value;
}

}  // namespace hookreel::dialect::standard
