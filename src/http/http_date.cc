#include "http/http_date.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace hookreel::http {
namespace {

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string http_date(TimePoint time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        weekdays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

Result<TimePoint> parse_http_date(std::string_view text) {
    // "Sun, 06 Nov 1994 08:49:37 GMT"
    if (text.size() != 29) return fail(Code::invalid, "not a date of HTTP");
    const auto month = std::ranges::find(months, text.substr(8, 3));
    const Result<std::uint64_t> day = parse_unsigned(text.substr(5, 2));
    const Result<std::uint64_t> year = parse_unsigned(text.substr(12, 4));
    const Result<std::uint64_t> hour = parse_unsigned(text.substr(17, 2));
    const Result<std::uint64_t> minute = parse_unsigned(text.substr(20, 2));
    const Result<std::uint64_t> second = parse_unsigned(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second)
        return fail(Code::invalid, "not a date of HTTP");
    const std::chrono::year_month_day date(
        std::chrono::year(static_cast<int>(*year)),
        std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return fail(Code::invalid, "not a date of HTTP");
    const TimePoint time = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                           std::chrono::minutes(*minute) + std::chrono::seconds(*second);
    // A time that does not exist comes out as another one.
    if (http_date(time) != text) return fail(Code::invalid, "not a date of HTTP");
    return time;
}

}  // namespace hookreel::http
