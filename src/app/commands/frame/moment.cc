#include "app/commands/frame/moment.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"

namespace hookreel::app::commands {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::optional<Duration> unit_of(char letter) {
    switch (letter) {
        case 's':
            return seconds(1);
        case 'm':
            return minutes(1);
        case 'h':
            return hours(1);
        case 'd':
            return days(1);
        default:
            return std::nullopt;
    }
}

}  // namespace

Result<TimePoint> read_moment(std::string_view text, TimePoint now) {
    constexpr std::uint64_t count_max = 100'000'000;  // More than any unit needs.
    const std::optional<Duration> unit = text.empty() ? std::nullopt : unit_of(text.back());
    const Result<std::uint64_t> count =
        unit ? parse_unsigned(text.substr(0, text.size() - 1)) : fail(Code::invalid, "");
    if (count && *count <= count_max && *unit * Duration::rep(*count) < now.time_since_epoch())
        return now - *unit * Duration::rep(*count);
    Result<TimePoint> time = parse_time(text);
    if (time) return time;
    return fail(Code::invalid,
                fmt::format("\"{}\" is no time: write how long ago (90s, 15m, 2h, 7d) or a time "
                            "such as 2026-11-20T21:40:06Z",
                            text.substr(0, 60)));
}

Result<std::string> api_moment(std::string_view text, TimePoint now) {
    if (text.empty()) return std::string();
    return map(read_moment(text, now), [](TimePoint time) { return rfc3339(time); });
}

}  // namespace hookreel::app::commands
