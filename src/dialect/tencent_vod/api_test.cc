#include "dialect/tencent_vod/api.h"

#include "base/text.h"
#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

TEST_F(ApiTest, AnswersAnUnknownActionBeforeAnythingElse) {
    http::RequestHead head = signed_head("DanceEvents", "{}", keys_);
    head.headers.set("X-TC-Version", "2000-01-01");
    head.headers.set("Authorization", "nonsense");
    expect_error_fixture(response_of(serve(head, "{}")), "common.invalid-action.error.json");
}

TEST_F(ApiTest, AnswersTheFirstFaultOfSeveral) {
    // Each step mends the fault that was answered before it.
    http::RequestHead head = signed_head("PullEvents", "{]", keys_);
    const http::Headers good = head.headers;
    const auto now_answers = [&](const char* wanted) {
        EXPECT_EQ(code_of(response_of(serve(head, "{]"))), wanted);
    };
    head.headers.set("X-TC-Version", "2017-01-01");
    head.headers.set("Authorization", "nonsense");
    head.headers.set("X-TC-Timestamp", "5");
    now_answers("NoSuchVersion");
    head.headers.set("X-TC-Version", "2018-07-17");
    now_answers("AuthFailure.InvalidAuthorization");
    std::string authorization(good.get("Authorization"));
    authorization.replace(authorization.find("AKIDEXAMPLE"), 11, "AKIDUNKNOWN");
    head.headers.set("Authorization", authorization);
    now_answers("AuthFailure.SignatureExpire");
    head.headers.set("X-TC-Timestamp", std::string(good.get("X-TC-Timestamp")));
    now_answers("AuthFailure.SecretIdNotFound");
    authorization = good.get("Authorization");
    authorization.back() = authorization.back() == '0' ? '1' : '0';
    head.headers.set("Authorization", authorization);
    now_answers("AuthFailure.SignatureFailure");
    head.headers.set("Authorization", std::string(good.get("Authorization")));
    now_answers("InvalidParameter");
}

TEST_F(ApiTest, AnswersTheCommonErrorsAsTheFixtures) {
    const std::string body = "{}";
    http::RequestHead head = signed_head("PullEvents", body, keys_);
    head.headers.set("X-TC-Version", "2017-01-01");
    expect_error_fixture(response_of(serve(head, body)), "common.no-such-version.error.json");
    expect_error_fixture(call("PullEvents", body, {"AKIDOTHER", "SKEXAMPLE"}),
                         "common.secretid-not-found.error.json");
    const json::object wrong = call("PullEvents", body, {"AKIDEXAMPLE", "other"});
    expect_fixture(wrong, "common.signature-failure.error.json");
    head = signed_head("PullEvents", body, keys_);
    clock_.advance(std::chrono::seconds(301));
    expect_error_fixture(response_of(serve(head, body)), "common.signature-expire.error.json");
}

TEST_F(ApiTest, RefusesACallThatAsksToBeUnsigned) {
    http::RequestHead head = signed_head("PullEvents", "{}", keys_);
    head.headers.set("Authorization", "SKIP");
    EXPECT_EQ(code_of(response_of(serve(head, "{}"))), "AuthFailure.InvalidAuthorization");
}

TEST_F(ApiTest, AsksForAnActionAndAVersion) {
    EXPECT_EQ(code_of(response_of(serve({"GET", "/", {{"Host", "x"}}, {}}, ""))),
              "MissingParameter");
    EXPECT_EQ(code_of(response_of(serve({"GET", "/?Action=PullEvents", {}, {}}, ""))),
              "MissingParameter");
    EXPECT_EQ(code_of(response_of(serve({"POST", "/", {{"X-TC-Action", "PullEvents"}}, {}}, ""))),
              "MissingParameter");
}

TEST_F(ApiTest, TakesOnlyGetAndPost) {
    for (const char* method : {"PUT", "HEAD", "DELETE", "BREW"})
        EXPECT_EQ(code_of(response_of(serve({method, "/", {}, {}}, ""))), "UnsupportedProtocol");
}

