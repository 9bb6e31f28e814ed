// How long an endpoint has been failing, and what follows from it.
//
// Pure. An endpoint fails from its first charged failure after a success until the next success.
// When that takes as long as `disable_after`, it is disabled; its operator is told at 50, 70, 90
// and 100 % of it. What must survive a restart is found by comparing with what is stored, so that
// it is found again until it was written.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "delivery/rules/classify.h"
#include "model/endpoint.h"

namespace hookreel::delivery {

struct HealthRules {
    Duration disable_after = std::chrono::days(5);  // 0: never.
    // An endpoint that fails for a shorter time is no news: nothing is written of it.
    Duration noted_after{60'000};
    Duration between_warnings = std::chrono::hours(1);
};

struct Health {
    TimePoint failing_since = never;
    TimePoint warned{};  // When the operator was told last.
    bool gone = false;   // It answered 410.
};

Health after(Health health, Verdict verdict, TimePoint now);

// What is to be written of an endpoint.
struct Finding {
    enum class Kind {
        recovered,
        failing,   // Noted, told to nobody.
        warning,   // The operator is told.
        disabled,  // The endpoint is disabled, and the operator told.
    } kind = Kind::failing;
    TimePoint failing_since = never;
    int percent = 0;     // Of the time until it is disabled, that is told: 50, 70, 90 or 100.
    std::string reason;  // For people.

    bool operator==(const Finding&) const = default;
};

// `stored` has what is written already.
std::optional<Finding> finding(const model::Endpoint& stored, const Health& health,
                               const HealthRules& rules, TimePoint now);

}  // namespace hookreel::delivery
