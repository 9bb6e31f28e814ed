#include "dialect/tencent_vod/protocol/signature.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/json.h"
#include "base/text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using Verdict = std::expected<std::string, SignatureFault>;

struct Capture {
    http::RequestHead head;
    std::string body;
    std::string scheme;
    model::KeyPair keys;
    TimePoint time;
};

std::string text_of(const json::value& value, std::string_view name) {
    return std::string(std::string_view(value.at(name).as_string()));
}

Form form_of(const Capture& capture) {
    const std::string_view text =
        capture.head.method == "GET" ? capture.head.query() : std::string_view(capture.body);
    return parse_form(text).value_or(Form{});
}

TimePoint time_of(const Capture& capture) {
    std::string timestamp(capture.head.headers.get("X-TC-Timestamp"));
    if (timestamp.empty())
        for (const auto& [name, value] : form_of(capture))
            if (name == "Timestamp") timestamp = value;
    return from_unix_seconds(parse_signed(timestamp).value_or(0));
}

std::vector<Capture> captures() {
    std::ifstream file(HOOKREEL_FIXTURES "/tencent_vod/sdk-wire-captures.jsonl");
    std::vector<Capture> all;
    for (std::string line; std::getline(file, line);) {
        const json::value parsed = json::parse(line);
        Capture capture;
        capture.head.method = text_of(parsed, "method");
        capture.head.target = text_of(parsed, "target");
        for (const auto& pair : parsed.at("headers").as_object())
            capture.head.headers.add(std::string(pair.key()),
                                     std::string(std::string_view(pair.value().as_string())));
        capture.body = text_of(parsed, "body");
        capture.scheme = text_of(parsed, "scheme");
        capture.keys = {text_of(parsed, "secretId"), text_of(parsed, "secretKey")};
        capture.time = time_of(capture);
        all.push_back(std::move(capture));
    }
    return all;
}

KeyLookup only(const model::KeyPair& keys) {
    return [keys](std::string_view id) {
        return id == keys.secret_id ? std::optional(keys.secret_key) : std::nullopt;
    };
}

Verdict verify(const Capture& capture, TimePoint now, DerivedKeys& derived) {
    const KeyLookup key_of = only(capture.keys);
    if (capture.scheme == "v1") return verify_v1(capture.head, form_of(capture), now, key_of);
    return verify_tc3({capture.head, capture.body}, now, key_of, derived);
}

Verdict verify(const Capture& capture, std::chrono::seconds later = std::chrono::seconds(0)) {
    DerivedKeys derived;
    return verify(capture, capture.time + later, derived);
}

http::Headers with(const http::Headers& headers, std::string_view name, std::string value) {
    http::Headers changed = headers;
    changed.set(std::string(name), std::move(value));
    return changed;
}

// The other hexadecimal digit, letter or sign, so that the text stays well formed.
char other(char c) {
    if (c == 'f' || c == '9') return '0';
    return c == '~' ? '!' : static_cast<char>(c + 1);
}

TEST(Signature, TakesEveryCapturedRequestOfTheSdks) {
    const std::vector<Capture> all = captures();
    ASSERT_EQ(all.size(), 19u);
    DerivedKeys derived;
    for (const Capture& capture : all)
        EXPECT_EQ(verify(capture, capture.time, derived), capture.keys.secret_id)
            << capture.head.target << capture.body;
    EXPECT_GT(derived.size(), 0u);
    for (const Capture& capture : all)  // Again, with the derived keys remembered.
        EXPECT_EQ(verify(capture, capture.time, derived), capture.keys.secret_id);
}

TEST(Signature, RefusesAnyChangedByteOfAV3Body) {
    for (const Capture& original : captures()) {
        if (original.scheme != "v3") continue;
        for (std::size_t i = 0; i < original.body.size(); ++i) {
            Capture capture = original;
            capture.body[i] ^= 1;
            EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::wrong));
        }
    }
}

