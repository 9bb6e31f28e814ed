#include "app/commands/native/endpoint_settings.h"

#include <gtest/gtest.h>

namespace hookreel::app::commands {
namespace {

json::value body(const EndpointSettings& settings) {
    return settings_body(settings).value();
}

std::string complaint(const EndpointSettings& settings) {
    const Result<json::object> made = settings_body(settings);
    return made ? "" : made.error().detail;
}

TEST(EndpointSettings, SayNothingOfWhatWasNotGiven) {
    EXPECT_EQ(body({}), json::value(json::object()));
}

TEST(EndpointSettings, AreTheMembersOfTheApi) {
    EndpointSettings settings;
    settings.types = {"media.*", "order.paid"};
    settings.keys = {"k"};
    settings.dialect = "cloudevents_binary";
    settings.in_flight_max = 3;
    settings.rate_per_second = 0;
    settings.headers = {"X-Shop: 7", "X-Empty:"};
    settings.description = "";
    EXPECT_EQ(body(settings), parse_json(R"({"types":["media.*","order.paid"],"keys":["k"],
        "dialect":"cloudevents_binary","description":"","in_flight_max":3,"rate_per_second":0.0,
        "headers":{"X-Shop":"7","X-Empty":""}})")
                                  .value());
}

TEST(EndpointSettings, GatherTheValuesOfAMember) {
    EndpointSettings settings;
    settings.where = {"sum=7", "asset.type=mp4", "sum=8", "open=true", "id=\"7\"", "q=a=b", "e="};
    EXPECT_EQ(body(settings).at("data"),
              parse_json(R"({"sum":[7,8],"asset.type":["mp4"],"open":[true],"id":["7"],
                             "q":["a=b"],"e":[""]})")
                  .value());
}

TEST(EndpointSettings, ReadSpansAsSeconds) {
    EndpointSettings settings;
    settings.delays = "0.5s, 5m,1h";
    settings.timeout = "500ms";
    settings.jitter_percent = 0;
    EXPECT_EQ(body(settings).at("schedule"),
              parse_json(R"({"delays_seconds":[0.5,300.0,3600.0],"timeout_seconds":0.5,
                             "jitter_percent":0})")
                  .value());
    settings.delays = "none";
    EXPECT_EQ(body(settings).at("schedule").at("delays_seconds"), json::value(json::array()));
}

TEST(EndpointSettings, NameTheFlagThatMakesNoSense) {
    EXPECT_TRUE(complaint({.where = {"sum"}}).starts_with("--where takes"));
    EXPECT_TRUE(complaint({.where = {"=7"}}).starts_with("--where takes"));
    EXPECT_TRUE(complaint({.headers = {"X-Shop"}}).starts_with("--header takes"));
    EXPECT_TRUE(complaint({.delays = "5m,"}).starts_with("--schedule:"));
    EXPECT_TRUE(complaint({.timeout = "soon"}).starts_with("--timeout:"));
    EXPECT_TRUE(complaint({.authorities = "/nonexistent"}).contains("/nonexistent"));
}

}  // namespace
}  // namespace hookreel::app::commands
