// How answers and events are written: plain numbers, and nulls where the API shows them.
//
// Pure functions.
#pragma once

#include <string>

#include "base/json.h"
#include "dialect/tencent_vod/protocol/schema.h"

namespace hookreel::dialect::tencent_vod {

// Strict clients refuse an integer with a fraction, and people stumble over 6E1: integers have no
// point, and no number has an exponent unless it is tiny. Order is kept.
std::string write_json(const json::value& value);
// The members of the object without the braces: `"A":1,"B":2`.
std::string write_members(const json::object& object);

// Adds null for each absent member that the definition calls null-able, in all objects of all
// levels. Callbacks leave such members out, PullEvents and the Describe actions show them (open
// point 16).
json::object with_nulls(json::object object, const schema::Object& type);

}  // namespace hookreel::dialect::tencent_vod
