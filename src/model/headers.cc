#include "model/headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace hookreel::model {
namespace {

constexpr std::array<std::string_view, 17> reserved_names = {
    "host",       "connection",    "keep-alive",        "proxy-connection", "content-length",
    "te",         "trailer",       "transfer-encoding", "upgrade",          "expect",
    "user-agent", "content-type",  "content-encoding",  "traceparent",      "tracestate",
    "date",       "http2-settings"};
constexpr std::array<std::string_view, 3> reserved_prefixes = {"webhook-", "ce-", "proxy-"};

// RFC 9110, 5.6.2.
bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

bool is_value_character(char c) {
    return c == '\t' || (c >= ' ' && c != 0x7f);
}

bool is_reserved(std::string_view name) {
    const std::string lower = to_lower(name);
    return std::ranges::find(reserved_names, lower) != reserved_names.end() ||
           std::ranges::any_of(reserved_prefixes, [&lower](std::string_view prefix) {
               return lower.starts_with(prefix);
           });
}

}  // namespace

Result<void> check_header(const Header& header) {
    const auto& [name, value] = header;
    if (name.empty() || name.size() > header_name_bytes_max ||
        !std::ranges::all_of(name, is_token_character))
        return fail(Code::invalid, "a header's name must be 1 to 128 letters, digits or -");
    if (is_reserved(name))
        return fail(Code::invalid,
                    fmt::format("the header {} is written by the server itself", name));
    if (value.size() > header_value_bytes_max || !std::ranges::all_of(value, is_value_character))
        return fail(Code::invalid,
                    fmt::format("the value of the header {} must be at most 4096 printable ASCII "
                                "characters",
                                name));
    return {};
}

Result<void> check_headers(const std::vector<Header>& headers) {
    if (headers.size() > headers_max)
        return fail(Code::invalid, fmt::format("at most {} headers", headers_max));
    for (const Header& header : headers)
        if (Result<void> fine = check_header(header); !fine) return fine;
    return {};
}

}  // namespace hookreel::model
