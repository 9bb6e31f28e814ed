// Conformance: what a lease is, how it ends, and in which order entries are handed out.
#pragma once

#include <set>

#include "store/conformance/fixture.h"

namespace hookreel::store {

TEST_P(StoreConformance, HandsOutTheTraceOfAnEventAndWhenItWasStored) {
    NewEvent event = kept_event("1", {queue_a}, start_time - Duration(5));
    event.trace = "00-a-b-01";
    event.entries.push_back({.queue = queue_b, .body = body_of("other words")});
    event.entries.push_back({.queue = queue_c, .due = start_time + Duration(60)});
    ASSERT_TRUE(publish({event}));
    clock_.advance(Duration(100));
    const Lease first = lease_one(queue_a);
    EXPECT_EQ(first.trace, "00-a-b-01");
    EXPECT_EQ(first.stored, start_time);
    EXPECT_EQ(lease_one(queue_b).trace, "00-a-b-01");
    EXPECT_EQ(lease_one(queue_c).stored, TimePoint{});
    ASSERT_TRUE(give_back(first.handle, Duration(0)));
    const Lease again = lease_one(queue_a);
    EXPECT_EQ(again.trace, "00-a-b-01");
    EXPECT_EQ(again.stored, TimePoint{});
    NewEvent huge = event_for("2", {queue_a});
    huge.trace = std::string(1025, 't');
    EXPECT_EQ(code(publish({huge})), Code::too_large);
}

TEST_P(StoreConformance, HandsOutWhatWasAppended) {
    Commit one;
    one.events.push_back(event_for("one", {queue_a}, start_time - Duration(5)));
    ASSERT_TRUE(commit(one));
    const std::vector<Lease> leases = lease(queue_a);
    ASSERT_EQ(leases.size(), 1u);
    EXPECT_NE(leases[0].handle, Handle());
    EXPECT_EQ(leases[0].queue, queue_a);
    EXPECT_EQ(leases[0].event.text(), "one");
    EXPECT_EQ(leases[0].type, "media.uploaded");
    EXPECT_EQ(leases[0].key, "key-one");
    EXPECT_EQ(leases[0].time, start_time - Duration(5));
    EXPECT_EQ(leases[0].attempt, 1);
    EXPECT_EQ(leases[0].until, start_time + hold);
    EXPECT_EQ(*leases[0].body, "body of one");
    EXPECT_TRUE(lease(queue_a).empty());
    EXPECT_TRUE(lease(queue_b).empty());
}

TEST_P(StoreConformance, HandsOutTheOldestFirst) {
    Commit three;
    for (const char* id : {"1", "2", "3"})
        three.events.push_back(event_for(id, {queue_a}));
    ASSERT_TRUE(commit(three));
    ASSERT_TRUE(append("4", queue_a));
    EXPECT_EQ(ids(lease(queue_a, 2)), (Texts{"1", "2"}));
    EXPECT_EQ(ids(lease(queue_a, 0)), Texts{});
    EXPECT_EQ(ids(lease(queue_a, 9)), (Texts{"3", "4"}));
}

TEST_P(StoreConformance, HandsOutOneEventBeforeOlderOnesWhenAskedForIt) {
    for (const char* id : {"1", "2", "3"})
        ASSERT_TRUE(append(id, queue_a));
    const auto only = [this](std::string id) {
        const LeaseOptions options{.hold = hold, .only = model::EventId(std::move(id))};
        return ids(*runner_.run<Result<std::vector<Lease>>>(store_->lease(queue_a, options)));
    };
    EXPECT_EQ(only("2"), Texts{"2"});
    EXPECT_EQ(only("2"), Texts{});
    EXPECT_EQ(only("9"), Texts{});
    const Lease first = lease_one(queue_a);
    ASSERT_TRUE(give_back(first.handle, Duration(1'000)));
    EXPECT_EQ(only("1"), Texts{});
    clock_.advance(Duration(1'000));
    EXPECT_EQ(only("1"), Texts{"1"});
    EXPECT_EQ(ids(lease(queue_a)), Texts{"3"});
}

TEST_P(StoreConformance, KeepsTheOrderOfACommitWhoseEventsGoToDifferentQueues) {
    Commit mixed;
    mixed.events.push_back(event_for("1", {queue_a}));
    mixed.events.push_back(event_for("2", {queue_a, queue_b}));
    mixed.events.push_back(event_for("3", {queue_a}));
    mixed.events.push_back(event_for("4", {queue_b, queue_a}));
    mixed.events.push_back(event_for("5", {queue_b}));
    mixed.events.push_back(event_for("6", {queue_a, queue_b}));
    ASSERT_TRUE(commit(mixed));
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"1", "2", "3", "4", "6"}));
    EXPECT_EQ(ids(lease(queue_b)), (Texts{"2", "4", "5", "6"}));
}

TEST_P(StoreConformance, GivesEachQueueItsOwnLeaseAndBody) {
    NewEvent event = event_for("one", {queue_a, queue_b, queue_a});
    event.entries.push_back({.queue = queue_c, .body = body_of("other words")});
    event.entries.push_back({.queue = queue_c, .body = nullptr});
    Commit one;
    one.events.push_back(std::move(event));
    ASSERT_TRUE(commit(one));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_EQ(*lease_one(queue_a).body, "body of one");
    EXPECT_EQ(*lease_one(queue_b).body, "body of one");
    const std::vector<Lease> last = lease(queue_c);
    ASSERT_EQ(last.size(), 2u);
    EXPECT_EQ(*last[0].body, "other words");
    EXPECT_EQ(*last[1].body, "");
}

TEST_P(StoreConformance, ForgetsWhatIsConfirmed) {
    ASSERT_TRUE(append("one", queue_a));
    ASSERT_TRUE(append("two", queue_a));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    clock_.advance(hold * 2);
    EXPECT_EQ(ids(lease(queue_a)), Texts{"two"});
}

TEST_P(StoreConformance, HandsAnExpiredLeaseToTheNextHolder) {
    ASSERT_TRUE(append("one", queue_a));
    const Lease first = lease_one(queue_a);
    clock_.advance(hold - Duration(1));
    EXPECT_TRUE(lease(queue_a).empty());
    clock_.advance(Duration(1));
    const Lease second = lease_one(queue_a);
    EXPECT_EQ(second.event, first.event);
    EXPECT_EQ(*second.body, *first.body);
    EXPECT_EQ(second.attempt, 2);
    EXPECT_NE(second.handle, first.handle);
    EXPECT_EQ(code(confirm(first.handle)), Code::lease_lost);
    EXPECT_EQ(code(give_back(first.handle, Duration(0))), Code::lease_lost);
    EXPECT_EQ(code(bury(first.handle, "late")), Code::lease_lost);
    EXPECT_EQ(renew_code(first.handle), Code::lease_lost);
    EXPECT_TRUE(confirm(second.handle));
}

TEST_P(StoreConformance, RefusesALeaseThatRanOutAlsoWhenNobodyElseHasIt) {
    ASSERT_TRUE(append("one", queue_a));
    const Lease first = lease_one(queue_a);
    clock_.advance(hold);
    EXPECT_EQ(code(confirm(first.handle)), Code::lease_lost);
    EXPECT_EQ(code(give_back(first.handle, Duration(0))), Code::lease_lost);
    EXPECT_EQ(renew_code(first.handle), Code::lease_lost);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 1, .leased = 0}));
}

