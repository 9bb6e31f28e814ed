#include "api/frame/catalogue.h"

#include <algorithm>
#include <array>

namespace hookreel::api {
namespace {

// First names of types that the server may have one day, besides those that it has.
constexpr std::array<std::string_view, 2> planned_names = {"stream", "playback"};

std::string_view first_name(std::string_view type) {
    return type.substr(0, type.find('.'));
}

json::object text_schema() {
    return {{"type", "string"}};
}

}  // namespace

const model::EventType* find_type(const Catalogue& catalogue, std::string_view type) {
    const auto found = std::ranges::find(catalogue, type, &model::EventType::name);
    return found == catalogue.end() ? nullptr : &*found;
}

bool is_reserved(const Catalogue& catalogue, std::string_view type) {
    if (std::ranges::find(planned_names, first_name(type)) != planned_names.end()) return true;
    return std::ranges::any_of(catalogue, [type](const model::EventType& known) {
        return first_name(known.name) == first_name(type);
    });
}

json::object body_schema(const model::EventType& type) {
    json::object properties;
    properties["type"] = json::object{{"const", type.name}};
    properties["timestamp"] = json::object{{"type", "string"}, {"format", "date-time"}};
    properties["id"] = text_schema();
    properties["key"] = text_schema();
    properties["data"] = type.schema;
    json::object schema;
    schema["type"] = "object";
    schema["required"] = json::array{"type", "timestamp", "id", "data"};
    schema["properties"] = std::move(properties);
    return schema;
}

}  // namespace hookreel::api
