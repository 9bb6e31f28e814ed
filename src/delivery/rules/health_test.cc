#include "delivery/rules/health.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

using namespace std::chrono_literals;
using Kind = Finding::Kind;

const TimePoint begin = from_unix_seconds(1'800'000'000);
const HealthRules five_days;

// What is written when an endpoint fails once an hour for so long, in turn.
std::vector<std::pair<Kind, int>> written(HealthRules rules, Duration interval, int attempts) {
    model::Endpoint stored;
    Health health;
    std::vector<std::pair<Kind, int>> all;
    for (int i = 0; i < attempts; ++i) {
        const TimePoint now = begin + interval * i;
        health = after(health, Verdict::refused, now);
        const auto found = finding(stored, health, rules, now);
        if (!found) continue;
        all.emplace_back(found->kind, found->percent);
        EXPECT_EQ(found->failing_since, begin);
        stored.failing_since = found->failing_since;
        stored.warned_percent = found->percent;
        if (found->kind == Kind::warning) health.warned = now;
        if (found->kind == Kind::disabled) stored.state = model::EndpointState::disabled;
    }
    return all;
}

TEST(Health, TellsTheOperatorAndDisablesAfterFiveDays) {
    const std::vector<std::pair<Kind, int>> expected = {{Kind::failing, 0},
                                                        {Kind::warning, 50},
                                                        {Kind::warning, 70},
                                                        {Kind::warning, 90},
                                                        {Kind::disabled, 100}};
    EXPECT_EQ(written(five_days, 1h, 200), expected);
    EXPECT_EQ(written(five_days, 10min, 2000), expected);
}

TEST(Health, WarnsAtMostOnceAnHour) {
    const HealthRules hurried{.disable_after = 30min};
    const std::vector<std::pair<Kind, int>> expected = {
        {Kind::failing, 0}, {Kind::warning, 50}, {Kind::disabled, 100}};
    EXPECT_EQ(written(hurried, 1min, 100), expected);
}

TEST(Health, NeverDisablesWhereThatIsOff) {
    const std::vector<std::pair<Kind, int>> expected = {{Kind::failing, 0}};
    EXPECT_EQ(written({.disable_after = 0ms}, 1h, 2000), expected);
}

TEST(Health, IsNoNewsWhenItFailsForSeconds) {
    EXPECT_TRUE(written(five_days, 1s, 60).empty());
}

TEST(Health, RecoversWithTheFirstSuccess) {
    model::Endpoint stored;
    stored.failing_since = begin;
    stored.warned_percent = 70;
    Health health{.failing_since = begin};
    health = after(health, Verdict::ours, begin + 1h);
    EXPECT_EQ(health.failing_since, begin);
    health = after(health, Verdict::taken, begin + 2h);
    EXPECT_EQ(finding(stored, health, five_days, begin + 2h)->kind, Kind::recovered);
    stored.failing_since = never;
    EXPECT_EQ(finding(stored, health, five_days, begin + 2h), std::nullopt);
}

TEST(Health, IsNotChargedForFaultsOfOurs) {
    const Health health = after(after({}, Verdict::ours, begin), Verdict::stopping, begin);
    EXPECT_EQ(health.failing_since, never);
}

TEST(Health, DisablesAtOnceWhatIsGone) {
    const Health health = after({}, Verdict::gone, begin);
    const auto found = finding({}, health, five_days, begin);
    EXPECT_EQ(found, (Finding{Kind::disabled, begin, 100, "it answered 410 Gone"}));
    model::Endpoint disabled;
    disabled.state = model::EndpointState::disabled;
    EXPECT_EQ(finding(disabled, health, five_days, begin), std::nullopt);
}

}  // namespace
}  // namespace hookreel::delivery
