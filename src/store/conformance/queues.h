// Conformance: retention, and the removal of what is old.
#pragma once

#include "store/conformance/fixture.h"

namespace hookreel::store {

TEST_P(StoreConformance, AddsUpQueuesWhoseNamesBeginAlike) {
    ASSERT_TRUE(publish({event_for("1", {queue_a, queue_b}, start_time - Duration(7))}));
    ASSERT_TRUE(publish({event_for("2", {queue_b, queue_c}, start_time - Duration(5))}));
    lease_one(queue_a);
    const auto totals = runner_.run<Result<QueueTotals>>(store_->totals());
    ASSERT_TRUE(totals);
    EXPECT_EQ(totals->at("endpoint"),
              (QueueCounts{.waiting = 2, .leased = 1, .oldest = start_time - Duration(7)}));
    EXPECT_EQ(totals->at("reel"), (QueueCounts{.waiting = 1, .oldest = start_time - Duration(5)}));
    ASSERT_TRUE(bury(lease_one(queue_c).handle, "why"));
    EXPECT_EQ(runner_.run<Result<QueueTotals>>(store_->totals())->at("reel"),
              (QueueCounts{.dead = 1}));
}

TEST_P(StoreConformance, DropsTheOldestEntriesOfAQueue) {
    for (int i = 0; i < 6; ++i) {
        ASSERT_TRUE(append(fmt::format("{}", i), queue_a));
        ASSERT_TRUE(append(fmt::format("{}", i), queue_b));
        clock_.advance(Duration(1000));
    }
    const std::vector<Lease> held = lease(queue_a, 2);
    ASSERT_TRUE(give_back(held[1].handle, Duration(hold)));
    EXPECT_EQ(expire(queue_a, start_time, 10), 0);
    EXPECT_EQ(expire(queue_a, start_time + Duration(3001), 3), 3);
    EXPECT_EQ(code(confirm(held[0].handle)), Code::lease_lost);
    EXPECT_EQ(renew_code(held[0].handle), Code::lease_lost);
    EXPECT_EQ(expire(queue_a, start_time + Duration(3001), 3), 1);
    EXPECT_EQ(expire(queue_a, start_time + Duration(3001), 3), 0);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 2}));
    clock_.advance(hold * 2);
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"4", "5"}));
    EXPECT_EQ(lease(queue_b).size(), 6u);
    EXPECT_EQ(expire(queue_c, never, 10), 0);
}

TEST_P(StoreConformance, DropsConfirmedNeighboursOnlyOnce) {
    Commit many;
    for (int i = 0; i < 5; ++i)
        many.events.push_back(event_for(fmt::format("{}", i), {queue_a}, start_time));
    ASSERT_TRUE(commit(many));
    const std::vector<Lease> held = lease(queue_a, 3);
    ASSERT_TRUE(confirm(held[1].handle));
    EXPECT_EQ(expire(queue_a, never, 2), 2);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 2}));
    EXPECT_TRUE(confirm(held[1].handle));
    EXPECT_EQ(code(confirm(held[2].handle)), Code::lease_lost);
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"3", "4"}));
}

TEST_P(StoreConformance, PurgesOldAttemptsInSteps) {
    for (int i = 0; i < 5; ++i) {
        Commit logged;
        logged.attempts = {share(
            {.event = model::EventId(fmt::format("{}", i)), .queue = queue_a, .at = clock_.now()})};
        ASSERT_TRUE(commit(logged));
        clock_.advance(Duration(1));
    }
    const PurgeLimits limits{.attempts_before = start_time + Duration(3), .count_max = 2};
    EXPECT_EQ(purge(limits), 2);
    EXPECT_EQ(attempts({}).size(), 3u);
    EXPECT_EQ(purge(limits), 1);
    EXPECT_EQ(purge(limits), 0);
    EXPECT_EQ(attempts({}).size(), 2u);
}

TEST_P(StoreConformance, PurgesOldDeadLettersInSteps) {
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(append(fmt::format("{}", i), queue_a));
        ASSERT_TRUE(bury(lease_one(queue_a).handle, "why"));
        clock_.advance(Duration(1));
    }
    const PurgeLimits limits{.dead_letters_before = start_time + Duration(3), .count_max = 2};
    EXPECT_EQ(purge(limits), 2);
    EXPECT_EQ(count(queue_a).dead, 2u);
    EXPECT_EQ(purge(limits), 1);
    EXPECT_EQ(purge(limits), 0);
    ASSERT_EQ(dead_letters(queue_a).size(), 1u);
    EXPECT_EQ(dead_letters(queue_a)[0].event.text(), "3");
}

TEST_P(StoreConformance, PurgesNothingThatAQueueHolds) {
    ASSERT_TRUE(append("one", queue_a));
    ASSERT_TRUE(append("two", queue_b));
    ASSERT_TRUE(give_back(lease_one(queue_b).handle, Duration(1)));
    clock_.advance(hold);
    EXPECT_EQ(purge({.attempts_before = never, .dead_letters_before = never}), 0);
    EXPECT_EQ(*lease_one(queue_a).body, "body of one");
    EXPECT_EQ(*lease_one(queue_b).body, "body of two");
}

}  // namespace hookreel::store
