#include "delivery/slots.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

void take(Slots& slots, Turn turn, int count) {
    for (int i = 0; i < count; ++i)
        slots.take(turn);
}

TEST(Slots, KeepTheLastQuarterFromRetries) {
    Slots slots(16);
    take(slots, Turn::again, 11);
    EXPECT_TRUE(slots.free(Turn::again, Need::more));
    slots.take(Turn::again);
    EXPECT_FALSE(slots.free(Turn::again, Need::one));
    EXPECT_TRUE(slots.free(Turn::first, Need::more));
    slots.give(Turn::again);
    EXPECT_TRUE(slots.free(Turn::again, Need::one));
}

TEST(Slots, KeepTheLastEighthForEndpointsWithNothingUnderWay) {
    Slots slots(16);
    take(slots, Turn::first, 13);
    EXPECT_TRUE(slots.free(Turn::first, Need::more));
    slots.take(Turn::first);
    EXPECT_FALSE(slots.free(Turn::first, Need::more));
    EXPECT_TRUE(slots.free(Turn::first, Need::one));
    EXPECT_TRUE(slots.free(Turn::again, Need::one));
    take(slots, Turn::first, 2);
    EXPECT_FALSE(slots.free(Turn::first, Need::one));
    slots.give(Turn::first);
    EXPECT_TRUE(slots.free(Turn::first, Need::one));
}

TEST(Slots, ServeEverybodyWhereThereIsOneOnly) {
    Slots slots(0);
    EXPECT_TRUE(slots.free(Turn::again, Need::more));
    slots.take(Turn::again);
    EXPECT_FALSE(slots.free(Turn::first, Need::one));
}

}  // namespace
}  // namespace hookreel::delivery
