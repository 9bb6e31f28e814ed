// An absolute http or https URL, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hookreel::http {

struct Url {
    enum class Scheme { http, https } scheme = Scheme::http;
    std::string host;  // Lower case, without brackets around an IPv6 address.
    std::uint16_t port = 80;
    std::string target = "/";  // Path and query, as written; never empty.

    // "host" or "host:port", as a Host header has it.
    std::string authority() const;
};

// Refused: other schemes, user names, control characters, empty hosts, ports out of range, more
// than 8 KiB. A fragment is dropped. Errors: invalid, with the reason.
Result<Url> parse_url(std::string_view text);

// What a reference within a document at `base` means (RFC 3986, section 5): absolute, "//host/x",
// "/x", "x", "../x", "?x". Errors: invalid, as parse_url.
Result<Url> resolve(const Url& base, std::string_view reference);

}  // namespace hookreel::http
