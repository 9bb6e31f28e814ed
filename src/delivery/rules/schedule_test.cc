#include "delivery/rules/schedule.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

using namespace std::chrono_literals;

const model::Schedule standard{
    .delays = {0ms, 5s, 5min}, .jitter_percent = 20, .follows_answer = model::Switch::on};

TEST(RetryDelay, OnlyAddsJitter) {
    EXPECT_EQ(retry_delay(standard, {.attempt = 1, .random = 1}), 0ms);
    EXPECT_EQ(retry_delay(standard, {.attempt = 2, .random = 0}), 5s);
    EXPECT_EQ(retry_delay(standard, {.attempt = 2, .random = 0.5}), 5500ms);
    EXPECT_EQ(retry_delay(standard, {.attempt = 3, .random = 1}), 6min);
    EXPECT_EQ(retry_delay(standard, {.attempt = 4, .random = 1}), std::nullopt);
}

TEST(RetryDelay, WaitsAsAskedBetweenTheStepAndTwiceTheStep) {
    const auto asked = [](Duration wait) {
        return retry_delay(standard, {.attempt = 2, .retry_after = wait});
    };
    EXPECT_EQ(asked(1s), 5s);
    EXPECT_EQ(asked(7s), 7s);
    EXPECT_EQ(asked(1h), 10s);
    EXPECT_EQ(retry_delay(standard, {.attempt = 2, .retry_after = 5500ms, .random = 1}), 6s);
    EXPECT_EQ(retry_delay(standard, {.attempt = 1, .retry_after = 1h}), 0ms);
}

TEST(RetryDelay, HearsNothingWhereTheScheduleDoesNot) {
    model::Schedule deaf = standard;
    deaf.follows_answer = model::Switch::off;
    EXPECT_EQ(retry_delay(deaf, {.attempt = 2, .retry_after = 7s}), 5s);
}

TEST(OwnFaultDelay, GrowsToAMinute) {
    EXPECT_EQ(own_fault_delay(0, 0), 1s);
    EXPECT_EQ(own_fault_delay(3, 0), 8s);
    EXPECT_EQ(own_fault_delay(6, 0), 60s);
    EXPECT_EQ(own_fault_delay(1'000'000, 1), 72s);
}

TEST(RetryAfter, ReadsSecondsAndDates) {
    const TimePoint now = from_unix_seconds(784'111'777);  // Sun, 06 Nov 1994 08:49:37 GMT
    EXPECT_EQ(retry_after("120", now), 120s);
    EXPECT_EQ(retry_after("0", now), 0s);
    EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), 60s);
    EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:40:00 GMT", now), 0s);
    EXPECT_EQ(retry_after("18446744073709551615", now), std::chrono::days(365));
    for (const char* text : {"", "soon", "-1", "1.5", "99999999999999999999999"})
        EXPECT_EQ(retry_after(text, now), std::nullopt) << text;
}

}  // namespace
}  // namespace hookreel::delivery
