// Conformance: an event in a queue over its whole life: found, made due again, replayed.
#pragma once

#include "store/conformance/fixture.h"

namespace hookreel::store {

TEST_P(StoreConformance, FollowsADeliveryOverItsLife) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a, queue_b}, start_time - Duration(5))}));
    const Delivery fresh = delivery("1", queue_a);
    EXPECT_EQ(fresh.queue, queue_a);
    EXPECT_EQ(fresh.event.text(), "1");
    EXPECT_EQ(fresh.application, model::ApplicationId(7));
    EXPECT_EQ(fresh.type, "media.uploaded");
    EXPECT_EQ(fresh.key, "key-1");
    EXPECT_EQ(fresh.time, start_time - Duration(5));
    EXPECT_EQ(fresh.state, DeliveryState::waiting);
    EXPECT_EQ(fresh.attempts, 0);
    EXPECT_EQ(fresh.due, start_time);

    const Lease first = lease_one(queue_a);
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::sending);
    EXPECT_EQ(delivery("1", queue_a).attempts, 1);
    EXPECT_EQ(delivery("1", queue_a).due, never);
    EXPECT_EQ(delivery("1", queue_b).state, DeliveryState::waiting);
    ASSERT_TRUE(give_back(first.handle, Duration(50)));
    const Delivery later = delivery("1", queue_a);
    EXPECT_EQ(later.id, fresh.id);
    EXPECT_EQ(later.state, DeliveryState::retrying);
    EXPECT_EQ(later.attempts, 1);
    EXPECT_EQ(later.due, start_time + Duration(50));

    clock_.advance(Duration(50));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::delivered);
    EXPECT_EQ(delivery("1", queue_a).attempts, 2);
    EXPECT_EQ(delivery("1", queue_a).id, fresh.id);
    ASSERT_TRUE(bury(lease_one(queue_b).handle, "why"));
    EXPECT_EQ(delivery("1", queue_b).state, DeliveryState::dead);
    EXPECT_EQ(delivery("1", queue_b).reason, "why");
    EXPECT_EQ(delivery("1", queue_b).attempts, 1);
}

TEST_P(StoreConformance, CountsALeaseThatRanOutAsAnAttempt) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    lease_one(queue_a);
    clock_.advance(hold);
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::retrying);
    EXPECT_EQ(delivery("1", queue_a).attempts, 1);
}

TEST_P(StoreConformance, KnowsDeliveriesOfAnEventThatIsNotArchivedWhileTheyLast) {
    ASSERT_TRUE(append("1", queue_a));
    ASSERT_TRUE(append("2", queue_a));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_EQ(ids(deliveries()), Texts{"2"});
    const DeliveryId id = delivery("2", queue_a).id;
    ASSERT_TRUE(bury(lease_one(queue_a).handle, "why"));
    EXPECT_EQ(delivery("2", queue_a).state, DeliveryState::dead);
    purge({.dead_letters_before = never});
    EXPECT_EQ(code(runner_.run<Result<Delivery>>(store_->delivery(id))), Code::not_found);
    EXPECT_TRUE(deliveries().empty());
}

TEST_P(StoreConformance, RefusesDeliveriesThatDoNotExist) {
    ASSERT_TRUE(append("1", queue_a));
    ASSERT_TRUE(append("2", queue_a));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    const auto code_of = [&](const char* id) {
        return code(runner_.run<Result<Delivery>>(store_->delivery(DeliveryId(id))));
    };
    for (const char* id : {"", "x", "1-x", "1-2-3", "-1", "18446744073709551616-1"})
        EXPECT_EQ(code_of(id), Code::invalid) << id;
    for (const char* id : {"0-0", "999999-999999", "1-9999999999", "18446744073709551615-1"})
        EXPECT_EQ(code_of(id), Code::not_found) << id;
    EXPECT_EQ(code(retry(DeliveryId("x"))), Code::invalid);
    EXPECT_EQ(code(retry(DeliveryId("999999-1"))), Code::not_found);
}