TEST(Signature, RefusesAnyChangedByteOfAV3Query) {
    for (const Capture& original : captures()) {
        if (original.scheme != "v3") continue;
        for (std::size_t i = 2; i < original.head.target.size(); ++i) {
            Capture capture = original;
            capture.head.target[i] = other(capture.head.target[i]);
            EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::wrong));
        }
    }
}

TEST(Signature, RefusesAnyChangedSignedHeaderTimeMethodOrScope) {
    for (const Capture& original : captures()) {
        if (original.scheme != "v3") continue;
        const http::Headers& headers = original.head.headers;
        for (std::string_view name : {"Content-Type", "Host", "X-TC-Timestamp"}) {
            std::string value(headers.get(name));
            // Only the port may change, because some SDKs do not sign it.
            value[name == "Host" ? 0 : value.size() - 1] = other(value.back());
            Capture capture = original;
            capture.head.headers = with(headers, name, value);
            EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::wrong)) << name;
        }
        Capture capture = original;
        capture.head.method = original.head.method == "GET" ? "POST" : "GET";
        EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::wrong));

        const std::string authorization(headers.get("Authorization"));
        for (std::string_view mark :
             {"Signature=", "AKIDEXAMPLE/2026-11-2", "AKIDEXAMPLE/2026-11-20/"}) {
            std::string changed = authorization;
            char& c = changed[changed.find(mark) + mark.size()];
            c = other(c);
            capture = original;
            capture.head.headers = with(headers, "Authorization", changed);
            EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::wrong)) << changed;
        }
    }
}

TEST(Signature, RefusesAnyChangedParameterOfV1) {
    for (const Capture& capture : captures()) {
        if (capture.scheme != "v1") continue;
        const Form form = form_of(capture);
        for (std::size_t i = 0; i < form.size(); ++i) {
            if (form[i].first == "SecretId" || form[i].first == "Timestamp" ||
                form[i].first == "SignatureMethod")
                continue;  // These fail for other reasons, tested below.
            Form changed = form;
            changed[i].second += '1';
            EXPECT_EQ(verify_v1(capture.head, changed, capture.time, only(capture.keys)),
                      std::unexpected(SignatureFault::wrong))
                << form[i].first;
        }
        Form changed = form;
        changed.emplace_back("SubAppId", "6");
        EXPECT_FALSE(verify_v1(capture.head, changed, capture.time, only(capture.keys)));
        http::RequestHead head = capture.head;
        head.headers.set("Host", "example.com");
        EXPECT_FALSE(verify_v1(head, form, capture.time, only(capture.keys)));
    }
}

TEST(Signature, HoldsForFiveMinutesInBothDirections) {
    for (const Capture& capture : captures()) {
        for (int seconds : {-300, 300})
            EXPECT_TRUE(verify(capture, std::chrono::seconds(seconds)));
        for (int seconds : {-301, 301})
            EXPECT_EQ(verify(capture, std::chrono::seconds(seconds)),
                      std::unexpected(SignatureFault::expired));
    }
}

TEST(Signature, NamesAnUnknownKeyAndRefusesTheKeyOfAnother) {
    for (Capture capture : captures()) {
        capture.keys.secret_key += "x";
        EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::wrong));
        capture.keys.secret_id = "AKIDOTHER";
        EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::unknown_key));
    }
}

TEST(Signature, RemembersNoKeyOfARequestThatFailed) {
    DerivedKeys derived;
    for (Capture capture : captures()) {
        capture.keys.secret_key += "x";
        EXPECT_FALSE(verify(capture, capture.time, derived));
    }
    EXPECT_EQ(derived.size(), 0u);
}

TEST(DerivedKeys, StaysSmall) {
    DerivedKeys derived;
    for (int i = 0; i < 5000; ++i)
        derived.remember({"key", "2026-03-02", fmt::to_string(i)}, "derived");
    EXPECT_LE(derived.size(), 1024u);
    EXPECT_EQ(derived.find({"key", "2026-03-02", "4999"}), "derived");
    EXPECT_EQ(derived.find({"other", "2026-03-02", "4999"}), std::nullopt);
}

