#include "app/commands/frame/moment.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/text.h"

namespace hookreel::app::commands {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Unit {
    std::string_view name;
    Duration span;
};
// "ms" before "s", which it ends with.
constexpr std::array<Unit, 5> units = {
    {{"ms", Duration(1)}, {"s", seconds(1)}, {"m", minutes(1)}, {"h", hours(1)}, {"d", days(1)}}};

}  // namespace

Result<Duration> read_span(std::string_view text) {
    constexpr double milliseconds_max = 1e13;  // 300 years.
    for (const Unit& unit : units) {
        if (!text.ends_with(unit.name)) continue;
        const Result<double> count = parse_real(text.substr(0, text.size() - unit.name.size()));
        const double span = count.value_or(-1) * double(unit.span.count());
        if (!(span >= 0) || span > milliseconds_max) break;
        return Duration(Duration::rep(std::llround(span)));
    }
    return fail(Code::invalid, fmt::format("\"{}\" is no span of time: write 500ms, 90s, 15m, 2h "
                                           "or 7d",
                                           text.substr(0, 60)));
}

Result<TimePoint> read_moment(std::string_view text, TimePoint now) {
    const Result<Duration> span = read_span(text);
    if (span && *span < now.time_since_epoch()) return now - *span;
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