TEST_P(StoreConformance, FindsDeliveriesNewestFirstInPages) {
    for (int i = 0; i < 5; ++i) {
        NewEvent event = kept_event(fmt::format("{}", i), {queue_a}, clock_.now());
        if (i % 2 == 0) event.entries.push_back({.queue = queue_b, .body = body_of("other")});
        if (i == 3) event.type = "stream.started";
        ASSERT_TRUE(publish({event}));
        clock_.advance(Duration(10));
    }
    EXPECT_EQ(deliveries().size(), 8u);
    EXPECT_EQ(deliveries({.count_max = 3}).size(), 8u);
    EXPECT_EQ(ids(deliveries({.queue = queue_a, .count_max = 2})),
              (Texts{"4", "3", "2", "1", "0"}));
    EXPECT_EQ(ids(deliveries({.queue = queue_b, .count_max = 1})), (Texts{"4", "2", "0"}));
    EXPECT_EQ(deliveries({.event = model::EventId("2")}).size(), 2u);
    EXPECT_EQ(ids(deliveries({.queue = queue_b, .event = model::EventId("3")})), Texts{});
    EXPECT_EQ(ids(deliveries({.type = "stream.*"})), Texts{"3"});
    EXPECT_EQ(ids(deliveries({.queue = queue_a,
                              .span = {start_time + Duration(10), start_time + Duration(30)}})),
              (Texts{"2", "1"}));
    EXPECT_EQ(deliveries({.application = model::ApplicationId(7)}).size(), 8u);
    EXPECT_TRUE(deliveries({.application = model::ApplicationId(8)}).empty());
    EXPECT_EQ(code(runner_.run<Result<Page<Delivery>>>(store_->deliveries({.cursor = "x"}))),
              Code::invalid);
}

TEST_P(StoreConformance, FindsDeliveriesByState) {
    for (int i = 0; i < 6; ++i)
        ASSERT_TRUE(publish({kept_event(fmt::format("{}", i), {queue_a})}));
    const std::vector<Lease> leases = lease(queue_a, 5);
    ASSERT_TRUE(confirm(leases[0].handle));
    ASSERT_TRUE(bury(leases[1].handle, "why"));
    ASSERT_TRUE(give_back(leases[2].handle, hold));
    ASSERT_TRUE(confirm(leases[4].handle));
    using State = DeliveryState;
    const auto in = [&](State state, std::optional<model::QueueId> queue) {
        return ids(deliveries({.queue = queue, .state = state}));
    };
    for (const std::optional<model::QueueId>& queue : {std::optional(queue_a), {}}) {
        EXPECT_EQ(in(State::delivered, queue), (Texts{"4", "0"}));
        EXPECT_EQ(in(State::dead, queue), Texts{"1"});
        EXPECT_EQ(in(State::retrying, queue), Texts{"2"});
        EXPECT_EQ(in(State::sending, queue), Texts{"3"});
        EXPECT_EQ(in(State::waiting, queue), Texts{"5"});
    }
}

TEST_P(StoreConformance, RetriesBeforeItsTime) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    ASSERT_TRUE(give_back(lease_one(queue_a).handle, hold * 10));
    EXPECT_TRUE(lease(queue_a).empty());
    ASSERT_TRUE(retry(delivery("1", queue_a).id));
    ASSERT_TRUE(retry(delivery("1", queue_a).id));
    const Lease second = lease_one(queue_a);
    EXPECT_EQ(second.attempt, 2);
    EXPECT_EQ(code(retry(delivery("1", queue_a).id)), Code::conflict);
    ASSERT_TRUE(confirm(second.handle));
    // The time for which it waited is gone.
    clock_.advance(hold * 20);
    EXPECT_TRUE(lease(queue_a).empty());
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_P(StoreConformance, WakesAWaitingLeaseOnRetry) {
    using Leases = Result<std::vector<Lease>>;
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    ASSERT_TRUE(give_back(lease_one(queue_a).handle, hold * 10));
    const DeliveryId id = delivery("1", queue_a).id;
    auto waiting = runner_.start<Leases>(
        store_->lease(queue_a, {.hold = hold, .wait = std::chrono::hours(1)}));
    ASSERT_TRUE(retry(id));
    EXPECT_EQ(ids(*runner_.finish<Leases>(waiting)), Texts{"1"});
}

