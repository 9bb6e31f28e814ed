// Conformance: order by key. While one event of a key is leased or delayed, the next ones wait.
#pragma once

#include "store/conformance/fixture.h"

namespace hookreel::store {

class StoreKeys : public StoreConformance {
 protected:
    // Events "key:number" in one commit.
    void append_all(const Texts& names) {
        Commit many;
        for (const std::string& name : names) {
            NewEvent event = event_for(name, {queue_a}, clock_.now());
            event.key = name.substr(0, name.find(':'));
            many.events.push_back(std::move(event));
        }
        ASSERT_TRUE(commit(std::move(many)));
    }
    std::vector<Lease> take(int count_max = 100) {
        return *runner_.run<Result<std::vector<Lease>>>(store_->lease(
            queue_a,
            {.count_max = count_max, .hold = hold, .wait = {}, .order = model::Order::key}));
    }
};

TEST_P(StoreKeys, HandOutOneOfAKeyAtATime) {
    append_all({"a:1", "a:2", "b:1", "a:3", "b:2", "c:1"});
    const std::vector<Lease> first = take();
    ASSERT_EQ(ids(first), (Texts{"a:1", "b:1", "c:1"}));
    EXPECT_TRUE(take().empty());
    ASSERT_TRUE(confirm(first[0].handle));
    const std::vector<Lease> second = take();
    ASSERT_EQ(ids(second), Texts{"a:2"});
    ASSERT_TRUE(bury(second[0].handle, "why"));
    ASSERT_TRUE(confirm(first[1].handle));
    EXPECT_EQ(ids(take()), (Texts{"a:3", "b:2"}));
}

TEST_P(StoreKeys, HoldNothingBackThatHasNone) {
    append_all({":1", ":2", "a:1", ":3"});
    EXPECT_EQ(ids(take(2)), (Texts{":1", ":2"}));
    EXPECT_EQ(ids(take()), (Texts{"a:1", ":3"}));
}

TEST_P(StoreKeys, WaitForARetry) {
    append_all({"a:1", "a:2", "b:1"});
    std::vector<Lease> first = take();
    ASSERT_TRUE(give_back(first[0].handle, Duration(100)));
    ASSERT_TRUE(confirm(first[1].handle));
    append_all({"a:3", "b:2"});
    EXPECT_EQ(ids(take()), Texts{"b:2"});
    clock_.advance(Duration(100));
    first = take();
    ASSERT_EQ(ids(first), Texts{"a:1"});
    EXPECT_EQ(first[0].attempt, 2);
    ASSERT_TRUE(confirm(first[0].handle));
    EXPECT_EQ(ids(take()), Texts{"a:2"});
}

TEST_P(StoreKeys, GoOnWhenALeaseRunsOut) {
    append_all({"a:1", "a:2"});
    take();
    clock_.advance(hold);
    const std::vector<Lease> again = take();
    ASSERT_EQ(ids(again), Texts{"a:1"});
    EXPECT_EQ(again[0].attempt, 2);
}

TEST_P(StoreKeys, WaitForAnEventThatIsDueLater) {
    NewEvent later = event_for("a:1", {queue_a});
    later.key = "a";
    later.entries[0].due = start_time + Duration(50);
    Commit one;
    one.events.push_back(later);
    ASSERT_TRUE(commit(one));
    append_all({"a:2", "b:1"});
    EXPECT_EQ(ids(take()), Texts{"b:1"});
    clock_.advance(Duration(50));
    const std::vector<Lease> due = take();
    ASSERT_EQ(ids(due), Texts{"a:1"});
    ASSERT_TRUE(confirm(due[0].handle));
    EXPECT_EQ(ids(take()), Texts{"a:2"});
}

TEST_P(StoreKeys, LetAnOldOneThatComesBackGoFirst) {
    append_all({"a:1", "a:2", "a:3"});
    ASSERT_TRUE(bury(take().at(0).handle, "why"));
    const std::vector<Lease> second = take();
    ASSERT_EQ(ids(second), Texts{"a:2"});
    // It is older than what is leased, so nothing holds it back.
    ASSERT_TRUE(retry(delivery("a:1", queue_a).id));
    const std::vector<Lease> back = take();
    ASSERT_EQ(ids(back), Texts{"a:1"});
    ASSERT_TRUE(confirm(second[0].handle));
    EXPECT_TRUE(take().empty());
    ASSERT_TRUE(confirm(back[0].handle));
    EXPECT_EQ(ids(take()), Texts{"a:3"});
}

TEST_P(StoreKeys, GoOnWhenTheFirstOnesExpire) {
    append_all({"a:1", "a:2"});
    clock_.advance(Duration(1));
    append_all({"a:3", "a:4"});
    ASSERT_EQ(ids(take()), Texts{"a:1"});
    EXPECT_EQ(expire(queue_a, start_time + Duration(1), 100), 2);
    EXPECT_EQ(ids(take()), Texts{"a:3"});
    EXPECT_TRUE(take().empty());
}

TEST_P(StoreKeys, WakeWhoWaitsWhenAKeyIsFree) {
    using Leases = Result<std::vector<Lease>>;
    append_all({"a:1", "a:2"});
    const std::vector<Lease> first = take();
    auto waiting = runner_.start<Leases>(store_->lease(
        queue_a,
        {.count_max = 1, .hold = hold, .wait = std::chrono::hours(1), .order = model::Order::key}));
    EXPECT_FALSE(waiting->has_value());
    ASSERT_TRUE(confirm(first.at(0).handle));
    EXPECT_EQ(ids(*runner_.finish<Leases>(waiting)), Texts{"a:2"});
}

TEST_P(StoreKeys, HoldBackManyOfOneKey) {
    Texts names;
    for (int i = 0; i < 3000; ++i)
        names.push_back(fmt::format("a:{}", i));
    append_all(names);
    append_all({"b:1"});
    const std::vector<Lease> first = take();
    ASSERT_EQ(ids(first), (Texts{"a:0", "b:1"}));
    ASSERT_TRUE(confirm(first[0].handle));
    for (int i = 1; i < 200; ++i) {
        const std::vector<Lease> next = take();
        ASSERT_EQ(ids(next), Texts{fmt::format("a:{}", i)});
        EXPECT_EQ(*next[0].body, fmt::format("body of a:{}", i));
        ASSERT_TRUE(confirm(next[0].handle));
    }
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 2800, .leased = 1}));
}