TEST_P(StoreConformance, KeepsTheAgeOfWhatComesAgain) {
    for (const char* id : {"1", "2", "3", "4"})
        ASSERT_TRUE(append(id, queue_a));
    EXPECT_EQ(ids(lease(queue_a, 2)), (Texts{"1", "2"}));
    clock_.advance(hold / 2);
    EXPECT_EQ(ids(lease(queue_a, 1)), (Texts{"3"}));
    clock_.advance(hold / 2);
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"1", "2", "4"}));
    clock_.advance(hold / 2);
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"3"}));
}

TEST_P(StoreConformance, TakesARepeatedConfirmUntilTheLeaseWouldHaveRunOut) {
    ASSERT_TRUE(append("one", queue_a));
    const Lease held = lease_one(queue_a);
    clock_.advance(hold / 2);
    ASSERT_TRUE(confirm(held.handle));
    clock_.advance(hold / 2 - Duration(1));
    EXPECT_TRUE(confirm(held.handle));
    EXPECT_EQ(code(give_back(held.handle, Duration(0))), Code::lease_lost);
    EXPECT_EQ(code(bury(held.handle, "no")), Code::lease_lost);
    EXPECT_EQ(renew_code(held.handle), Code::lease_lost);
    clock_.advance(Duration(1));
    EXPECT_EQ(code(confirm(held.handle)), Code::lease_lost);
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_P(StoreConformance, TakesOneHandleTwiceInOneCommitOnlyToConfirm) {
    ASSERT_TRUE(append("one", queue_a));
    const Handle handle = lease_one(queue_a).handle;
    Commit twice;
    twice.confirms = {handle};
    twice.give_backs.push_back({handle, Duration(0)});
    EXPECT_EQ(code(commit(twice)), Code::lease_lost);
    twice.confirms = {};
    twice.buries.push_back({handle, "both"});
    EXPECT_EQ(code(commit(twice)), Code::lease_lost);
    EXPECT_EQ(count(queue_a), (QueueCounts{.leased = 1}));
    Commit confirms;
    confirms.confirms = {handle, handle};
    EXPECT_TRUE(commit(confirms));
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_P(StoreConformance, TakesOneHandleInTwoConcurrentCommits) {
    ASSERT_TRUE(append("one", queue_a));
    const Handle handle = lease_one(queue_a).handle;
    Commit one;
    one.confirms = {handle};
    auto first = runner_.start<Result<void>>(store_->commit(one));
    auto second = runner_.start<Result<void>>(store_->commit(one));
    EXPECT_TRUE(runner_.finish<Result<void>>(first));
    EXPECT_TRUE(runner_.finish<Result<void>>(second));
}

TEST_P(StoreConformance, RefusesHandlesThatItNeverGave) {
    for (std::uint64_t value : {std::uint64_t(0), std::uint64_t(1), ~std::uint64_t(0)}) {
        EXPECT_EQ(code(confirm(Handle(value))), Code::lease_lost);
        EXPECT_EQ(renew_code(Handle(value)), Code::lease_lost);
    }
}

TEST_P(StoreConformance, NeverUsesAHandleAgain) {
    for (int i = 0; i < 40; ++i)
        ASSERT_TRUE(append(fmt::format("{}", i), queue_a));
    std::set<Handle> handles;
    for (int round = 0; round < 10; ++round) {
        for (const Lease& each : lease(queue_a))
            EXPECT_TRUE(handles.insert(each.handle).second);
        clock_.advance(hold);
    }
    EXPECT_EQ(handles.size(), 400u);
}

TEST_P(StoreConformance, GivesBackWithADelayAndCountsTheAttempt) {
    ASSERT_TRUE(append("1", queue_a));
    ASSERT_TRUE(append("2", queue_a));
    const Lease first = lease_one(queue_a);
    ASSERT_TRUE(give_back(first.handle, Duration(5000)));
    EXPECT_EQ(code(confirm(first.handle)), Code::lease_lost);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 2, .leased = 0}));
    clock_.advance(Duration(4999));
    EXPECT_EQ(lease_one(queue_a).event.text(), "2");
    EXPECT_TRUE(lease(queue_a).empty());
    ASSERT_TRUE(append("3", queue_a));
    clock_.advance(Duration(1));
    const std::vector<Lease> again = lease(queue_a);
    ASSERT_EQ(ids(again), (Texts{"1", "3"}));
    EXPECT_EQ(again[0].attempt, 2);
    EXPECT_EQ(again[1].attempt, 1);
    EXPECT_EQ(*again[0].body, "body of 1");
    ASSERT_TRUE(give_back(again[0].handle, Duration(0)));
    EXPECT_EQ(lease_one(queue_a).attempt, 3);
}