TEST_P(StoreConformance, RetriesWhatIsDueAlready) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    ASSERT_TRUE(retry(delivery("1", queue_a).id));
    EXPECT_EQ(lease_one(queue_a).attempt, 1);
    EXPECT_TRUE(lease(queue_a).empty());
}

TEST_P(StoreConformance, RetriesADeadOneAndRemovesItsDeadLetter) {
    NewEvent event = kept_event("1", {queue_a});
    event.entries[0].body = body_of("words for a");
    ASSERT_TRUE(publish({event}));
    ASSERT_TRUE(append("not archived", queue_a));
    for (const Lease& each : lease(queue_a))
        ASSERT_TRUE(bury(each.handle, "why"));
    for (const char* id : {"1", "not archived"}) {
        const DeliveryId dead = delivery(id, queue_a).id;
        ASSERT_TRUE(retry(dead));
        EXPECT_EQ(delivery(id, queue_a).id, dead);
    }
    EXPECT_TRUE(dead_letters(queue_a).empty());
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 2}));
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::retrying);
    EXPECT_EQ(delivery("1", queue_a).reason, "");
    const std::vector<Lease> again = lease(queue_a);
    ASSERT_EQ(ids(again), (Texts{"1", "not archived"}));
    EXPECT_EQ(again[0].attempt, 1);
    EXPECT_EQ(again[0].earlier, 1);
    EXPECT_EQ(*again[0].body, "words for a");
    EXPECT_EQ(*again[1].body, "body of not archived");
    ASSERT_TRUE(confirm(again[1].handle));
    EXPECT_EQ(ids(deliveries()), Texts{"1"});
}

TEST_P(StoreConformance, RetriesADeliveredOne) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    ASSERT_TRUE(publish({kept_event("2", {queue_a})}));
    ASSERT_TRUE(give_back(lease_one(queue_a).handle, Duration(0)));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_EQ(delivery("1", queue_a).attempts, 2);
    ASSERT_TRUE(retry(delivery("1", queue_a).id));
    EXPECT_EQ(delivery("1", queue_a).attempts, 2);
    const std::vector<Lease> again = lease(queue_a);
    ASSERT_EQ(ids(again), (Texts{"1", "2"}));
    EXPECT_EQ(again[0].attempt, 1);
    EXPECT_EQ(again[0].earlier, 2);
    ASSERT_TRUE(confirm(again[0].handle));
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::delivered);
    EXPECT_EQ(delivery("1", queue_a).attempts, 3);
}

TEST_P(StoreConformance, CountsAttemptsOverEachTimeInTheQueue) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    ASSERT_TRUE(retry(delivery("1", queue_a).id));
    ASSERT_TRUE(give_back(lease_one(queue_a).handle, hold));
    EXPECT_EQ(delivery("1", queue_a).attempts, 2);
    // A retry of what waits changes nothing but its time.
    ASSERT_TRUE(retry(delivery("1", queue_a).id));
    const Lease third = lease_one(queue_a);
    EXPECT_EQ(third.attempt, 2);
    EXPECT_EQ(third.all_attempts(), 3);
    EXPECT_EQ(delivery("1", queue_a).attempts, 3);
    ASSERT_TRUE(bury(third.handle, "why"));
    EXPECT_EQ(dead_letters(queue_a).at(0).attempts, 3);
    ASSERT_TRUE(retry(delivery("1", queue_a).id));
    Commit untried;
    untried.give_backs = {{lease_one(queue_a).handle, Duration(0), GiveBack::Tried::no}};
    ASSERT_TRUE(commit(std::move(untried)));
    const Lease fourth = lease_one(queue_a);
    EXPECT_EQ(fourth.attempt, 1);
    EXPECT_EQ(fourth.all_attempts(), 4);
    EXPECT_EQ(delivery("1", queue_a).attempts, 4);
}

