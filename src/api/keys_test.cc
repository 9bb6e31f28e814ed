#include "api/harness_test.h"

namespace hookreel::api {
namespace {

class KeysTest : public ApiTest {
 protected:
    Answered make(std::string more = R"("rights":["read","events"])") {
        return call("POST", "/keys", R"({"name":"shop",)" + more + "}");
    }
    std::string refused_field(std::string body) {
        const Answered answer = call("POST", "/keys", std::move(body));
        EXPECT_EQ(answer.status, 400) << json::serialize(answer.body);
        return answer.text("errors.0.field");
    }
    std::uint64_t make_application() {
        return call("POST", "/applications", R"({"name":"other"})")
            .at("id")
            .to_number<std::uint64_t>();
    }
    // A caller that is bound to an application.
    std::string token_of(std::uint64_t application) {
        return call("POST", "/tokens",
                    fmt::format(R"({{"name":"t","scopes":["admin"],"application":{}}})",
                                application))
            .text("token");
    }
};

TEST_F(KeysTest, ShowTheirSecretOnceAndSignWithIt) {
    const Answered made = make(R"("rights":["events","read","read"],"application":1500000001)");
    ASSERT_EQ(made.status, 201) << json::serialize(made.body);
    const std::string id = made.text("id");
    EXPECT_TRUE(id.starts_with("AKID"));
    EXPECT_EQ(made.headers.get("Location"), "/api/v1/keys/" + id);
    EXPECT_EQ(made.text("rights"), R"(["read","events"])");
    EXPECT_EQ(made.text("state"), "active");
    EXPECT_EQ(made.text("application"), "1500000001");
    ASSERT_TRUE(access_keys_.find(id));
    EXPECT_EQ(access_keys_.find(id)->secret, made.text("secret"));

    const Answered now = call("GET", "/keys/" + id);
    EXPECT_EQ(now.status, 200);
    EXPECT_EQ(now.text("name"), "shop");
    for (const Answered& shown : {now, call("GET", "/keys")})
        EXPECT_FALSE(json::serialize(shown.body).contains(made.text("secret")));
}

TEST_F(KeysTest, AreForAllApplicationsUnlessOneIsNamed) {
    EXPECT_EQ(make().text("application"), "null");
    EXPECT_EQ(make(R"("rights":["read"],"application":null)").text("application"), "null");
    const std::uint64_t other = make_application();
    EXPECT_EQ(make(fmt::format(R"("rights":["read"],"application":{})", other)).at("application"),
              other);
    EXPECT_EQ(call("GET", "/keys").at("items").as_array().size(), 3u);
    const std::string target = fmt::format("/keys?application={}", other);
    EXPECT_EQ(call("GET", target).at("items").as_array().size(), 1u);
}

TEST_F(KeysTest, RefuseWhatMakesNoSense) {
    EXPECT_EQ(refused_field(R"({"rights":["read"]})"), "name");
    EXPECT_EQ(refused_field(R"({"name":"x"})"), "rights");
    EXPECT_EQ(refused_field(R"({"name":"x","rights":[]})"), "rights");
    EXPECT_EQ(refused_field(R"({"name":"x","rights":["fly"]})"), "rights[0]");
    EXPECT_EQ(refused_field(R"({"name":"x","rights":["read"],"application":7})"), "application");
    EXPECT_EQ(refused_field(R"({"name":"x","rights":["read"],"secret":"mine"})"), "secret");
    EXPECT_EQ(call("GET", "/keys/AKIDnone").status, 404);
    EXPECT_EQ(call("PATCH", "/keys/AKIDnone", "{}").status, 404);
    EXPECT_EQ(call("DELETE", "/keys/AKIDnone").status, 404);
}

TEST_F(KeysTest, AreChangedByWhatIsNamed) {
    const std::string id = make().text("id");
    clock_.advance(Duration(1000));
    const Answered disabled = call("PATCH", "/keys/" + id, R"({"state":"disabled"})");
    EXPECT_EQ(disabled.status, 200);
    EXPECT_EQ(disabled.text("state"), "disabled");
    EXPECT_EQ(disabled.text("rights"), R"(["read","events"])");
    EXPECT_EQ(disabled.text("updated"), "2026-03-02T08:00:01.000Z");
    const Answered renamed = call("PATCH", "/keys/" + id, R"({"name":"n","rights":["write"]})");
    EXPECT_EQ(renamed.text("state"), "disabled");
    EXPECT_EQ(renamed.text("name"), "n");
    EXPECT_EQ(renamed.text("rights"), R"(["write"])");
    EXPECT_EQ(call("PATCH", "/keys/" + id, R"({"application":1500000001})").status, 400);
    EXPECT_EQ(call("DELETE", "/keys/" + id).status, 204);
    EXPECT_EQ(call("GET", "/keys/" + id).status, 404);
}

TEST_F(KeysTest, OfOtherApplicationsDoNotExistForABoundCaller) {
    const std::string foreign = make().text("id");
    const std::uint64_t other = make_application();
    token_ = token_of(other);
    const Answered own = make();
    EXPECT_EQ(own.at("application"), other);
    EXPECT_EQ(call("GET", "/keys").at("items").as_array().size(), 1u);
    for (const char* method : {"GET", "DELETE"})
        EXPECT_EQ(call(method, "/keys/" + foreign).status, 404);
    EXPECT_EQ(call("PATCH", "/keys/" + foreign, R"({"state":"disabled"})").status, 404);
    for (const char* application : {"null", "1500000001"})
        EXPECT_EQ(make(fmt::format(R"("rights":["read"],"application":{})", application)).status,
                  403);
}

TEST_F(KeysTest, NeedTheScopeOfWhoKeepsAccess) {
    token_ = call("POST", "/tokens", R"({"name":"t","scopes":["media:write","applications:read"]})")
                 .text("token");
    EXPECT_EQ(make().status, 403);
    EXPECT_EQ(call("GET", "/keys").status, 403);
}

TEST_F(KeysTest, LeaveEachChangeInTheAuditLogWithoutTheSecret) {
    const Answered made = make(R"("rights":["read"],"application":1500000001)");
    const std::string id = made.text("id");
    call("PATCH", "/keys/" + id, R"({"state":"disabled"})");
    call("DELETE", "/keys/" + id);
    const Answered log = call("GET", "/audit-log?target=" + id);
    ASSERT_EQ(log.at("items").as_array().size(), 3u);
    std::vector<std::string> actions;
    for (const json::value& entry : log.at("items").as_array())
        actions.emplace_back(entry.at("action").as_string());
    std::ranges::sort(actions);
    EXPECT_EQ(actions, (std::vector<std::string>{"key.changed", "key.created", "key.deleted"}));
    EXPECT_FALSE(json::serialize(log.body).contains(made.text("secret")));
}

}  // namespace
}  // namespace hookreel::api
