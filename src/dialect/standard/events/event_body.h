// The neutral body of an event: what the archive keeps, and what standard endpoints, consumers and
// the native API show. See docs/formats/standard-webhooks.md.
//
//     {"type":"…","timestamp":"…","id":"…","key":"…","data":{…}}
//
// Always in this order, `key` only when there is one, so that the parts can be cut out of the text.
// Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "dialect/media_urls.h"
#include "model/event.h"

namespace hookreel::dialect::standard {

std::string event_body(const model::Event& event, const MediaUrls& urls);

// The text of its `data`; empty when `body` is no such body.
std::string_view data_of(std::string_view body);

}  // namespace hookreel::dialect::standard
