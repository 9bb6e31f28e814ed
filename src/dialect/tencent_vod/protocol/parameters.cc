#include "dialect/tencent_vod/protocol/parameters.h"

#include <fmt/format.h>

#include <algorithm>

#include "dialect/tencent_vod/protocol/flat_form.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t json_depth_max = 32;

std::string_view wanted(schema::Kind kind) {
    switch (kind) {
        case schema::Kind::text:
            return "a string";
        case schema::Kind::integer:
            return "an integer";
        case schema::Kind::natural:
            return "an integer of at least 0";
        case schema::Kind::real:
            return "a number";
        case schema::Kind::boolean:
            return "a boolean";
        case schema::Kind::object:
            break;
    }
    return "an object";
}

std::unexpected<WireError> wrong_type(const std::string& path, std::string_view expected) {
    return refuse("InvalidParameter",
                  fmt::format("The parameter `{}` must be {}.", path, expected));
}

Answer<json::object> check_members(const schema::Object& type, const json::object& in,
                                   const std::string& prefix);

Answer<json::value> check_nested(const schema::Object& type, const json::object& in,
                                 const std::string& prefix) {
    Answer<json::object> object = check_members(type, in, prefix);
    if (!object) return std::unexpected(std::move(object.error()));
    return json::value(std::move(*object));
}

template <class Number>
Answer<json::value> as_number(const schema::Member& member, const json::value& in,
                              const std::string& path) {
    boost::system::error_code error;
    const auto number = in.is_number() ? in.to_number<Number>(error) : Number{};
    if (!in.is_number() || error || (std::integral<Number> && in.is_double()))
        return wrong_type(path, wanted(member.kind));
    return json::value(number);
}

Answer<json::value> check_value(const schema::Member& member, const json::value& in,
                                const std::string& path) {
    switch (member.kind) {
        case schema::Kind::integer:
            return as_number<std::int64_t>(member, in, path);
        case schema::Kind::natural:
            return as_number<std::uint64_t>(member, in, path);
        case schema::Kind::real:
            return as_number<double>(member, in, path);
        case schema::Kind::text:
            if (in.is_string()) return in;
            break;
        case schema::Kind::boolean:
            if (in.is_bool()) return in;
            break;
        case schema::Kind::object:
            if (!in.is_object()) break;
            return check_nested(*member.object, in.get_object(), path + ".");
    }
    return wrong_type(path, wanted(member.kind));
}

Answer<json::value> check_list(const schema::Member& member, const json::value& in,
                               const std::string& path) {
    if (!in.is_array()) return wrong_type(path, "a list");
    json::array out;
    out.reserve(in.get_array().size());
    for (const json::value& element : in.get_array()) {
        Answer<json::value> checked =
            check_value(member, element, fmt::format("{}.{}", path, out.size()));
        if (!checked) return std::unexpected(std::move(checked.error()));
        out.push_back(std::move(*checked));
    }
    return json::value(std::move(out));
}

Answer<json::object> check_members(const schema::Object& type, const json::object& in,
                                   const std::string& prefix) {
    json::object out;
    for (const schema::Member& member : type.members) {
        const json::value* value = in.if_contains(member.name);
        std::string path = prefix + std::string(member.name);
        if (!value || value->is_null()) {
            if (member.required) return std::unexpected(missing_parameter(path));
            continue;
        }
        Answer<json::value> checked =
            member.list ? check_list(member, *value, path) : check_value(member, *value, path);
        if (!checked) return std::unexpected(std::move(checked.error()));
        out.emplace(member.name, std::move(*checked));
    }
    return out;
}

}  // namespace

Answer<json::object> check_object(const schema::Object& type, const json::value& value,
                                  Unknown unknown) {
    if (!value.is_object())
        return refuse("InvalidParameter", "The body of the request must be a JSON object.");
    if (unknown == Unknown::refused)
        for (const json::key_value_pair& pair : value.get_object())
            if (!type.find(pair.key()))
                return refuse("UnknownParameter",
                              fmt::format("The parameter `{}` is not recognized.",
                                          std::string_view(pair.key()).substr(0, 100)));
    return check_members(type, value.get_object(), "");
}

Answer<json::object> parse_parameters(const schema::Object& type, std::string_view json_text,
                                      Unknown unknown) {
    const JsonLimits limits{.depth_max = json_depth_max, .bytes_max = json_text.size()};
    const Result<json::value> parsed = parse_json(json_text, limits);
    if (!parsed)
        return refuse("InvalidParameter",
                      fmt::format("The body of the request is {}.", parsed.error().detail));
    return check_object(type, *parsed, unknown);
}

Answer<json::object> parse_parameters(const schema::Object& type, const Form& form,
                                      Unknown unknown) {
    Answer<json::object> parsed = read_flat_form(type, form);
    if (!parsed) return parsed;
    return check_object(type, *parsed, unknown);
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::optional<std::string_view> Members::text(std::string_view name) const {
    const json::value* value = find(name);
    if (!value) return std::nullopt;
    return std::string_view(value->as_string());
}

std::string Members::text_or_empty(std::string_view name) const {
    return std::string(text(name).value_or(""));
}

std::optional<std::int64_t> Members::integer(std::string_view name) const {
    const json::value* value = find(name);
    if (!value) return std::nullopt;
    return value->as_int64();
}

std::optional<std::uint64_t> Members::natural(std::string_view name) const {
    const json::value* value = find(name);
    if (!value) return std::nullopt;
    return value->as_uint64();
}

std::optional<double> Members::real(std::string_view name) const {
    const json::value* value = find(name);
    if (!value) return std::nullopt;
    return value->as_double();
}

std::optional<Members> Members::object(std::string_view name) const {
    const json::value* value = find(name);
    if (!value) return std::nullopt;
    return Members(value->as_object());
}

const json::array& Members::list(std::string_view name) const {
    static const json::array none;
    const json::value* value = find(name);
    return value ? value->as_array() : none;
}

std::vector<std::string> Members::texts(std::string_view name) const {
    std::vector<std::string> all;
    for (const json::value& element : list(name))
        all.emplace_back(std::string_view(element.as_string()));
    return all;
}

std::vector<std::int64_t> Members::integers(std::string_view name) const {
    std::vector<std::int64_t> all;
    for (const json::value& element : list(name))
        all.push_back(element.as_int64());
    return all;
}

std::vector<std::uint64_t> Members::naturals(std::string_view name) const {
    std::vector<std::uint64_t> all;
    for (const json::value& element : list(name))
        all.push_back(element.as_uint64());
    return all;
}

std::vector<double> Members::reals(std::string_view name) const {
    std::vector<double> all;
    for (const json::value& element : list(name))
        all.push_back(element.as_double());
    return all;
}

std::vector<Members> Members::objects(std::string_view name) const {
    std::vector<Members> all;
    for (const json::value& element : list(name))
        all.emplace_back(element.as_object());
    return all;
}

bool Members::has(std::string_view name) const {
    const json::value* value = find(name);
    if (!value) return false;
    if (value->is_string()) return !value->get_string().empty();
    if (value->is_array()) return !value->get_array().empty();
    if (value->is_object()) return !value->get_object().empty();
    return true;
}

}  // namespace hookreel::dialect::tencent_vod
