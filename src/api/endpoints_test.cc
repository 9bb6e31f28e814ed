#include "api/harness_test.h"
#include "delivery/rules/classify.h"

namespace hookreel::api {
namespace {

class EndpointsTest : public ApiTest {
 protected:
    // What a request to create an endpoint is refused for.
    std::string refused_field(std::string body) {
        const Answered answer = call("POST", "/endpoints", std::move(body));
        EXPECT_EQ(answer.status, 400) << json::serialize(answer.body);
        return answer.text("errors.0.field");
    }
    void publish(std::string id, std::string type = "order.paid") {
        const std::string event =
            fmt::format(R"({{"id":"{}","type":"{}","data":{{"n":1}}}})", id, type);
        ASSERT_EQ(call("POST", "/events", event).status, 202);
    }
    void disable(const std::string& endpoint) {
        const auto edit = [](model::Endpoint& stored) -> Result<void> {
            stored.state = model::EndpointState::disabled;
            stored.state_reason = "it answered 410 Gone";
            return {};
        };
        ASSERT_TRUE(run(endpoints_.change(model::EndpointId(endpoint), edit, {})));
    }
    // What a sender does with the next event of an endpoint.
    void settle(const std::string& endpoint, std::string_view outcome) {
        const auto leases =
            run(store_.lease(model::endpoint_queue(model::EndpointId(endpoint)), {}));
        ASSERT_EQ(leases->size(), 1u);
        const store::Lease& lease = leases->front();
        store::Attempt attempt;
        attempt.event = lease.event;
        attempt.queue = lease.queue;
        attempt.application = model::default_application;
        attempt.type = lease.type;
        attempt.number = lease.attempt;
        attempt.at = clock_.now();
        attempt.url = "https://example.com/h";
        attempt.status = outcome == "delivered" ? 200 : 0;
        attempt.outcome = outcome;
        attempt.error = outcome == "delivered" ? "" : "dns: no such name";
        attempt.response_body = "\xff\xfe";
        store::Commit commit;
        if (outcome == "delivered") commit.confirms.push_back(lease.handle);
        if (outcome == "retry") commit.give_backs.push_back({lease.handle, Duration(60'000)});
        if (outcome == "dead") commit.buries.push_back({lease.handle, "it failed"});
        commit.attempts.push_back(store::share(std::move(attempt)));
        ASSERT_TRUE(run(store_.commit(std::move(commit))));
    }
};

TEST_F(EndpointsTest, IsCreatedWithASecretThatIsShownOnce) {
    const Answered made = call(
        "POST", "/endpoints",
        R"({"url":"https://example.com/h","types":["media.*","order.paid"],"dialect":"standard",)"
        R"("order":"key","in_flight_max":4,"rate_per_second":2.5,"description":"mine",)"
        R"("guarantee":"at_most_once","keys":["k"],"data":{"a.b":["x",1]},)"
        R"("schedule":{"delays_seconds":[0.5,60],"timeout_seconds":7},"headers":{"X-Shop":"7"}})");
    ASSERT_EQ(made.status, 201) << json::serialize(made.body);
    EXPECT_TRUE(made.text("id").starts_with("ep_"));
    EXPECT_TRUE(made.text("secret").starts_with("whsec_"));
    EXPECT_EQ(made.text("state"), "enabled");
    EXPECT_EQ(made.headers.get("Location"), "/api/v1/endpoints/" + made.text("id"));
    const Answered now = call("GET", "/endpoints/" + made.text("id"));
    EXPECT_EQ(now.text("secret"), "null");
    EXPECT_EQ(now.text("order"), "key");
    EXPECT_EQ(now.text("guarantee"), "at_most_once");
    EXPECT_EQ(now.text("data"), R"({"a.b":["x",1]})");
    EXPECT_EQ(now.text("headers"), R"({"X-Shop":"7"})");
    EXPECT_EQ(now.text("schedule.timeout_seconds"), "7");
    const auto stored = endpoints_.find(model::EndpointId(made.text("id")));
    EXPECT_EQ(stored->schedule.delays, (std::vector<Duration>{Duration(500), Duration(60'000)}));
    EXPECT_EQ(stored->rate_per_second, 2.5);
    EXPECT_EQ(call("GET", "/endpoints/" + made.text("id") + "/secret").text("secrets.0.secret"),
              made.text("secret"));
}

TEST_F(EndpointsTest, RefusesWhatCannotWorkAndNamesTheField) {
    EXPECT_EQ(refused_field("{}"), "url");
    EXPECT_EQ(refused_field(R"({"url":"ftp://example.com/"})"), "url");
    EXPECT_EQ(refused_field(R"({"url":"https://u:p@example.com/"})"), "url");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","dialect":"morse"})"), "dialect");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","types":["Bad Type"]})"), "types[0]");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","in_flight_max":0})"), "in_flight_max");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","headers":{"Host":"x"}})"),
              "headers.Host");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","headers":{"X":"a\r\nb"}})"),
              "headers.X");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","headers":{"a b":"c"}})"),
              "headers.a b");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","secrets":[{"secret":"x"}]})"),
              "secrets[0].secret");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","tls":{"certificate":"x"}})"), "tls");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","tls":{"authorities":"no PEM"}})"),
              "tls");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","data":{"a":[{}]}})"), "data.a[0]");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","rate_per_second":1e-45})"),
              "rate_per_second");
    EXPECT_EQ(refused_field(R"({"url":"https://example.com","colour":"red"})"), "colour");
    EXPECT_EQ(call("GET", "/endpoints").text("items"), "[]");
}

TEST_F(EndpointsTest, SaysWhatIsWrongWithAUrl) {
    const auto reason = [&](const char* url) {
        return call("POST", "/endpoints", fmt::format(R"({{"url":"{}"}})", url)).text("detail");
    };
    EXPECT_TRUE(reason("example.com").contains("does not begin with http:// or https://"));
    EXPECT_TRUE(reason("ftp://example.com").contains("only http and https are allowed"));
    EXPECT_TRUE(reason("https://u:p@example.com").contains("a user name is not allowed"));
    EXPECT_TRUE(reason("https://example.com:0/").contains("the port is out of range"));
    EXPECT_TRUE(reason("https://exa mple.com/").contains("a blank or a control character"));
    EXPECT_TRUE(reason("https:///x").contains("the host is empty"));
}

TEST_F(EndpointsTest, HidesWhatLetsIntoTheReceiverFromWhoeverOnlyReads) {
    const Answered made =
        call("POST", "/endpoints",
             R"({"url":"https://example.com/h?key=q1","headers":{"Authorization":"Bearer h1"}})");
    const std::string path = "/endpoints/" + made.text("id");
    EXPECT_EQ(made.text("headers"), R"({"Authorization":"Bearer h1"})");
    const auto with = [&](std::string_view scopes) {
        token_ = "owner-token";
        token_ = call("POST", "/tokens", fmt::format(R"({{"name":"t","scopes":[{}]}})", scopes))
                     .text("token");
    };
    with(R"("endpoints:read")");
    for (const Answered& told : {call("GET", path), call("GET", "/endpoints")}) {
        const std::string all = json::serialize(told.body);
        EXPECT_TRUE(all.contains(R"("headers":{"Authorization":"***"})")) << all;
        EXPECT_TRUE(all.contains(R"("url":"https://example.com/h?***")")) << all;
        EXPECT_FALSE(all.contains("q1") || all.contains("h1")) << all;
    }
    with(R"("endpoints:write")");
    const Answered changed = call("PATCH", path, R"({"description":"x"})");
    EXPECT_EQ(changed.text("headers"), R"({"Authorization":"Bearer h1"})");
    EXPECT_EQ(changed.text("url"), "https://example.com/h?key=q1");
    with(R"("endpoints:read","endpoints:write")");
    EXPECT_EQ(call("GET", path).text("headers.Authorization"), "Bearer h1");
}

TEST_F(EndpointsTest, NamesTheMostSecretsThatItTakes) {
    std::string secrets = R"({"secret":"x"})";
    for (int i = 0; i < 8; ++i)
        secrets += R"(,{"secret":"x"})";
    const Answered refused =
        call("POST", "/endpoints", R"({"url":"https://a.example","secrets":[)" + secrets + "]}");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.text("detail"), "secrets has 9 elements; at most 8 are taken");
    EXPECT_EQ(refused.at("errors.0.limit"), json::value(8));
}

TEST_F(EndpointsTest, RefusesHeadersThatDifferInCaseOnly) {
    EXPECT_EQ(refused_field(R"({"url":"https://a.example","headers":{"X-A":"1","x-a":"2"}})"),
              "headers.x-a");
    const std::string id = make_endpoint();
    EXPECT_EQ(call("PATCH", "/endpoints/" + id, R"({"headers":{"X-A":"1","X-a":"2"}})").status,
              400);
    EXPECT_EQ(call("GET", "/endpoints/" + id).text("headers"), "{}");
}

TEST_F(EndpointsTest, RefusesAMemberThatIsGivenTwice) {
    EXPECT_EQ(refused_field(R"({"url":"https://a.example","url":"https://b.example"})"), "url");
    EXPECT_EQ(refused_field(R"({"url":"https://a.example","headers":{"X":"1","X":"2"}})"),
              "headers.X");
    EXPECT_EQ(refused_field(R"({"url":"https://a.example","secrets":[{},{"a":1,"\u0061":2}]})"),
              "secrets[1].a");
}

TEST_F(EndpointsTest, RefusesATimeThatEndsBeforeItBegins) {
    const std::string id = make_endpoint();
    const std::string span = "since=2026-03-03T00:00:00Z&until=2026-03-02T00:00:00Z";
    for (const char* list :
         {"/deliveries", "/dead-letters", "/attempts", "/events", "/audit-log"}) {
        const Answered refused = call("GET", std::string(list) + "?" + span);
        EXPECT_EQ(refused.status, 400) << list;
        EXPECT_EQ(refused.text("errors.0.field"), "until") << list;
        EXPECT_EQ(refused.text("errors.0.limit"), "2026-03-03T00:00:00.000Z") << list;
    }
    const Answered replay =
        call("POST", "/endpoints/" + id + "/replay",
             R"({"since":"2026-03-03T00:00:00Z","until":"2026-03-02T00:00:00Z"})");
    EXPECT_EQ(replay.text("errors.0.field"), "until");
}

TEST_F(EndpointsTest, RefusesARetryThatNobodyWouldSend) {
    const std::string id = make_endpoint();
    publish("e1");
    settle(id, "dead");
    const std::string retry =
        "/deliveries/" + call("GET", "/deliveries").text("items.0.id") + "/retry";
    disable(id);
    const Answered disabled = call("POST", retry);
    EXPECT_EQ(disabled.status, 409);
    EXPECT_TRUE(disabled.text("detail").contains("disabled (it answered 410 Gone)"));
    ASSERT_EQ(call("DELETE", "/endpoints/" + id).status, 204);
    const Answered removed = call("POST", retry);
    EXPECT_EQ(removed.status, 409);
    EXPECT_EQ(removed.text("type"), "urn:hookreel:problem:conflict");
    EXPECT_TRUE(removed.text("detail").contains("was removed"));
    EXPECT_EQ(call("GET", "/deliveries").text("items.0.state"), "dead");
}

TEST_F(EndpointsTest, ShowsItsBreakerAndWhatHoldsDeliveriesBack) {
    using Breaker = model::Standing::Breaker;
    using Held = model::Standing::Held;
    const std::string id = make_endpoint();
    const std::string path = "/endpoints/" + id;
    publish("e1");
    clock_.advance(Duration(5000));  // It has been due since.
    EXPECT_EQ(call("GET", path).text("breaker"), R"({"state":"closed","until":null})");
    const auto told = [&](Breaker breaker, Held held, TimePoint until) {
        standings_[model::EndpointId(id)] = {breaker, held, until};
        const Answered delivery = call("GET", "/deliveries");
        return delivery.text("items.0.next_attempt") + " " + delivery.text("items.0.held_by");
    };
    const std::string now = rfc3339(clock_.now());
    const TimePoint later = clock_.now() + Duration(20'000);
    EXPECT_EQ(told(Breaker::closed, Held::no, {}), now + " null");
    EXPECT_EQ(told(Breaker::open, Held::breaker, later), rfc3339(later) + " breaker");
    const std::string open = fmt::format(R"({{"state":"open","until":"{}"}})", rfc3339(later));
    EXPECT_EQ(call("GET", path).text("breaker"), open);
    EXPECT_EQ(call("GET", "/endpoints").text("items.0.breaker"), open);
    EXPECT_EQ(told(Breaker::half_open, Held::breaker, {}), now + " breaker");
    EXPECT_EQ(call("GET", path).text("breaker"), R"({"state":"half_open","until":null})");
    EXPECT_EQ(told(Breaker::closed, Held::in_flight, {}), now + " in_flight");
    EXPECT_EQ(told(Breaker::closed, Held::rate, later), rfc3339(later) + " rate");
    EXPECT_EQ(told(Breaker::closed, Held::paused, never), "null paused");

    settle(id, "retry");
    const std::string due = rfc3339(clock_.now() + Duration(60'000));
    EXPECT_EQ(told(Breaker::open, Held::breaker, later), due + " null");
}

TEST_F(EndpointsTest, SaysWhenADeliveryWaitsBehindItsKey) {
    const std::string id = make_endpoint(R"(,"order":"key")");
    for (const char* event : {R"({"id":"e1","type":"a","key":"k","data":1})",
                              R"({"id":"e2","type":"a","key":"k","data":1})"})
        ASSERT_EQ(call("POST", "/events", event).status, 202);
    const store::LeaseOptions by_key{.count_max = 9, .order = model::Order::key};
    const model::EndpointId endpoint(id);
    ASSERT_EQ(run(store_.lease(model::endpoint_queue(endpoint), by_key))->size(), 1u);
    const auto told = [this] {
        const Answered page = call("GET", "/deliveries?event=e2");
        return page.text("items.0.next_attempt") + " " + page.text("items.0.held_by");
    };
    EXPECT_EQ(told(), "null key");
    using Held = model::Standing::Held;
    standings_[endpoint] = {.held = Held::in_flight};
    EXPECT_EQ(told(), "null key");
    standings_[endpoint] = {.held = Held::paused, .until = never};
    EXPECT_EQ(told(), "null paused");
}

TEST_F(EndpointsTest, NamesWhatWentWrongByOneWordOfItsDefinition) {
    const std::string id = make_endpoint();
    store::Commit commit;
    for (const auto& [status, error] :
         {std::pair{503, "status 503"}, {0, "dns: no such name: a.example"}, {200, ""}})
        commit.attempts.push_back(
            store::share({.event = model::EventId("e"),
                          .queue = model::endpoint_queue(model::EndpointId(id)),
                          .application = model::default_application,
                          .type = "t",
                          .status = status,
                          .outcome = "retry",
                          .error = error}));
    ASSERT_TRUE(run(store_.commit(std::move(commit))));
    const Answered log = call("GET", "/attempts");
    EXPECT_EQ(log.text("items.0.error_class"), "");
    EXPECT_EQ(log.text("items.1.error_class"), "dns");
    EXPECT_EQ(log.text("items.2.error_class"), "http_status");
    EXPECT_EQ(log.text("items.2.status"), "503");

    const json::value definition = json::parse(api_->definition().text());
    json::array words{""};
    for (const std::string_view cause : delivery::cause_names)
        if (cause != "none") words.push_back(json::string(cause));
    EXPECT_EQ(definition.at("components").at("schemas").at("ErrorClass").at("enum"), words);
}

TEST_F(EndpointsTest, RefusesAddressesThatMayNeverBeSentTo) {
    for (const char* host : {"127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "[::1]",
                             "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "0.0.0.0"}) {
        const Answered refused =
            call("POST", "/endpoints", fmt::format(R"({{"url":"http://{}/h"}})", host));
        EXPECT_EQ(refused.text("errors.0.field"), "url") << host;
        EXPECT_TRUE(refused.text("detail").contains("--allow-address")) << host;
    }
    ASSERT_TRUE(settings_.address_rules.allow("127.0.0.0/8"));
    start();
    EXPECT_EQ(call("POST", "/endpoints", R"({"url":"http://localhost:1/h"})").status, 201);
    EXPECT_EQ(call("POST", "/endpoints", R"({"url":"http://10.1.2.3/h"})").status, 400);
}

TEST_F(EndpointsTest, ChangesWhatIsNamedAndNothingElse) {
    const std::string id = make_endpoint(R"(,"description":"mine","headers":{"A":"b"})");
    clock_.advance(Duration(1000));
    const Answered changed =
        call("PATCH", "/endpoints/" + id,
             R"({"url":"https://example.org/","types":["a"],"headers":null,"in_flight_max":2})");
    EXPECT_EQ(changed.status, 200) << json::serialize(changed.body);
    EXPECT_EQ(changed.text("url"), "https://example.org/");
    EXPECT_EQ(changed.text("description"), "mine");
    EXPECT_EQ(changed.text("headers"), "{}");
    EXPECT_EQ(changed.text("updated"), "2026-03-02T08:00:01.000Z");
    EXPECT_EQ(call("PATCH", "/endpoints/" + id, R"({"url":"http://10.0.0.1/"})").status, 400);
    EXPECT_EQ(call("PATCH", "/endpoints/" + id, R"({"order":"key"})").text("errors.0.field"),
              "order");
    EXPECT_EQ(call("GET", "/endpoints/" + id).text("url"), "https://example.org/");
    EXPECT_EQ(call("PATCH", "/endpoints/ep_none", "{}").status, 404);
}

TEST_F(EndpointsTest, AuditsWhatOfItChanged) {
    const std::string id = make_endpoint();
    const auto audited = [&](std::string body) {
        clock_.advance(Duration(1));
        EXPECT_EQ(call("PATCH", "/endpoints/" + id, std::move(body)).status, 200);
        return call("GET", "/audit-log?target=" + id).text("items.0.detail");
    };
    EXPECT_EQ(audited(R"({"url":"https://example.org/h?token=hidden"})"),
              "url: https://example.org/h");
    EXPECT_EQ(audited(R"({"headers":{"X-Key":"hidden"},"in_flight_max":2,"description":""})"),
              "in_flight_max, headers");
    EXPECT_EQ(audited("{}"), "");
    clock_.advance(Duration(1));
    call("POST", "/endpoints/" + id + "/rotate-secret");
    EXPECT_EQ(call("GET", "/audit-log?target=" + id).text("items.0.detail"), "secrets");
    EXPECT_EQ(call("DELETE", "/endpoints/" + id).status, 204);
    EXPECT_FALSE(json::serialize(call("GET", "/audit-log").body).contains("hidden"));
}

TEST_F(EndpointsTest, IsPausedResumedAndRemoved) {
    const std::string id = make_endpoint();
    const Answered paused =
        call("POST", "/endpoints/" + id + "/pause", R"({"reason":"maintenance"})");
    EXPECT_EQ(paused.text("state"), "paused");
    EXPECT_EQ(paused.text("state_reason"), "maintenance");
    EXPECT_EQ(call("GET", "/endpoints?state=paused").text("items.0.id"), id);
    EXPECT_EQ(call("GET", "/endpoints?state=enabled").text("items"), "[]");
    EXPECT_EQ(call("POST", "/endpoints/" + id + "/resume").text("state"), "enabled");
    EXPECT_EQ(call("DELETE", "/endpoints/" + id).status, 204);
    for (const char* verb : {"/pause", "/resume", "/test", "/replay", "/rotate-secret"})
        EXPECT_EQ(call("POST", "/endpoints/" + id + verb).status, 404) << verb;
}

TEST_F(EndpointsTest, TellsWhenADisabledOneIsEnabledAgain) {
    const std::string id = make_endpoint();
    call("POST", "/endpoints/" + id + "/pause");
    call("POST", "/endpoints/" + id + "/resume");
    EXPECT_EQ(call("GET", "/events?type=endpoint.enabled").text("items"), "[]");
    disable(id);
    ASSERT_EQ(call("POST", "/endpoints/" + id + "/resume").text("state"), "enabled");
    EXPECT_EQ(call("GET", "/events?type=endpoint.enabled").at("items").as_array().size(), 1u);
    EXPECT_EQ(call("GET", "/deliveries?type=endpoint.enabled").text("items.0.key"), id);
    call("POST", "/endpoints/" + id + "/resume");
    EXPECT_EQ(call("GET", "/events?type=endpoint.enabled").at("items").as_array().size(), 1u);
}

TEST_F(EndpointsTest, RotatesItsSecretAndKeepsTheOldOneForAWhile) {
    const std::string id = make_endpoint();
    const std::string path = "/endpoints/" + id;
    const std::string old = call("GET", path + "/secret").text("secrets.0.secret");
    const Answered rotated = call("POST", path + "/rotate-secret", R"({"keep_old_seconds":60})");
    EXPECT_EQ(rotated.status, 200);
    EXPECT_NE(rotated.text("secret"), old);
    EXPECT_EQ(rotated.text("secrets.1.secret"), old);
    EXPECT_EQ(rotated.text("secrets.1.expires"), "2026-03-02T08:01:00.000Z");
    clock_.advance(Duration(60'000));
    EXPECT_EQ(call("GET", path + "/secret").at("secrets").as_array().size(), 1u);

    const Answered pair = call("POST", path + "/rotate-secret", R"({"algorithm":"v1a"})");
    EXPECT_TRUE(pair.text("secret").starts_with("whpk_"));
    EXPECT_TRUE(pair.text("secrets.0.secret").starts_with("whsk_"));
    EXPECT_EQ(call("POST", path + "/rotate-secret", R"({"secret":"short"})").text("errors.0.field"),
              "secret");
}

TEST_F(EndpointsTest, SendsATestToThatEndpointAlone) {
    const std::string id = make_endpoint(R"(,"types":["order.*"])");
    const std::string other = make_endpoint();
    const Answered tested =
        call("POST", "/endpoints/" + id + "/test", R"({"type":"media.uploaded"})");
    ASSERT_EQ(tested.status, 202);
    const Answered delivery = call("GET", "/deliveries/" + tested.text("delivery"));
    EXPECT_EQ(delivery.text("endpoint"), id);
    EXPECT_EQ(delivery.text("type"), "media.uploaded");
    EXPECT_EQ(delivery.text("state"), "waiting");
    EXPECT_EQ(call("GET", "/deliveries?endpoint=" + other).text("items"), "[]");
    EXPECT_EQ(call("GET", "/events/" + tested.text("event")).text("data.a"), "1");
    EXPECT_EQ(call("POST", "/endpoints/" + id + "/test").status, 202);
    call("POST", "/endpoints/" + id + "/pause", R"({"reason":"a move"})");
    const Answered paused = call("POST", "/endpoints/" + id + "/test");
    EXPECT_EQ(paused.status, 409);
    EXPECT_TRUE(paused.text("detail").contains("is paused (a move); resume it first"));
    call("POST", "/endpoints/" + id + "/resume");
    disable(id);
    const Answered refused = call("POST", "/endpoints/" + id + "/test");
    EXPECT_EQ(refused.status, 409);
    EXPECT_TRUE(refused.text("detail").contains("resume it first"));
}

TEST_F(EndpointsTest, RefusesFiltersThatNothingCanPass) {
    const auto refused = [this](std::string_view filter) {
        return call("POST", "/endpoints",
                    fmt::format(R"({{"url":"https://example.com/h",{}}})", filter));
    };
    const Answered typo = refused(R"("types":["media.uploaded","media.uplaoded"])");
    EXPECT_EQ(typo.status, 400);
    EXPECT_EQ(typo.text("errors.0.field"), "types[1]");
    EXPECT_TRUE(typo.text("errors.0.detail").contains("/api/v1/event-types"));
    EXPECT_EQ(refused(R"("types":["media.other.*"])").text("errors.0.field"), "types[0]");
    for (const char* path : {".", "a.", ".a", "a..b", ""}) {
        const Answered answer = refused(fmt::format(R"("data":{{"{}":[1]}})", path));
        EXPECT_EQ(answer.status, 400) << path;
        EXPECT_EQ(answer.text("errors.0.field"), "data") << path;
    }
    for (const char* pattern : {"order.p*", "ord*"}) {
        const Answered answer = refused(fmt::format(R"("types":["{}"])", pattern));
        EXPECT_TRUE(answer.text("errors.0.detail").contains("alone or after the last dot"));
    }
    const std::string id = make_endpoint(R"(,"types":["media.*","*","order.any"])");
    EXPECT_EQ(call("PATCH", "/endpoints/" + id, R"({"types":["media.uplaoded"]})").status, 400);
    EXPECT_EQ(call("PATCH", "/endpoints/" + id, R"({"types":["media.uploaded"]})").status, 200);
}

TEST_F(EndpointsTest, ShowsDeliveriesAndAttempts) {
    const std::string id = make_endpoint();
    publish("e1");
    publish("e2", "other");
    settle(id, "retry");
    settle(id, "delivered");
    const Answered all = call("GET", "/deliveries?endpoint=" + id);
    ASSERT_EQ(all.at("items").as_array().size(), 2u);
    EXPECT_EQ(call("GET", "/deliveries?state=delivered").text("items.0.event"), "e2");
    const Answered retrying = call("GET", "/deliveries?event=e1&state=retrying");
    EXPECT_EQ(retrying.text("items.0.attempts"), "1");
    EXPECT_EQ(retrying.text("items.0.next_attempt"), "2026-03-02T08:01:00.000Z");
    EXPECT_EQ(call("GET", "/deliveries?type=other").text("items.0.event"), "e2");

    const std::string delivery = retrying.text("items.0.id");
    const Answered attempts = call("GET", "/deliveries/" + delivery + "/attempts");
    EXPECT_EQ(attempts.text("items.0.outcome"), "retry");
    EXPECT_EQ(attempts.text("items.0.error_class"), "dns");
    EXPECT_EQ(attempts.text("items.0.status"), "null");
    EXPECT_TRUE(attempts.text("items.0.response_body").contains("no UTF-8"));
    EXPECT_EQ(call("GET", "/attempts?status=200").text("items.0.event"), "e2");
    EXPECT_EQ(call("GET", "/attempts?outcome=retry&endpoint=" + id).text("items.0.event"), "e1");

    EXPECT_EQ(call("POST", "/deliveries/" + delivery + "/retry").text("state"), "retrying");
    settle(id, "delivered");
    EXPECT_EQ(call("GET", "/deliveries/" + delivery).text("state"), "delivered");
    EXPECT_EQ(call("GET", "/deliveries/none").status, 404);
    EXPECT_EQ(call("POST", "/deliveries/none/retry").status, 404);
    EXPECT_EQ(call("GET", "/deliveries?state=lost").text("errors.0.field"), "state");
    EXPECT_EQ(call("GET", "/deliveries?cursor=00").text("errors.0.field"), "cursor");
    const std::string of_events = call("GET", "/events?limit=1").text("next_cursor");
    EXPECT_EQ(call("GET", "/events?limit=1&cursor=" + of_events).text("items.0.id"), "e2");
    EXPECT_EQ(call("GET", "/deliveries?cursor=" + of_events).text("errors.0.field"), "cursor");
}

TEST_F(EndpointsTest, ReplaysAndRecovers) {
    publish("before");
    const std::string id = make_endpoint();
    publish("e1");
    publish("e2");
    settle(id, "dead");
    settle(id, "delivered");
    EXPECT_EQ(call("GET", "/dead-letters?endpoint=" + id).text("items.0.reason"), "it failed");
    const std::string path = "/endpoints/" + id;
    EXPECT_EQ(call("GET", path + "/statistics").text("dead"), "1");
    EXPECT_EQ(call("POST", path + "/replay", R"({"state":"delivered"})").text("replayed"), "1");
    const Answered recovered =
        call("POST", path + "/recover", R"({"since":"2026-03-02T00:00:00Z"})");
    EXPECT_EQ(recovered.text("replayed"), "2");
    EXPECT_EQ(recovered.text("next_cursor"), "null");
    EXPECT_EQ(call("GET", path + "/statistics").text("waiting"), "3");
    EXPECT_EQ(call("POST", path + "/replay", R"({"state":"some"})").text("errors.0.field"),
              "state");
    EXPECT_EQ(call("POST", path + "/recover").text("errors.0.field"), "body");
}

TEST_F(EndpointsTest, CountsWhatWaits) {
    const std::string id = make_endpoint();
    ASSERT_EQ(call("PUT", "/queues/q").status, 201);
    publish("e1");
    const Answered told = call("GET", "/statistics");
    EXPECT_EQ(told.text("endpoints.waiting"), "1");
    EXPECT_EQ(told.text("endpoints.enabled"), "1");
    EXPECT_EQ(told.text("queues.waiting"), "1");
    EXPECT_EQ(told.text("queues.oldest"), "2026-03-02T08:00:00.000Z");
}

TEST_F(EndpointsTest, IsHiddenFromTokensOfOtherApplications) {
    const std::string id = make_endpoint();
    publish("e1");
    const std::string delivery = call("GET", "/deliveries").text("items.0.id");
    const std::string other = call("POST", "/applications", R"({"name":"x"})").text("id");
    const Answered made =
        call("POST", "/tokens", R"({"name":"t","scopes":["admin"],"application":)" + other + "}");
    ASSERT_EQ(made.status, 201);
    token_ = made.text("token");
    EXPECT_EQ(call("GET", "/endpoints/" + id).status, 404);
    EXPECT_EQ(call("DELETE", "/endpoints/" + id).status, 404);
    EXPECT_EQ(call("GET", "/deliveries/" + delivery).status, 404);
    EXPECT_EQ(call("POST", "/deliveries/" + delivery + "/retry").status, 404);
    EXPECT_EQ(call("GET", "/endpoints").text("items"), "[]");
    EXPECT_EQ(call("GET", "/deliveries").text("items"), "[]");
    EXPECT_EQ(call("GET", "/endpoints?application=1500000001").status, 403);
    EXPECT_EQ(call("GET", "/applications").at("items").as_array().size(), 1u);
    EXPECT_EQ(call("GET", "/applications/1500000001").status, 404);
    EXPECT_EQ(call("GET", "/accounts").status, 403);
    EXPECT_EQ(call("GET", "/audit-log").status, 403);
    EXPECT_EQ(call("POST", "/tokens", R"({"name":"t","scopes":["admin"]})").status, 403);
}

}  // namespace
}  // namespace hookreel::api
