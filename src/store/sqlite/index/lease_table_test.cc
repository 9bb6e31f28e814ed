#include "store/sqlite/index/lease_table.h"

#include <gtest/gtest.h>

namespace hookreel::store {
namespace {

constexpr TimePoint start{Duration(1000)};
constexpr TimePoint later = start + Duration(30'000);

Held& add(LeaseTable& table, TimePoint now) {
    return table.add(std::make_unique<Held>(), now);
}

TEST(LeaseTable, FindsLeasesUntilTheyEnd) {
    LeaseTable table(1);
    Held& first = add(table, start);
    Held& second = add(table, start);
    const Handle handle = first.handle;
    EXPECT_NE(handle, second.handle);
    EXPECT_EQ(table.find(handle), &first);
    table.end(first, TimePoint{});
    EXPECT_EQ(table.find(handle), nullptr);
    EXPECT_EQ(table.confirmed(handle, start), nullptr);
    EXPECT_EQ(table.find(second.handle), &second);
}

TEST(LeaseTable, RemembersWhatWasConfirmedUntilItWouldHaveRunOut) {
    LeaseTable table(1);
    int somewhere = 0;
    Held& held = add(table, start);
    held.queue = reinterpret_cast<Queue*>(&somewhere);
    const Handle handle = held.handle;
    table.end(held, later);
    EXPECT_NE(table.confirmed(handle, later - Duration(1)), nullptr);
    EXPECT_EQ(table.confirmed(handle, later), nullptr);
}

TEST(LeaseTable, GivesHandlesOfAnotherBootAfterAReset) {
    LeaseTable table(1);
    const Handle before = add(table, start).handle;
    table.reset(2);
    EXPECT_EQ(table.find(before), nullptr);
    EXPECT_GT(add(table, start).handle, before);
}

// One lease is held on for ever; the pages of the others must not stay.
TEST(LeaseTable, FreesThePagesOfLeasesThatEnded) {
    LeaseTable table(1);
    const Handle kept = add(table, start).handle;
    TimePoint now = start;
    for (int i = 0; i < 200'000; ++i) {
        table.end(add(table, now), now + Duration(10));
        if (i % 100 == 0) now += Duration(1);
    }
    EXPECT_LT(table.pages(), 50u);
    EXPECT_NE(table.find(kept), nullptr);
}

}  // namespace
}  // namespace hookreel::store
