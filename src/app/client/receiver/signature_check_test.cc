#include "app/client/receiver/signature_check.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "dialect/standard/signing/signature.h"

namespace hookreel::app::client {
namespace {

// The vector of the spec (b.4).
constexpr std::string_view sign_key = "abcDEF0123456789abcDEF0123456789";
const TimePoint signed_until = from_unix_seconds(1772439000);

json::object signed_event() {
    std::ifstream file(HOOKREEL_FIXTURES "/tencent_vod/event.NewFileUpload.signed.json");
    std::stringstream text;
    text << file.rdbuf();
    return parse_json(text.str()).value().get_object();
}

Verdict check_vod(const json::object& event, std::string_view key, TimePoint now) {
    const std::string body = json::serialize(event);
    const ReceiverKeys keys{std::string(key), {}};
    return check_signature(keys, read_callback({}, body, body.size()), {}, body, now);
}

TEST(SignatureCheck, HoldsTheVectorOfTheSpec) {
    json::object event = signed_event();
    EXPECT_EQ(check_vod(event, sign_key, signed_until).signature, Signature::good);
    EXPECT_EQ(check_vod(event, sign_key, signed_until + std::chrono::seconds(1)).signature,
              Signature::expired);
    EXPECT_EQ(check_vod(event, "another", signed_until).signature, Signature::wrong);
    EXPECT_EQ(check_vod(event, "", signed_until).signature, Signature::unchecked);
    event["T"] = event.at("T").as_int64() + 600;
    EXPECT_EQ(check_vod(event, sign_key, signed_until).signature, Signature::wrong);
    event["T"] = "1772439000";
    EXPECT_EQ(check_vod(event, sign_key, signed_until).signature, Signature::missing);
    event.erase("Sign");
    EXPECT_EQ(check_vod(event, sign_key, signed_until).signature, Signature::missing);
}

class StandardCheck : public testing::Test {
 protected:
    Verdict check(std::string_view body, TimePoint now) const {
        return check_signature(keys_, read_callback(headers_, body, body.size()), headers_, body,
                               now);
    }

    const TimePoint now_ = signed_until;
    const model::Secret secret_ = model::make_secret(model::Secret::Algorithm::hmac_sha256);
    const std::string body_ = R"({"type":"a.b"})";
    http::Headers headers_ = {
        {"webhook-id", "e1"},
        {"webhook-timestamp", "1772439000"},
        {"webhook-signature",
         dialect::standard::signatures({secret_}, {"e1", signed_until, body_}).value()}};
    ReceiverKeys keys_{{}, {model::verifying_key(secret_.value).value()}};
};

TEST_F(StandardCheck, TellsGoodFromWrongAndOld) {
    EXPECT_EQ(check(body_, now_).signature, Signature::good);
    EXPECT_EQ(check(body_, now_).detail, "v1");
    EXPECT_EQ(check(body_ + " ", now_).signature, Signature::wrong);
    EXPECT_EQ(check(body_, now_ + std::chrono::minutes(6)).signature, Signature::too_old);
    EXPECT_EQ(check(body_, now_ - std::chrono::minutes(6)).signature, Signature::too_new);
    EXPECT_NE(check(body_, now_ - std::chrono::minutes(6)).detail, "");
}

TEST_F(StandardCheck, SaysWhichOfSeveralSecrets) {
    const model::Secret other = model::make_secret(model::Secret::Algorithm::hmac_sha256);
    keys_.secrets.insert(keys_.secrets.begin(), model::verifying_key(other.value).value());
    EXPECT_EQ(check(body_, now_).detail, "v1 by secret 2 of 2");
}

TEST_F(StandardCheck, SaysWhatIsMissing) {
    headers_ = {{"webhook-id", "e1"}};
    EXPECT_EQ(check(body_, now_).signature, Signature::missing);
    headers_ = {};
    EXPECT_EQ(check(body_, now_).signature, Signature::missing);
    keys_.secrets.clear();
    EXPECT_EQ(check(body_, now_).signature, Signature::unchecked);
}

// Else whoever knows no secret could choose the dialect whose key was not given, and look checked.
TEST_F(StandardCheck, NeverCallsAnotherDialectGood) {
    headers_ = {};
    EXPECT_EQ(check(R"({"EventType":"NewFileUpload","Sign":"x","T":1})", now_).signature,
              Signature::unchecked);
}

}  // namespace
}  // namespace hookreel::app::client
