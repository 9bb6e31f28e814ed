#include "base/json_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace hookreel {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Needs neither an escape nor a look at its encoding.
bool is_plain(char c) {
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            if (c >= 0 && c < 0x20)
                fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<int>(c));
            else
                out += c;
    }
}

}  // namespace

void JsonOut::separate() {
    if (out_.size() == begin_) return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':') out_ += ',';
}

JsonOut& JsonOut::open(char bracket) {
    separate();
    out_ += bracket;
    return *this;
}

JsonOut& JsonOut::close(char bracket) {
    out_ += bracket;
    return *this;
}

JsonOut& JsonOut::name(std::string_view name) {
    separate();
    out_.append("\"").append(name).append("\":");
    return *this;
}

JsonOut& JsonOut::value(std::string_view text) {
    separate();
    out_ += '"';
    if (std::ranges::all_of(text, is_plain)) {
        out_ += text;
    } else {
        const bool sound = is_utf8(text);
        for (const char c : text)
            if (c < 0 && !sound)
                out_ += replacement;
            else
                append_escaped(out_, c);
    }
    out_ += '"';
    return *this;
}

JsonOut& JsonOut::integer(std::int64_t number) {
    return raw(fmt::format_int(number).c_str());
}

JsonOut& JsonOut::natural(std::uint64_t number) {
    return raw(fmt::format_int(number).c_str());
}

JsonOut& JsonOut::value(double number) {
    separate();
    if (!std::isfinite(number)) number = 0;
    if (std::abs(number) < 1e15)
        fmt::format_to(std::back_inserter(out_), "{}", number);
    else
        fmt::format_to(std::back_inserter(out_), "{:.0f}", number);
    return *this;
}

JsonOut& JsonOut::value(TimePoint time) {
    return value(std::string_view(rfc3339(time)));
}

JsonOut& JsonOut::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

}  // namespace hookreel
