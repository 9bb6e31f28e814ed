// Calls that are signed with key pairs that have rights.
#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using model::Right;

class AccessKeysTest : public ApiTest {
 protected:
    AccessKeysTest() {
        model::Application shop;
        shop.name = "shop";
        shop_ = run(applications_.create(std::move(shop))).value()->id;
    }

    // A pair that signs; without an application for all of them.
    model::KeyPair make(std::vector<Right> rights,
                        std::optional<model::ApplicationId> application) {
        model::AccessKey key;
        key.id = fmt::format("AKIDmade{}", ++made_);
        key.secret = "secret" + key.id;
        key.application = application;
        key.rights = std::move(rights);
        const auto done = run(access_keys_.create(key));
        EXPECT_TRUE(done);
        return {key.id, key.secret};
    }
    std::string code_with(const model::KeyPair& keys, const std::string& action,
                          const std::string& body = "{}") {
        return code_of(call(action, body, keys));
    }

    model::ApplicationId shop_;
    int made_ = 0;
};

TEST_F(AccessKeysTest, MayDoWhatTheirRightsSay) {
    const model::KeyPair reader = make({Right::read}, std::nullopt);
    EXPECT_EQ(code_with(reader, "SearchMedia"), "none");
    EXPECT_EQ(code_with(reader, "DescribeSubAppIds"), "none");
    for (const char* action : {"DeleteMedia", "ApplyUpload", "PullEvents", "CreateSubAppId"})
        EXPECT_EQ(code_with(reader, action), "UnauthorizedOperation") << action;
    // An action that does not list that code.
    EXPECT_EQ(code_with(reader, "DescribeEventsState"), "AuthFailure.UnauthorizedOperation");

    const model::KeyPair puller = make({Right::events}, std::nullopt);
    EXPECT_EQ(code_with(puller, "PullEvents"), "ResourceNotFound");
    EXPECT_EQ(code_with(puller, "DescribeEventsState"), "none");
    EXPECT_EQ(code_with(puller, "SearchMedia"), "UnauthorizedOperation");

    const model::KeyPair writer = make({Right::write}, std::nullopt);
    EXPECT_EQ(code_with(writer, "DeleteMedia"), "MissingParameter");
    EXPECT_EQ(code_with(writer, "ApplyUpload"), "UnauthorizedOperation");
}

TEST_F(AccessKeysTest, AreRefusedBeforeTheirParametersAreLookedAt) {
    const model::KeyPair reader = make({Right::read}, std::nullopt);
    EXPECT_EQ(code_with(reader, "DeleteMedia", "{]"), "UnauthorizedOperation");
}

TEST_F(AccessKeysTest, OfOneApplicationActOnThatOneOnly) {
    const model::KeyPair bound = make({Right::read, Right::applications}, shop_);
    const json::object own = call("DescribeSubAppIds", "{}", bound);
    ASSERT_EQ(own.at("TotalCount"), 1);
    EXPECT_EQ(own.at("SubAppIdInfoSet").at(0).at("SubAppId"), shop_.value());
    EXPECT_EQ(code_with(bound, "SearchMedia", fmt::format(R"({{"SubAppId":{}}})", shop_.value())),
              "none");
    // Others, whether they exist or not.
    for (const char* body : {R"({"SubAppId":1500000001})", R"({"SubAppId":7})"})
        EXPECT_EQ(code_with(bound, "SearchMedia", body), "UnauthorizedOperation") << body;
    EXPECT_EQ(code_with(bound, "CreateSubAppId", R"({"Name":"more"})"), "UnauthorizedOperation");
}

// The default application's own pair is the account's; one that is bound to it is not.
TEST_F(AccessKeysTest, OfTheDefaultApplicationAreNotTheAccounts) {
    const model::KeyPair bound =
        make({Right::read, Right::applications}, model::default_application);
    EXPECT_EQ(code_with(bound, "SearchMedia"), "none");
    EXPECT_EQ(code_with(bound, "SearchMedia", fmt::format(R"({{"SubAppId":{}}})", shop_.value())),
              "UnauthorizedOperation");
    EXPECT_EQ(call("DescribeSubAppIds", "{}", bound).at("TotalCount"), 1);
    EXPECT_EQ(code_with(bound, "CreateSubAppId", R"({"Name":"more"})"), "UnauthorizedOperation");
}

TEST_F(AccessKeysTest, OfAllApplicationsNameAny) {
    const model::KeyPair wide = make({Right::read, Right::applications}, std::nullopt);
    EXPECT_EQ(call("DescribeSubAppIds", "{}", wide).at("TotalCount"), 2);
    EXPECT_EQ(code_with(wide, "SearchMedia", fmt::format(R"({{"SubAppId":{}}})", shop_.value())),
              "none");
    EXPECT_EQ(code_with(wide, "SearchMedia", R"({"SubAppId":7})"),
              "InvalidParameterValue.SubAppId");
    EXPECT_EQ(code_with(wide, "CreateSubAppId", R"({"Name":"more"})"), "none");
}

TEST_F(AccessKeysTest, SignNothingWhileDisabledOrWhenRemoved) {
    const model::KeyPair keys = make({Right::read}, shop_);
    const model::KeyPair wrong{keys.secret_id, "other"};
    EXPECT_EQ(code_with(keys, "SearchMedia"), "none");  // Its derived key is remembered now.
    EXPECT_EQ(code_with(wrong, "SearchMedia"), "AuthFailure.SignatureFailure");
    const auto set = [&](model::KeyState state) {
        const std::function<Result<void>(model::AccessKey&)> edit = [state](model::AccessKey& key) {
            key.state = state;
            return Result<void>();
        };
        ASSERT_TRUE(run(access_keys_.change(keys.secret_id, edit)));
    };
    set(model::KeyState::disabled);
    EXPECT_EQ(code_with(keys, "SearchMedia"), "AuthFailure.SecretIdNotFound");
    EXPECT_EQ(code_with(wrong, "SearchMedia"), "AuthFailure.SecretIdNotFound");
    set(model::KeyState::active);
    EXPECT_EQ(code_with(keys, "SearchMedia"), "none");
    ASSERT_TRUE(run(access_keys_.remove(keys.secret_id)));
    EXPECT_EQ(code_with(keys, "SearchMedia"), "AuthFailure.SecretIdNotFound");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
