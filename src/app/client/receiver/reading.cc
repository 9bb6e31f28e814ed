#include "app/client/receiver/reading.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"

namespace hookreel::app::client {
namespace {

std::string_view media_type(const http::Headers& headers) {
    const std::string_view value = headers.get("content-type");
    return trim(value.substr(0, value.find(';')));
}

Dialect dialect_of(const http::Headers& headers, const Result<json::value>& body) {
    const std::string_view type = media_type(headers);
    // Each format may be named behind the "+", and JSON is the one that is read here.
    if (equal_ignoring_case(type, "application/cloudevents-batch+json"))
        return Dialect::cloudevents_batched;
    if (equal_ignoring_case(type, "application/cloudevents+json"))
        return Dialect::cloudevents_structured;
    if (headers.has("ce-specversion")) return Dialect::cloudevents_binary;
    if (headers.has("webhook-id")) return Dialect::standard;
    const bool names_event = body && body->is_object() && body->get_object().contains("EventType");
    return names_event ? Dialect::tencent_vod : Dialect::unknown;
}

std::string text_of(const json::object& object, std::string_view member) {
    const json::value* value = object.if_contains(member);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

struct Attributes {
    std::string specversion, id, source, type, subject;
};

// What CloudEvents 1.0.2 asks of every event ("Required Attributes"). Empty: all is there.
std::string missing_of(const Attributes& event) {
    if (event.specversion != "1.0") return "specversion is not 1.0";
    if (event.id.empty()) return "id is missing";
    if (event.source.empty()) return "source is missing";
    if (event.type.empty()) return "type is missing";
    return {};
}

void take(Reading& reading, const Attributes& event) {
    const std::string missing = missing_of(event);
    if (missing.empty())
        reading.events.push_back({event.type, event.id, event.subject});
    else if (reading.trouble.empty())
        reading.trouble = "not a CloudEvent: " + missing;
}

void read_structured(Reading& reading, const json::value& value) {
    if (const json::object* object = value.if_object())
        take(reading,
             {text_of(*object, "specversion"), text_of(*object, "id"), text_of(*object, "source"),
              text_of(*object, "type"), text_of(*object, "subject")});
    else if (reading.trouble.empty())
        reading.trouble = "not a CloudEvent: not an object";
}

void read_batch(Reading& reading, const json::value& value) {
    const json::array* all = value.if_array();
    if (!all) {
        reading.trouble = "not a batch of CloudEvents: not an array";
        return;
    }
    for (const json::value& one : *all)
        read_structured(reading, one);
}

// An attribute in a field is percent-encoded (HTTP binding 1.0.2, 3.1.3.2).
std::string attribute(const http::Headers& headers, std::string_view name) {
    const std::string_view value = headers.get(name);
    return percent_decode(value).value_or(std::string(value));
}

void read_binary(Reading& reading, const http::Headers& headers) {
    take(reading, {attribute(headers, "ce-specversion"), attribute(headers, "ce-id"),
                   attribute(headers, "ce-source"), attribute(headers, "ce-type"),
                   attribute(headers, "ce-subject")});
}

void read_object(Reading& reading, const json::value& value) {
    const json::object* object = value.if_object();
    if (!object) {
        reading.trouble = "not an event: not an object";
        return;
    }
    if (reading.dialect == Dialect::tencent_vod)
        reading.events.push_back({text_of(*object, "EventType"), {}, {}});
    else
        reading.events.push_back(
            {text_of(*object, "type"), text_of(*object, "id"), text_of(*object, "key")});
}

}  // namespace

std::string_view name(Dialect dialect) {
    return names(static_cast<Dialect*>(nullptr))[static_cast<std::size_t>(dialect)];
}

Reading read_callback(const http::Headers& headers, std::string_view body,
                      std::size_t body_bytes_max) {
    Reading reading{.json = parse_json(body, {.bytes_max = body_bytes_max}), .trouble = {}};
    reading.dialect = dialect_of(headers, reading.json);
    if (reading.dialect == Dialect::cloudevents_binary) {
        read_binary(reading, headers);
        return reading;
    }
    if (!reading.json) {
        reading.trouble = "not an event: " + reading.json.error().detail;
        return reading;
    }
    if (reading.dialect == Dialect::cloudevents_structured)
        read_structured(reading, *reading.json);
    else if (reading.dialect == Dialect::cloudevents_batched)
        read_batch(reading, *reading.json);
    else
        read_object(reading, *reading.json);
    return reading;
}

}  // namespace hookreel::app::client