// The second worked vector of the specification.
constexpr std::string_view vector_authorization =
    "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-03-02/vod/tc3_request, "
    "SignedHeaders=content-type;host, "
    "Signature=6deccb7631f66ab257559b49819591611d7d5a55fb31d813575c1eb6b91c67d9";
constexpr std::int64_t vector_time = 1772439000;

Capture vector_capture() {
    Capture capture;
    capture.head = {"POST",
                    "/",
                    {{"Host", "vod.tencentcloudapi.com"},
                     {"content-type", "application/json"},
                     {"x-tc-timestamp", "1772439000"},
                     {"Authorization", std::string(vector_authorization)}},
                    {}};
    capture.body = "{}";
    capture.scheme = "v3";
    capture.keys = {"AKIDEXAMPLE", "SKEXAMPLE"};
    capture.time = from_unix_seconds(vector_time);
    return capture;
}

TEST(Signature, MatchesTheWorkedVectors) {
    EXPECT_EQ(hex(derive_key({"SKEXAMPLE", "2026-03-02", "vod"})),
              "49486aa6a1db2699f74da132816de42fbb58ad904846ab550ed640af0a4dc60b");
    const http::Headers headers =
        sign_tc3({"PullEvents", "vod.tencentcloudapi.com", "{}"}, {"AKIDEXAMPLE", "SKEXAMPLE"},
                 from_unix_seconds(vector_time));
    EXPECT_EQ(headers.get("Authorization"), vector_authorization);
    EXPECT_TRUE(verify(vector_capture()));

    Capture documented;
    documented.head = {
        "POST",
        "/",
        {{"Host", "cvm.tencentcloudapi.com"},
         {"Content-Type", "application/json; charset=utf-8"},
         {"X-TC-Timestamp", "1551113065"},
         {"Authorization",
          "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/"
          "tc3_request, SignedHeaders=content-type;host, "
          "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"}},
        {}};
    documented.body =
        R"({"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]})";
    documented.scheme = "v3";
    documented.keys = {"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"};
    documented.time = from_unix_seconds(1551113065);
    EXPECT_TRUE(verify(documented));

    const Form form = {{"Version", "2017-03-12"},
                       {"Action", "DescribeInstances"},
                       {"InstanceIds.0", "ins-09dx96dg"},
                       {"Limit", "20"},
                       {"Nonce", "11886"},
                       {"Offset", "0"},
                       {"Region", "ap-guangzhou"},
                       {"SecretId", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"},
                       {"Timestamp", "1465185768"},
                       {"Signature", "left out"}};
    const std::string text = v1_text("GET", "cvm.tencentcloudapi.com", form);
    EXPECT_TRUE(text.starts_with("GETcvm.tencentcloudapi.com/?Action=DescribeInstances&Instance"));
}

TEST(Signature, MatchesTheWorkedVectorOfV1) {
    const std::string text =
        "GETcvm.tencentcloudapi.com/?Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20"
        "&Nonce=11886&Offset=0&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
        "&Timestamp=1465185768&Version=2017-03-12";
    const model::KeyPair keys{"", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"};
    EXPECT_EQ(v1_signature(Algorithm::sha1, keys, text), "EliP9YW3pW28FpsEdkXt/+WcGeI=");
}

TEST(Signature, SignsMoreHeadersInTheGivenOrderAndLowersTheirValues) {
    Capture capture = vector_capture();
    const std::string canonical =
        "POST\n/\n\nhost:vod.tencentcloudapi.com\nx-tc-action:pullevents\ncontent-type:"
        "application/json\n\nhost;x-tc-action;content-type\n" +
        hex(digest(Algorithm::sha256, "{}"));
    const std::string text = "TC3-HMAC-SHA256\n1772439000\n2026-03-02/vod/tc3_request\n" +
                             hex(digest(Algorithm::sha256, canonical));
    const std::string key = derive_key({"SKEXAMPLE", "2026-03-02", "vod"});
    capture.head.headers.add("X-TC-Action", "PullEvents");
    capture.head.headers.set("Authorization",
                             "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-03-02/vod/tc3_request, "
                             "SignedHeaders=host;x-tc-action;content-type, Signature=" +
                                 hex(hmac(Algorithm::sha256, key, text)));
    EXPECT_TRUE(verify(capture));
    capture.head.headers.set("X-TC-Action", "ConfirmEvents");
    EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::wrong));
}

