// Holds a value to a schema of the kind that schema.h builds, strictly: a member that the schema
// does not know is an error too.
#pragma once

#include <algorithm>
#include <string>

#include "base/json.h"

namespace hookreel::dialect::standard {

inline bool has_type(const json::value& value, std::string_view type) {
    if (type == "null") return value.is_null();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_int64();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_bool();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
}

inline bool has_type_of(const json::value& value, const json::value& types) {
    if (types.is_string()) return has_type(value, types.get_string());
    return std::ranges::any_of(types.as_array(), [&value](const json::value& type) {
        return has_type(value, type.as_string());
    });
}

inline std::string misfit(const json::value& value, const json::object& schema,
                          const std::string& path);

inline std::string object_misfit(const json::object& object, const json::object& schema,
                                 const std::string& path) {
    if (!schema.contains("properties")) return "";  // Somebody else's.
    const json::object& properties = schema.at("properties").as_object();
    for (const json::value& name : schema.at("required").as_array())
        if (!object.contains(name.as_string()))
            return path + "." + std::string(name.as_string()) + " is missing";
    for (const json::key_value_pair& pair : object) {
        const std::string below = path + "." + std::string(pair.key());
        const json::value* known = properties.if_contains(pair.key());
        if (known == nullptr) return below + " is not in the schema";
        if (std::string found = misfit(pair.value(), known->as_object(), below); !found.empty())
            return found;
    }
    return "";
}

// The first place that does not fit, and why; empty when all does.
inline std::string misfit(const json::value& value, const json::object& schema,
                          const std::string& path = "data") {
    if (!has_type_of(value, schema.at("type"))) return path + " has the wrong type";
    if (value.is_null()) return "";
    if (const json::value* values = schema.if_contains("enum"))
        if (std::ranges::find(values->as_array(), value) == values->as_array().end())
            return path + " has no known value";
    if (schema.contains("minimum") && value.to_number<double>() < 0) return path + " is negative";
    if (const json::value* format = schema.if_contains("format")) {
        const std::string text(value.as_string());
        const bool fine = *format == "date-time" ? parse_time(text) && text.size() == 24
                                                 : text.starts_with("http");
        if (!fine) return path + " is no " + std::string(format->as_string());
    }
    if (value.is_object()) return object_misfit(value.get_object(), schema, path);
    if (value.is_array())
        for (const json::value& element : value.get_array()) {
            std::string found = misfit(element, schema.at("items").as_object(), path + "[]");
            if (!found.empty()) return found;
        }
    return "";
}

}  // namespace hookreel::dialect::standard
