#include "model/filter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace hookreel::model {
namespace {

constexpr std::size_t pattern_bytes_max = 128;

bool is_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

// The value at a path of names with dots between, or null.
const json::value* at_path(const json::value& root, std::string_view path) {
    const json::value* at = &root;
    while (at != nullptr) {
        const std::size_t dot = path.find('.');
        const json::object* object = at->if_object();
        at = object == nullptr ? nullptr : object->if_contains(path.substr(0, dot));
        if (dot == std::string_view::npos) return at;
        path.remove_prefix(dot + 1);
    }
    return nullptr;
}

// A double that is a whole number becomes one, without loss; all else stays as it is. So 7, 7.0
// and 7e0 become the same value.
json::value plain(const json::value& value) {
    constexpr double signed_end = 0x1p63, unsigned_end = 0x1p64;
    if (!value.is_double()) return value;
    const double number = value.get_double();
    if (std::trunc(number) != number || number < -signed_end || number >= unsigned_end)
        return value;
    if (number < signed_end) return static_cast<std::int64_t>(number);
    return static_cast<std::uint64_t>(number);
}

bool are_equal(const json::value& a, const json::value& b) {
    if (a.is_number() && b.is_number()) return plain(a) == plain(b);
    return a == b;
}

bool holds(const FieldFilter& filter, const json::value& data) {
    const json::value* value = at_path(data, filter.path);
    if (value == nullptr) return false;
    return std::ranges::any_of(filter.values, [value](const std::string& text) {
        const Result<json::value> wanted = parse_json(text);
        return wanted && are_equal(*wanted, *value);
    });
}

}  // namespace

bool is_type_pattern(std::string_view pattern) {
    if (pattern.empty() || pattern.size() > pattern_bytes_max) return false;
    if (pattern == "*") return true;
    for (;;) {
        const std::size_t dot = pattern.find('.');
        if (!is_name(pattern.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        pattern.remove_prefix(dot + 1);
        if (pattern == "*") return true;
    }
}

bool matches(std::string_view pattern, std::string_view type) {
    if (!pattern.ends_with('*')) return pattern == type;
    pattern.remove_suffix(1);
    return type.starts_with(pattern);
}

const json::value* LazyJson::value() {
    if (!parsed_) parsed_ = parse_json(text_);
    return *parsed_ ? &**parsed_ : nullptr;
}

bool matches(const EventFilter& filter, std::string_view type, std::string_view key,
             LazyJson& data) {
    const auto wants = [type](const std::string& pattern) { return matches(pattern, type); };
    if (!filter.types.empty() && std::ranges::none_of(filter.types, wants)) return false;
    if (!filter.keys.empty() && std::ranges::find(filter.keys, key) == filter.keys.end())
        return false;
    if (filter.data.empty()) return true;
    const json::value* parsed = data.value();
    if (parsed == nullptr) return false;
    return std::ranges::all_of(filter.data,
                               [&](const FieldFilter& part) { return holds(part, *parsed); });
}

bool matches(const EventFilter& filter, std::string_view type, std::string_view key,
             std::string_view data) {
    LazyJson lazy(data);
    return matches(filter, type, key, lazy);
}

}  // namespace hookreel::model