TEST_P(StoreConformance, ForgetsTheAttemptsOfWhatWasDropped) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    ASSERT_TRUE(give_back(lease_one(queue_a).handle, Duration(0)));
    ASSERT_EQ(expire(queue_a, never, 9), 1);
    ASSERT_EQ(replay({.queue = queue_a,
                      .application = model::ApplicationId(7),
                      .which = Replay::Which::missing}),
              1);
    EXPECT_EQ(delivery("1", queue_a).attempts, 0);
    EXPECT_EQ(lease_one(queue_a).all_attempts(), 1);
}

TEST_P(StoreConformance, RetriesNothingIntoAFullQueue) {
    open(Limits{.queue_entries_max = 1});
    ASSERT_TRUE(publish({kept_event("1", {queue_a})}));
    ASSERT_TRUE(bury(lease_one(queue_a).handle, "why"));
    ASSERT_TRUE(publish({kept_event("2", {queue_a})}));
    EXPECT_EQ(code(retry(delivery("1", queue_a).id)), Code::too_large);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 1, .dead = 1}));
    EXPECT_EQ(delivery("1", queue_a).state, DeliveryState::dead);
}

// Delivered, dead, retrying, leased, expired, waiting, and two that were never in the queue.
class StoreReplays : public StoreConformance {
 protected:
    StoreReplays() {
        NewEvent expired = kept_event("expired", {queue_a}, start_time - Duration(10));
        EXPECT_TRUE(publish({expired}));
        EXPECT_EQ(expire(queue_a, start_time, 9), 1);
        NewEvent own = kept_event("delivered", {queue_a}, start_time);
        own.entries[0].body = body_of("own words");
        EXPECT_TRUE(publish({own}));
        EXPECT_TRUE(confirm(lease_one(queue_a).handle));
        EXPECT_TRUE(publish({kept_event("dead", {queue_a}, start_time)}));
        EXPECT_TRUE(bury(lease_one(queue_a).handle, "why"));
        EXPECT_TRUE(append("dead, not archived", queue_a));
        EXPECT_TRUE(bury(lease_one(queue_a).handle, "why"));
        EXPECT_TRUE(publish({kept_event("missing 1", {}, start_time + Duration(5))}));
        EXPECT_TRUE(publish({kept_event("retrying", {queue_a}, start_time)}));
        EXPECT_TRUE(give_back(lease_one(queue_a).handle, hold * 100));
        EXPECT_TRUE(publish({kept_event("leased", {queue_a}, start_time)}));
        lease_one(queue_a);
        EXPECT_TRUE(publish({kept_event("waiting", {queue_a}, start_time)}));
        EXPECT_TRUE(publish({kept_event("missing 2", {queue_b}, start_time + Duration(6))}));
    }
    // What can be leased after the replay: what was replayed, and what waited.
    Texts due_after(Replay::Which which, int count_max = 1000) {
        const Replay replay{.queue = queue_a,
                            .application = model::ApplicationId(7),
                            .which = which,
                            .count_max = count_max};
        const int replayed = this->replay(replay);
        const Texts due = ids(lease(queue_a));
        EXPECT_EQ(replayed + std::ranges::count(due, "waiting"), std::ssize(due));
        return due;
    }
};

TEST_P(StoreReplays, BringsBackTheDead) {
    EXPECT_EQ(due_after(Replay::Which::dead), (Texts{"dead", "dead, not archived", "waiting"}));
    EXPECT_TRUE(dead_letters(queue_a).empty());
    EXPECT_EQ(count(queue_a).dead, 0u);
}

