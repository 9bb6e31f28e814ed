#include "api/frame/fields.h"

#include <cmath>

namespace hookreel::api {

const json::value* Fields::find(std::string_view name) const {
    const json::value* found = object_->if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

std::optional<std::string> Fields::text(std::string_view name) const {
    const json::value* found = find(name);
    if (!found || !found->is_string()) return std::nullopt;
    return std::string(found->get_string());
}

std::string Fields::text_or(std::string_view name, std::string_view otherwise) const {
    return text(name).value_or(std::string(otherwise));
}

std::optional<std::int64_t> Fields::integer(std::string_view name) const {
    const json::value* found = find(name);
    if (!found || !found->is_number()) return std::nullopt;
    boost::system::error_code error;
    const auto value = found->to_number<std::int64_t>(error);
    return error ? std::nullopt : std::optional(value);
}

std::int64_t Fields::integer_or(std::string_view name, std::int64_t otherwise) const {
    return integer(name).value_or(otherwise);
}

std::optional<double> Fields::real(std::string_view name) const {
    const json::value* found = find(name);
    if (!found || !found->is_number()) return std::nullopt;
    return found->to_number<double>();
}

std::optional<bool> Fields::boolean(std::string_view name) const {
    const json::value* found = find(name);
    if (!found || !found->is_bool()) return std::nullopt;
    return found->get_bool();
}

std::optional<TimePoint> Fields::time(std::string_view name) const {
    const std::optional<std::string> found = text(name);
    if (!found) return std::nullopt;
    const Result<TimePoint> time = parse_time(*found);
    return time ? std::optional(*time) : std::nullopt;
}

std::optional<Duration> Fields::seconds(std::string_view name) const {
    const std::optional<double> found = real(name);
    if (!found) return std::nullopt;
    return Duration(static_cast<Duration::rep>(std::llround(*found * 1000)));
}

std::optional<Fields> Fields::object(std::string_view name) const {
    const json::value* found = find(name);
    if (!found || !found->is_object()) return std::nullopt;
    return Fields(found->get_object());
}

const json::array* Fields::array(std::string_view name) const {
    const json::value* found = find(name);
    return found ? found->if_array() : nullptr;
}

std::vector<std::string> Fields::texts(std::string_view name) const {
    std::vector<std::string> all;
    if (const json::array* found = array(name))
        for (const json::value& one : *found)
            if (one.is_string()) all.emplace_back(one.get_string());
    return all;
}

}  // namespace hookreel::api
