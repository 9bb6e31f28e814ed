#include "delivery/sender.h"

#include "delivery/sender_test.h"

namespace hookreel::delivery {
namespace {

TEST(Sender, DeliversAndLogsTheAttempt) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(404));
        const model::Endpoint a = endpoint("a");
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        const auto attempts = co_await b.store.attempts({.queue = a.queue, .event = {}});
        EXPECT_EQ(attempts->items.size(), 1u);
        const store::Attempt& attempt = attempts->items.front();
        EXPECT_EQ(attempt.event, model::EventId("event1"));
        EXPECT_EQ(attempt.number, 1);
        EXPECT_EQ(attempt.status, 404);
        EXPECT_EQ(attempt.outcome, "delivered");
        EXPECT_EQ(attempt.error, "");
        EXPECT_EQ(attempt.url, "http://a/hook");
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests, std::vector<std::string>{"a event1"});
    EXPECT_EQ(bench.counters.delivered.value(), 1u);
    EXPECT_EQ(bench.counters.in_flight.load(), 0);
}

TEST(Sender, GivesUpAfterTheLastSendOfTheSchedule) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", fail(Code::timed_out, "timeout: no answer within 5 s"));
        const model::Endpoint a = endpoint("a");
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        const auto attempts = co_await b.store.attempts({.queue = a.queue, .event = {}});
        EXPECT_EQ(attempts->items.size(), 3u);
        for (int i = 0; i < 3; ++i) {  // Newest first.
            const store::Attempt& attempt = attempts->items.at(std::size_t(i));
            EXPECT_EQ(attempt.number, 3 - i);
            EXPECT_EQ(attempt.outcome, i == 0 ? "dead" : "retry");
            EXPECT_EQ(attempt.error, "timeout: no answer within 5 s");
        }
        const auto dead = co_await b.store.dead_letters(a.queue, 10);
        EXPECT_EQ(dead->size(), 1u);
        EXPECT_EQ(dead->front().attempts, 3);
        EXPECT_EQ(dead->front().reason,
                  "3 sends failed, the last with: timeout: no answer within 5 s");
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests.size(), 3u);
    EXPECT_EQ(bench.counters.retried.value(), 2u);
    EXPECT_EQ(bench.counters.dead.value(), 1u);
    EXPECT_EQ(bench.counters.failed(Fault::receiver), 3u);
}

TEST(Sender, UsesTheUrlOfTheMomentForWhatWaits) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("wrong", fail(Code::network, "connect: refused"));
        b.transport.answer("right", status(200));
        model::Endpoint a = endpoint("a");
        a.url = "http://wrong/";
        a.schedule.delays = {20ms};
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.transport.came(1);
        a.url = "http://right/";
        b.set(a);
        co_await b.emptied(a.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests, (std::vector<std::string>{"wrong event1", "right event1"}));
    EXPECT_EQ(bench.counters.delivered.value(), 1u);
}

TEST(Sender, BuriesWhatWaitsForAnEndpointWithoutUrl) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = endpoint("a");
        a.url.clear();
        co_await b.publish(a.queue, 40);
        b.set(a);
        co_await b.emptied(a.queue);
        const auto dead = co_await b.store.dead_letters(a.queue, 100);
        EXPECT_EQ(dead->size(), 40u);
        EXPECT_EQ(dead->front().reason, "the endpoint has no URL");
        const auto attempts = co_await b.store.attempts({.queue = a.queue, .event = {}});
        EXPECT_TRUE(attempts->items.empty());
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_TRUE(bench.transport.requests.empty());
    EXPECT_EQ(bench.counters.unsent.value(), 40u);
}

TEST(Sender, BuriesWhatCannotBeRendered) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = endpoint("a");
        a.url = "gopher://a/";
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        const auto dead = co_await b.store.dead_letters(a.queue, 10);
        EXPECT_EQ(dead->size(), 1u);
        EXPECT_TRUE(dead->front().reason.starts_with("cannot be sent: ")) << dead->front().reason;
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

TEST(Sender, BuriesWhatWaitsForARemovedEndpoint) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = endpoint("a");
        a.schedule.delays = {20ms};
        b.transport.answer("a", fail(Code::network, "connect: refused"));
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.transport.came(1);
        b.sender.remove(a.id);
        b.sender.remove(model::EndpointId("unknown"));
        co_await b.emptied(a.queue);
        const auto dead = co_await b.store.dead_letters(a.queue, 10);
        EXPECT_EQ(dead->size(), 1u);
        EXPECT_EQ(dead->front().reason, "the endpoint was removed");
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests.size(), 1u);
}

TEST(Sender, KeepsGoingBesideAnEndpointThatHangs) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("good", status(200));
        const model::Endpoint slow = endpoint("slow"), good = endpoint("good");
        b.set(slow);
        b.set(good);
        co_await b.publish(slow.queue, 50);
        co_await b.transport.came(8);
        co_await b.publish(good.queue, 200);
        co_await b.emptied(good.queue);
        const auto counts = co_await b.store.count(slow.queue);
        EXPECT_EQ(counts->waiting + counts->leased, 50u);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.delivered.value(), 200u);
}

