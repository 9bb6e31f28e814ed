// JSON of this house: Boost.JSON with limits on what comes from outside, and fields that are listed
// once.
//
// A struct that is stored or sent says its fields in one place, and both directions follow from it:
//
//     struct Cover { std::string path; int width = 0; };
//     template <class V> void fields(V& v, hookreel::Of<Cover, V> c) { v("path", c.path);
//     v("width", c.width); }
//
// Reading ignores unknown names and leaves a field that is absent at its default, so that records
// can grow.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace hookreel {

namespace json = boost::json;

struct JsonLimits {
    std::size_t depth_max = 64;
    std::size_t bytes_max = 16 * 1024 * 1024;
};

// Parses bytes from outside. Refused: not JSON, not UTF-8, too deep, too long, anything after the
// value. Errors: invalid, too_large.
Result<json::value> parse_json(std::string_view text, JsonLimits limits = {});

// The type that a `fields` function takes: T& when it reads, const T& when it writes.
template <class T, class Visitor>
using Of = std::conditional_t<Visitor::reading, T&, const T&>;

struct JsonWriter {
    static constexpr bool reading = false;
    json::object object;

    template <class T>
    void operator()(std::string_view name, const T& value);
};

struct JsonReader {
    static constexpr bool reading = true;
    const json::object& object;
    std::optional<Error> error;  // The first field that could not be read.

    template <class T>
    void operator()(std::string_view name, T& value);
};

// Enums are written as their name; `names` lists them in the order of their values:
//     constexpr std::array<std::string_view, 2> names(Mode*) { return {"PUSH", "PULL"}; }
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires { names(static_cast<T*>(nullptr)); };

template <class T>
concept HasFields = requires(JsonWriter& writer, const T& value) { fields(writer, value); };

template <NamedEnum T>
std::string_view name(T value) {
    return names(static_cast<T*>(nullptr))[static_cast<std::size_t>(value)];
}
template <NamedEnum T>
Result<T> parse_enum(std::string_view text) {
    constexpr auto all = names(static_cast<T*>(nullptr));
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i] == text) return static_cast<T>(i);
    return fail(Code::invalid, "unknown name \"" + std::string(text.substr(0, 60)) + "\"");
}

