#include "store/bell.h"

#include <gtest/gtest.h>

#include <thread>

namespace hookreel::store {
namespace {

struct Ringing {
    Loop loop;
    int rings = 0;
    std::shared_ptr<Bell> bell = std::make_shared<Bell>(loop.get_executor(), [this] { ++rings; });
};

TEST(Bell, IsHeardOnItsLoop) {
    Ringing r;
    std::thread([&r] { ring(r.bell); }).join();
    EXPECT_EQ(r.rings, 0);
    r.loop.poll();
    EXPECT_EQ(r.rings, 1);
}

TEST(Bell, RingsOnceForAllThatAskedForALaterTime) {
    Ringing r;
    Bell::ring_within(r.bell, std::chrono::hours(1));
    Bell::ring_within(r.bell, Duration(5));
    Bell::ring_within(r.bell, Duration(10));
    r.loop.run_one();  // The longer wait, which is cut short.
    EXPECT_EQ(r.rings, 0);
    r.loop.run_one();
    EXPECT_EQ(r.rings, 1);
    r.loop.poll();
    EXPECT_EQ(r.rings, 1);
}

TEST(Bell, RingsAgainByTime) {
    Ringing r;
    for (int i = 1; i <= 3; ++i) {
        Bell::ring_within(r.bell, Duration(1));
        r.loop.run_one();
        EXPECT_EQ(r.rings, i);
    }
}

TEST(Bell, KeepsItsLoopRunningUntilItIsSilenced) {
    Ringing r;
    Bell::ring_within(r.bell, std::chrono::hours(1));
    ring(r.bell);
    r.bell->silence();
    r.loop.run();
    EXPECT_TRUE(r.loop.stopped());
    EXPECT_EQ(r.rings, 0);
    Bell::ring_within(r.bell, Duration(0));
    ring(r.bell);
    r.loop.restart();
    r.loop.run();
    EXPECT_EQ(r.rings, 0);
}

}  // namespace
}  // namespace hookreel::store
