// Small rules on text: percent-encoding, case, trimming, numbers. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hookreel {

// RFC 3986: everything but A-Z a-z 0-9 - . _ ~ becomes %XX, upper-case.
std::string percent_encode(std::string_view text);
// Decodes %XX; a broken escape is an error (invalid).
Result<std::string> percent_decode(std::string_view text);
// As percent_decode, and `+` is a space: application/x-www-form-urlencoded.
Result<std::string> form_decode(std::string_view text);
// The name=value pairs of a query or form, decoded, in order. Errors: invalid.
Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text);

std::string to_lower(std::string_view text);
std::string_view trim(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);

// The whole text as a decimal number. Errors: invalid.
Result<std::uint64_t> parse_unsigned(std::string_view text);
Result<std::int64_t> parse_signed(std::string_view text);
Result<double> parse_real(std::string_view text);

// "1.4 MiB", "12 B": for people.
std::string human_bytes(std::uint64_t bytes);

bool is_utf8(std::string_view text);
// Whether U+0000 to U+001F or U+007F to U+009F is in the UTF-8 text: no name has one.
bool has_control_character(std::string_view text);

}  // namespace hookreel
