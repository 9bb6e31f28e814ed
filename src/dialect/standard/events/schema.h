// Builds JSON Schemas (2020-12) of objects whose members are all there, null where there is
// nothing.
//
// Without references, so that a schema can be set into another document as it is. Further members
// are allowed: events grow. Pure functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace hookreel::dialect::standard::schema {

struct Member {
    std::string_view name;
    json::object schema;
};

json::object text(std::string_view description);
json::object integer(std::string_view description);  // Not negative.
json::object number(std::string_view description);   // Not negative.
json::object boolean(std::string_view description);
json::object time(std::string_view description);
json::object url(std::string_view description);
json::object one_of(std::string_view description, std::span<const std::string_view> values);
json::object list(std::string_view description, json::object elements);
json::object object(std::string_view description, std::vector<Member> members);
// An object whose members are somebody else's.
json::object foreign_object(std::string_view description);
json::object or_null(json::object schema);

// The whole schema of the data of an event type.
json::object document(std::string_view type, json::object data);

}  // namespace hookreel::dialect::standard::schema
