#include "base/clock.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>

namespace hookreel {
namespace {

using std::chrono::floor;

struct Civil {
    std::chrono::year_month_day date;
    std::chrono::hh_mm_ss<Duration> time;
};

Civil civil(TimePoint time) {
    const auto day = floor<std::chrono::days>(time);
    return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<Duration>(time - day)};
}

// The number written in `digits` decimal digits at `at`, or -1.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
    if (at + digits > text.size()) return -1;
    int value = 0;
    const char* end = text.data() + at + digits;
    const auto [stop, error] = std::from_chars(text.data() + at, end, value);
    return error == std::errc{} && stop == end && text[at] != '-' ? value : -1;
}

// What follows the seconds: an optional fraction, then Z or an offset. False when it is anything
// else.
bool read_tail(std::string_view tail, Duration& fraction, std::chrono::minutes& offset) {
    if (!tail.empty() && tail[0] == '.') {
        std::size_t digits = 0;
        int value = 0;
        while (1 + digits < tail.size() && tail[1 + digits] >= '0' && tail[1 + digits] <= '9') {
            if (digits < 3) value = value * 10 + (tail[1 + digits] - '0');
            ++digits;
        }
        if (digits == 0) return false;
        for (std::size_t i = digits; i < 3; ++i)
            value *= 10;
        fraction = Duration(value);
        tail.remove_prefix(1 + digits);
    }
    if (tail == "Z" || tail == "z") return true;
    if (tail.size() != 6 || (tail[0] != '+' && tail[0] != '-') || tail[3] != ':') return false;
    const int hours = number_at(tail, 1, 2);
    const int minutes = number_at(tail, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
    offset = std::chrono::minutes((tail[0] == '-' ? -1 : 1) * (hours * 60 + minutes));
    return true;
}

}  // namespace

TimePoint SystemClock::now() const {
    return floor<Duration>(std::chrono::system_clock::now());
}

std::string iso8601(TimePoint time) {
    const auto [date, clock] = civil(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()),
                       unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

std::string rfc3339(TimePoint time) {
    std::string text = iso8601(time);
    text.pop_back();
    return text + fmt::format(".{:03}Z", civil(time).time.subseconds().count());
}

Result<TimePoint> parse_time(std::string_view text) {
    const auto refused = [&] {
        return fail(Code::invalid, fmt::format("not an ISO 8601 time: \"{}\"", text.substr(0, 40)));
    };
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
        return refused();
    const int year = number_at(text, 0, 4), month = number_at(text, 5, 2),
              day = number_at(text, 8, 2);
    const int hour = number_at(text, 11, 2), minute = number_at(text, 14, 2);
    const int second = number_at(text, 17, 2);
    const auto date = std::chrono::year(year) / month / day;
    if (year < 0 || month < 0 || day < 0 || !date.ok() || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return refused();
    Duration fraction{0};
    std::chrono::minutes offset{0};
    if (!read_tail(text.substr(19), fraction, offset)) return refused();
    return TimePoint(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
                     std::chrono::minutes(minute) + std::chrono::seconds(second) + fraction -
                     offset);
}

}  // namespace hookreel
