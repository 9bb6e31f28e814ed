// Conformance: entries that are tried once, whatever comes of it.
#pragma once

#include "store/conformance/fixture.h"

namespace hookreel::store {

TEST_P(StoreConformance, SpendsAnEntryBeforeItIsKnownWhatCameOfIt) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    const Lease only = lease_one(queue_a);
    ASSERT_TRUE(spend(only.handle, "nobody knows"));
    EXPECT_EQ(count(queue_a), (QueueCounts{.dead = 1}));
    EXPECT_EQ(dead_letters(queue_a).at(0).reason, "nobody knows");
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::sending);
    EXPECT_EQ(code(retry(delivery("1", queue_a).id)), Code::conflict);
    clock_.advance(hold);
    EXPECT_TRUE(lease(queue_a).empty());
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::dead);
    EXPECT_EQ(delivery("1", queue_a).attempts, 1);
    EXPECT_EQ(code(confirm(only.handle)), Code::lease_lost);
    EXPECT_EQ(code(bury(only.handle, "late")), Code::lease_lost);
}

TEST_P(StoreConformance, ConfirmsWhatWasSpent) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    const Lease only = lease_one(queue_a);
    ASSERT_TRUE(spend(only.handle, "nobody knows"));
    ASSERT_TRUE(confirm(only.handle));
    EXPECT_TRUE(confirm(only.handle));
    EXPECT_EQ(code(bury(only.handle, "why")), Code::lease_lost);
    EXPECT_EQ(count(queue_a), QueueCounts{});
    EXPECT_TRUE(dead_letters(queue_a).empty());
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::delivered);
    EXPECT_EQ(delivery("1", queue_a).attempts, 1);
    EXPECT_EQ(delivery("1", queue_a).reason, "");
    clock_.advance(hold);
    EXPECT_EQ(code(confirm(only.handle)), Code::lease_lost);
}

TEST_P(StoreConformance, SaysWhyWhatWasSpentIsDead) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    ASSERT_TRUE(append("2", queue_a));
    for (const Lease& only : lease(queue_a)) {
        ASSERT_TRUE(spend(only.handle, "nobody knows"));
        ASSERT_TRUE(bury(only.handle, "refused"));
        EXPECT_EQ(code(confirm(only.handle)), Code::lease_lost);
    }
    EXPECT_EQ(count(queue_a), (QueueCounts{.dead = 2}));
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::dead);
    EXPECT_EQ(delivery("1", queue_a).reason, "refused");
    ASSERT_TRUE(retry(delivery("1", queue_a).id));
    EXPECT_EQ(lease_one(queue_a).attempt, 1);
    EXPECT_EQ(count(queue_a), (QueueCounts{.leased = 1, .dead = 1}));
}

TEST_P(StoreConformance, ForgetsWhatWasSpentAndIsNotArchived) {
    ASSERT_TRUE(append("1", queue_a));
    const Lease only = lease_one(queue_a);
    ASSERT_TRUE(spend(only.handle, "nobody knows"));
    ASSERT_TRUE(confirm(only.handle));
    EXPECT_EQ(count(queue_a), QueueCounts{});
    EXPECT_TRUE(deliveries().empty());
}

TEST_P(StoreConformance, RefusesAWholeCommitForOneThatCannotBeSpent) {
    ASSERT_TRUE(append("1", queue_a));
    ASSERT_TRUE(append("2", queue_a));
    const std::vector<Lease> leases = lease(queue_a);
    ASSERT_TRUE(spend(leases.at(0).handle, "first"));
    Commit mixed;
    mixed.confirms.push_back(leases.at(0).handle);
    mixed.spends.push_back({leases.at(1).handle, "second"});
    mixed.spends.push_back({Handle(12345), "unknown"});
    EXPECT_EQ(code(commit(std::move(mixed))), Code::lease_lost);
    EXPECT_EQ(count(queue_a), (QueueCounts{.leased = 1, .dead = 1}));
    EXPECT_TRUE(confirm(leases.at(0).handle));
    EXPECT_TRUE(spend(leases.at(1).handle, "second"));
    EXPECT_EQ(code(spend(leases.at(1).handle, "again")), Code::lease_lost);
}

}  // namespace hookreel::store
