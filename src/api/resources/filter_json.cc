#include "api/resources/filter_json.h"

namespace hookreel::api {

void read_filter(const Fields& fields, model::EventFilter& filter) {
    if (fields.all().contains("types")) filter.types = fields.texts("types");
    if (fields.all().contains("keys")) filter.keys = fields.texts("keys");
    if (!fields.all().contains("data")) return;
    filter.data.clear();
    const std::optional<Fields> data = fields.object("data");
    if (!data) return;
    for (const auto& [path, values] : data->all()) {
        model::FieldFilter part{std::string(path), {}};
        for (const json::value& value : values.as_array())
            part.values.push_back(json::serialize(value));
        filter.data.push_back(std::move(part));
    }
}

void write_filter(const model::EventFilter& filter, json::object& object) {
    object["types"] = to_json(filter.types);
    object["keys"] = to_json(filter.keys);
    json::object data;
    for (const model::FieldFilter& part : filter.data) {
        json::array values;
        for (const std::string& text : part.values)
            values.push_back(parse_json(text).value_or(json::value(nullptr)));
        data[part.path] = std::move(values);
    }
    object["data"] = std::move(data);
}

}  // namespace hookreel::api
