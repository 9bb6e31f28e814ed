// When an event is tried again: pure functions of a dialect's schedule.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "model/endpoint.h"

namespace hookreel::delivery {

// An attempt that failed.
struct FailedTry {
    int attempt = 1;                      // 1 for the first send.
    std::optional<Duration> retry_after;  // What the receiver asked for.
    double random = 0;                    // From 0 to 1.
};

// How long to wait before the next send; none when the schedule has no more. The schedule's step,
// made longer by the jitter, never shorter; where the schedule follows the answer, at least what
// the receiver asked for, but not longer for that than twice the step.
std::optional<Duration> retry_delay(const model::Schedule& schedule, const FailedTry& failed);

// After a fault of ours, which uses up nothing: 1 s, then twice as long each time up to 1 min, and
// up to a fifth more. `in_a_row` faults came before.
Duration own_fault_delay(int in_a_row, double random);

// The field Retry-After: seconds or a date (RFC 9110, section 10.2.3). None when it is neither; a
// date that is over is 0.
std::optional<Duration> retry_after(std::string_view field, TimePoint now);

}  // namespace hookreel::delivery
