#include "api/resources/filter_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/frame/schema.h"

namespace hookreel::api {
namespace {

using Texts = std::vector<std::string>;

// What is in both; an empty list is everything. None: nothing is.
template <class Common>
std::optional<Texts> common(const Texts& left, const Texts& right, Common common_of_two) {
    if (left.empty()) return right;
    if (right.empty()) return left;
    Texts both;
    for (const std::string& one : left)
        for (const std::string& other : right)
            if (const std::string* found = common_of_two(one, other))
                if (std::ranges::find(both, *found) == both.end()) both.push_back(*found);
    if (both.empty()) return std::nullopt;
    return both;
}

// The narrower one; null when no type fits both. A pattern that fits into another is text that the
// other matches.
const std::string* narrower(const std::string& one, const std::string& other) {
    if (model::matches(one, other)) return &other;
    return model::matches(other, one) ? &one : nullptr;
}

const std::string* same(const std::string& one, const std::string& other) {
    return one == other ? &one : nullptr;
}

}  // namespace

Answer<void> check_filter(const Fields& fields, const Catalogue& catalogue) {
    const std::vector<std::string> types = fields.texts("types");
    std::vector<FieldError> errors;
    for (std::size_t i = 0; i < types.size() && errors.size() < errors_max; ++i) {
        const bool is_raised =
            std::ranges::any_of(catalogue, [&pattern = types[i]](const model::EventType& known) {
                return model::matches(pattern, known.name);
            });
        if (is_raised || !is_reserved(catalogue, types[i])) continue;
        errors.push_back(
            {fmt::format("types[{}]", i),
             fmt::format("\"{}\" matches no type: those that begin with \"{}\" are the server's "
                         "own; see /api/v1/event-types",
                         types[i], types[i].substr(0, types[i].find('.')))});
    }
    if (!errors.empty()) return refuse_fields(std::move(errors));
    return {};
}

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

std::optional<model::EventFilter> narrowed(model::EventFilter filter, const Fields& fields) {
    const Texts types = fields.has("types") ? fields.texts("types") : Texts();
    const Texts keys = fields.has("keys") ? fields.texts("keys") : Texts();
    std::optional<Texts> both_types = common(filter.types, types, narrower);
    std::optional<Texts> both_keys = common(filter.keys, keys, same);
    if (!both_types || !both_keys) return std::nullopt;
    filter.types = std::move(*both_types);
    filter.keys = std::move(*both_keys);
    return filter;
}

}  // namespace hookreel::api
