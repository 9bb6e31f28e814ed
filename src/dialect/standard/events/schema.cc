#include "dialect/standard/events/schema.h"

namespace hookreel::dialect::standard::schema {
namespace {

json::object described(std::string_view type, std::string_view description) {
    return {{"type", type}, {"description", description}};
}

json::object with(json::object schema, std::string_view keyword, json::value value) {
    schema.emplace(keyword, std::move(value));
    return schema;
}

}  // namespace

json::object text(std::string_view description) {
    return described("string", description);
}

json::object integer(std::string_view description) {
    return with(described("integer", description), "minimum", 0);
}

json::object number(std::string_view description) {
    return with(described("number", description), "minimum", 0);
}

json::object boolean(std::string_view description) {
    return described("boolean", description);
}

json::object time(std::string_view description) {
    return with(described("string", description), "format", "date-time");
}

json::object url(std::string_view description) {
    return with(described("string", description), "format", "uri");
}

json::object one_of(std::string_view description, std::span<const std::string_view> values) {
    json::array all(values.begin(), values.end());
    return with(described("string", description), "enum", std::move(all));
}

json::object list(std::string_view description, json::object elements) {
    return with(described("array", description), "items", std::move(elements));
}

json::object object(std::string_view description, std::vector<Member> members) {
    json::object properties;
    json::array required;
    for (Member& member : members) {
        required.emplace_back(member.name);
        properties.emplace(member.name, std::move(member.schema));
    }
    return with(with(described("object", description), "properties", std::move(properties)),
                "required", std::move(required));
}

json::object foreign_object(std::string_view description) {
    return described("object", description);
}

json::object or_null(json::object schema) {
    schema["type"] = json::array{schema["type"], "null"};
    if (json::value* values = schema.if_contains("enum")) values->as_array().emplace_back(nullptr);
    return schema;
}

json::object document(std::string_view type, json::object data) {
    json::object schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                           {"title", type}};
    for (json::key_value_pair& pair : data)
        schema.emplace(pair.key(), std::move(pair.value()));
    return schema;
}

}  // namespace hookreel::dialect::standard::schema
