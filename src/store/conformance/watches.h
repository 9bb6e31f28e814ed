// Conformance: watching a queue by a bell instead of waiting in `lease`.
#pragma once

#include <set>

#include "store/conformance/fixture.h"

namespace hookreel::store {

using model::Order;

class StoreWatches : public StoreConformance {
 protected:
    // A bell on the loop of the test that counts how often it is heard.
    struct CountedBell {
        explicit CountedBell(LoopRunner& runner)
            : bell(std::make_shared<Bell>(runner.loop().get_executor(), [this] { ++rings; })) {}
        ~CountedBell() { bell->silence(); }

        int rings = 0;
        std::shared_ptr<Bell> bell;
    };

    // Runs the loop until the bell is heard; forgets that it was.
    void hear(CountedBell& bell) {
        runner_.loop().restart();
        while (bell.rings == 0 && runner_.loop().run_one() > 0) {
        }
        EXPECT_GT(bell.rings, 0);
        bell.rings = 0;
    }
    // As one does who keeps no coroutine: leases whenever something may be due, else waits for the
    // bell, until there is one. Of the store that is asked.
    Lease await_one(Store& store, CountedBell& bell) {
        const LeaseOptions options{.count_max = 1, .hold = hold};
        for (;;) {
            auto leases = runner_.run<Result<std::vector<Lease>>>(store.lease(queue_a, options));
            EXPECT_TRUE(leases);
            if (!leases) return {};
            if (!leases->empty()) return std::move(leases->front());
            if (store.watch(queue_a, Order::none, bell.bell)) hear(bell);
        }
    }
    Result<void> append_later(Store& store, std::string id, TimePoint due) {
        Commit commit;
        commit.events.push_back(event_for(std::move(id), {queue_a}));
        commit.events.back().entries[0].due = due;
        return runner_.run<Result<void>>(store.commit(std::move(commit)));
    }

