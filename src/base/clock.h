// Wall-clock time in milliseconds, and where it comes from.
//
// Rules take `now` as an argument. What must ask for the time takes a Clock, so that a test can
// move it by hand. Waiting is done with timers of the loop, which run on the steady clock.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hookreel {

using Duration = std::chrono::milliseconds;
using TimePoint = std::chrono::time_point<std::chrono::system_clock, Duration>;

// Threads: any.
class Clock {
 public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
 public:
    TimePoint now() const override;
};

// Stands still until it is told to move.
class ManualClock final : public Clock {
 public:
    explicit ManualClock(TimePoint start) : milliseconds_(start.time_since_epoch().count()) {}
    TimePoint now() const override { return TimePoint(Duration(milliseconds_.load())); }
    void advance(Duration by) { milliseconds_ += by.count(); }

 private:
    std::atomic<Duration::rep> milliseconds_;
};

// "2026-03-02T08:10:22Z": ISO 8601 in UTC, to the second. The Tencent form.
std::string iso8601(TimePoint time);
// "2026-03-02T08:10:22.123Z": RFC 3339 with milliseconds, for logs and the native API.
std::string rfc3339(TimePoint time);
// Reads both forms, also with an offset such as +08:00. Errors: invalid.
Result<TimePoint> parse_time(std::string_view text);

inline std::int64_t unix_seconds(TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}
inline TimePoint from_unix_seconds(std::int64_t seconds) {
    return TimePoint(std::chrono::seconds(seconds));
}

// 9999-12-31T23:59:59Z, how Tencent writes "never".
inline constexpr TimePoint never = TimePoint(std::chrono::seconds(253402300799));

}  // namespace hookreel
