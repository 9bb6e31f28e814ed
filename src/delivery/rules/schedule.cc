#include "delivery/rules/schedule.h"

#include <algorithm>

#include "base/text.h"
#include "http/http_date.h"

namespace hookreel::delivery {
namespace {

constexpr Duration own_fault_shortest{1'000};
constexpr Duration own_fault_longest{60'000};
// Nobody means a longer one; it also keeps sums from overflowing.
constexpr std::uint64_t retry_after_seconds_max = 365 * 24 * 3600;

Duration part_of(Duration whole, double part) {
    return std::chrono::floor<Duration>(std::chrono::duration<double, std::milli>(whole) * part);
}

}  // namespace

std::optional<Duration> retry_delay(const model::Schedule& schedule, const FailedTry& failed) {
    const auto step_at = static_cast<std::size_t>(std::max(failed.attempt, 1)) - 1;
    if (step_at >= schedule.delays.size()) return std::nullopt;
    const Duration step = schedule.delays[step_at];
    const Duration delay = step + part_of(step, failed.random * schedule.jitter_percent / 100);
    if (schedule.follows_answer == model::Switch::off || !failed.retry_after) return delay;
    return std::max(delay, std::min(*failed.retry_after, 2 * step));
}

Duration own_fault_delay(int in_a_row, double random) {
    const Duration step =
        std::min(own_fault_shortest * (1 << std::clamp(in_a_row, 0, 6)), own_fault_longest);
    return step + part_of(step, random / 5);
}

std::optional<Duration> retry_after(std::string_view field, TimePoint now) {
    if (const Result<std::uint64_t> seconds = parse_unsigned(field))
        return std::chrono::seconds(std::min(*seconds, retry_after_seconds_max));
    const Result<TimePoint> date = http::parse_http_date(field);
    if (!date) return std::nullopt;
    return std::max(*date - now, Duration(0));
}

}  // namespace hookreel::delivery
