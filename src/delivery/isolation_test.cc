// What one endpoint may do to itself, and not to others.
#include "delivery/sender_test.h"
#include "delivery/transcript.h"

namespace hookreel::delivery {
namespace {

TEST(Sender, KeepsWhatWaitsForAPausedEndpointUntilItIsResumed) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        b.transport.answer("other", status(200));
        model::Endpoint a = endpoint("a"), other = endpoint("other");
        b.set(a);
        b.set(other);
        a.state = model::EndpointState::paused;
        b.set(a);
        co_await b.publish(a.queue, 40);
        co_await b.publish(other.queue, 40);
        co_await b.emptied(other.queue);
        EXPECT_EQ(b.transport.requests.size(), 40u);
        a.state = model::EndpointState::enabled;
        b.set(a);
        co_await b.emptied(a.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests.size(), 80u);
    EXPECT_EQ(bench.counters.delivered.value(), 80u);
}

TEST(Sender, BuriesWhatComesForADisabledEndpoint) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        model::Endpoint a = endpoint("a");
        a.state = model::EndpointState::disabled;
        a.state_reason = "it answered 410 Gone";
        b.set(a);
        co_await b.publish(a.queue, 3);
        co_await b.emptied(a.queue);
        const auto dead = co_await b.store.dead_letters(a.queue, 10);
        EXPECT_EQ(dead->size(), 3u);
        EXPECT_EQ(dead->front().reason, "the endpoint is disabled: it answered 410 Gone");
        EXPECT_EQ(dead->front().attempts, 0);
        a.state = model::EndpointState::enabled;
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests, std::vector<std::string>{"a event4"});
}

TEST(Sender, BuriesWhatNobodyCanRender) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = endpoint("a");
        a.dialect = "klingon";
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        const auto dead = co_await b.store.dead_letters(a.queue, 10);
        EXPECT_EQ(dead->front().reason, "nobody speaks the dialect \"klingon\"");
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

TEST(Sender, HoldsBackAnEndpointThatTakesNothing) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", fail(Code::network, "connect: refused"));
        const model::Endpoint a = endpoint("a");
        co_await b.publish(a.queue, 200);
        b.set(a);
        // The 20 that open the breaker, at most 7 beside them, and the first that is tried after.
        co_await b.transport.came(Breaker::failures_max);
        const std::size_t before = b.transport.requests.size();
        co_await b.transport.came(before + 1);
        EXPECT_LE(b.transport.requests.size(), std::size_t(Breaker::failures_max + 8));
        EXPECT_EQ(b.counters.endpoints[std::size_t(Lane::State::held_back)], 1);
        b.transport.answer("a", status(200));
        co_await b.emptied(a.queue);
        EXPECT_EQ(b.counters.endpoints[std::size_t(Lane::State::enabled)], 1);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_GT(bench.counters.delivered.value(), 170u);
}

TEST(Sender, SendsAtOnceWhatIsRetriedByHandAlsoWhenTheEndpointIsHeldBack) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", fail(Code::network, "connect: refused"));
        model::Endpoint a = endpoint("a");
        a.schedule.delays.assign(30, 1h);
        co_await b.publish(a.queue, 100);
        b.set(a);
        co_await b.transport.came(Breaker::failures_max);
        while (b.transport.under_way > 0)
            co_await sleep_for(1ms);
        EXPECT_EQ(b.counters.endpoints[std::size_t(Lane::State::held_back)], 1);
        store::DeliveryQuery retrying{.queue = a.queue, .state = store::DeliveryState::retrying};
        const auto found = co_await b.store.deliveries(retrying);
        const store::Delivery one = found->items.front();
        const Result<void> due = co_await b.store.retry(one.id);
        EXPECT_TRUE(due);
        const std::size_t before = b.transport.requests.size();
        b.sender.send_now(a.id, one.event);
        co_await b.transport.came(before + 1);
        EXPECT_EQ(b.transport.requests.back(), "a " + one.event.text());
        b.sender.send_now(a.id, model::EventId("unknown"));
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

TEST(Sender, SendsLessAtATimeToAnEndpointThatIsOverloaded) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(503));
        model::Endpoint a = endpoint("a");
        a.schedule.success = model::Success::any_2xx;
        a.schedule.delays.assign(10, 0ms);
        co_await b.publish(a.queue, 8);
        b.set(a);
        co_await b.transport.came(16);
        b.transport.hang("a");
        b.transport.under_way_most = 0;
        co_await b.transport.came(b.transport.requests.size() + 1);
        co_await sleep_for(20ms);
        EXPECT_LE(b.transport.under_way, 2);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

