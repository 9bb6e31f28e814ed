// Which events somebody wants: by type, by key, and by what is in their data. Pure rules.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace hookreel::model {

enum class Switch { off, on };
constexpr std::array<std::string_view, 2> names(Switch*) {
    return {"OFF", "ON"};
}

// A member of an event's data and the values that it may have.
struct FieldFilter {
    std::string path;                 // Names with dots between: "asset.type". At most 256 bytes.
    std::vector<std::string> values;  // JSON texts: "\"mp4\"", "25". One of them must be equal.

    bool operator==(const FieldFilter&) const = default;
};
template <class V>
void fields(V& v, Of<FieldFilter, V> f) {
    v("path", f.path);
    v("values", f.values);
}

// All parts must hold. An empty one holds always.
struct EventFilter {
    std::vector<std::string> types;  // "*", "media.*" (all below), or a whole type. At most 100.
    std::vector<std::string> keys;   // Whole keys. At most 100.
    std::vector<FieldFilter> data;   // At most 16.

    bool operator==(const EventFilter&) const = default;
};
template <class V>
void fields(V& v, Of<EventFilter, V> f) {
    v("types", f.types);
    v("keys", f.keys);
    v("data", f.data);
}

// Whether `pattern` is a form that `matches` understands: "*", or names of lower-case letters,
// digits,
// '_' and '-' with dots between, the last of which may be "*". At most 128 bytes.
bool is_type_pattern(std::string_view pattern);
bool matches(std::string_view pattern, std::string_view type);

// A JSON text that is parsed once, when a first filter asks for it.
class LazyJson {
 public:
    // `text` outlives this.
    explicit LazyJson(std::string_view text) : text_(text) {}
    // Null when the text is no JSON.
    const json::value* value();

 private:
    std::string_view text_;
    std::optional<Result<json::value>> parsed_;
};

// `data` is a JSON text and read only when the filter asks for it.
bool matches(const EventFilter& filter, std::string_view type, std::string_view key,
             LazyJson& data);
bool matches(const EventFilter& filter, std::string_view type, std::string_view key,
             std::string_view data);

}  // namespace hookreel::model
