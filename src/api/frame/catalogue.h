// The event types that a server knows, and what the API tells of them. Handed in as a value by
// whoever knows the dialect that writes them. Pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/event_type.h"

namespace hookreel::api {

using Catalogue = std::vector<model::EventType>;

// Null when there is none of that name.
const model::EventType* find_type(const Catalogue& catalogue, std::string_view type);
// Whether the first name of the type is the server's own, as "media" of "media.uploaded" is, and as
// "stream" and "playback" are before there are such types.
bool is_reserved(const Catalogue& catalogue, std::string_view type);

// JSON Schema of the whole body of such an event.
json::object body_schema(const model::EventType& type);

}  // namespace hookreel::api