TEST_P(StoreConformance, CountsNoAttemptThatWasNotTried) {
    ASSERT_TRUE(append("1", queue_a));
    Commit untried;
    untried.give_backs.push_back({lease_one(queue_a).handle, Duration(0), GiveBack::Tried::no});
    ASSERT_TRUE(commit(untried));
    const Lease again = lease_one(queue_a);
    EXPECT_EQ(again.attempt, 1);
    ASSERT_TRUE(give_back(again.handle, Duration(0)));
    untried.give_backs[0].handle = lease_one(queue_a).handle;
    ASSERT_TRUE(commit(untried));
    EXPECT_EQ(lease_one(queue_a).attempt, 2);
}

TEST_P(StoreConformance, CountsNoAttemptOfADeadLetterThatWasNotTried) {
    ASSERT_TRUE(append("1", queue_a));
    ASSERT_TRUE(append("2", queue_a));
    ASSERT_TRUE(give_back(lease_one(queue_a).handle, Duration(0)));
    Commit untried;
    for (const Lease& held : lease(queue_a, 2))
        untried.buries.push_back({held.handle, "the endpoint was removed", GiveBack::Tried::no});
    ASSERT_EQ(untried.buries.size(), 2u);
    ASSERT_TRUE(commit(untried));
    std::vector<int> attempts;
    for (const Delivery& one : deliveries({.queue = queue_a}))
        attempts.push_back(one.attempts);
    std::ranges::sort(attempts);
    EXPECT_EQ(attempts, (std::vector<int>{0, 1}));
}

