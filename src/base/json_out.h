// Writes JSON by appending to a string, without a tree in between: for texts that are made often.
//
//     JsonOut json(text);
//     json.open('{').member("id", id).member("size", 12).name("tags").open('[');
//     json.value("a").value("b").close(']').close('}');
//
// Commas are set where they belong; that the brackets match is the caller's business. One thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace hookreel {

class JsonOut {
 public:
    // Appends to `out`, which outlives this.
    explicit JsonOut(std::string& out) : out_(out), begin_(out.size()) {}

    JsonOut& open(char bracket);   // '{' or '['
    JsonOut& close(char bracket);  // '}' or ']'
    // The name of a member: a plain word, not escaped.
    JsonOut& name(std::string_view name);

    // Bytes that are not UTF-8 become U+FFFD.
    JsonOut& value(std::string_view text);
    JsonOut& value(const char* text) { return value(std::string_view(text)); }
    JsonOut& value(std::same_as<bool> auto truth) { return raw(truth ? "true" : "false"); }
    template <std::integral T>
        requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    JsonOut& value(T number) {
        return std::signed_integral<T> ? integer(static_cast<std::int64_t>(number))
                                       : natural(static_cast<std::uint64_t>(number));
    }
    // The shortest digits that read back the same, without an exponent below 1e15. What JSON cannot
    // say becomes 0.
    JsonOut& value(double number);
    JsonOut& value(TimePoint time);  // RFC 3339 with milliseconds.
    JsonOut& null() { return raw("null"); }
    // A JSON text as it is.
    JsonOut& raw(std::string_view json);

    JsonOut& member(std::string_view of, const auto& what) { return name(of).value(what); }

 private:
    void separate();
    JsonOut& integer(std::int64_t number);
    JsonOut& natural(std::uint64_t number);

    std::string& out_;
    std::size_t begin_;
};

}  // namespace hookreel
