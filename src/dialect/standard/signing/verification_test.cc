#include "dialect/standard/signing/verification.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "dialect/standard/signing/signing_test.h"

namespace hookreel::dialect::standard {
namespace {

using model::Secret;
using model::VerifyingKey;
using Verdict = std::expected<Verified, Refusal>;

VerifyingKey key(std::string_view text) {
    return model::verifying_key(text).value();
}

// What a request has; each test changes a part.
struct Request {
    std::string id = std::string(vector_message.id);
    std::string timestamp = "1614265330";
    std::string signature = vector_signature;
    std::string body = std::string(vector_message.body);

    http::Headers headers() const {
        return {
            {"Webhook-Id", id}, {"Webhook-Timestamp", timestamp}, {"Webhook-Signature", signature}};
    }
};

Verdict verdict(const Request& request,
                const std::vector<VerifyingKey>& keys = {key(vector_secret)},
                TimePoint now = vector_message.sent) {
    return verify(keys, request.headers(), request.body, now);
}

// "verified", or the name of the reason.
std::string word(const Verdict& verdict) {
    if (verdict) return "verified";
    EXPECT_FALSE(verdict.error().detail.empty());
    return std::string(
        names(static_cast<Reason*>(nullptr))[static_cast<std::size_t>(verdict.error().reason)]);
}

TEST(Verification, TakesThePublishedVector) {
    const Verdict taken = verdict({});
    ASSERT_TRUE(taken) << taken.error().detail;
    EXPECT_EQ(taken->id, vector_message.id);
    EXPECT_EQ(taken->sent, vector_message.sent);
    EXPECT_EQ(taken->key, 0u);
}

TEST(Verification, TakesTheVectorOfEd25519) {
    EXPECT_EQ(word(verdict({.signature = vector_ed25519_signature}, {key(vector_public_key)})),
              "verified");
    EXPECT_EQ(signatures({{Secret::Algorithm::ed25519, vector_private_key}}, vector_message),
              vector_ed25519_signature);
}

TEST(Verification, TakesWhatTheSignerMakes) {
    const Secret shared = model::make_secret(Secret::Algorithm::hmac_sha256);
    const Secret pair = model::make_secret(Secret::Algorithm::ed25519);
    const std::string binary("\0\r\n\xff.", 5);
    for (const std::string& body : {std::string(), std::string("{}"), binary}) {
        const Message message{"e1", vector_message.sent, body};
        const Request request{
            .id = "e1", .signature = signatures({shared, pair}, message).value(), .body = body};
        EXPECT_EQ(word(verdict(request, {key(shared.value)})), "verified");
        EXPECT_EQ(word(verdict(request, {key(model::public_key(pair).value())})), "verified");
    }
}

TEST(Verification, SaysWhichOfSeveralKeysFits) {
    const VerifyingKey other = key(model::make_secret(Secret::Algorithm::hmac_sha256).value);
    const auto second = verdict({}, {other, key(vector_secret), key(vector_public_key)});
    EXPECT_EQ(second->key, 1u);
    const Request both{.signature = vector_ed25519_signature + " " + vector_signature};
    EXPECT_EQ(verdict(both, {other, key(vector_public_key), key(vector_secret)})->key, 1u);
}

TEST(Verification, TakesOneFittingSignatureOfSeveral) {
    const std::string wrong = "v1," + base64(std::string(32, 'x'));
    for (const std::string& field :
         {wrong + " " + vector_signature, vector_signature + " " + wrong,
          "v2,anything " + vector_signature, "v1a,short v1,=== v1, " + vector_signature})
        EXPECT_EQ(word(verdict({.signature = field})), "verified") << field;
}

TEST(Verification, NoticesAChangeOfAnyByte) {
    const std::vector<VerifyingKey> keys = {key(vector_secret), key(vector_public_key)};
    for (const std::string& signature : {vector_signature, vector_ed25519_signature}) {
        const Request good{.signature = signature};
        for (std::size_t i = 0; i < good.body.size(); ++i) {
            Request changed = good;
            changed.body[i] ^= 1;
            EXPECT_EQ(word(verdict(changed, keys)), "wrong") << i;
        }
        for (std::size_t i = 0; i < good.id.size(); ++i) {
            Request changed = good;
            changed.id[i] = changed.id[i] == 'a' ? 'b' : 'a';
            EXPECT_EQ(word(verdict(changed, keys)), "wrong") << i;
        }
        for (std::size_t i = signature.find(',') + 1; i < signature.size(); ++i) {
            Request changed = good;
            changed.signature[i] = changed.signature[i] == 'A' ? 'B' : 'A';
            EXPECT_EQ(word(verdict(changed, keys)), "wrong") << i;
        }
        Request later = good;
        later.timestamp = "1614265331";
        EXPECT_EQ(word(verdict(later, keys)), "wrong");
        for (const std::string& body : {good.body + " ", good.body.substr(1), std::string()}) {
            Request changed = good;
            changed.body = body;
            EXPECT_EQ(word(verdict(changed, keys)), "wrong");
        }
    }
}

TEST(Verification, NoticesAnotherSecret) {
    EXPECT_EQ(word(verdict({}, {key("whsec_" + base64(std::string(24, 'k')))})), "wrong");
    const Secret pair = model::make_secret(Secret::Algorithm::ed25519);
    EXPECT_EQ(word(verdict({.signature = vector_ed25519_signature},
                           {key(model::public_key(pair).value())})),
              "wrong");
}

// Whoever knows the public key alone could otherwise sign with it.
TEST(Verification, NeverTakesAPublicKeyForASecret) {
    const VerifyingKey public_key = key(vector_public_key);
    const std::string content =
        fmt::format("{}.1614265330.{}", vector_message.id, vector_message.body);
    const std::string code = base64(hmac(Algorithm::sha256, public_key.bytes, content));
    EXPECT_EQ(word(verdict({.signature = "v1," + code}, {public_key})), "unsupported");
    EXPECT_EQ(word(verdict({.signature = "v1a," + code}, {public_key})), "wrong");
}

TEST(Verification, TakesFiveMinutesEitherWay) {
    const std::vector<VerifyingKey> keys = {key(vector_secret)};
    const auto at = [&](Duration off) {
        return word(verdict({}, keys, vector_message.sent + off));
    };
    EXPECT_EQ(at(timestamp_tolerance), "verified");
    EXPECT_EQ(at(timestamp_tolerance + Duration(1)), "too_old");
    EXPECT_EQ(at(-timestamp_tolerance), "verified");
    EXPECT_EQ(at(-timestamp_tolerance - Duration(1)), "too_new");
    const Verdict old = verdict({}, keys, vector_message.sent + std::chrono::hours(1));
    EXPECT_TRUE(old.error().detail.contains("3600 s in the past")) << old.error().detail;
}

TEST(Verification, NamesTheFieldThatIsMissing) {
    for (const std::string& name : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
        http::Headers headers = Request().headers();
        headers.set(name, " ");
        const Verdict taken =
            verify(std::vector{key(vector_secret)}, headers, Request().body, vector_message.sent);
        EXPECT_EQ(word(taken), "missing");
        EXPECT_TRUE(taken.error().detail.contains(name));
        EXPECT_EQ(word(verify({}, {}, "", vector_message.sent)), "missing");
    }
}

TEST(Verification, RefusesAFieldThatIsThereTwice) {
    for (const std::string& name : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
        http::Headers headers = Request().headers();
        headers.add(name, std::string(headers.get(name)));
        EXPECT_EQ(word(verify(std::vector{key(vector_secret)}, headers, Request().body,
                              vector_message.sent)),
                  "malformed");
    }
}

TEST(Verification, RefusesTimesThatAreNone) {
    for (const std::string& timestamp :
         {"now", "-1614265330", "+1614265330", "1614265330.0", "1614265330 1", "0x6037B6F2",
          "253402300800", "18446744073709551615", "99999999999999999999999"})
        EXPECT_EQ(word(verdict({.timestamp = timestamp})), "malformed") << timestamp;
    EXPECT_EQ(word(verdict({.timestamp = "253402300799"})), "too_new");
    EXPECT_EQ(word(verdict({.timestamp = "0"})), "too_old");
}

// "a" + "." + "1.2.…" reads like "a.1" + "." + "2.…": the same text, the same signature.
TEST(Verification, RefusesAnIdThatWouldCutTheSignedTextElsewhere) {
    const Message message{"a", vector_message.sent, "1614265330.{}"};
    const std::string signature = signatures({{.value = vector_secret}}, message).value();
    EXPECT_EQ(word(verdict({.id = "a.1614265330", .signature = signature, .body = "{}"})),
              "malformed");
}

TEST(Verification, RefusesWhatIsNoListOfSignatures) {
    for (const std::string& field :
         {std::string("v1"), std::string("g0hM9SsE"), vector_signature + "  " + vector_signature,
          vector_signature + "\t" + vector_signature})
        EXPECT_NE(word(verdict({.signature = field})), "verified") << field;
    std::string many = vector_signature;
    for (std::size_t i = 1; i < signatures_max; ++i)
        many = "v1,x " + many;
    EXPECT_EQ(word(verdict({.signature = many})), "verified");
    EXPECT_EQ(word(verdict({.signature = "v1,x " + many})), "malformed");
}

TEST(Verification, SaysWhichKeyIsNeeded) {
    const Verdict hmac_only = verdict({}, {key(vector_public_key)});
    EXPECT_EQ(word(hmac_only), "unsupported");
    EXPECT_TRUE(hmac_only.error().detail.contains("whsec_"));
    const Verdict ed25519_only = verdict({.signature = vector_ed25519_signature});
    EXPECT_EQ(word(ed25519_only), "unsupported");
    EXPECT_TRUE(ed25519_only.error().detail.contains("whpk_"));
    EXPECT_EQ(word(verdict({.signature = "v7,x"})), "unsupported");
    EXPECT_EQ(word(verdict({}, {})), "unsupported");
}

// Base64 whose loose bits differ decodes to the same bytes; a signature has one form only.
TEST(Verification, TakesOneFormOfASignature) {
    const std::vector<VerifyingKey> keys = {key(vector_secret), key(vector_public_key)};
    std::string loose = vector_ed25519_signature;
    ASSERT_TRUE(loose.ends_with("w=="));
    loose.replace(loose.size() - 3, 1, "x");
    EXPECT_EQ(word(verdict({.signature = loose}, keys)), "wrong");
    EXPECT_EQ(word(verdict({.signature = vector_signature + "="}, keys)), "wrong");
    EXPECT_EQ(word(verdict({.signature = "v1, " + vector_signature.substr(3)}, keys)), "malformed");
}

TEST(Verification, NeverTellsWhatWouldHaveBeenRight) {
    const Verdict changed = verdict({.body = "{}"});
    const Message message{vector_message.id, vector_message.sent, "{}"};
    const std::string right = signatures({{.value = vector_secret}}, message)->substr(3);
    EXPECT_FALSE(changed.error().detail.contains(right));
    EXPECT_FALSE(changed.error().detail.contains(vector_secret.substr(6)));
}

}  // namespace
}  // namespace hookreel::dialect::standard