TEST(Sender, HoldsTheCapOfAnEndpointAndOfTheLoop) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const model::Endpoint a = endpoint("a"), c = endpoint("c"), d = endpoint("d");
        b.set(a);
        co_await b.publish(a.queue, 30);
        co_await b.transport.came(8);
        EXPECT_EQ(b.transport.under_way_most, 8);
        b.set(c);
        co_await b.publish(c.queue, 30);
        co_await b.transport.came(9);
        // The last one is for an endpoint that has nothing under way.
        EXPECT_EQ(b.counters.in_flight.load(), 9);
        b.set(d);
        co_await b.publish(d.queue, 30);
        co_await b.transport.came(10);
        EXPECT_EQ(b.counters.in_flight.load(), 10);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.under_way_most, 10);
    EXPECT_EQ(bench.transport.requests.size(), 10u);
}

TEST(Sender, LetsEndpointsTakeTurnsWhenSlotsRunOut) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        std::vector<model::Endpoint> endpoints;
        for (const char* name : {"a", "b", "c", "d"}) {
            endpoints.push_back(endpoint(name));
            b.transport.answer(name, status(200));
            co_await b.publish(endpoints.back().queue, 100);
        }
        for (const model::Endpoint& each : endpoints)
            b.set(each);
        for (const model::Endpoint& each : endpoints)
            co_await b.emptied(each.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.delivered.value(), 400u);
    EXPECT_LE(bench.transport.under_way_most, 10);
    // Nobody's last event waited for all of another's.
    const auto& requests = bench.transport.requests;
    const auto half = requests.begin() + 200;
    for (const std::string name : {"a", "b", "c", "d"})
        EXPECT_GT(std::count_if(requests.begin(), half,
                                [&](const std::string& r) { return r.starts_with(name); }),
                  10)
            << name;
}

TEST(Sender, GivesBackWhatAStopCuts) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const model::Endpoint a = endpoint("a");
        b.set(a);
        co_await b.publish(a.queue, 3);
        co_await b.transport.came(3);
        co_await b.sender.stop(1ms);
        const auto counts = co_await b.store.count(a.queue);
        EXPECT_EQ(counts->waiting, 3u);
        EXPECT_EQ(counts->leased + counts->dead, 0u);
        const auto attempts = co_await b.store.attempts({.queue = a.queue, .event = {}});
        EXPECT_EQ(attempts->items.size(), 3u);
        EXPECT_EQ(attempts->items.front().outcome, "retry");
        EXPECT_EQ(attempts->items.front().error, "stopping: the server stops");
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.failed(Fault::stopping), 3u);
}

TEST(Sender, CountsNoAttemptForWhatAStopCutOrNeverSent) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = endpoint("a");
        a.in_flight_max = 1;
        b.set(a);
        co_await b.publish(a.queue, 2);
        co_await b.transport.came(1);
        while ((co_await b.store.count(a.queue))->leased < 2)
            co_await sleep_for(1ms);
        co_await b.sender.stop(0ms);
        const store::LeaseOptions two{.count_max = 2};
        const auto leases = co_await b.store.lease(a.queue, two);
        EXPECT_EQ(leases->size(), 2u);
        EXPECT_EQ(leases->at(0).attempt, 1);
        EXPECT_EQ(leases->at(1).attempt, 1);
    };
    bench.run(scene(bench));
}

TEST(Sender, FinishesWhatIsInFlightWithinTheGrace) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        const model::Endpoint a = endpoint("a");
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.transport.came(1);
        co_await b.sender.stop(60s);
        const auto counts = co_await b.store.count(a.queue);
        EXPECT_EQ(*counts, store::QueueCounts{});
    };
    bench.run(scene(bench));
}

TEST(Sender, SendsNothingWhileTheStoreTakesNoOutcome) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        const model::Endpoint a = endpoint("a");
        b.set(a);
        co_await b.publish(a.queue, 500);
        co_await b.transport.came(1);
        b.store.refuses = true;
        while (b.store.refused < 3)
            co_await sleep_for(1ms);
        const std::size_t sent = b.transport.requests.size();
        EXPECT_LT(sent, 100u);
        while (b.store.refused < 5)
            co_await sleep_for(1ms);
        EXPECT_EQ(b.transport.requests.size(), sent);
        b.store.refuses = false;
        co_await b.emptied(a.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests.size(), 500u);
    EXPECT_EQ(bench.counters.delivered.value(), 500u);
}

TEST(Sender, StopsWhileTheStoreIsUnavailable) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        const model::Endpoint a = endpoint("a");
        co_await b.publish(a.queue, 5);
        b.store.refuses = true;
        b.set(a);
        while (b.store.refused < 2)
            co_await sleep_for(1ms);
        co_await b.sender.stop(0ms);
        EXPECT_TRUE(b.transport.requests.empty());
    };
    bench.run(scene(bench));
}

}  // namespace
}  // namespace hookreel::delivery