TEST_P(StoreReplays, BringsBackTheDeliveredWithTheirOwnWords) {
    const Replay replay{.queue = queue_a,
                        .application = model::ApplicationId(7),
                        .which = Replay::Which::delivered};
    EXPECT_EQ(this->replay(replay), 1);
    const std::vector<Lease> due = lease(queue_a);
    ASSERT_EQ(ids(due), (Texts{"delivered", "waiting"}));
    EXPECT_EQ(*due[0].body, "own words");
    EXPECT_EQ(due[0].attempt, 1);
    EXPECT_EQ(due[0].earlier, 1);
}

TEST_P(StoreReplays, BringsWhatNeverWasThere) {
    EXPECT_EQ(due_after(Replay::Which::missing),
              (Texts{"expired", "missing 1", "waiting", "missing 2"}));
    EXPECT_EQ(delivery("missing 1", queue_a).state, DeliveryState::sending);
    EXPECT_EQ(due_after(Replay::Which::missing), Texts{});
}

TEST_P(StoreReplays, BringsWhatFailed) {
    EXPECT_EQ(due_after(Replay::Which::failed, 1), (Texts{"expired", "dead", "dead, not archived",
                                                          "missing 1", "waiting", "missing 2"}));
}

TEST_P(StoreReplays, BringsAllThatDoesNotWait) {
    EXPECT_EQ(due_after(Replay::Which::all, 2),
              (Texts{"expired", "delivered", "dead", "dead, not archived", "missing 1", "waiting",
                     "missing 2"}));
    EXPECT_EQ(due_after(Replay::Which::all), Texts{});
}

TEST_P(StoreReplays, BringsWhatTheFilterAndTheSpanSay) {
    Replay replay{.queue = queue_c,
                  .application = model::ApplicationId(7),
                  .span = {start_time + Duration(5), start_time + Duration(6)},
                  .which = Replay::Which::missing};
    EXPECT_EQ(this->replay(replay), 1);
    EXPECT_EQ(ids(lease(queue_c)), Texts{"missing 1"});
    replay.span = {};
    replay.filter.data = {{"name", {"\"leased\"", "\"delivered\""}}};
    EXPECT_EQ(this->replay(replay), 2);
    const std::vector<Lease> due = lease(queue_c);
    ASSERT_EQ(ids(due), (Texts{"delivered", "leased"}));
    EXPECT_NE(*due[0].body, "own words");
    ASSERT_TRUE(confirm(due[0].handle));
    replay.which = Replay::Which::delivered;
    EXPECT_EQ(this->replay(replay), 1);
    EXPECT_EQ(ids(lease(queue_c)), Texts{"delivered"});
    replay.application = model::ApplicationId(8);
    replay.which = Replay::Which::all;
    EXPECT_EQ(this->replay(replay), 0);
    replay.cursor = "x";
    EXPECT_EQ(code(runner_.run<Result<ReplayStep>>(store_->replay(replay))), Code::invalid);
}

TEST_P(StoreReplays, StopsAtAFullQueue) {
    open(Limits{.queue_entries_max = 2});
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(publish({kept_event(fmt::format("{}", i), {})}));
    Replay replay{
        .queue = queue_a, .application = model::ApplicationId(7), .which = Replay::Which::missing};
    const auto step = runner_.run<Result<ReplayStep>>(store_->replay(replay));
    ASSERT_TRUE(step);
    EXPECT_EQ(step->replayed, 2);
    ASSERT_FALSE(step->next.empty());
    replay.cursor = step->next;
    EXPECT_EQ(code(runner_.run<Result<ReplayStep>>(store_->replay(replay))), Code::too_large);
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_EQ(this->replay(replay), 1);
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"1", "2"}));
}

}  // namespace hookreel::store
