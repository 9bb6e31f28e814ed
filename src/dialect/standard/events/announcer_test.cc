#include "dialect/standard/events/announcer.h"

#include <gtest/gtest.h>

#include "dialect/standard/events/event_body.h"
#include "dialect/standard/events/examples.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/announcers.h"
#include "store/memory/memory_store.h"

namespace hookreel::dialect::standard {
namespace {

class AnnouncerTest : public testing::Test {
 protected:
    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        asio::co_spawn(loop_, std::move(task),
                       [&](std::exception_ptr, T value) { result = std::move(value); });
        loop_.restart();
        loop_.run();
        return std::move(*result);
    }

    void add_endpoint(const std::string& id, model::EventFilter filter,
                      model::EndpointState state = model::EndpointState::enabled) {
        model::Endpoint endpoint;
        endpoint.id = model::EndpointId(id);
        endpoint.application = model::default_application;
        endpoint.queue = model::endpoint_queue(endpoint.id);
        endpoint.dialect = "standard";
        endpoint.filter = std::move(filter);
        endpoint.state = state;
        ASSERT_TRUE(run(endpoints_.create(std::move(endpoint))));
    }

    void add_consumer(const std::string& name, model::EventFilter filter) {
        model::Consumer consumer;
        consumer.name = name;
        consumer.application = model::default_application;
        consumer.filter = std::move(filter);
        ASSERT_TRUE(run(consumers_.create(std::move(consumer))));
    }

    static model::Event event(model::Payload payload) {
        return {model::EventId("e1"), model::default_application, example_time(),
                std::move(payload)};
    }

    static std::vector<std::string> queues(const store::NewEvent& announced) {
        std::vector<std::string> names;
        for (const store::NewEntry& entry : announced.entries)
            names.push_back(entry.queue.text());
        std::ranges::sort(names);
        return names;
    }

    Loop loop_;
    ManualClock clock_{example_time()};
    store::MemoryStore store_{clock_};
    store::Endpoints endpoints_{store_};
    store::Consumers consumers_{store_};
    MediaUrls urls_{"http://127.0.0.1:8080/media"};
    Announcer announcer_{{endpoints_, consumers_}, urls_};
};

TEST_F(AnnouncerTest, ArchivesWhatNobodyWants) {
    const model::Event custom = event(model::CustomEvent{"order.paid", "k", "{}"});
    const store::NewEvent announced = announcer_.announce(custom);
    EXPECT_EQ(*announced.body, event_body(custom, urls_));
    EXPECT_TRUE(announced.entries.empty());
    EXPECT_EQ(announced.type, "order.paid");
    EXPECT_EQ(announced.key, "k");
    EXPECT_EQ(announced.time, example_time());
}

TEST_F(AnnouncerTest, TellsEndpointsAndConsumersByTheirFilters) {
    add_endpoint("all", {});
    add_endpoint("media", {.types = {"media.*"}});
    add_endpoint("large", {.data = {{"n", {"2"}}}});
    add_endpoint("disabled", {.keys = {"k"}}, model::EndpointState::disabled);
    add_consumer("reader", {.types = {"order.paid"}});
    add_consumer("other", {.types = {"order.sent"}});
    EXPECT_EQ(
        queues(announcer_.announce(event(model::CustomEvent{"order.paid", "k", "{\"n\":2}"}))),
        (std::vector<std::string>{"endpoint/all", "endpoint/disabled", "endpoint/large",
                                  "queue/1500000001/reader"}));
    EXPECT_EQ(queues(announcer_.announce(event(uploaded_example()))),
              (std::vector<std::string>{"endpoint/all", "endpoint/media"}));
}

TEST_F(AnnouncerTest, SharesOneBodyAmongAll) {
    add_endpoint("a", {});
    add_endpoint("b", {});
    const store::NewEvent announced = announcer_.announce(event(uploaded_example()));
    ASSERT_EQ(announced.entries.size(), 2u);
    EXPECT_EQ(announced.entries[0].body, nullptr);
    EXPECT_EQ(announced.entries[1].body, nullptr);
}

TEST_F(AnnouncerTest, KeepsApplicationsApart) {
    add_endpoint("a", {});
    model::Event other = event(uploaded_example());
    other.application = model::ApplicationId(7);
    EXPECT_TRUE(announcer_.announce(other).entries.empty());
}

// Another dialect, which has entries with bodies of its own and keeps nothing.
class OtherDialect final : public store::Announcer {
 public:
    store::NewEvent announce(const model::Event& event) const override {
        return {event.id,
                event.application,
                "t",
                "k",
                event.time,
                {},
                {{model::QueueId("reel/1"), std::make_shared<const std::string>("{}"), {}}}};
    }
};

TEST_F(AnnouncerTest, StandsBesideOtherDialects) {
    add_endpoint("a", {});
    const OtherDialect other;
    const store::Announcers all({&other, &announcer_});
    const store::NewEvent announced = all.announce(event(uploaded_example()));
    EXPECT_EQ(queues(announced), (std::vector<std::string>{"endpoint/a", "reel/1"}));
    EXPECT_EQ(*announced.entries[0].body, "{}");
    EXPECT_EQ(*announced.body, event_body(event(uploaded_example()), urls_));
}

}  // namespace
}  // namespace hookreel::dialect::standard
