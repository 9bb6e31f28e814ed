// An endpoint that has nothing to do, and how it comes back to work.
#include "delivery/sender_test.h"

namespace hookreel::delivery {
namespace {

TEST(Sender, OnlyWatchesForAnIdleEndpoint) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        const model::Endpoint a = endpoint("a");
        b.set(a);
        for (int i = 0; i < 10; ++i)
            co_await asio::post(use_task);
        EXPECT_EQ(b.store.watches, 1);
        EXPECT_EQ(b.store.leases, 0);
        for (int round = 1; round <= 3; ++round) {
            co_await b.publish(a.queue, 1);
            co_await b.emptied(a.queue);
        }
        EXPECT_EQ(b.store.leases, 3);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests.size(), 3u);
}

TEST(Sender, StopsWithEndpointsThatAreIdle) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        for (int i = 0; i < 100; ++i)
            b.set(endpoint(fmt::format("e{}", i)));
        co_await b.sender.stop(0ms);
        co_await b.publish(endpoint("e1").queue, 1);
    };
    bench.run(scene(bench));
    EXPECT_TRUE(bench.loop.stopped()) << "something keeps the loop running";
    EXPECT_TRUE(bench.transport.requests.empty());
}

TEST(Sender, BuriesWhatComesAfterAnIdleEndpointWasRemoved) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const model::Endpoint a = endpoint("a");
        b.set(a);
        co_await asio::post(use_task);
        b.sender.remove(a.id);
        co_await b.publish(a.queue, 2);
        co_await b.emptied(a.queue);
        const auto dead = co_await b.store.dead_letters(a.queue, 10);
        EXPECT_EQ(dead->size(), 2u);
        EXPECT_EQ(dead->front().reason, "the endpoint was removed");
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

Task<store::Delivery> delivery_of(Bench& b, std::string event) {
    store::DeliveryQuery query;
    query.event = model::EventId(std::move(event));
    const auto found = co_await b.store.deliveries(std::move(query));
    co_return found->items.at(0);
}

// "event1" fails and waits for an hour; "event2", of the same key, behind it.
Task<void> hold_up(Bench& b, model::Endpoint& a) {
    b.transport.answer("a", status(500));
    a.order = model::Order::key;
    a.schedule.success = model::Success::exactly_200;
    a.schedule.delays = {1h};
    b.set(a);
    co_await b.publish(a.queue, 2);
    co_await b.transport.came(1);
    store::Delivery first;
    do {
        co_await asio::post(use_task);
        first = co_await delivery_of(b, "event1");
    } while (first.state != store::DeliveryState::retrying);
    b.transport.answer("a", status(200));
}

TEST(Sender, GoesOnWithAKeyWhenItsFirstEventIsGone) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = endpoint("a");
        co_await hold_up(b, a);
        const store::Delivery first = co_await delivery_of(b, "event1");
        const Result<void> retried = co_await b.store.retry(first.id);
        EXPECT_TRUE(retried);
        co_await b.emptied(a.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests,
              (std::vector<std::string>{"a event1", "a event1", "a event2"}));
}

TEST(Sender, SendsAtOnceWhatAnotherOrderLetsGo) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = endpoint("a");
        co_await hold_up(b, a);
        a.order = model::Order::none;
        b.set(a);
        co_await b.transport.came(2);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests, (std::vector<std::string>{"a event1", "a event2"}));
}

}  // namespace
}  // namespace hookreel::delivery
