// Tells which dialect a request speaks, and what it tells. Pure functions.
//
// By its fields first (CloudEvents: content type or ce-specversion; Standard Webhooks: webhook-id),
// then by its body (Tencent VOD: EventType).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "http/message.h"

namespace hookreel::app::client {

// By the names that endpoints have for them.
enum class Dialect {
    tencent_vod,
    standard,
    cloudevents_structured,
    cloudevents_binary,
    cloudevents_batched,
    unknown,
};
constexpr std::array<std::string_view, 6> names(Dialect*) {
    return {"tencent_vod",         "standard", "cloudevents_structured", "cloudevents_binary",
            "cloudevents_batched", "unknown"};
}
std::string_view name(Dialect dialect);

// An event as a request tells it; what it does not say is empty.
struct ToldEvent {
    std::string type;
    std::string id;
    std::string about;  // The key of a neutral event, the subject of a CloudEvent.
};

struct Reading {
    Dialect dialect = Dialect::unknown;
    Result<json::value> json;       // The body; an error when it is none.
    std::vector<ToldEvent> events;  // 1, or those of a batch, those that are sound.
    std::string trouble;            // Why it, or some of it, is no event; empty: it is.
};

// `body_bytes_max` is the limit of the body, which was read already.
Reading read_callback(const http::Headers& headers, std::string_view body,
                      std::size_t body_bytes_max);

}  // namespace hookreel::app::client