namespace detail {

template <class T>
struct Json;  // write(const T&) -> json::value, read(const json::value&) -> Result<T>

inline std::unexpected<Error> wrong(std::string_view wanted) {
    return fail(Code::invalid, "is not " + std::string(wanted));
}

template <>
struct Json<bool> {
    static json::value write(bool value) { return value; }
    static Result<bool> read(const json::value& in) {
        if (!in.is_bool()) return wrong("a boolean");
        return in.get_bool();
    }
};
template <std::integral T>
struct Json<T> {
    static json::value write(T value) { return value; }
    static Result<T> read(const json::value& in) {
        boost::system::error_code error;
        const T value = in.is_number() ? in.to_number<T>(error) : T{};
        if (!in.is_number() || error) return wrong("an integer in range");
        return value;
    }
};
template <>
struct Json<double> {
    static json::value write(double value) { return value; }
    static Result<double> read(const json::value& in) {
        boost::system::error_code error;
        const double value = in.is_number() ? in.to_number<double>(error) : 0.0;
        if (!in.is_number() || error) return wrong("a number");
        return value;
    }
};
template <>
struct Json<std::string> {
    static json::value write(const std::string& value) { return json::string(value); }
    static Result<std::string> read(const json::value& in) {
        if (!in.is_string()) return wrong("a string");
        return std::string(in.get_string());
    }
};
template <>
struct Json<json::value> {
    static json::value write(const json::value& value) { return value; }
    static Result<json::value> read(const json::value& in) { return in; }
};
template <class Tag>
struct Json<Id<Tag>> {
    static json::value write(const Id<Tag>& id) { return json::string(id.text()); }
    static Result<Id<Tag>> read(const json::value& in) {
        return map(Json<std::string>::read(in),
                   [](std::string text) { return Id<Tag>(std::move(text)); });
    }
};
template <class Tag>
struct Json<Number<Tag>> {
    static json::value write(Number<Tag> number) { return number.value(); }
    static Result<Number<Tag>> read(const json::value& in) {
        return map(Json<std::uint64_t>::read(in), [](std::uint64_t n) { return Number<Tag>(n); });
    }
};
template <>
struct Json<TimePoint> {  // Unix milliseconds
    static json::value write(TimePoint time) { return time.time_since_epoch().count(); }
    static Result<TimePoint> read(const json::value& in) {
        return map(Json<std::int64_t>::read(in),
                   [](std::int64_t n) { return TimePoint(Duration(n)); });
    }
};
template <>
struct Json<Duration> {  // milliseconds
    static json::value write(Duration duration) { return duration.count(); }
    static Result<Duration> read(const json::value& in) {
        return map(Json<std::int64_t>::read(in), [](std::int64_t n) { return Duration(n); });
    }
};
template <NamedEnum T>
struct Json<T> {
    static json::value write(T value) { return json::string(name(value)); }
    static Result<T> read(const json::value& in) {
        if (!in.is_string()) return wrong("a name");
        return parse_enum<T>(std::string_view(in.get_string()));
    }
};
template <class T>
struct Json<std::optional<T>> {
    static json::value write(const std::optional<T>& value) {
        return value ? Json<T>::write(*value) : json::value(nullptr);
    }
    static Result<std::optional<T>> read(const json::value& in) {
        if (in.is_null()) return std::optional<T>{};
        return map(Json<T>::read(in), [](T value) { return std::optional<T>(std::move(value)); });
    }
};
template <class T>
struct Json<std::vector<T>> {
    static json::value write(const std::vector<T>& values) {
        json::array array;
        array.reserve(values.size());
        for (const T& value : values)
            array.push_back(Json<T>::write(value));
        return array;
    }
    static Result<std::vector<T>> read(const json::value& in) {
        if (!in.is_array()) return wrong("an array");
        std::vector<T> values;
        for (const json::value& element : in.get_array()) {
            Result<T> value = Json<T>::read(element);
            if (!value) return fail(std::move(value.error()));
            values.push_back(std::move(*value));
        }
        return values;
    }
};
template <HasFields T>
struct Json<T> {
    static json::value write(const T& value) {
        JsonWriter writer;
        fields(writer, value);
        return std::move(writer.object);
    }
    static Result<T> read(const json::value& in) {
        if (!in.is_object()) return wrong("an object");
        T value{};
        JsonReader reader{in.get_object(), {}};
        fields(reader, value);
        if (reader.error) return fail(std::move(*reader.error));
        return value;
    }
};
// A choice is written as the object of the alternative with its `kind` beside the fields.
template <HasFields... T>
struct Json<std::variant<T...>> {
    static json::value write(const std::variant<T...>& value) {
        return std::visit(
            [](const auto& chosen) {
                JsonWriter writer;
                writer("kind", std::string(std::decay_t<decltype(chosen)>::kind));
                fields(writer, chosen);
                return json::value(std::move(writer.object));
            },
            value);
    }
    static Result<std::variant<T...>> read(const json::value& in) {
        const json::value* kind = in.is_object() ? in.get_object().if_contains("kind") : nullptr;
        if (!kind || !kind->is_string()) return wrong("an object with a kind");
        Result<std::variant<T...>> result = wrong("of a known kind");
        (void)((kind->get_string() == T::kind &&
                (result = map(Json<T>::read(in),
                              [](T value) { return std::variant<T...>(std::move(value)); }),
                 true)) ||
               ...);
        return result;
    }
};

}  // namespace detail

template <class T>
json::value to_json(const T& value) {
    return detail::Json<T>::write(value);
}
// Errors: invalid, with the path of the field.
template <class T>
Result<T> from_json(const json::value& in) {
    return detail::Json<T>::read(in);
}
// The same over text: how records are stored.
template <class T>
std::string to_json_text(const T& value) {
    return json::serialize(to_json(value));
}
template <class T>
Result<T> from_json_text(std::string_view text) {
    Result<json::value> parsed = parse_json(text);
    if (!parsed) return fail(std::move(parsed.error()));
    return from_json<T>(*parsed);
}

template <class T>
void JsonWriter::operator()(std::string_view name, const T& value) {
    object.emplace(name, to_json(value));
}
template <class T>
void JsonReader::operator()(std::string_view name, T& value) {
    const json::value* found = object.if_contains(name);
    if (!found || error) return;
    Result<T> read = from_json<T>(*found);
    if (read)
        value = std::move(*read);
    else
        error = Error{read.error().code, std::string(name) +
                                             (read.error().detail.starts_with("is ") ? " " : ".") +
                                             read.error().detail};
}

}  // namespace hookreel