TEST_F(ApiTest, TakesBothSignaturesByGetAndByForm) {
    Form form = {{"Action", "DescribeEventConfig"}, {"Version", "2018-07-17"},
                 {"Timestamp", "1772438400"},       {"Nonce", "7"},
                 {"SecretId", "AKIDEXAMPLE"},       {"Region", ""},
                 {"SubAppId", "1500000001"},        {"SignatureMethod", "HmacSHA256"}};
    const auto signed_text = [&](std::string_view method) {
        const std::string text = v1_text(method, "127.0.0.1:8080", form);
        std::string query;
        for (const auto& [name, value] : form)
            query += name + "=" + value + "&";
        return query + "Signature=" + percent_encode(v1_signature(Algorithm::sha256, keys_, text));
    };
    const http::Headers headers = {{"Host", "127.0.0.1:8080"},
                                   {"Content-Type", "application/x-www-form-urlencoded"}};
    const json::object got =
        response_of(serve({"GET", "/?" + signed_text("GET"), headers, {}}, ""));
    EXPECT_EQ(got.at("Mode"), "PUSH");
    const json::object posted = response_of(serve({"POST", "/", headers, {}}, signed_text("POST")));
    EXPECT_EQ(posted.at("Mode"), "PUSH");
}

TEST_F(ApiTest, RefusesWhatIsTooLargeWithoutReadingIt) {
    const std::string huge = "RequestSizeLimitExceeded";
    http::RequestHead head = signed_head("PullEvents", "{}", keys_);
    FakeRequest announced(head, "{}");
    announced.announced = json_bytes_max + 1;
    EXPECT_EQ(code_of(response_of(run(api_->handle(announced)))), huge);
    EXPECT_EQ(announced.bytes_read(), 0u);

    EXPECT_EQ(code_of(response_of(serve(head, std::string(json_bytes_max + 1, ' ')))), huge);
    EXPECT_EQ(
        code_of(response_of(serve({"POST", "/", {}, {}}, std::string(form_bytes_max + 1, 'a')))),
        huge);
    EXPECT_EQ(code_of(response_of(
                  serve({"GET", "/?" + std::string(query_bytes_max + 1, 'a'), {}, {}}, ""))),
              huge);
    EXPECT_EQ(code_of(response_of(serve({"POST", "/", {}, {}}, std::string(form_pairs_max, '&')))),
              "InvalidParameter");
}

TEST_F(ApiTest, PassesOverTheBodyOfAnythingButAPost) {
    http::RequestHead put = signed_head("PullEvents", "{}", keys_);
    put.method = "PUT";
    FakeRequest request(put, "{}");
    request.announced = 2;
    EXPECT_EQ(code_of(response_of(run(api_->handle(request)))), "UnsupportedProtocol");
    EXPECT_EQ(request.bytes_read(), 0u);
}

TEST_F(ApiTest, TellsABrokenBodyByTheStatus) {
    for (const auto& [code, status] :
         {std::pair{Code::timed_out, 408}, std::pair{Code::network, 400},
          std::pair{Code::protocol, 400}}) {
        FakeRequest request(signed_head("PullEvents", "{}", keys_), "{}");
        request.broken = code;
        EXPECT_EQ(run(api_->handle(request)).status, status);
    }
    FakeRequest cut(signed_head("PullEvents", "{}", keys_), "{}");
    cut.broken = Code::network;
    cut.announced = 100;
    EXPECT_EQ(std::get<std::string>(run(api_->handle(cut)).body),
              "The body of the request ended before the 100 bytes of its Content-Length.\n");
}