    CountedBell bell_{runner_};
};

TEST_P(StoreWatches, RingWhenAnEntryComes) {
    ASSERT_TRUE(store_->watch(queue_a, Order::none, bell_.bell));
    ASSERT_TRUE(append("one", queue_a));
    hear(bell_);
    EXPECT_EQ(ids(lease(queue_a)), Texts{"one"});
    ASSERT_TRUE(store_->watch(queue_a, Order::none, bell_.bell));
    ASSERT_TRUE(append("two", queue_a));
    hear(bell_);
    EXPECT_EQ(ids(lease(queue_a)), Texts{"two"});
}

TEST_P(StoreWatches, AreRefusedWhenSomethingIsDue) {
    ASSERT_TRUE(append("one", queue_a));
    EXPECT_FALSE(store_->watch(queue_a, Order::none, bell_.bell));
    EXPECT_TRUE(store_->watch(queue_b, Order::none, bell_.bell));
    lease_one(queue_a);
    EXPECT_TRUE(store_->watch(queue_a, Order::none, bell_.bell));
    clock_.advance(hold);
    EXPECT_FALSE(store_->watch(queue_a, Order::none, bell_.bell));
}

TEST_P(StoreWatches, RingEachBellOfTheQueue) {
    CountedBell other(runner_);
    ASSERT_TRUE(store_->watch(queue_a, Order::none, bell_.bell));
    ASSERT_TRUE(store_->watch(queue_a, Order::none, other.bell));
    ASSERT_TRUE(append("one", queue_a));
    hear(bell_);
    hear(other);
}

TEST_P(StoreWatches, LeaveTheEntriesToThoseWhoWait) {
    auto waiting = runner_.start<Result<std::vector<Lease>>>(
        store_->lease(queue_a, {.count_max = 1, .hold = hold, .wait = std::chrono::hours(1)}));
    ASSERT_TRUE(store_->watch(queue_a, Order::none, bell_.bell));
    ASSERT_TRUE(append("one", queue_a));
    EXPECT_EQ(ids(*runner_.finish<Result<std::vector<Lease>>>(waiting)), Texts{"one"});
}

TEST_P(StoreWatches, RingForWhatComesBack) {
    ASSERT_TRUE(publish({kept_event("one", {queue_a})}));
    const Lease held = lease_one(queue_a);
    ASSERT_TRUE(store_->watch(queue_a, Order::none, bell_.bell));
    ASSERT_TRUE(give_back(held.handle, Duration(0)));
    hear(bell_);
    const Lease again = lease_one(queue_a);
    EXPECT_EQ(again.attempt, 2);
    ASSERT_TRUE(confirm(again.handle));
    ASSERT_TRUE(store_->watch(queue_a, Order::none, bell_.bell));
    EXPECT_EQ(replay({.queue = queue_a,
                      .application = model::ApplicationId(7),
                      .which = Replay::Which::delivered}),
              1);
    hear(bell_);
    EXPECT_EQ(lease_one(queue_a).event.text(), "one");
}

// The clocks of the other tests stand still; here time passes by itself.
TEST_P(StoreWatches, RingWhenADelayOrALeaseEnds) {
    const SystemClock clock;
    const std::unique_ptr<Store> store = GetParam().make(clock, Limits{});
    ASSERT_TRUE(append_later(*store, "one", clock.now() + Duration(20)));
    EXPECT_EQ(await_one(*store, bell_).attempt, 1);
    ASSERT_TRUE(append_later(*store, "two", {}));
    const Result<std::vector<Lease>> brief = runner_.run<Result<std::vector<Lease>>>(
        store->lease(queue_a, {.count_max = 1, .hold = Duration(20)}));
    ASSERT_EQ(ids(*brief), Texts{"two"});
    EXPECT_EQ(await_one(*store, bell_).attempt, 2);
}

TEST_P(StoreWatches, RingInTimeWhenAnEarlierChangeComes) {
    const SystemClock clock;
    const std::unique_ptr<Store> store = GetParam().make(clock, Limits{});
    ASSERT_TRUE(append_later(*store, "late", clock.now() + std::chrono::hours(1)));
    ASSERT_TRUE(store->watch(queue_a, Order::none, bell_.bell));
    ASSERT_TRUE(append_later(*store, "soon", clock.now() + Duration(20)));
    hear(bell_);
    EXPECT_EQ(await_one(*store, bell_).event.text(), "soon");
}

TEST_P(StoreWatches, DoNotCountWhatWaitsBehindItsKey) {
    Commit two;
    for (const char* id : {"1", "2"}) {
        two.events.push_back(event_for(id, {queue_a}));
        two.events.back().key = "k";
    }
    ASSERT_TRUE(commit(two));
    EXPECT_FALSE(store_->watch(queue_a, Order::key, bell_.bell));
    const LeaseOptions by_key{.count_max = 10, .hold = hold, .order = Order::key};
    const auto first = runner_.run<Result<std::vector<Lease>>>(store_->lease(queue_a, by_key));
    ASSERT_EQ(ids(*first), Texts{"1"});
    ASSERT_TRUE(store_->watch(queue_a, Order::key, bell_.bell));
    ASSERT_TRUE(confirm(first->at(0).handle));
    hear(bell_);
    EXPECT_FALSE(store_->watch(queue_a, Order::key, bell_.bell));
    const auto second = runner_.run<Result<std::vector<Lease>>>(store_->lease(queue_a, by_key));
    EXPECT_EQ(ids(*second), Texts{"2"});
}

TEST_P(StoreWatches, SeeWhatAnotherOrderLetsGo) {
    Commit two;
    for (const char* id : {"1", "2"}) {
        two.events.push_back(event_for(id, {queue_a}));
        two.events.back().key = "k";
    }
    ASSERT_TRUE(commit(two));
    const LeaseOptions by_key{.count_max = 10, .hold = hold, .order = Order::key};
    ASSERT_TRUE(runner_.run<Result<std::vector<Lease>>>(store_->lease(queue_a, by_key)));
    EXPECT_TRUE(store_->watch(queue_a, Order::key, bell_.bell));
    EXPECT_FALSE(store_->watch(queue_a, Order::none, bell_.bell));
    EXPECT_EQ(ids(lease(queue_a)), Texts{"2"});
}

TEST_P(StoreWatches, EndWhenTheStoreIsClosed) {
    ASSERT_TRUE(store_->watch(queue_a, Order::none, bell_.bell));
    store_->close();
    hear(bell_);
    EXPECT_FALSE(store_->watch(queue_a, Order::none, bell_.bell));
}

// One loop watches while two others publish.
TEST_P(StoreWatches, LoseNothing) {
    constexpr int events = 300;
    std::vector<std::thread> threads;
    for (const char* name : {"p", "q"})
        threads.emplace_back([this, name] {
            LoopRunner runner;
            for (int i = 0; i < events; ++i) {
                Commit one;
                one.events.push_back(event_for(fmt::format("{}{}", name, i), {queue_a}));
                EXPECT_TRUE(runner.run<Result<void>>(store_->commit(std::move(one))));
            }
        });
    std::set<std::string> seen;
    while (seen.size() < 2 * events) {
        const Lease one = await_one(*store_, bell_);
        seen.insert(one.event.text());
        ASSERT_TRUE(confirm(one.handle));
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

}  // namespace hookreel::store
