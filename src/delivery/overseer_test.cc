#include "delivery/overseer.h"

#include <gtest/gtest.h>

#include "delivery/sender_test.h"
#include "model/event.h"

namespace hookreel::delivery {
namespace {

// Everybody hears everything.
class LoudAnnouncer final : public store::Announcer {
 public:
    store::NewEvent announce(const model::Event& event) const override {
        const auto& told = std::get<model::EndpointTold>(event.payload);
        const auto text = fmt::format("{} {} {}", told.type, told.endpoint.text(), told.percent);
        return {.id = event.id,
                .application = event.application,
                .type = told.type,
                .key = {},
                .time = event.time,
                .body = {},
                .entries = {{ears, std::make_shared<const std::string>(text)}}};
    }
    const model::QueueId ears{"queue/1/ears"};
};

struct House {
    Loop loop;
    SystemClock clock;
    store::MemoryStore store{clock};
    store::Endpoints endpoints{store};
    LoudAnnouncer announcer;
    Log log{Level::error, -1};
    EndpointOverseer overseer{{endpoints, announcer, clock, log}};
    const model::Endpoint hook = endpoint("ep_1");

    Task<std::vector<std::string>> heard() {
        const store::LeaseOptions all{.count_max = 100};
        const auto leases = co_await store.lease(announcer.ears, all);
        std::vector<std::string> texts;
        for (const store::Lease& lease : *leases)
            texts.push_back(*lease.body);
        co_return texts;
    }

    void run(Task<void> scene) {
        asio::co_spawn(loop, std::move(scene), [](const std::exception_ptr& exception) {
            if (exception) std::rethrow_exception(exception);
        });
        loop.run_for(60s);
    }
};

const TimePoint since = from_unix_seconds(1'800'000'000);

Finding found(Finding::Kind kind, int percent) {
    return {kind, since, percent, "every attempt has failed"};
}

TEST(EndpointOverseer, WritesAndTellsInOneCommit) {
    House house;
    const auto scene = [](House& h) -> Task<void> {
        (void)co_await h.endpoints.create(h.hook);
        co_await h.overseer.record(h.hook.id, found(Finding::Kind::failing, 0));
        EXPECT_EQ(h.endpoints.find(h.hook.id)->failing_since, since);
        co_await h.overseer.record(h.hook.id, found(Finding::Kind::warning, 70));
        EXPECT_EQ(h.endpoints.find(h.hook.id)->warned_percent, 70);
        EXPECT_EQ(h.endpoints.find(h.hook.id)->state, model::EndpointState::enabled);
        co_await h.overseer.record(h.hook.id, found(Finding::Kind::disabled, 100));
        EXPECT_EQ(h.endpoints.find(h.hook.id)->state, model::EndpointState::disabled);
        EXPECT_EQ(h.endpoints.find(h.hook.id)->state_reason, "every attempt has failed");
        const auto heard = co_await h.heard();
        EXPECT_EQ(heard, (std::vector<std::string>{"endpoint.failing ep_1 70",
                                                   "endpoint.disabled ep_1 100"}));
    };
    house.run(scene(house));
}

TEST(EndpointOverseer, TellsOnceThatAnEndpointIsDisabled) {
    House house;
    const auto scene = [](House& h) -> Task<void> {
        (void)co_await h.endpoints.create(h.hook);
        for (int i = 0; i < 3; ++i)
            co_await h.overseer.record(h.hook.id, found(Finding::Kind::disabled, 100));
        const auto heard = co_await h.heard();
        EXPECT_EQ(heard.size(), 1u);
    };
    house.run(scene(house));
}

TEST(EndpointOverseer, ForgetsTheFailingOfOneThatRecovered) {
    House house;
    const auto scene = [](House& h) -> Task<void> {
        (void)co_await h.endpoints.create(h.hook);
        co_await h.overseer.record(h.hook.id, found(Finding::Kind::warning, 50));
        const Finding recovered{.kind = Finding::Kind::recovered, .reason = {}};
        co_await h.overseer.record(h.hook.id, recovered);
        EXPECT_EQ(h.endpoints.find(h.hook.id)->failing_since, never);
        EXPECT_EQ(h.endpoints.find(h.hook.id)->warned_percent, 0);
    };
    house.run(scene(house));
}

TEST(EndpointOverseer, LeavesEndpointsAloneThatAreNotInTheDirectory) {
    House house;
    const auto scene = [](House& h) -> Task<void> {
        co_await h.overseer.record(h.hook.id, found(Finding::Kind::disabled, 100));
        const auto heard = co_await h.heard();
        EXPECT_TRUE(heard.empty());
    };
    house.run(scene(house));
}

}  // namespace
}  // namespace hookreel::delivery
