#include "app/client/native/endpoint_text.h"

#include <gtest/gtest.h>

namespace hookreel::app::client {
namespace {

const Terminal plain(Screen{}, 1);

json::object endpoint() {
    return parse_json(R"({"id":"e1","state":"paused","state_reason":"maintenance","url":"http://x/",
        "types":["media.*","order.paid"],"keys":[],"data":{"sum":[7]},"dialect":"standard",
        "description":"","order":"none","guarantee":"at_least_once","in_flight_max":8,
        "rate_per_second":0.0,"schedule":{"delays_seconds":[5,300]},"headers":{},"tls":null,
        "origin":null,"failing_since":null,
        "breaker":{"state":"open","until":"2026-11-20T21:40:00Z"},
        "created":"2026-11-20T21:39:00Z","updated":"2026-11-20T21:39:00Z"})")
        .value()
        .get_object();
}

std::string fact(const std::vector<Row>& facts, std::string_view name) {
    for (const Row& fact : facts)
        if (fact[0] == name) return fact[1];
    return "(none)";
}

TEST(EndpointText, HasAsManyCellsAsItsHead) {
    const Row row = endpoint_row(endpoint(), plain);
    ASSERT_EQ(row.size(), endpoint_head().size());
    EXPECT_EQ(row[3], "media.*, order.paid");
    EXPECT_EQ(endpoint_row({}, plain)[3], "*");
    EXPECT_EQ(secret_row({}).size(), secret_head().size());
}

TEST(EndpointText, ShowsWhatIsSaidAndLeavesOutTheRest) {
    const json::object statistics = {{"waiting", 3}, {"dead", 0}, {"oldest", nullptr}};
    const std::vector<Row> facts = endpoint_facts(endpoint(), statistics, plain);
    EXPECT_EQ(fact(facts, "state"), "paused");
    EXPECT_EQ(fact(facts, "because"), "maintenance");
    EXPECT_TRUE(fact(facts, "breaker").starts_with("open, until 2026-11-2"));
    EXPECT_EQ(fact(facts, "waiting"), "3");
    EXPECT_EQ(fact(facts, "dead"), "0");
    EXPECT_EQ(fact(facts, "data"), R"({"sum":[7]})");
    EXPECT_EQ(fact(facts, "schedule"), "5 s, 5 min (3 attempts)");
    for (const char* name : {"oldest waiting", "keys", "rate", "headers", "TLS", "failing since"})
        EXPECT_EQ(fact(facts, name), "(none)") << name;
}

TEST(EndpointText, TellsRateAndBreakerOfABusyEndpoint) {
    json::object busy = endpoint();
    busy["rate_per_second"] = 0.5;
    busy["breaker"] = json::object{{"state", "closed"}, {"until", nullptr}};
    const std::vector<Row> facts = endpoint_facts(busy, {}, plain);
    EXPECT_EQ(fact(facts, "rate"), "0.5 a second");
    EXPECT_EQ(fact(facts, "breaker"), "(none)");
}

std::string schedule_fact(std::string_view schedule, std::string_view name) {
    json::object one = endpoint();
    one["schedule"] = parse_json(schedule).value();
    return fact(endpoint_facts(one, {}, plain), name);
}

TEST(EndpointText, TellsAScheduleAsPeopleSayIt) {
    constexpr std::string_view standard =
        R"({"connect_timeout_seconds":5,"timeout_seconds":20,"jitter_percent":10,
            "delays_seconds":[2.5,90,300,7200,86400],"success":"any_2xx","follows_answer":true})";
    EXPECT_EQ(schedule_fact(standard, "schedule"),
              "2.5 s, 90 s, 5 min, 2 h, 1 d (6 attempts), ±10 %");
    EXPECT_EQ(schedule_fact(standard, "time limits"), "connect 5 s, answer 20 s");
    EXPECT_EQ(schedule_fact(standard, "success"), "any 2xx, Retry-After and 410 are followed");
    EXPECT_EQ(schedule_fact(R"({"delays_seconds":[]})", "schedule"), "a single attempt");
    EXPECT_EQ(schedule_fact(R"({"success":"exactly_200","follows_answer":false})", "success"),
              "exactly 200, Retry-After and 410 are not followed");
    for (const char* name : {"schedule", "time limits", "success"})
        EXPECT_EQ(schedule_fact(R"({"delays_seconds":7,"timeout_seconds":"x","success":[]})", name),
                  "(none)");
}

TEST(EndpointText, TellsHowLongASecretLives) {
    EXPECT_EQ(secret_row({{"algorithm", "v1"}, {"verification_key", "whsec_a"}}),
              (Row{"v1", "whsec_a", "for good"}));
    EXPECT_TRUE(secret_row({{"expires", "2026-11-20T21:40:00Z"}})[2].starts_with("2026-11-2"));
}

}  // namespace
}  // namespace hookreel::app::client
