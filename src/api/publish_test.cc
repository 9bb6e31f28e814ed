#include "api/harness_test.h"

namespace hookreel::api {
namespace {

using PublishTest = ApiTest;

TEST_F(PublishTest, NamesWhoWillHearOfAnEvent) {
    const std::string endpoint = make_endpoint(R"(,"types":["order.*"])");
    make_endpoint(R"(,"types":["other"])");
    ASSERT_EQ(call("PUT", "/queues/ledger", R"({"types":["order.paid"]})").status, 201);
    const Answered done =
        call("POST", "/events", R"({"id":"o-1","type":"order.paid","key":"k","data":{"a":1}})");
    EXPECT_EQ(done.status, 202);
    EXPECT_EQ(
        json::serialize(done.body),
        R"({"events":[{"id":"o-1","duplicate":false,"queues":[")" + endpoint + R"(","ledger"]}]})");
}

TEST_F(PublishTest, StoresAnIdOnce) {
    ASSERT_EQ(call("PUT", "/queues/q").status, 201);
    const std::string event = R"({"id":"o-1","type":"order.paid","data":1})";
    EXPECT_EQ(call("POST", "/events", event).at("events.0.duplicate"), json::value(false));
    const Answered again = call("POST", "/events", "[" + event + "," + event + "]");
    EXPECT_EQ(again.at("events.0.duplicate"), json::value(true));
    EXPECT_EQ(again.at("events.1.duplicate"), json::value(true));
    EXPECT_EQ(again.at("events.1.queues"), json::value(json::array()));
    EXPECT_EQ(call("GET", "/queues/q").at("waiting"), json::value(1));
}

TEST_F(PublishTest, RefusesAllOfABatchForOneWrongEventAndSaysWhichField) {
    ASSERT_EQ(call("PUT", "/queues/q").status, 201);
    const Answered refused = call("POST", "/events",
                                  R"([{"type":"a","data":1},{"type":"A b","data":1,"id":"x y"},)"
                                  R"({"type":"a"},{"type":"a","data":1,"time":"soon","more":1}])");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(refused.text("errors.0.field"), "[1].type");
    EXPECT_EQ(refused.text("errors.1.field"), "[1].id");
    EXPECT_EQ(refused.text("errors.2.field"), "[2].data");
    EXPECT_EQ(refused.text("errors.2.detail"), "is required");
    EXPECT_EQ(refused.text("errors.3.field"), "[3].time");
    EXPECT_EQ(refused.text("errors.4.field"), "[3].more");
    EXPECT_EQ(call("GET", "/queues/q").at("waiting"), json::value(0));
}

TEST_F(PublishTest, RefusesKeysWithControlCharacters) {
    for (const char* key : {"a\\u0000b", "\\n", "\\u001f", "\\u007f", "\\u0080", "x\\u009f"}) {
        const Answered refused =
            call("POST", "/events", fmt::format(R"([{{"type":"a","key":"{}","data":1}}])", key));
        EXPECT_EQ(refused.status, 400) << key;
        EXPECT_EQ(refused.text("errors.0.field"), "[0].key") << key;
    }
    for (const char* key : {"", " ~", "\\u00a0", "\\u0100", "é\\u2028"})
        EXPECT_EQ(call("POST", "/events", fmt::format(R"({{"type":"a","key":"{}","data":1}})", key))
                      .status,
                  202)
            << key;
}

TEST_F(PublishTest, RefusesWhatIsTooLargeWithTheLimit) {
    const std::string big(256 * 1024, 'x');
    const Answered refused = call("POST", "/events", R"({"type":"a","data":")" + big + R"("})");
    EXPECT_EQ(refused.status, 413);
    EXPECT_EQ(refused.text("errors.0.field"), "data");
    EXPECT_EQ(refused.at("errors.0.limit"), json::value(256 * 1024));

    std::string many = "[";
    for (int i = 0; i <= 1000; ++i)
        many += std::string(i ? "," : "") + R"({"type":"a","data":1})";
    const Answered long_batch = call("POST", "/events", many + "]");
    EXPECT_EQ(long_batch.status, 400);
    EXPECT_EQ(long_batch.at("errors.0.limit"), json::value(1000));

    const Answered long_id =
        call("POST", "/events", R"({"type":"a","data":1,"id":")" + std::string(129, 'i') + R"("})");
    EXPECT_EQ(long_id.status, 400);
    EXPECT_EQ(long_id.text("detail"), "id has 129 characters; at most 128 are taken");
    EXPECT_EQ(long_id.at("errors.0.limit"), json::value(128));

    const std::string deep = std::string(40, '[') + std::string(40, ']');
    const Answered nested = call("POST", "/events", R"({"type":"a","data":)" + deep + "}");
    EXPECT_EQ(nested.status, 400);
    EXPECT_EQ(nested.text("detail"), "body is nested too deep; at most 32 levels are taken");
    EXPECT_EQ(nested.at("errors.0.limit"), json::value(32));

    FakeRequest huge = request("POST", "/events", "{}");
    huge.announced = 65u << 20;
    EXPECT_EQ(send(std::move(huge)).status, 413);
}

TEST_F(PublishTest, KeepsTypesOfItsOwn) {
    const Answered unknown = call("POST", "/events", R"({"type":"media.invented","data":1})");
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(unknown.text("errors.0.field"), "type");
    EXPECT_TRUE(unknown.text("errors.0.detail").contains("unknown"));
    const Answered planned = call("POST", "/events", R"({"type":"playback.progress","data":1})");
    EXPECT_EQ(planned.status, 400);
    EXPECT_TRUE(planned.text("errors.0.detail").contains("unknown"));
    // As a trial, by whoever may do everything.
    EXPECT_EQ(call("POST", "/events", R"({"type":"media.uploaded","data":{}})").status, 202);
    const Answered made = call("POST", "/tokens", R"({"name":"p","scopes":["events:publish"]})");
    token_ = made.text("token");
    for (const char* type : {"media.uploaded", "media.invented", "stream.started", "playback"}) {
        const Answered refused =
            call("POST", "/events", fmt::format(R"([{{"type":"{}","data":{{}}}}])", type));
        EXPECT_EQ(refused.status, 403) << type;
        EXPECT_EQ(refused.text("type"), "urn:hookreel:problem:forbidden");
        EXPECT_EQ(refused.text("errors.0.field"), "[0].type");
        EXPECT_TRUE(refused.text("detail").contains("scope admin")) << refused.text("detail");
    }
    EXPECT_EQ(call("POST", "/events", R"({"type":"streams.mine","data":{}})").status, 202);
    EXPECT_EQ(call("POST", "/events", R"({"type":"mine","data":{}})").status, 202);
}

TEST_F(PublishTest, PassesDataOnAsItWasWritten) {
    const std::string data = R"({"b": 12345678901234567890123, "a":1.10,"é":"\u00e9\"}"})";
    ASSERT_EQ(call("POST", "/events", R"({"id":"e","data":)" + data + R"(,"type":"a"})").status,
              202);
    FakeRequest get = request("GET", "/events/e");
    const http::Response response = run(api_->handle(get));
    EXPECT_TRUE(std::get<std::string>(response.body).ends_with("\"data\":" + data + "}"))
        << std::get<std::string>(response.body);
}