TEST_F(ApiTest, RefusesHostileBodies) {
    std::string nested;
    for (int i = 0; i < 10'000; ++i)
        nested += "{\"ExtInfo\":";
    for (const std::string& body : {std::string("{"), std::string("[]"), nested,
                                    std::string("{\"ExtInfo\":\"\xff\"}"), std::string("\0", 1)})
        EXPECT_EQ(code("PullEvents", body), "InvalidParameter");
    const json::object not_text = call("PullEvents", std::string("{\"ExtInfo\":\"\xff\"}"));
    EXPECT_EQ(not_text.at("Error").at("Message"), "The body of the request is not UTF-8.");
    EXPECT_EQ(code("DescribeEventConfig", "{}"), "none");  // It serves on.
    EXPECT_EQ(code("DescribeEventConfig", ""), "none");
}

TEST_F(ApiTest, RefusesUnknownParametersWhenItIsStrict) {
    EXPECT_EQ(code("DescribeEventConfig", R"({"Foo":1})"), "none");
    remake({.unknown_parameters = Unknown::refused});
    expect_fixture(call("DescribeEventConfig", std::string(R"({"Foo":1})")),
                   "common.unknown-parameter.error.json");
}

TEST_F(ApiTest, LimitsTheRateOnlyWhenItIsAskedTo) {
    for (int i = 0; i < 60; ++i)
        EXPECT_EQ(code("DescribeEventsState"), "none");
    remake({.rates = Rates::platform});
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(code("DescribeEventsState"), "none");
    expect_fixture(call("DescribeEventsState"), "common.request-limit.error.json");
    EXPECT_EQ(code("DescribeEventConfig"), "none");  // Each action has its own.
    clock_.advance(std::chrono::milliseconds(50));
    EXPECT_EQ(code("DescribeEventsState"), "none");
    EXPECT_EQ(code("DescribeEventsState"), "RequestLimitExceeded");
}

TEST_F(ApiTest, PerformsEveryActionThatItKnows) {
    EXPECT_EQ(code("ManageTask"), "MissingParameter");
    for (const schema::Action& action : schema::actions()) {
        const std::string answered = code(std::string(action.name));
        EXPECT_NE(answered, "InvalidAction") << action.name;
        EXPECT_NE(answered, "UnsupportedOperation") << action.name;
    }
}

class SubAppIdTest : public ApiTest {
 protected:
    SubAppIdTest() {
        model::Application other;
        other.id = model::ApplicationId(1500000002);
        other.name = "other";
        other.keys = {{"AKIDOTHER", "SKOTHER"}};
        other.events.notification_url = "http://192.0.2.2/";
        store::Commit commit;
        commit.puts.push_back(
            {{store::Kind::application, "1500000002"}, to_json_text(other), std::nullopt});
        EXPECT_TRUE(run(store_.commit(std::move(commit))));
        EXPECT_TRUE(run(applications_.load(keys_, clock_.now())));
    }

    std::string url(const std::string& body, const model::KeyPair& keys) {
        const json::object response = call("DescribeEventConfig", body, keys);
        if (response.contains("Error")) return code_of(response);
        return std::string(response.at("NotificationUrl").as_string());
    }

    model::KeyPair other_keys_{"AKIDOTHER", "SKOTHER"};
};

TEST_F(SubAppIdTest, MeansTheDefaultApplicationWhenItIsAbsent) {
    EXPECT_EQ(url("{}", keys_), "");
    EXPECT_EQ(url(R"({"SubAppId":1500000001})", keys_), "");
    EXPECT_EQ(url(R"({"SubAppId":1500000002})", keys_), "http://192.0.2.2/");
}

TEST_F(SubAppIdTest, IsRefusedWhenItIsUnknownOrAnothers) {
    EXPECT_EQ(url(R"({"SubAppId":7})", keys_), "InvalidParameterValue");
    EXPECT_EQ(code("CommitUpload", R"({"VodSessionKey":"x","SubAppId":7})"),
              "InvalidParameterValue.SubAppId");
    EXPECT_EQ(url("{}", other_keys_), "http://192.0.2.2/");
    // Whether there is another one is not told.
    EXPECT_EQ(url(R"({"SubAppId":1500000001})", other_keys_), "UnauthorizedOperation");
    EXPECT_EQ(url(R"({"SubAppId":7})", other_keys_), "UnauthorizedOperation");
}

TEST_F(SubAppIdTest, IsListedForWhoMayNameIt) {
    EXPECT_EQ(call("DescribeSubAppIds").at("TotalCount"), 2);
    const json::object own = call("DescribeSubAppIds", "{}", other_keys_);
    EXPECT_EQ(own.at("TotalCount"), 1);
    EXPECT_EQ(own.at("SubAppIdInfoSet").at(0).at("Name"), "other");
    const json::object page = call("DescribeSubAppIds", std::string(R"({"Offset":1,"Limit":1})"));
    EXPECT_EQ(page.at("TotalCount"), 2);
    EXPECT_EQ(page.at("SubAppIdInfoSet").at(0).at("Name"), "other");
    EXPECT_EQ(call("DescribeSubAppIds", std::string(R"({"Name":"none"})")).at("TotalCount"), 0);
    EXPECT_EQ(call("DescribeSubAppIds", std::string(R"({"Limit":200})")).at("TotalCount"), 2);
    EXPECT_EQ(code_of(call("DescribeSubAppIds", std::string(R"({"Limit":201})"))),
              "InvalidParameterValue");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
