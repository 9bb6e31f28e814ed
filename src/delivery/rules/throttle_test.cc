#include "delivery/rules/throttle.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

using namespace std::chrono_literals;

Instant at(Duration time) {
    return Instant(1h + time);
}

Send send(Verdict verdict, Duration begun, Duration ended) {
    return {verdict, at(begun), at(ended)};
}

TEST(Window, HalvesOnOverloadAndGrowsBackByOneARound) {
    Window window(8);
    EXPECT_EQ(window.size(), 8);
    window.heard(send(Verdict::overloaded, 0s, 1s));
    EXPECT_EQ(window.size(), 4);
    for (int i = 0; i < 4; ++i)
        window.heard(send(Verdict::taken, 1s, 2s));
    EXPECT_EQ(window.size(), 4);
    window.heard(send(Verdict::taken, 1s, 2s));
    EXPECT_EQ(window.size(), 5);
    for (int i = 0; i < 100; ++i)
        window.heard(send(Verdict::taken, 2s, 3s));
    EXPECT_EQ(window.size(), 8);
}

TEST(Window, CountsOneRoundOfOverloadOnce) {
    Window window(8);
    for (int i = 0; i < 8; ++i)
        window.heard(send(Verdict::overloaded, 0s, 5s));
    EXPECT_EQ(window.size(), 4);
    for (int i = 0; i < 20; ++i)
        window.heard(send(Verdict::overloaded, 5s + 5s * i, 10s + 5s * i));
    EXPECT_EQ(window.size(), 1);
}

TEST(Window, IsNotMovedByWhatIsNoOverload) {
    Window window(8);
    for (const Verdict verdict :
         {Verdict::refused, Verdict::ours, Verdict::stopping, Verdict::gone})
        window.heard(send(verdict, 0s, 1s));
    EXPECT_EQ(window.size(), 8);
}

TEST(Window, FollowsItsSetting) {
    Window window(8);
    window.set_most(20);
    EXPECT_EQ(window.size(), 20);
    window.heard(send(Verdict::overloaded, 0s, 1s));
    window.set_most(40);
    EXPECT_EQ(window.size(), 10);
    window.set_most(3);
    EXPECT_EQ(window.size(), 3);
}

TEST(Pace, SendsEvenly) {
    Pace pace;
    EXPECT_EQ(pace.wait(at(0s)), 0ms);
    pace.set_rate(10);
    int sent = 0;
    for (Duration now{0}; now < 10s; now += 1ms)
        if (pace.wait(at(now)) == 0ms) {
            pace.sent(at(now));
            ++sent;
        }
    EXPECT_NEAR(sent, 100, 1);
}

TEST(Pace, SaysHowLongToWait) {
    Pace pace;
    pace.set_rate(0.5);
    pace.sent(at(0s));
    EXPECT_EQ(pace.wait(at(0s)), 1950ms);
    EXPECT_EQ(pace.wait(at(1949ms)), 1ms);
    pace.sent(at(1950ms));
    EXPECT_EQ(pace.wait(at(1950ms)), 2000ms);
}

TEST(Pace, SaysHowManyMayGoSoon) {
    Pace pace;
    EXPECT_EQ(pace.count(at(0s), 0ms), 1'000'000);
    pace.set_rate(10);
    EXPECT_EQ(pace.count(at(0s), 0ms), 1);
    EXPECT_EQ(pace.count(at(0s), 250ms), 3);
    pace.sent(at(0s));
    pace.sent(at(50ms));
    EXPECT_EQ(pace.count(at(50ms), 99ms), 0);
    EXPECT_EQ(pace.count(at(50ms), 100ms), 1);
    EXPECT_EQ(pace.count(at(50ms), 250ms), 2);
}

TEST(Pace, CatchesUpWhatALateTimerCost) {
    Pace pace;
    pace.set_rate(100);
    int sent = 0;
    for (Duration now{0}; now < 10s; now += 30ms)
        while (pace.wait(at(now)) == 0ms) {
            pace.sent(at(now));
            ++sent;
        }
    EXPECT_NEAR(sent, 1000, 10);
}

TEST(Breaker, OpensAfterManyFailuresInARow) {
    Breaker breaker;
    for (int i = 1; i < Breaker::failures_max; ++i)
        breaker.heard(send(Verdict::refused, 0s, 1s));
    EXPECT_FALSE(breaker.is_open());
    breaker.heard(send(Verdict::taken, 0s, 1s));
    for (int i = 1; i < Breaker::failures_max; ++i)
        breaker.heard(send(Verdict::refused, 0s, 1s));
    EXPECT_FALSE(breaker.is_open());
    breaker.heard(send(Verdict::ours, 0s, 1s));
    EXPECT_TRUE(breaker.is_open());
    EXPECT_EQ(breaker.wait(at(1s)), 1s);
    EXPECT_EQ(breaker.wait(at(2s)), 0s);
}

TEST(Breaker, TriesAtGrowingPausesUntilOneIsTaken) {
    Breaker breaker;
    for (int i = 0; i < Breaker::failures_max; ++i)
        breaker.heard(send(Verdict::overloaded, 0s, 1s));
    breaker.heard(send(Verdict::overloaded, 0s, 2s));  // Was under way when it opened.
    EXPECT_EQ(breaker.wait(at(1s)), 1s);
    for (const Duration pause : {2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        breaker.heard(send(Verdict::refused, 10s, 11s));
        EXPECT_EQ(breaker.wait(at(11s)), pause);
    }
    breaker.heard(send(Verdict::stopping, 10s, 11s));
    EXPECT_TRUE(breaker.is_open());
    breaker.heard(send(Verdict::taken, 10s, 11s));
    EXPECT_FALSE(breaker.is_open());
    EXPECT_EQ(breaker.wait(at(11s)), 0s);
}

}  // namespace
}  // namespace hookreel::delivery
