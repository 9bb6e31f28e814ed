#include "store/directory.h"

#include <gtest/gtest.h>

#include "store/consumers.h"
#include "store/endpoints.h"
#include "store/memory/memory_store.h"

namespace hookreel::store {
namespace {

constexpr model::ApplicationId app{1};
constexpr model::ApplicationId other_app{2};

model::Endpoint endpoint(std::string id, std::vector<std::string> types) {
    model::Endpoint made;
    made.id = model::EndpointId(std::move(id));
    made.application = app;
    made.filter.types = std::move(types);
    return made;
}

std::string ids(const std::vector<Endpoints::Pointer>& endpoints) {
    std::string all;
    for (const Endpoints::Pointer& one : endpoints)
        all += one->id.text() + " ";
    return all;
}

class DirectoryTest : public testing::Test {
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

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    MemoryStore store_{clock_};
};

TEST_F(DirectoryTest, KeepsEndpointsOverARestart) {
    Endpoints first(store_);
    ASSERT_TRUE(run(first.load()));
    model::Endpoint made = endpoint("ep_1", {"a.*"});
    made.url = "https://example.com/";
    ASSERT_TRUE(run(first.create(made)));
    EXPECT_EQ(run(first.create(made)).error().code, Code::conflict);

    Endpoints second(store_);
    ASSERT_TRUE(run(second.load()));
    EXPECT_EQ(*second.find(model::EndpointId("ep_1")), made);
    EXPECT_EQ(second.find(model::EndpointId("ep_2")), nullptr);
}

TEST_F(DirectoryTest, FindsWhoWantsAnEventByTypePatternKeyAndData) {
    Endpoints endpoints(store_);
    model::Endpoint elsewhere = endpoint("ep_0", {"*"});
    elsewhere.application = other_app;
    model::Endpoint keyed = endpoint("ep_4", {"a.b", "a.b", "c"});
    keyed.filter.keys = {"k"};
    model::Endpoint deep = endpoint("ep_5", {"a.b"});
    deep.filter.data = {{"asset.type", {"\"mp4\""}}};
    for (const model::Endpoint& one :
         {elsewhere, endpoint("ep_3", {"a.*", "c"}), endpoint("ep_1", {}),
          endpoint("ep_2", {"a.b"}), keyed, deep})
        ASSERT_TRUE(run(endpoints.create(one)));

    const std::string mp4 = R"({"asset":{"type":"mp4"}})";
    EXPECT_EQ(ids(endpoints.wanting(app, "a.b", "k", mp4)), "ep_1 ep_3 ep_2 ep_4 ep_5 ");
    EXPECT_EQ(ids(endpoints.wanting(app, "a.b", "", "{}")), "ep_1 ep_3 ep_2 ");
    EXPECT_EQ(ids(endpoints.wanting(app, "a.x", "", "not json")), "ep_1 ep_3 ");
    EXPECT_EQ(ids(endpoints.wanting(app, "c", "k", "{}")), "ep_1 ep_3 ep_4 ");
    EXPECT_EQ(ids(endpoints.wanting(other_app, "z", "", "{}")), "ep_0 ");
    EXPECT_EQ(ids(endpoints.wanting(model::ApplicationId(3), "z", "", "{}")), "");
    EXPECT_EQ(endpoints.of(app).size(), 5u);
}

TEST_F(DirectoryTest, FollowsAChangeOfTheFilterAndARemoval) {
    Endpoints endpoints(store_);
    ASSERT_TRUE(run(endpoints.create(endpoint("ep_1", {"a"}))));
    const Endpoints::Pointer before = endpoints.find(model::EndpointId("ep_1"));
    const auto widen = [](model::Endpoint& e) -> Result<void> {
        e.filter.types = {"b", "c"};
        return {};
    };
    ASSERT_TRUE(run(endpoints.change(model::EndpointId("ep_1"), widen)));
    EXPECT_EQ(ids(endpoints.wanting(app, "a", "", "{}")), "");
    EXPECT_EQ(ids(endpoints.wanting(app, "b", "", "{}")), "ep_1 ");
    EXPECT_EQ(before->filter.types, std::vector<std::string>{"a"});

    ASSERT_TRUE(run(endpoints.remove(model::EndpointId("ep_1"))));
    EXPECT_EQ(ids(endpoints.wanting(app, "b", "", "{}")), "");
    EXPECT_EQ(run(endpoints.remove(model::EndpointId("ep_1"))).error().code, Code::not_found);
    EXPECT_EQ(run(endpoints.change(model::EndpointId("ep_1"), widen)).error().code,
              Code::not_found);
}

TEST_F(DirectoryTest, TellsOfEachChangeWithTheNewestState) {
    Endpoints endpoints(store_);
    std::string heard;
    endpoints.listen([&](Endpoints::Change change, const Endpoints::Pointer& endpoint) {
        heard += change == Endpoints::Change::set ? "set " : "removed ";
        heard += endpoint->description + " ";
    });
    ASSERT_TRUE(run(endpoints.create(endpoint("ep_1", {}))));
    const auto describe = [](model::Endpoint& e) -> Result<void> {
        e.description = "x";
        return {};
    };
    ASSERT_TRUE(run(endpoints.change(model::EndpointId("ep_1"), describe)));
    ASSERT_TRUE(run(endpoints.remove(model::EndpointId("ep_1"))));
    EXPECT_EQ(heard, "set  set x removed x ");
}

TEST_F(DirectoryTest, LosesNoneOfTwoChangesAtOnceAndSeesARemovalElsewhere) {
    Endpoints one(store_), other(store_);  // As on two nodes.
    ASSERT_TRUE(run(one.create(endpoint("ep_1", {}))));
    ASSERT_TRUE(run(other.load()));
    const model::EndpointId id("ep_1");
    ASSERT_TRUE(run(other.change(id, [](model::Endpoint& e) -> Result<void> {
        e.description = "kept";
        return {};
    })));
    ASSERT_TRUE(run(one.change(id, [](model::Endpoint& e) -> Result<void> {
        e.url = "http://192.0.2.1/";
        return {};
    })));
    EXPECT_EQ(one.find(id)->description, "kept");
    ASSERT_TRUE(run(one.remove(id)));
    const auto nothing = [](model::Endpoint&) -> Result<void> { return {}; };
    EXPECT_EQ(run(other.change(id, nothing)).error().code, Code::not_found);
    EXPECT_EQ(other.find(id), nullptr);
}

TEST_F(DirectoryTest, WritesWhatGoesWithAChangeOrNothing) {
    Endpoints endpoints(store_);
    Commit audit;
    audit.puts.push_back({{Kind::audit, "1"}, "{}", std::nullopt});
    ASSERT_TRUE(run(endpoints.create(endpoint("ep_1", {}), audit)));
    EXPECT_TRUE(run(store_.get({Kind::audit, "1"})));

    Commit refused;
    refused.puts.push_back({{Kind::audit, "2"}, "{}", std::nullopt});
    const auto refuse = [](model::Endpoint&) -> Result<void> { return fail(Code::invalid, "no"); };
    EXPECT_EQ(run(endpoints.change(model::EndpointId("ep_1"), refuse, refused)).error().code,
              Code::invalid);
    EXPECT_FALSE(run(store_.get({Kind::audit, "2"})));
}

TEST_F(DirectoryTest, RefusesARecordThatCannotBeRead) {
    Commit commit;
    commit.puts.push_back({{Kind::endpoint, "ep_1"}, R"({"in_flight_max":"x"})", std::nullopt});
    ASSERT_TRUE(run(store_.commit(std::move(commit))));
    Endpoints endpoints(store_);
    EXPECT_EQ(run(endpoints.load()).error().code, Code::invalid);
}

TEST_F(DirectoryTest, KeepsConsumersOfEachApplicationApart) {
    Consumers consumers(store_);
    model::Consumer mine{"audit", app, {{"a.*"}, {}, {}}, model::Order::key, clock_.now()};
    model::Consumer theirs = mine;
    theirs.application = other_app;
    ASSERT_TRUE(run(consumers.create(mine)));
    ASSERT_TRUE(run(consumers.create(theirs)));
    EXPECT_EQ(*consumers.find({app, "audit"}), mine);
    EXPECT_EQ(consumers.wanting(app, "a.b", "", "{}").size(), 1u);
    EXPECT_EQ(consumers.wanting(app, "b", "", "{}").size(), 0u);
    ASSERT_TRUE(run(consumers.remove({app, "audit"})));
    EXPECT_EQ(consumers.find({app, "audit"}), nullptr);
    EXPECT_EQ(consumers.all().size(), 1u);

    Consumers again(store_);
    ASSERT_TRUE(run(again.load()));
    EXPECT_EQ(*again.find({other_app, "audit"}), theirs);
}

}  // namespace
}  // namespace hookreel::store