TEST_F(PublishTest, KeepsEventsInAnArchiveThatCanBeSearched) {
    for (int i = 0; i < 5; ++i)
        ASSERT_EQ(call("POST", "/events",
                       fmt::format(R"({{"id":"e{}","type":"{}","key":"k{}","data":{}}})", i,
                                   i % 2 ? "a.odd" : "a.even", i, i))
                      .status,
                  202);
    const Answered first = call("GET", "/events?type=a.even&limit=2");
    EXPECT_EQ(first.text("items.0.id"), "e0");
    EXPECT_EQ(first.text("items.1.id"), "e2");
    const Answered rest =
        call("GET", "/events?type=a.even&limit=2&cursor=" + first.text("next_cursor"));
    EXPECT_EQ(rest.text("items.0.id"), "e4");
    EXPECT_EQ(call("GET", "/events?key=k3").text("items.0.id"), "e3");
    EXPECT_EQ(call("GET", "/events?cursor=zz").text("errors.0.field"), "cursor");
    EXPECT_EQ(call("GET", "/events/none").status, 404);
}

TEST_F(PublishTest, DoesNotMixApplications) {
    const Answered other = call("POST", "/applications", R"({"name":"other"})");
    ASSERT_EQ(other.status, 201) << json::serialize(other.body);
    const std::string id = other.text("id");
    make_endpoint();
    const std::string event = R"({"id":"e","type":"a","data":1})";
    const Answered published = call("POST", "/events?application=" + id, event);
    EXPECT_EQ(published.at("events.0.queues"), json::value(json::array()));
    EXPECT_EQ(call("GET", "/events/e").status, 404);
    EXPECT_EQ(call("GET", "/events/e?application=" + id).status, 200);
    EXPECT_EQ(call("POST", "/events", event).at("events.0.duplicate"), json::value(false));
    EXPECT_EQ(call("GET", "/events?application=7").text("errors.0.field"), "application");
}

}  // namespace
}  // namespace hookreel::api
