#include "dialect/tencent_vod/protocol/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hookreel::dialect::tencent_vod {
namespace {

void append(std::string& out, const json::value& value);

bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void append_text(std::string& out, json::string_view text) {
    if (!std::ranges::all_of(text, is_plain)) {
        out += json::serialize(text);
        return;
    }
    out += '"';
    out.append(text.data(), text.size());
    out += '"';
}

void append_members(std::string& out, const json::object& object) {
    bool first = true;
    for (const json::key_value_pair& pair : object) {
        if (!first) out += ',';
        first = false;
        append_text(out, pair.key());
        out += ':';
        append(out, pair.value());
    }
}

void append_elements(std::string& out, const json::array& array) {
    bool first = true;
    for (const json::value& element : array) {
        if (!first) out += ',';
        first = false;
        append(out, element);
    }
}

// Shortest digits that read back the same; above 1e15 without them, so that no exponent appears.
// What JSON cannot say becomes 0.
void append_real(std::string& out, double number) {
    if (!std::isfinite(number)) number = 0;
    if (std::abs(number) < 1e15)
        fmt::format_to(std::back_inserter(out), "{}", number);
    else
        fmt::format_to(std::back_inserter(out), "{:.1f}", number);
}

void append(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::object:
            out += '{';
            append_members(out, value.get_object());
            out += '}';
            return;
        case json::kind::array:
            out += '[';
            append_elements(out, value.get_array());
            out += ']';
            return;
        case json::kind::string:
            append_text(out, value.get_string());
            return;
        case json::kind::int64:
            out += fmt::format_int(value.get_int64()).c_str();
            return;
        case json::kind::double_:
            append_real(out, value.get_double());
            return;
        default:
            out += json::serialize(value);
    }
}

json::value filled(json::value value, const schema::Member& member) {
    if (member.kind != schema::Kind::object) return value;
    if (value.is_object()) return with_nulls(std::move(value.get_object()), *member.object);
    if (value.is_array())
        for (json::value& element : value.get_array())
            if (element.is_object())
                element = with_nulls(std::move(element.get_object()), *member.object);
    return value;
}

}  // namespace

std::string write_json(const json::value& value) {
    std::string out;
    out.reserve(2048);  // An event's usual length.
    append(out, value);
    return out;
}

std::string write_members(const json::object& object) {
    std::string out;
    append_members(out, object);
    return out;
}

json::object with_nulls(json::object object, const schema::Object& type) {
    for (const schema::Member& member : type.members) {
        if (json::value* value = object.if_contains(member.name))
            *value = filled(std::move(*value), member);
        else if (member.nullable)
            object.emplace(member.name, nullptr);
    }
    return object;
}

}  // namespace hookreel::dialect::tencent_vod