TEST_P(StoreConformance, ConfirmsOnlyHandlesOfTheQueueThatIsNamed) {
    ASSERT_TRUE(append("a", queue_a));
    ASSERT_TRUE(append("b", queue_b));
    const Handle of_a = lease_one(queue_a).handle;
    const Handle of_b = lease_one(queue_b).handle;
    Commit mixed;
    mixed.confirms_of = queue_a;
    mixed.confirms = {of_a, of_b};
    EXPECT_EQ(code(commit(mixed)), Code::lease_lost);
    EXPECT_EQ(count(queue_a).leased, 1u);
    mixed.confirms = {of_a};
    EXPECT_TRUE(commit(mixed));
    EXPECT_TRUE(commit(mixed));
    mixed.confirms_of = queue_b;
    EXPECT_EQ(code(commit(mixed)), Code::lease_lost);
    mixed.confirms_of = queue_c;
    EXPECT_EQ(code(commit(mixed)), Code::lease_lost);
    EXPECT_TRUE(confirm(of_b));
}

TEST_P(StoreConformance, ForgetsWhatIsConfirmedAfterAGiveBack) {
    Commit three;
    for (const char* id : {"1", "2", "3"})
        three.events.push_back(event_for(id, {queue_a, queue_b}));
    ASSERT_TRUE(commit(three));
    for (const Lease& each : lease(queue_a))
        ASSERT_TRUE(give_back(each.handle, Duration(10)));
    clock_.advance(Duration(10));
    for (const Lease& each : lease(queue_a))
        ASSERT_TRUE(confirm(each.handle));
    clock_.advance(hold);
    EXPECT_TRUE(lease(queue_a).empty());
    EXPECT_EQ(ids(lease(queue_b)), (Texts{"1", "2", "3"}));
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_P(StoreConformance, HandsOutAnEntryOnlyWhenItIsDue) {
    Commit both;
    both.events.push_back(event_for("later", {queue_a}));
    both.events[0].entries[0].due = start_time + Duration(100);
    both.events.push_back(event_for("now", {queue_a}));
    ASSERT_TRUE(commit(both));
    EXPECT_EQ(count(queue_a).waiting, 2u);
    EXPECT_EQ(ids(lease(queue_a)), Texts{"now"});
    clock_.advance(Duration(100));
    const Lease later = lease_one(queue_a);
    EXPECT_EQ(later.event.text(), "later");
    EXPECT_EQ(later.attempt, 1);
    EXPECT_TRUE(confirm(later.handle));
}

TEST_P(StoreConformance, HandsOutADelayedEntryInItsPlaceByAge) {
    Commit three;
    for (const char* id : {"1", "2", "3"})
        three.events.push_back(event_for(id, {queue_a}));
    three.events[1].entries[0].due = start_time + Duration(100);
    ASSERT_TRUE(commit(three));
    clock_.advance(Duration(100));
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"1", "2", "3"}));
}

TEST_P(StoreConformance, RenewsALease) {
    ASSERT_TRUE(append("1", queue_a));
    ASSERT_TRUE(append("2", queue_a));
    const std::vector<Lease> held = lease(queue_a);
    clock_.advance(hold - Duration(1));
    ASSERT_TRUE(store_->renew(held[0].handle, hold * 2));
    clock_.advance(hold);
    EXPECT_EQ(ids(lease(queue_a)), Texts{"2"});
    EXPECT_TRUE(store_->renew(held[0].handle, Duration(1)));
    clock_.advance(Duration(1));
    EXPECT_EQ(renew_code(held[0].handle), Code::lease_lost);
    EXPECT_EQ(ids(lease(queue_a)), Texts{"1"});
}