TEST_P(StoreKeys, TellWhatWaitsBehindItsKey) {
    const auto behind = [this](const model::QueueId& queue) {
        Texts names;
        for (const Delivery& delivery : deliveries({.queue = queue}))
            if (delivery.is_behind) names.push_back(delivery.event.text());
        return names;
    };
    append_all({"a:1", "a:2", "b:1", ":1", ":2"});
    const std::vector<Lease> first = take();
    ASSERT_EQ(first.size(), 4u);
    EXPECT_EQ(behind(queue_a), Texts{"a:2"});
    ASSERT_TRUE(give_back(first[0].handle, Duration(100)));
    EXPECT_EQ(behind(queue_a), Texts{"a:2"});
    EXPECT_TRUE(delivery("a:2", queue_a).is_behind);
    clock_.advance(Duration(100));
    const std::vector<Lease> again = take();
    ASSERT_EQ(ids(again), Texts{"a:1"});
    ASSERT_TRUE(confirm(again[0].handle));
    EXPECT_EQ(behind(queue_a), Texts{});

    Commit unordered;
    for (const char* id : {"1", "2"}) {
        unordered.events.push_back(event_for(id, {queue_b}));
        unordered.events.back().key = "k";
    }
    ASSERT_TRUE(commit(std::move(unordered)));
    lease_one(queue_b);
    EXPECT_EQ(behind(queue_b), Texts{});
}

}  // namespace hookreel::store
