// Conformance: waiting for an entry, being woken, cancelled and closed, and several loops at once.
#pragma once

#include <atomic>
#include <map>

#include "store/conformance/fixture.h"

namespace hookreel::store {

using Leases = Result<std::vector<Lease>>;
inline constexpr LeaseOptions wait_long{
    .count_max = 1, .hold = hold, .wait = std::chrono::hours(1)};

TEST_P(StoreConformance, WakesAWaitingLeaseOnAppend) {
    auto waiting = runner_.start<Leases>(store_->lease(queue_a, wait_long));
    ASSERT_TRUE(append("other", queue_b));
    ASSERT_TRUE(append("one", queue_a));
    EXPECT_EQ(ids(*runner_.finish<Leases>(waiting)), Texts{"one"});
}

TEST_P(StoreConformance, ReturnsEmptyAtTheEndOfTheWait) {
    const LeaseOptions options{.count_max = 1, .hold = hold, .wait = Duration(1)};
    const Leases leases = runner_.run<Leases>(store_->lease(queue_a, options));
    ASSERT_TRUE(leases);
    EXPECT_TRUE(leases->empty());
}

TEST_P(StoreConformance, DoesNotWaitWhenSomethingIsDue) {
    ASSERT_TRUE(append("one", queue_a));
    const LeaseOptions options{.count_max = 16, .hold = hold, .wait = std::chrono::hours(1)};
    EXPECT_EQ(runner_.run<Leases>(store_->lease(queue_a, options))->size(), 1u);
}

TEST_P(StoreConformance, SharesWhatComesAmongThoseWhoWait) {
    std::vector<LoopRunner::Pending<Leases>> waiting;
    for (int i = 0; i < 4; ++i)
        waiting.push_back(runner_.start<Leases>(store_->lease(queue_a, wait_long)));
    Commit three;
    for (const char* id : {"1", "2", "3"})
        three.events.push_back(event_for(id, {queue_a}));
    ASSERT_TRUE(commit(three));
    ASSERT_TRUE(append("4", queue_a));
    Texts all;
    for (auto& each : waiting)
        all.push_back(runner_.finish<Leases>(each)->at(0).event.text());
    std::ranges::sort(all);
    EXPECT_EQ(all, (Texts{"1", "2", "3", "4"}));
}

TEST_P(StoreConformance, WakesWhenAGiveBackIsDueAtOnce) {
    ASSERT_TRUE(append("one", queue_a));
    const Lease held = lease_one(queue_a);
    auto waiting = runner_.start<Leases>(store_->lease(queue_a, wait_long));
    ASSERT_TRUE(give_back(held.handle, Duration(0)));
    EXPECT_EQ(runner_.finish<Leases>(waiting)->at(0).attempt, 2);
}

// The clocks of the other tests stand still; here time passes by itself.
TEST_P(StoreConformance, WakesWhenADelayOrALeaseEnds) {
    const SystemClock clock;
    const std::unique_ptr<Store> store = GetParam().make(clock, Limits{});
    Commit one;
    one.events.push_back(event_for("one", {queue_a}));
    ASSERT_TRUE(runner_.run<Result<void>>(store->commit(one)));
    auto first = runner_.start<Leases>(
        store->lease(queue_a, {.count_max = 1, .hold = Duration(20), .wait = Duration(0)}));
    ASSERT_EQ(runner_.finish<Leases>(first)->size(), 1u);

    const Leases second = runner_.run<Leases>(store->lease(queue_a, wait_long));
    ASSERT_EQ(second->size(), 1u);
    EXPECT_EQ(second->at(0).attempt, 2);

    auto waiting = runner_.start<Leases>(store->lease(queue_a, wait_long));
    Commit back;
    back.give_backs.push_back({second->at(0).handle, Duration(20)});
    ASSERT_TRUE(runner_.run<Result<void>>(store->commit(back)));
    const Leases third = runner_.finish<Leases>(waiting);
    EXPECT_EQ(third->at(0).attempt, 3);
    EXPECT_GE(third->at(0).until, second->at(0).until);
}

// One waits already when the other takes a lease that ends before the first one's deadline.
TEST_P(StoreConformance, WakesAnEarlierWaiterWhenALaterLeaseEnds) {
    const SystemClock clock;
    const std::unique_ptr<Store> store = GetParam().make(clock, Limits{});
    auto waiting = runner_.start<Leases>(store->lease(queue_a, wait_long));
    auto brief = runner_.start<Leases>(store->lease(
        queue_a, {.count_max = 1, .hold = Duration(20), .wait = std::chrono::hours(1)}));
    Commit two;
    two.events.push_back(event_for("1", {queue_a}));
    two.events.push_back(event_for("2", {queue_a}));
    ASSERT_TRUE(runner_.run<Result<void>>(store->commit(two)));
    ASSERT_EQ(runner_.finish<Leases>(waiting)->size(), 1u);
    ASSERT_EQ(runner_.finish<Leases>(brief)->size(), 1u);
    const Leases again = runner_.run<Leases>(store->lease(queue_a, wait_long));
    EXPECT_EQ(again->at(0).attempt, 2);
}

inline Task<void> lease_into(Store* store, LeaseOptions options, std::optional<Leases>* result) {
    *result = co_await store->lease(queue_a, options);
}

TEST_P(StoreConformance, ReturnsEmptyWhenTheWaitIsCancelled) {
    TaskGroup group(runner_.loop().get_executor());
    std::optional<Leases> result;
    group.spawn(lease_into(store_.get(), wait_long, &result));
    runner_.loop().poll();
    EXPECT_FALSE(result);
    asio::post(runner_.loop(), [&group] { group.cancel(); });
    runner_.loop().restart();
    runner_.loop().run();
    ASSERT_TRUE(result && *result);
    EXPECT_TRUE((*result)->empty());
}

TEST_P(StoreConformance, LosesNothingToAWaitThatIsCancelledAsItIsWoken) {
    for (int round = 0; round < 20; ++round) {
        TaskGroup group(runner_.loop().get_executor());
        std::optional<Leases> cancelled;
        group.spawn(lease_into(store_.get(), wait_long, &cancelled));
        runner_.loop().poll();
        auto waiting = runner_.start<Leases>(store_->lease(queue_a, wait_long));
        Commit one;
        one.events.push_back(event_for("one", {queue_a}));
        auto appended = runner_.start<Result<void>>(store_->commit(std::move(one)));
        for (int i = 0; i < round && !*appended; ++i)
            runner_.loop().run_one();
        asio::post(runner_.loop(), [&group] { group.cancel(); });
        ASSERT_TRUE(runner_.finish<Result<void>>(appended));
        while (group.size() > 0)
            runner_.loop().run_one();
        ASSERT_TRUE(cancelled && *cancelled);
        std::vector<Lease> got = **cancelled;
        if (!got.empty()) ASSERT_TRUE(append("one", queue_a));
        for (const Lease& each : *runner_.finish<Leases>(waiting))
            got.push_back(each);
        for (const Lease& each : got)
            ASSERT_TRUE(confirm(each.handle));
        EXPECT_EQ(count(queue_a), QueueCounts{});
    }
}

TEST_P(StoreConformance, EndsAllWaitsWhenItIsClosed) {
    auto first = runner_.start<Leases>(store_->lease(queue_a, wait_long));
    auto second = runner_.start<Leases>(store_->lease(queue_b, wait_long));
    ASSERT_TRUE(store_->health());
    store_->close();
    EXPECT_EQ(code(runner_.finish<Leases>(first)), Code::unavailable);
    EXPECT_EQ(code(runner_.finish<Leases>(second)), Code::unavailable);
}

TEST_P(StoreConformance, RefusesEverythingAfterClose) {
    ASSERT_TRUE(append("one", queue_a));
    const Lease held = lease_one(queue_a);
    store_->close();
    EXPECT_EQ(code(append("two", queue_a)), Code::unavailable);
    EXPECT_EQ(code(confirm(held.handle)), Code::unavailable);
    EXPECT_EQ(code(store_->renew(held.handle, hold)), Code::lease_lost);
    EXPECT_EQ(code(get("one")), Code::unavailable);
    EXPECT_EQ(code(runner_.run<Leases>(store_->lease(queue_a, wait_long))), Code::unavailable);
    EXPECT_EQ(code(runner_.run<Result<QueueCounts>>(store_->count(queue_a))), Code::unavailable);
    EXPECT_EQ(code(runner_.run<Result<std::vector<Record>>>(store_->list(Kind::asset, {}))),
              Code::unavailable);
    EXPECT_EQ(code(runner_.run<Result<Page<Attempt>>>(store_->attempts({}))), Code::unavailable);
    EXPECT_EQ(code(runner_.run<Result<std::vector<DeadLetter>>>(store_->dead_letters(queue_a, 1))),
              Code::unavailable);
    EXPECT_EQ(code(runner_.run<Result<int>>(store_->expire(queue_a, never, 1))), Code::unavailable);
    EXPECT_EQ(code(runner_.run<Result<int>>(store_->purge({}))), Code::unavailable);
    EXPECT_EQ(code(store_->health()), Code::unavailable);
}

// Publishes `count` events, one after the other.
inline Task<Result<void>> publish_many(Store* store, std::string name, int count) {
    for (int i = 0; i < count; ++i) {
        Commit one;
        one.events.push_back(event_for(fmt::format("{}-{}", name, i), {queue_a}));
        Result<void> result = co_await store->commit(std::move(one));
        if (!result) co_return result;
    }
    co_return Result<void>{};
}

// Leases and confirms until nothing comes any more; returns what was confirmed.
inline Task<Result<Texts>> consume(Store* store) {
    Texts confirmed;
    while (true) {
        const LeaseOptions options{.count_max = 7, .hold = hold, .wait = Duration(300)};
        Leases leases = co_await store->lease(queue_a, options);
        if (!leases) co_return fail(leases.error());
        if (leases->empty()) co_return confirmed;
        Commit done;
        for (const Lease& each : *leases) {
            done.confirms.push_back(each.handle);
            confirmed.push_back(each.event.text());
        }
        Result<void> result = co_await store->commit(std::move(done));
        if (!result) co_return fail(result.error());
    }
}

TEST_P(StoreConformance, ServesSeveralLoopsAtOnce) {
    constexpr int producers = 8;
    constexpr int events = 60;
    std::vector<std::thread> threads;
    std::vector<std::optional<Result<void>>> published(producers);
    std::vector<std::optional<Result<Texts>>> consumed(4);
    for (int thread = 0; thread < 2; ++thread) {
        threads.emplace_back([&, thread] {
            LoopRunner runner;
            std::vector<LoopRunner::Pending<Result<void>>> writers;
            std::vector<LoopRunner::Pending<Result<Texts>>> readers;
            for (int i = thread; i < producers; i += 2)
                writers.push_back(runner.start<Result<void>>(
                    publish_many(store_.get(), fmt::format("p{}", i), events)));
            for (int i = thread; i < 4; i += 2)
                readers.push_back(runner.start<Result<Texts>>(consume(store_.get())));
            for (std::size_t i = 0; i < writers.size(); ++i)
                published[i * 2 + std::size_t(thread)] = runner.finish<Result<void>>(writers[i]);
            for (std::size_t i = 0; i < readers.size(); ++i)
                consumed[i * 2 + std::size_t(thread)] = runner.finish<Result<Texts>>(readers[i]);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    std::map<std::string, int> seen;
    for (const auto& result : published)
        ASSERT_TRUE(result && *result);
    for (const auto& result : consumed) {
        ASSERT_TRUE(result && *result);
        for (const std::string& id : **result)
            ++seen[id];
    }
    for (const std::string& id : *runner_.run<Result<Texts>>(consume(store_.get())))
        ++seen[id];
    EXPECT_EQ(seen.size(), std::size_t(producers * events));
    for (const auto& [id, times] : seen)
        EXPECT_EQ(times, 1) << id;
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_P(StoreConformance, SaysThatACommitIsWrittenBeforeItsEventsAreHandedOut) {
    constexpr int events = 200;
    std::atomic<int> written = 0;
    std::vector<int> written_when_handed_out;
    std::thread consumer([&] {
        LoopRunner runner;
        while (written_when_handed_out.size() < events) {
            LeaseOptions one{.count_max = 1, .wait = std::chrono::milliseconds(100)};
            const auto leases = runner.run<Leases>(store_->lease(queue_a, one));
            if (!leases) return;
            if (!leases->empty()) written_when_handed_out.push_back(written);
        }
    });
    for (int i = 0; i < events; ++i) {
        Commit commit;
        commit.events.push_back(event_for(fmt::format("e{:03}", i), {queue_a}));
        commit.written = [&] { ++written; };
        EXPECT_TRUE(this->commit(std::move(commit)));
    }
    consumer.join();
    ASSERT_EQ(written_when_handed_out.size(), std::size_t(events));
    for (int i = 0; i < events; ++i)
        EXPECT_GT(written_when_handed_out[std::size_t(i)], i);
}

}  // namespace hookreel::store
