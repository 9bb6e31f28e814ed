#include "api/native_api.h"

#include <set>

#include "api/harness_test.h"

namespace hookreel::api {
namespace {

using NativeApiTest = ApiTest;

TEST_F(NativeApiTest, AsksForAToken) {
    token_ = "";
    const Answered refused = call("GET", "/endpoints");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.headers.get("WWW-Authenticate"), "Bearer realm=\"hookreel\"");
    EXPECT_EQ(refused.headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(refused.text("type"), "urn:hookreel:problem:unauthorized");
    EXPECT_EQ(refused.at("status"), json::value(401));
    EXPECT_TRUE(refused.text("instance").starts_with("urn:uuid:"));
    token_ = "wrong";
    EXPECT_EQ(call("GET", "/endpoints").status, 401);
    token_ = "owner-token";
    EXPECT_EQ(call("GET", "/endpoints").status, 200);
}

TEST_F(NativeApiTest, SaysHowToSetAFirstToken) {
    owner_token_ = "";
    start();
    EXPECT_TRUE(call("GET", "/endpoints").text("detail").contains("--api-token"));
}

TEST_F(NativeApiTest, SlowsDownWhoeverGuessesTokens) {
    token_ = "wrong";
    int refused = 0;
    while (refused < 100 && call("GET", "/endpoints").status == 401)
        ++refused;
    EXPECT_EQ(refused, 50);
    const Answered slowed = call("GET", "/endpoints");
    EXPECT_EQ(slowed.status, 429);
    EXPECT_TRUE(slowed.headers.has("Retry-After"));
    EXPECT_TRUE(slowed.text("detail").contains("50 at once, then 5 a second"));
    token_ = "owner-token";
    EXPECT_EQ(call("GET", "/endpoints").status, 200);
}

TEST_F(NativeApiTest, AnswersPathsAndMethodsThatAreNotThere) {
    EXPECT_EQ(call("GET", "/nothing").status, 404);
    const Answered refused = call("PUT", "/endpoints");
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(refused.headers.get("Allow"), "GET, HEAD, POST, OPTIONS");
    const Answered options = call("OPTIONS", "/endpoints/x");
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.headers.get("Allow"), "DELETE, GET, HEAD, PATCH, OPTIONS");
    EXPECT_FALSE(options.headers.has("Access-Control-Allow-Origin"));
    EXPECT_EQ(call("HEAD", "/endpoints").status, 200);
    EXPECT_EQ(call("OPTIONS", "/nothing").status, 404);
}

TEST_F(NativeApiTest, ShowsItsDefinitionToEverybody) {
    token_ = "";
    const Answered told = call("GET", "/openapi.json");
    EXPECT_EQ(told.status, 200);
    EXPECT_EQ(told.text("openapi"), "3.1.0");
}

TEST_F(NativeApiTest, HasAFunctionForEachOperationAndTheOtherWayRound) {
    std::set<std::string> defined, written;
    for (const Operation& operation : api_->definition().operations())
        EXPECT_TRUE(defined.insert(operation.id).second) << operation.id;
    for (const Handler& handler : handlers())
        EXPECT_TRUE(written.insert(std::string(handler.operation)).second) << handler.operation;
    EXPECT_EQ(defined, written);
}

TEST_F(NativeApiTest, HoldsEachOperationToItsScope) {
    const std::string token =
        call("POST", "/tokens", R"({"name":"none","scopes":["events:read"]})").text("token");
    token_ = token;
    for (const Operation& operation : api_->definition().operations()) {
        std::string path;
        for (const Operation::Segment& segment : operation.path)
            path += "/" + (segment.is_parameter ? "x" : segment.word);
        const Answered answer = call(operation.method, path);
        if (operation.scope.empty() || operation.scope == "events:read")
            EXPECT_NE(answer.status, 403) << operation.id;
        else
            EXPECT_EQ(answer.status, 403) << operation.id;
        const bool changes = operation.method != "GET";
        const bool open = operation.scope.empty();
        EXPECT_FALSE(changes && open && operation.id != "logIn" && operation.id != "logOut")
            << operation.id;
    }
}

TEST_F(NativeApiTest, RefusesParametersThatItDoesNotKnow) {
    EXPECT_EQ(call("GET", "/endpoints?colour=red").text("errors.0.field"), "colour");
    EXPECT_EQ(call("GET", "/endpoints?limit=0").at("errors.0.limit"), json::value(1));
    EXPECT_EQ(call("GET", "/endpoints?limit=ten").text("errors.0.field"), "limit");
    EXPECT_EQ(call("GET", "/endpoints?limit=1&limit=2").text("errors.0.detail"), "is given twice");
    EXPECT_EQ(call("GET", "/endpoints?limit=%zz").status, 400);
    EXPECT_EQ(call("GET", "/deliveries?type=%ff").status, 400);
    const Answered large = call("GET", "/endpoints?x=" + std::string(9000, 'x'));
    EXPECT_EQ(large.status, 414);
    EXPECT_EQ(large.text("detail"), "The query has 9002 bytes; at most 8192 are taken.");
    EXPECT_EQ(large.at("errors.0.limit"), json::value(8192));
}

TEST_F(NativeApiTest, TakesOnlyJsonBodies) {
    FakeRequest text = request("POST", "/events", R"({"type":"a","data":1})");
    http::RequestHead head = text.head();
    head.headers.set("Content-Type", "text/plain");
    EXPECT_EQ(send(FakeRequest(head, "{}")).status, 415);
    head.headers.set("Content-Type", "application/json; charset=utf-8");
    EXPECT_EQ(send(FakeRequest(head, R"({"type":"a","data":1})")).status, 202);
    head.headers.set("Content-Encoding", "gzip");
    EXPECT_EQ(send(FakeRequest(head, "{}")).status, 415);
    EXPECT_EQ(call("POST", "/events", "{\"type\":").text("errors.0.field"), "body");
    EXPECT_EQ(call("POST", "/events", "\xff").text("errors.0.field"), "body");
    EXPECT_EQ(call("POST", "/events", std::string(100, '[') + std::string(100, ']')).status, 400);
    EXPECT_EQ(call("POST", "/events").text("errors.0.field"), "body");
    EXPECT_EQ(call("POST", "/deliveries/x/retry", "{}").status, 400);
    EXPECT_EQ(
        call("PUT", "/queues/q", R"({"types":[")" + std::string(270'000, 'a') + R"("]})").status,
        413);
}

TEST_F(NativeApiTest, LimitsTheRateOfATokenAndTellsOfIt) {
    token_ = call("POST", "/tokens",
                  R"({"name":"slow","scopes":["endpoints:read"],"requests_per_second":2})")
                 .text("token");
    const Answered first = call("GET", "/endpoints");
    EXPECT_EQ(first.headers.get("RateLimit-Limit"), "2");
    EXPECT_EQ(first.headers.get("RateLimit-Remaining"), "3");
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(call("GET", "/endpoints").status, 200);
    const Answered slowed = call("GET", "/endpoints");
    EXPECT_EQ(slowed.status, 429);
    EXPECT_EQ(slowed.text("type"), "urn:hookreel:problem:too-many-requests");
    EXPECT_EQ(slowed.headers.get("Retry-After"), "1");
    EXPECT_TRUE(slowed.text("detail").contains("2 requests a second"));
    clock_.advance(Duration(500));
    EXPECT_EQ(call("GET", "/endpoints").status, 200);
    token_ = "owner-token";
    EXPECT_FALSE(call("GET", "/endpoints").headers.has("RateLimit-Limit"));
}

TEST_F(NativeApiTest, GivesTokensAndTakesThemBack) {
    const Answered made = call("POST", "/tokens", R"({"name":"ci","scopes":["events:publish"]})");
    EXPECT_EQ(made.status, 201);
    const std::string id = made.text("id");
    EXPECT_EQ(call("GET", "/tokens").text("items.0.id"), id);
    EXPECT_EQ(call("GET", "/tokens/" + id).text("token"), "null");
    EXPECT_EQ(call("GET", "/tokens/" + id).text("hash"), "null");
    EXPECT_EQ(call("POST", "/tokens", R"({"name":"x","scopes":["fly"]})").text("errors.0.field"),
              "scopes[0]");
    EXPECT_EQ(call("POST", "/tokens",
                   R"({"name":"x","scopes":["admin"],"expires":"2020-01-01T00:00:00Z"})")
                  .text("errors.0.field"),
              "expires");
    EXPECT_EQ(call("DELETE", "/tokens/" + id).status, 204);
    EXPECT_EQ(call("DELETE", "/tokens/" + id).status, 404);
    token_ = made.text("token");
    EXPECT_EQ(call("GET", "/events").status, 401);
}

TEST_F(NativeApiTest, WritesWhoChangedWhatInTheSameCommit) {
    const std::string id = make_endpoint();
    const Answered log = call("GET", "/audit-log?target=" + id);
    EXPECT_EQ(log.text("items.0.actor"), "owner");
    EXPECT_EQ(log.text("items.0.action"), "endpoint.created");
    EXPECT_EQ(log.text("items.0.peer"), "192.0.2.7");
    EXPECT_EQ(log.text("items.0.at"), "2026-03-02T08:00:00.000Z");
    clock_.advance(Duration(1));
    call("DELETE", "/endpoints/" + id);
    EXPECT_EQ(call("GET", "/audit-log?limit=1").text("items.0.action"), "endpoint.deleted");
    EXPECT_EQ(call("GET", "/audit-log?until=2026-03-02T08:00:00Z").text("items"), "[]");
    EXPECT_EQ(run(api_->purge(clock_.now() + std::chrono::days(91))).value(), 2);
    EXPECT_EQ(call("GET", "/audit-log").text("items"), "[]");
}

TEST_F(NativeApiTest, SaysWhenNothingCanBeStored) {
    store_.close();
    const Answered refused = call("POST", "/events", R"({"type":"a","data":1})");
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.headers.has("Retry-After"));
}

TEST_F(NativeApiTest, RaisesTheSampleOfAType) {
    const std::string id = make_endpoint(R"(,"types":["media.*"])");
    const Answered raised = call("POST", "/event-types/media.uploaded/trigger");
    EXPECT_EQ(raised.status, 202);
    EXPECT_EQ(raised.text("events.0.queues.0"), id);
    EXPECT_EQ(call("POST", "/event-types/media.other/trigger").status, 404);
    EXPECT_EQ(call("GET", "/event-types/media.uploaded").text("example.data.a"), "1");
    EXPECT_EQ(call("GET", "/event-types").text("items.0.type"), "media.uploaded");
}

}  // namespace
}  // namespace hookreel::api