TEST(Sender, KeepsToTheRateOfAnEndpoint) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        model::Endpoint a = endpoint("a");
        a.rate_per_second = 100;
        co_await b.publish(a.queue, 30);
        const auto begun = std::chrono::steady_clock::now();
        b.set(a);
        co_await b.transport.came(30);
        // 30 at 100 a second, less what may be caught up.
        EXPECT_GE(std::chrono::steady_clock::now() - begun, 240ms);
        co_await b.emptied(a.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

TEST(Sender, LeavesWaitingWhatTheRateOfAnEndpointHolds) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        model::Endpoint a = endpoint("a");
        a.rate_per_second = 0.01;
        co_await b.publish(a.queue, 20);
        b.set(a);
        co_await b.transport.came(1);
        const auto counts = co_await b.store.count(a.queue);
        EXPECT_EQ(counts->waiting, 19);
        const std::vector<model::EndpointId> ids{a.id};
        EXPECT_EQ(b.sender.standings(ids).at(a.id).held, model::Standing::Held::rate);
        co_await b.sender.stop(1s);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests.size(), 1u);
}

// The one delivery of the endpoint.
Task<store::Delivery> delivery_of(Bench& b, model::QueueId queue) {
    const auto found = co_await b.store.deliveries({.queue = std::move(queue)});
    EXPECT_EQ(found->items.size(), 1u);
    co_return found->items.empty() ? store::Delivery{} : found->items.front();
}

TEST(Sender, IsNotAskedAgainWhereAskedForAtMostOnce) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = endpoint("a");
        a.guarantee = model::Guarantee::at_most_once;
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.transport.came(1);
        const auto counts = co_await b.store.count(a.queue);
        EXPECT_EQ(counts->waiting + counts->leased, 0u);
        store::Delivery now = co_await delivery_of(b, a.queue);
        EXPECT_EQ(now.state, store::DeliveryState::sending);
        co_await b.sender.stop(0ms);
        const auto attempts = co_await b.store.attempts({.queue = a.queue});
        EXPECT_EQ(attempts->items.size(), 1u);
        EXPECT_EQ(attempts->items.front().outcome, "dead");
        now = co_await delivery_of(b, a.queue);
        EXPECT_EQ(now.state, store::DeliveryState::dead);
        EXPECT_EQ(now.reason, "sent at most once: stopping: the server stops");
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.transport.requests.size(), 1u);
}

TEST(Sender, ChargesTheEndpointForWhatWasSentAtMostOnceAndFailed) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(503));
        model::Endpoint a = endpoint("a");
        a.guarantee = model::Guarantee::at_most_once;
        a.schedule.success = model::Success::any_2xx;
        a.failing_since = b.clock.now() - std::chrono::days(6);
        b.set(a);
        co_await b.publish(a.queue, 1);
        while (b.overseer.findings.empty())
            co_await sleep_for(1ms);
        EXPECT_EQ(b.overseer.findings.front().kind, Finding::Kind::disabled);
        co_await b.sender.stop(0ms);
        const store::Delivery now = co_await delivery_of(b, a.queue);
        EXPECT_EQ(now.state, store::DeliveryState::dead);
        EXPECT_EQ(now.reason, "sent at most once: status 503");
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.dead.value(), 1u);
}

TEST(Sender, ConfirmsWhatWasSentAtMostOnceAndTaken) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        model::Endpoint a = endpoint("a");
        a.guarantee = model::Guarantee::at_most_once;
        b.set(a);
        co_await b.publish(a.queue, 3);
        co_await b.transport.came(3);
        co_await b.sender.stop(1s);
        const auto dead = co_await b.store.dead_letters(a.queue, 10);
        EXPECT_TRUE(dead->empty());
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.delivered.value(), 3u);
}

TEST(Sender, TellsHowAnEndpointIsDoing) {
    using model::Standing;
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const model::Endpoint a = endpoint("a");
        const model::Endpoint dead = endpoint("dead");
        const std::vector<model::EndpointId> ids{a.id, dead.id, model::EndpointId("unknown")};
        const auto now = [&] { return b.sender.standings(ids).at(a.id); };
        b.set(a);
        EXPECT_EQ(b.sender.standings(ids).size(), 1u);
        EXPECT_EQ(now(), Standing{});
        co_await b.publish(a.queue, 20);
        co_await b.transport.came(8);
        EXPECT_EQ(now().held, Standing::Held::in_flight);
        model::Endpoint paused = a;
        paused.state = model::EndpointState::paused;
        b.set(paused);
        EXPECT_EQ(now(), (Standing{.held = Standing::Held::paused, .until = never}));
        b.transport.answer("dead", fail(Code::network, "connect: refused"));
        b.set(dead);
        co_await b.publish(dead.queue, 40);
        const auto broken = [&] { return b.sender.standings(ids).at(dead.id); };
        while (broken().breaker != Standing::Breaker::open)
            co_await sleep_for(1ms);
        EXPECT_EQ(broken().held, Standing::Held::breaker);
        EXPECT_GT(broken().until, b.clock.now());
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

TEST(Sender, TriesAgainWithoutUsingUpAnAttemptAfterAFaultOfOurs) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", fail(Code::network, "ours: no name server answers"));
        model::Endpoint a = endpoint("a");
        a.schedule.delays.clear();
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.transport.came(1);
        b.transport.answer("a", status(200));
        co_await b.emptied(a.queue);
        const auto attempts = co_await b.store.attempts({.queue = a.queue});
        EXPECT_EQ(attempts->items.size(), 2u);
        EXPECT_EQ(attempts->items.at(1).error, "ours: no name server answers");
        EXPECT_EQ(attempts->items.at(1).outcome, "retry");
        EXPECT_EQ(attempts->items.at(0).number, 1);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.failed(Fault::ours), 1u);
    EXPECT_EQ(bench.counters.delivered.value(), 1u);
}

