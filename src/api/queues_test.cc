#include "api/harness_test.h"

namespace hookreel::api {
namespace {

class QueuesTest : public ApiTest {
 protected:
    void publish(std::string id, std::string key = "") {
        const std::string event = fmt::format(
            R"({{"id":"{}","type":"order.paid","key":"{}","data":{{"n":1}}}})", id, key);
        ASSERT_EQ(call("POST", "/events", event).status, 202);
    }
    Answered pull(std::string body = "{}", std::string name = "q") {
        return call("POST", "/queues/" + name + "/pull", std::move(body));
    }
    std::string ids(const Answered& pulled) {
        std::string all;
        for (const json::value& one : pulled.body.at("events").as_array())
            all += std::string(one.at("event").at("id").as_string()) + " ";
        return all;
    }
    Answered settle(std::string verb, std::vector<std::string> handles, std::string more = "") {
        return call("POST", "/queues/q/" + verb,
                    R"({"handles":)" + json::serialize(to_json(handles)) + more + "}");
    }
};

TEST_F(QueuesTest, IsMadeByItsFirstPullWithWhatTheArchiveHas) {
    publish("e1");
    publish("e2");
    const Answered pulled = pull(R"({"max":1})");
    EXPECT_EQ(pulled.status, 200);
    EXPECT_EQ(pulled.text("events.0.event.id"), "e1");
    EXPECT_EQ(pulled.at("events.0.attempt"), json::value(1));
    EXPECT_EQ(pulled.at("events.0.event.data.n"), json::value(1));
    EXPECT_EQ(pulled.text("events.0.lease_until"), "2026-03-02T08:00:30.000Z");
    EXPECT_EQ(ids(pull()), "e2 ");
    EXPECT_EQ(ids(pull("{}", "another")), "e1 e2 ");
}

TEST_F(QueuesTest, BeginsWhereItIsTold) {
    publish("e1");
    clock_.advance(Duration(1000));
    const std::string middle = rfc3339(clock_.now());
    publish("e2");
    EXPECT_EQ(call("PUT", "/queues/late", R"({"start":"now"})").status, 201);
    EXPECT_EQ(call("PUT", "/queues/latest", R"({"start":"latest"})").status, 201);
    EXPECT_EQ(call("PUT", "/queues/middle", R"({"start":")" + middle + R"("})").status, 201);
    publish("e3");
    EXPECT_EQ(ids(pull("{}", "late")), "e3 ");
    EXPECT_EQ(ids(pull("{}", "latest")), "e3 ");
    EXPECT_EQ(ids(pull("{}", "middle")), "e2 e3 ");
    const Answered again = call("PUT", "/queues/late", R"({"start":"earliest"})");
    EXPECT_EQ(again.text("errors.0.field"), "start");
}

TEST_F(QueuesTest, SettlesNothingOfAQueueThatDoesNotExist) {
    EXPECT_EQ(settle("confirm", {"h"}).status, 404);
    EXPECT_EQ(settle("give-back", {"h"}).status, 404);
    EXPECT_EQ(settle("extend", {"h"}, R"(,"lease_seconds":5)").status, 404);
    EXPECT_EQ(call("GET", "/queues").text("items"), "[]");
}

TEST_F(QueuesTest, ConfirmsEachHandleOrSaysThatItIsLost) {
    for (const char* id : {"e1", "e2", "e3", "e4", "e5"})
        publish(id);
    const Answered pulled = pull();
    std::vector<std::string> handles;
    for (int i = 0; i < 5; ++i)
        handles.push_back(pulled.text(fmt::format("events.{}.handle", i)));
    clock_.advance(Duration(10'000));
    ASSERT_EQ(settle("give-back", {handles[1]}).text("results.0.result"), "given_back");
    const Answered done =
        settle("confirm", {handles[0], handles[1], handles[2], "nonsense", handles[3]});
    EXPECT_EQ(done.status, 200);
    EXPECT_EQ(done.text("results.0.result"), "confirmed");
    EXPECT_EQ(done.text("results.1.result"), "lost");
    EXPECT_EQ(done.text("results.2.result"), "confirmed");
    EXPECT_EQ(done.text("results.3.result"), "lost");
    EXPECT_EQ(done.text("results.4.result"), "confirmed");
    EXPECT_EQ(settle("confirm", {handles[0]}).text("results.0.result"), "confirmed");
    EXPECT_EQ(ids(pull()), "e2 ");
    clock_.advance(Duration(31'000));
    EXPECT_EQ(settle("confirm", {handles[4]}).text("results.0.result"), "lost");
    EXPECT_EQ(ids(pull()), "e2 e5 ");
}

TEST_F(QueuesTest, RefusesHandlesOfAnotherQueueOrApplication) {
    publish("e1");
    const std::string handle = pull().text("events.0.handle");
    const std::string body = R"({"handles":[")" + handle + R"("]})";
    ASSERT_EQ(call("PUT", "/queues/other").status, 201);
    EXPECT_EQ(call("POST", "/queues/other/confirm", body).text("results.0.result"), "lost");
    const std::string id = call("POST", "/applications", R"({"name":"x"})").text("id");
    ASSERT_EQ(call("PUT", "/queues/q?application=" + id).status, 201);
    EXPECT_EQ(call("POST", "/queues/q/confirm?application=" + id, body).text("results.0.result"),
              "lost");
    EXPECT_EQ(call("POST", "/queues/q/extend?application=" + id,
                   R"({"lease_seconds":60,"handles":[")" + handle + R"("]})")
                  .text("results.0.result"),
              "lost");
    EXPECT_EQ(settle("confirm", {handle}).text("results.0.result"), "confirmed");
}

TEST_F(QueuesTest, GivesBackWithADelayAndExtends) {
    publish("e1");
    publish("e2");
    const Answered pulled = pull();
    const std::string first = pulled.text("events.0.handle");
    const std::string second = pulled.text("events.1.handle");
    settle("give-back", {first}, R"(,"delay_seconds":60)");
    EXPECT_EQ(
        settle("extend", {second, first}, R"(,"lease_seconds":3600)").text("results.1.result"),
        "lost");
    clock_.advance(Duration(31'000));
    EXPECT_EQ(ids(pull()), "");
    clock_.advance(Duration(30'000));
    const Answered again = pull();
    EXPECT_EQ(ids(again), "e1 ");
    EXPECT_EQ(again.at("events.0.attempt"), json::value(2));
    EXPECT_EQ(settle("confirm", {second}).text("results.0.result"), "confirmed");
}

TEST_F(QueuesTest, GivesBackWhatACallerThatIsGoneWouldHaveGot) {
    publish("e1");
    FakeRequest gone = request("POST", "/queues/q/pull", R"({"wait_seconds":0})");
    gone.gone = true;
    send(std::move(gone));
    const Answered pulled = pull();
    EXPECT_EQ(ids(pulled), "e1 ");
    EXPECT_EQ(pulled.at("events.0.attempt"), json::value(1));
}

TEST_F(QueuesTest, EndsThePullOfAQueueThatIsDeleted) {
    call("PUT", "/queues/q");
    FakeRequest waits = request("POST", "/queues/q/pull", R"({"wait_seconds":60})");
    std::optional<http::Response> pulled;
    asio::co_spawn(loop_, api_->handle(waits), [&](std::exception_ptr error, http::Response value) {
        if (error) std::rethrow_exception(error);
        pulled = std::move(value);
    });
    loop_.restart();
    loop_.poll();
    EXPECT_FALSE(pulled) << "it waits";
    EXPECT_EQ(call("DELETE", "/queues/q").status, 204);  // Runs the loop until both have ended.
    ASSERT_TRUE(pulled);
    EXPECT_EQ(pulled->status, 404);
    EXPECT_EQ(call("GET", "/queues/q").status, 404);
}

TEST_F(QueuesTest, SeeksBackAndForth) {
    publish("e1");
    clock_.advance(Duration(1000));
    const std::string middle = rfc3339(clock_.now());
    publish("e2");
    const Answered pulled = pull();
    settle("confirm", {pulled.text("events.0.handle"), pulled.text("events.1.handle")});
    EXPECT_EQ(ids(pull()), "");
    EXPECT_EQ(call("POST", "/queues/q/seek", R"({"to":"earliest"})").at("replayed"),
              json::value(2));
    EXPECT_EQ(call("POST", "/queues/q/seek", R"({"to":")" + middle + R"("})").at("dropped"),
              json::value(1));
    EXPECT_EQ(ids(pull()), "e2 ");
    EXPECT_EQ(call("POST", "/queues/q/seek", R"({"to":"latest"})").at("dropped"), json::value(1));
    EXPECT_EQ(ids(pull()), "");
    EXPECT_EQ(call("POST", "/queues/q/seek", R"({"to":"soon"})").text("errors.0.field"), "to");
    EXPECT_EQ(call("POST", "/queues/none/seek", R"({"to":"latest"})").status, 404);
}

TEST_F(QueuesTest, TakesWhatItsFilterWants) {
    ASSERT_EQ(
        call("PUT", "/queues/q", R"({"types":["order.*"],"keys":["a"],"data":{"n":[1,2]}})").status,
        201);
    publish("e1", "a");
    publish("e2", "b");
    EXPECT_EQ(ids(pull()), "e1 ");
    const Answered changed = call("PUT", "/queues/q", R"({"keys":null})");
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(json::serialize(changed.at("types")), R"(["order.*"])");
    for (const char* name : {"/queues/q", "/queues/new"})
        EXPECT_EQ(call("PUT", name, R"({"types":["media.uplaoded"]})").text("errors.0.field"),
                  "types[0]");
    EXPECT_EQ(json::serialize(changed.at("keys")), "[]");
    EXPECT_EQ(json::serialize(changed.at("data")), R"({"n":[1,2]})");
    publish("e3", "b");
    EXPECT_EQ(ids(pull()), "e3 ");
    EXPECT_EQ(call("PUT", "/queues/q", R"({"order":"key"})").text("errors.0.field"), "order");
}

TEST_F(QueuesTest, KeepsTheOrderOfAKey) {
    ASSERT_EQ(call("PUT", "/queues/q", R"({"order":"key"})").status, 201);
    publish("e1", "a");
    publish("e2", "a");
    publish("e3", "b");
    const Answered first = pull();
    EXPECT_EQ(ids(first), "e1 e3 ");
    settle("confirm", {first.text("events.0.handle")});
    EXPECT_EQ(ids(pull()), "e2 ");
}

TEST_F(QueuesTest, IsRemovedWithWhatIsInIt) {
    ASSERT_EQ(call("PUT", "/queues/q").status, 201);
    publish("e1");
    EXPECT_EQ(call("DELETE", "/queues/q").status, 204);
    EXPECT_EQ(call("GET", "/queues/q").status, 404);
    EXPECT_EQ(call("DELETE", "/queues/q").status, 404);
    ASSERT_EQ(call("PUT", "/queues/q", R"({"start":"now"})").status, 201);
    EXPECT_EQ(ids(pull()), "");
}

TEST_F(QueuesTest, FinishesFillingAfterACrash) {
    publish("e1");
    // What a crash leaves between the two commits of a new queue.
    model::Consumer consumer{"q", model::default_application, {}, model::Order::none, clock_.now()};
    store::Commit note;
    note.puts.push_back({{store::Kind::server, "queue-filling/1500000001/q"},
                         R"({"application":1500000001,"name":"q","since":0})",
                         std::nullopt});
    ASSERT_TRUE(run(consumers_.create(consumer, std::move(note))));
    publish("e2");
    start();
    EXPECT_EQ(ids(pull()), "e1 e2 ");
    EXPECT_FALSE(run(store_.get({store::Kind::server, "queue-filling/1500000001/q"})));
}

TEST_F(QueuesTest, ListsQueuesInPages) {
    for (const char* name : {"a", "b", "c"})
        ASSERT_EQ(call("PUT", std::string("/queues/") + name).status, 201);
    const Answered first = call("GET", "/queues?limit=2");
    EXPECT_EQ(first.text("items.1.name"), "b");
    const Answered rest = call("GET", "/queues?limit=2&cursor=" + first.text("next_cursor"));
    EXPECT_EQ(rest.text("items.0.name"), "c");
    EXPECT_EQ(rest.at("next_cursor"), json::value(nullptr));
}

TEST_F(QueuesTest, RefusesBadNamesAndNumbers) {
    for (const char* name : {"reel", "ep_x", "callback-1", "a%20b", "a%2Fb"})
        EXPECT_EQ(call("PUT", std::string("/queues/") + name).status, 400) << name;
    EXPECT_EQ(pull(R"({"max":1001})").at("errors.0.limit"), json::value(1000));
    EXPECT_EQ(pull(R"({"max":0})").status, 400);
    EXPECT_EQ(pull(R"({"max":1.5})").status, 400);
    EXPECT_EQ(pull(R"({"max":1e400})").status, 400);
    EXPECT_EQ(pull(R"({"wait_seconds":61})").text("errors.0.field"), "wait_seconds");
    EXPECT_EQ(pull(R"({"wait":1})").text("errors.0.field"), "wait");
    EXPECT_EQ(pull(R"([])").text("errors.0.field"), "body");
    EXPECT_EQ(settle("confirm", {}).text("errors.0.field"), "handles");
}

}  // namespace
}  // namespace hookreel::api