TEST(Signature, TakesAnUnsignedPayloadOnlyWhenTheSignatureSaysSo) {
    Capture capture = vector_capture();
    capture.head.headers.add("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD");
    EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::wrong));

    const std::string canonical =
        "POST\n/\n\ncontent-type:application/json\nhost:vod.tencentcloudapi.com\n\n"
        "content-type;host\n" +
        hex(digest(Algorithm::sha256, "UNSIGNED-PAYLOAD"));
    const std::string text = "TC3-HMAC-SHA256\n1772439000\n2026-03-02/vod/tc3_request\n" +
                             hex(digest(Algorithm::sha256, canonical));
    const std::string key = derive_key({"SKEXAMPLE", "2026-03-02", "vod"});
    capture.head.headers.set("Authorization",
                             "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-03-02/vod/tc3_request, "
                             "SignedHeaders=content-type;host, Signature=" +
                                 hex(hmac(Algorithm::sha256, key, text)));
    capture.body = "anything";
    EXPECT_TRUE(verify(capture));
}

TEST(Signature, RefusesWhatIsNoAuthorization) {
    const std::string good(vector_authorization);
    const std::string signature = good.substr(good.find("Signature="));
    const std::string credential = "Credential=AKIDEXAMPLE/2026-03-02/vod/tc3_request, ";
    const std::string names = "SignedHeaders=content-type;host, ";
    std::string many = "SignedHeaders=content-type;host";
    for (int i = 0; i < 40; ++i)
        many += ";accept";
    for (const std::string& header :
         {std::string(), std::string("SKIP"), std::string("TC3-HMAC-SHA256"),
          std::string("Bearer abc"), std::string("TC3-HMAC-SHA256 ,,,=,="),
          "TC3-HMAC-SHA256 " + credential + names, "TC3-HMAC-SHA256 " + names + signature,
          "TC3-HMAC-SHA256 " + credential + signature,
          "TC3-HMAC-SHA256 " + credential + "SignedHeaders=content-type, " + signature,
          "TC3-HMAC-SHA256 " + credential + "SignedHeaders=host, " + signature,
          "TC3-HMAC-SHA256 " + credential + many + ", " + signature,
          "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-03-02/tc3_request, " + names + signature,
          "TC3-HMAC-SHA256 Credential=/2026-03-02/vod/tc3_request, " + names + signature,
          good.substr(0, good.size() - 1), good + "0"}) {
        Capture capture = vector_capture();
        capture.head.headers.set("Authorization", header);
        EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::malformed)) << header;
    }
}

TEST(Signature, AsksForATime) {
    for (const char* time : {"", "now", "-5", "1772439000.5", "99999999999999999999999"}) {
        Capture capture = vector_capture();
        capture.head.headers.set("X-TC-Timestamp", time);
        EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::no_timestamp)) << time;
    }
    Capture capture = vector_capture();
    capture.head.headers.set("X-TC-Timestamp", "18446744073709551615");
    EXPECT_EQ(verify(capture), std::unexpected(SignatureFault::expired));
}

TEST(Signature, RefusesFormsWithoutASignatureOrWithAnUnknownMethod) {
    for (const Capture& capture : captures()) {
        if (capture.scheme != "v1") continue;
        for (std::string_view name : {"SecretId", "Signature"}) {
            Form form = form_of(capture);
            std::erase_if(form, [&](const auto& pair) { return pair.first == name; });
            EXPECT_EQ(verify_v1(capture.head, form, capture.time, only(capture.keys)),
                      std::unexpected(SignatureFault::malformed));
        }
        Form form = form_of(capture);
        std::erase_if(form, [&](const auto& pair) { return pair.first == "SignatureMethod"; });
        form.emplace_back("SignatureMethod", "None");
        EXPECT_EQ(verify_v1(capture.head, form, capture.time, only(capture.keys)),
                  std::unexpected(SignatureFault::malformed));
    }
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
