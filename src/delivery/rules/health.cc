#include "delivery/rules/health.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::delivery {
namespace {

constexpr std::array<int, 4> told_percents = {100, 90, 70, 50};

// The highest percentage to be told that is reached; 0 when it is none.
int reached_percent(Duration failing, Duration disable_after) {
    if (disable_after <= Duration(0)) return 0;
    const auto* const reached = std::ranges::find_if(
        told_percents, [&](int percent) { return failing >= disable_after / 100 * percent; });
    return reached == told_percents.end() ? 0 : *reached;
}

}  // namespace

Health after(Health health, Verdict verdict, TimePoint now) {
    if (verdict == Verdict::taken) return {.warned = health.warned};
    if (!is_charged(verdict)) return health;
    health.failing_since = std::min(health.failing_since, now);
    health.gone = health.gone || verdict == Verdict::gone;
    return health;
}

std::optional<Finding> finding(const model::Endpoint& stored, const Health& health,
                               const HealthRules& rules, TimePoint now) {
    using Kind = Finding::Kind;
    if (stored.state == model::EndpointState::disabled) return std::nullopt;
    if (health.gone)
        return Finding{Kind::disabled, health.failing_since, 100, "it answered 410 Gone"};
    if (health.failing_since == never) {
        if (stored.failing_since == never) return std::nullopt;
        return Finding{.kind = Kind::recovered, .reason = {}};
    }
    const int percent = reached_percent(now - health.failing_since, rules.disable_after);
    const std::string reason =
        fmt::format("every attempt has failed since {}", rfc3339(health.failing_since));
    if (percent == 100) return Finding{Kind::disabled, health.failing_since, percent, reason};
    const bool may_warn = now - health.warned >= rules.between_warnings;
    if (percent > stored.warned_percent && may_warn)
        return Finding{Kind::warning, health.failing_since, percent, reason};
    const bool is_noted = stored.failing_since != never;
    if (!is_noted && now - health.failing_since >= rules.noted_after)
        return Finding{Kind::failing, health.failing_since, 0, {}};
    return std::nullopt;
}

}  // namespace hookreel::delivery