TEST(Sender, ReportsAnEndpointThatIsGone) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(410));
        model::Endpoint a = endpoint("a");
        a.schedule.success = model::Success::any_2xx;
        a.schedule.follows_answer = model::Switch::on;
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        const auto dead = co_await b.store.dead_letters(a.queue, 10);
        EXPECT_EQ(dead->front().reason, "the endpoint answered 410 Gone");
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    ASSERT_EQ(bench.overseer.findings.size(), 1u);
    EXPECT_EQ(bench.overseer.findings.front().kind, Finding::Kind::disabled);
}

TEST(Sender, ReportsTheRecoveryOfAnEndpoint) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        model::Endpoint a = endpoint("a");
        a.failing_since = b.clock.now() - 1h;
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    ASSERT_EQ(bench.overseer.findings.size(), 1u);
    EXPECT_EQ(bench.overseer.findings.front().kind, Finding::Kind::recovered);
}

TEST(Sender, SendsManyEventsInOneRequestWhereTheDialectMay) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", status(200));
        model::Endpoint a = endpoint("a");
        a.dialect = "batch";
        co_await b.publish(a.queue, 7);
        b.set(a);
        co_await b.emptied(a.queue);
        const auto attempts = co_await b.store.attempts({.queue = a.queue});
        EXPECT_EQ(attempts->items.size(), 7u);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(
        bench.transport.requests,
        (std::vector<std::string>{"a event1+event2+event3", "a event4+event5+event6", "a event7"}));
}

TEST(Sender, LogsWhatWasSaid) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", http::ClientResponse{.status = 200,
                                                     .headers = {{"Server", "x"}},
                                                     .body = std::string(10'000, 'b')});
        model::Endpoint a = endpoint("a");
        a.headers = {{"X-Secret", "hidden"}};
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        const auto attempts = co_await b.store.attempts({.queue = a.queue});
        const store::Attempt& attempt = attempts->items.front();
        EXPECT_EQ(attempt.application, model::default_application);
        EXPECT_NE(attempt.request_head.find("X-Secret: ***"), std::string::npos);
        EXPECT_EQ(attempt.response_head, "HTTP/1.1 200 OK\r\nServer: x\r\n");
        EXPECT_EQ(attempt.response_body.size(), transcript_bytes_max);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

TEST(Sender, LogsWhatCameOfAnAnswerThatBrokeOff) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("a", fail(Code::network, "reset: reading the answer, the peer closed"));
        b.transport.parts["a"] = {.status = 200, .headers = {{"Server", "x"}}, .body = "abc"};
        model::Endpoint a = endpoint("a");
        a.schedule.delays.clear();
        b.set(a);
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        const auto attempts = co_await b.store.attempts({.queue = a.queue});
        const store::Attempt& attempt = attempts->items.front();
        EXPECT_EQ(attempt.status, 200);
        EXPECT_EQ(attempt.response_head, "HTTP/1.1 200 OK\r\nServer: x\r\n");
        EXPECT_EQ(attempt.response_body, "abc");
        EXPECT_EQ(attempt.error, "reset: reading the answer, the peer closed");
        EXPECT_EQ(attempt.outcome, "dead");
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
}

TEST(Sender, LeavesRoomForFirstAttemptsBesideRetries) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("good", status(200));
        std::vector<model::Endpoint> stuck;
        for (const char* name : {"a", "b", "c"}) {
            b.transport.answer(name, fail(Code::network, "connect: refused"));
            model::Endpoint& each = stuck.emplace_back(endpoint(name));
            each.schedule.delays.assign(20, 0ms);
            b.set(each);
            co_await b.publish(each.queue, 6);
        }
        co_await b.transport.came(18);
        for (const char* name : {"a", "b", "c"})
            b.transport.hang(name);
        while (b.transport.under_way < 8)
            co_await sleep_for(1ms);
        const model::Endpoint good = endpoint("good");
        b.set(good);
        co_await b.publish(good.queue, 20);
        co_await b.emptied(good.queue);
        EXPECT_LE(b.transport.under_way, 10);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.delivered.value(), 20u);
}

TEST(Sender, FindsASlotForAnEndpointWithNothingUnderWayWhateverOthersHang) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        b.transport.answer("good", status(200));
        for (const char* name : {"a", "b"}) {
            const model::Endpoint stuck = endpoint(name);
            b.set(stuck);
            co_await b.publish(stuck.queue, 20);
        }
        co_await b.transport.came(9);
        const model::Endpoint good = endpoint("good");
        b.set(good);
        co_await b.publish(good.queue, 20);
        co_await b.emptied(good.queue);
        co_await b.sender.stop(0ms);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.delivered.value(), 20u);
}

}  // namespace
}  // namespace hookreel::delivery
