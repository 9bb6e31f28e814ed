// Times as people give them on a command line.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace hookreel::app::commands {

// "500ms", "90s", "1.5h", "7d". Errors: invalid, with what it takes.
Result<Duration> read_span(std::string_view text);

// "90s", "15m", "2h" or "7d" before `now`, or a time of RFC 3339. Errors: invalid, with what it
// takes.
Result<TimePoint> read_moment(std::string_view text, TimePoint now);
// The same as the native API takes it; what is empty stays empty.
Result<std::string> api_moment(std::string_view text, TimePoint now);

}  // namespace hookreel::app::commands
