#include "telemetry/otlp.h"

#include "base/json.h"

namespace hookreel::telemetry {
namespace {

constexpr int status_error = 2;

json::object attribute(std::string_view key, const Span::Value& value) {
    json::object told;
    if (const auto* text = std::get_if<std::string>(&value))
        told["stringValue"] = *text;
    else
        told["intValue"] = std::to_string(std::get<std::int64_t>(value));
    return {{"key", key}, {"value", std::move(told)}};
}

std::string nanoseconds(SpanTime time) {
    return std::to_string(time.time_since_epoch().count());
}

json::object span_json(const Span& span) {
    json::object object;
    object["traceId"] = span.context.trace_id;
    object["spanId"] = span.context.span_id;
    if (!span.context.state.empty()) object["traceState"] = span.context.state;
    if (!span.parent_id.empty()) object["parentSpanId"] = span.parent_id;
    object["flags"] = span.context.flags;
    object["name"] = span.name;
    object["kind"] = static_cast<int>(span.kind);
    object["startTimeUnixNano"] = nanoseconds(span.begin);
    object["endTimeUnixNano"] = nanoseconds(span.end);
    json::array attributes;
    for (const auto& [key, value] : span.attributes)
        attributes.push_back(attribute(key, value));
    object["attributes"] = std::move(attributes);
    object["status"] = json::object();
    if (span.failed) object["status"] = json::object{{"code", status_error}};
    return object;
}

}  // namespace

std::string trace_request(const Source& source, std::span<const Span> spans) {
    json::array all;
    for (const Span& span : spans)
        all.push_back(span_json(span));
    json::object scope{{"name", source.service_name}, {"version", source.version}};
    json::object scope_spans{{"scope", std::move(scope)}, {"spans", std::move(all)}};
    json::array about{attribute("service.name", source.service_name),
                      attribute("service.version", source.version),
                      attribute("service.instance.id", source.instance)};
    json::object resource{{"attributes", std::move(about)}};
    json::object resource_spans{{"resource", std::move(resource)},
                                {"scopeSpans", json::array{std::move(scope_spans)}}};
    return json::serialize(json::object{{"resourceSpans", json::array{std::move(resource_spans)}}});
}

}  // namespace hookreel::telemetry
