// The date of HTTP header fields: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7). Pure
// functions.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace hookreel::http {

std::string http_date(TimePoint time);
// Only the preferred form. Errors: invalid.
Result<TimePoint> parse_http_date(std::string_view text);

}  // namespace hookreel::http
