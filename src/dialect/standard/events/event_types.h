// The table of event types: each with its name, its meaning, the schema of its data and an example.
//
// To add one: its payload in model/event.h, its rendering in event_body.cc, its schema and example
// beside the others, and a row here. The tests hold the rendering to the schema.
#pragma once

#include <vector>

#include "dialect/media_urls.h"
#include "model/event_type.h"

namespace hookreel::dialect::standard {

// All that this server raises, by name in the order of the alphabet of their subject. `urls` are
// for the examples' bodies.
std::vector<model::EventType> event_types(const MediaUrls& urls);

}  // namespace hookreel::dialect::standard
