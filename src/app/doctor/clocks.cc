#include "app/doctor/clocks.h"

#include <fmt/format.h>
#include <sys/timex.h>

#include "http/http_date.h"

namespace hookreel::app::doctor {
namespace {

using std::chrono::seconds, std::chrono::minutes;

// This program is younger than that; and nobody runs it that much later.
const TimePoint earliest = parse_time("2026-01-01T00:00:00Z").value();
const TimePoint latest = parse_time("2076-01-01T00:00:00Z").value();
constexpr Duration visible = seconds(5);
constexpr Duration refused = minutes(5);

constexpr const char* advice = "set the clock: systemctl enable --now systemd-timesyncd, or chrony";

}  // namespace

Keeper ask_kernel() {
    timex state{};
    const int answer = ::adjtimex(&state);
    if (answer < 0) return Keeper::unknown;
    return answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0 ? Keeper::nobody
                                                                    : Keeper::synchronised;
}

Finding judge_clock(TimePoint now, Keeper keeper) {
    const std::string time = iso8601(now);
    if (now < earliest || now > latest)
        return {"clock", Outcome::failed, time + " cannot be right", advice};
    if (keeper == Keeper::nobody)
        return {"clock", Outcome::warning, time + "; nobody keeps it right, says the kernel",
                advice};
    return {"clock", Outcome::ok, time + (keeper == Keeper::synchronised ? ", synchronised" : ""),
            ""};
}

Finding judge_peer_clock(std::string_view whose, std::string_view date, TimePoint now) {
    const std::string subject = fmt::format("clock of {}", whose);
    const auto theirs = http::parse_http_date(date);
    if (!theirs) return {subject, Outcome::ok, "it does not tell its time", ""};
    const Duration ahead = *theirs - now;
    const auto off = std::chrono::duration_cast<seconds>(abs(ahead));
    const std::string found =
        fmt::format("{} s {} ours", off.count(), ahead.count() > 0 ? "ahead of" : "behind");
    if (off > refused)
        return {subject, Outcome::failed, found + "; signatures are refused", advice};
    if (off > visible) return {subject, Outcome::warning, found, advice};
    return {subject, Outcome::ok, "the same as ours", ""};
}

}  // namespace hookreel::app::doctor