TEST_P(StoreConformance, BuriesWithAReason) {
    for (const char* id : {"1", "2", "3"})
        ASSERT_TRUE(append(id, queue_a));
    std::vector<Lease> held = lease(queue_a);
    ASSERT_TRUE(give_back(held[0].handle, Duration(0)));
    held[0] = lease_one(queue_a);
    ASSERT_TRUE(bury(held[0].handle, "no answer"));
    clock_.advance(Duration(7));
    ASSERT_TRUE(bury(held[1].handle, "refused"));
    EXPECT_EQ(code(confirm(held[0].handle)), Code::lease_lost);
    EXPECT_EQ(code(bury(held[0].handle, "again")), Code::lease_lost);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 0, .leased = 1, .dead = 2}));
    const std::vector<DeadLetter> dead = dead_letters(queue_a);
    ASSERT_EQ(dead.size(), 2u);
    EXPECT_EQ(dead[0].event.text(), "2");
    EXPECT_EQ(dead[0].reason, "refused");
    EXPECT_EQ(dead[0].attempts, 1);
    EXPECT_EQ(dead[1].queue, queue_a);
    EXPECT_EQ(dead[1].event.text(), "1");
    EXPECT_EQ(dead[1].type, "media.uploaded");
    EXPECT_EQ(dead[1].attempts, 2);
    EXPECT_EQ(dead[1].at, start_time);
    EXPECT_EQ(dead[1].body, "body of 1");
    EXPECT_EQ(dead_letters(queue_a, 1).size(), 1u);
    EXPECT_TRUE(dead_letters(queue_b).empty());
    clock_.advance(hold);
    EXPECT_EQ(ids(lease(queue_a)), Texts{"3"});
}

TEST_P(StoreConformance, CountsWhatWaitsWhatIsLeasedAndWhatIsDead) {
    EXPECT_EQ(count(queue_a), QueueCounts{});
    for (int i = 0; i < 6; ++i)
        ASSERT_TRUE(append(fmt::format("{}", i), queue_a));
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 6}));
    const std::vector<Lease> held = lease(queue_a, 4);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 2, .leased = 4}));
    Commit mixed;
    mixed.confirms = {held[0].handle};
    mixed.give_backs.push_back({held[1].handle, Duration(9)});
    mixed.buries.push_back({held[2].handle, "why"});
    ASSERT_TRUE(commit(mixed));
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 3, .leased = 1, .dead = 1}));
    clock_.advance(hold);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 4, .leased = 0, .dead = 1}));
    EXPECT_EQ(count(queue_b), QueueCounts{});
}

// More than any store keeps ready in memory.
TEST_P(StoreConformance, HandsOutALongQueueInOrder) {
    constexpr int total = 3000;
    for (int first = 0; first < total; first += 100) {
        Commit many;
        for (int i = first; i < first + 100; ++i)
            many.events.push_back(event_for(fmt::format("{:05}", i), {queue_a}));
        ASSERT_TRUE(commit(std::move(many)));
    }
    int next = 0;
    int later = 0;
    while (next < total) {
        const std::vector<Lease> held = lease(queue_a, 70);
        ASSERT_FALSE(held.empty());
        Commit some;
        for (const Lease& each : held) {
            ASSERT_EQ(each.event.text(), fmt::format("{:05}", next));
            if (next % 10 == 3) {
                some.give_backs.push_back({each.handle, hold});
                ++later;
            } else if (next % 10 != 5) {
                some.confirms.push_back(each.handle);
            } else {
                ++later;
            }
            ++next;
        }
        ASSERT_TRUE(commit(std::move(some)));
    }
    EXPECT_TRUE(lease(queue_a).empty());
    clock_.advance(hold);
    EXPECT_EQ(count(queue_a).waiting, static_cast<std::uint64_t>(later));
    std::set<std::string> again;
    while (true) {
        const std::vector<Lease> held = lease(queue_a, 64);
        if (held.empty()) break;
        for (const Lease& each : held) {
            EXPECT_EQ(each.attempt, 2);
            EXPECT_TRUE(again.insert(each.event.text()).second);
        }
    }
    EXPECT_EQ(again.size(), static_cast<std::size_t>(later));
}

}  // namespace hookreel::store
