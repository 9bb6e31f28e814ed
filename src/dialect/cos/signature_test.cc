#include "dialect/cos/signature.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"
#include "base/text.h"

namespace hookreel::dialect::cos {
namespace {

constexpr TimePoint then{std::chrono::seconds(1'795'196'200)};  // Within the captures' window.

// A request that the official Node client sent, and the key it signed with.
struct Capture {
    std::string method;
    std::string path;
    Form parameters;
    http::Headers headers;
    std::string secret_key;
};

std::vector<Capture> captures() {
    std::vector<Capture> all;
    std::ifstream file(HOOKREEL_FIXTURES "/tencent_vod/cos-sdk-captures.jsonl");
    for (std::string line; std::getline(file, line);) {
        const json::object object = parse_json(line)->as_object();
        http::RequestHead head;
        head.target = std::string_view(object.at("target").as_string());
        Capture capture;
        capture.method = std::string_view(object.at("method").as_string());
        capture.secret_key = std::string_view(object.at("secretKey").as_string());
        for (const auto& [name, value] : object.at("headers").as_object())
            capture.headers.add(name, std::string(std::string_view(value.as_string())));
        std::string_view path = head.path();
        constexpr std::string_view prefix = "/cos/vod-1250000000";
        if (path.starts_with(prefix)) path.remove_prefix(prefix.size());
        capture.path = *percent_decode(path);
        capture.parameters = *parse_form(head.query());
        all.push_back(std::move(capture));
    }
    return all;
}

bool verifies(const Capture& capture) {
    const Result<Signature> signature = read_signature(capture.headers, capture.parameters);
    const SignedRequest request{capture.method, capture.path, capture.parameters, capture.headers};
    return signature && timeliness(*signature, then) == Timeliness::valid &&
           fits(*signature, request, capture.secret_key);
}

TEST(CosSignature, VerifiesEveryRequestOfTheOfficialClient) {
    const std::vector<Capture> all = captures();
    ASSERT_EQ(all.size(), 14u);
    for (const Capture& capture : all) {
        EXPECT_TRUE(verifies(capture)) << capture.method << ' ' << capture.path;
        EXPECT_EQ(read_signature(capture.headers, capture.parameters)->token, "TOKENEXAMPLE");
        EXPECT_EQ(read_signature(capture.headers, capture.parameters)->secret_id, "AKIDEXAMPLE");
    }
}

TEST(CosSignature, FailsWhenASignedByteChanges) {
    for (const Capture& capture : captures()) {
        Capture changed = capture;
        changed.method = "OPTIONS";
        EXPECT_FALSE(verifies(changed));
        changed = capture;
        changed.path += "x";
        EXPECT_FALSE(verifies(changed));
        changed = capture;
        changed.secret_key += "x";
        EXPECT_FALSE(verifies(changed));
        for (std::size_t i = 0; i < capture.parameters.size(); ++i) {
            changed = capture;
            changed.parameters[i].second += "x";
            EXPECT_FALSE(verifies(changed)) << capture.parameters[i].first;
            changed = capture;
            changed.parameters.erase(changed.parameters.begin() + static_cast<std::ptrdiff_t>(i));
            EXPECT_FALSE(verifies(changed)) << capture.parameters[i].first;
        }
        const Signature signature = *read_signature(capture.headers, capture.parameters);
        for (const std::string& name : signature.headers) {
            changed = capture;
            changed.headers.set(name, std::string(capture.headers.get(name)) + "x");
            EXPECT_FALSE(verifies(changed)) << name;
        }
    }
}

TEST(CosSignature, FailsWhenAnyByteOfTheAuthorizationChanges) {
    const Capture capture = captures().front();
    const std::string authorization(capture.headers.get("Authorization"));
    for (std::size_t i = 0; i < authorization.size(); ++i) {
        // The key's name is looked up by others.
        const std::size_t name_at = authorization.find("AKIDEXAMPLE");
        if (i >= name_at && i < name_at + 11) continue;
        Capture changed = capture;
        std::string text = authorization;
        text[i] = text[i] == '1' ? '2' : '1';
        changed.headers.set("authorization", text);
        EXPECT_FALSE(verifies(changed)) << text;
    }
}

TEST(CosSignature, HoldsWithinItsWindowOnly) {
    const Capture capture = captures().front();
    const Signature signature = *read_signature(capture.headers, capture.parameters);
    const TimePoint begin = from_unix_seconds(1'795'196'139);
    const TimePoint end = from_unix_seconds(1'795'197'039);
    const Duration step{1};
    EXPECT_EQ(timeliness(signature, begin - clock_tolerance - step), Timeliness::too_early);
    EXPECT_EQ(timeliness(signature, begin - clock_tolerance), Timeliness::valid);
    EXPECT_EQ(timeliness(signature, end), Timeliness::valid);
    EXPECT_EQ(timeliness(signature, end + step), Timeliness::expired);
}

TEST(CosSignature, BothWindowsCount) {
    Signature signature;
    signature.sign_time = {"", then - std::chrono::hours(1), then + std::chrono::hours(1)};
    signature.key_time = signature.sign_time;
    EXPECT_EQ(timeliness(signature, then), Timeliness::valid);
    signature.key_time.end = then - std::chrono::seconds(1);
    EXPECT_EQ(timeliness(signature, then), Timeliness::expired);
    std::swap(signature.key_time, signature.sign_time);
    EXPECT_EQ(timeliness(signature, then), Timeliness::expired);
}

TEST(CosSignature, SignsAsTheOfficialClientDoes) {
    for (const Capture& capture : captures()) {
        const Signature theirs = *read_signature(capture.headers, capture.parameters);
        http::Headers headers;
        for (const std::string& name : theirs.headers)
            headers.add(name, std::string(capture.headers.get(name)));
        const SignedRequest request{capture.method, capture.path, capture.parameters, headers};
        const SignOptions options{{"AKIDEXAMPLE", capture.secret_key},
                                  from_unix_seconds(1'795'196'139),
                                  from_unix_seconds(1'795'197'039)};
        EXPECT_EQ(sign(request, options), capture.headers.get("Authorization"));
    }
}

TEST(CosSignature, WorksInTheQuery) {
    const Form parameters = {{"partNumber", "1"}, {"uploadId", "a b+c"}};
    const http::Headers headers = {{"Host", "example.com:8080"}};
    const SignedRequest request{"PUT", "/k", parameters, headers};
    const SignOptions options{{"AKID", "SECRET"}, then, then + std::chrono::minutes(5)};
    const std::string query = as_query(sign(request, options)) + "&x-cos-security-token=T%2B";
    Form all = *parse_form(query);
    all.insert(all.begin(), parameters.begin(), parameters.end());
    const SignedRequest sent{"PUT", "/k", all, headers};
    const Result<Signature> signature = read_signature(headers, all);
    ASSERT_TRUE(signature);
    EXPECT_EQ(signature->token, "T+");
    EXPECT_TRUE(fits(*signature, sent, "SECRET"));
    all.front().second = "2";
    EXPECT_FALSE(fits(*signature, sent, "SECRET"));
}

TEST(CosSignature, TakesAHostThatWasSignedWithoutItsPort) {
    const http::Headers signed_headers = {{"host", "example.com"}};
    const SignedRequest request{"GET", "/", {}, signed_headers};
    const SignOptions options{{"AKID", "SECRET"}, then, then};
    http::Headers sent = {{"Authorization", sign(request, options)}, {"Host", "example.com:8080"}};
    const SignedRequest received{"GET", "/", {}, sent};
    const Result<Signature> signature = read_signature(sent, {});
    ASSERT_TRUE(signature);
    EXPECT_TRUE(fits(*signature, received, "SECRET"));
    sent.set("Host", "example.org:8080");
    EXPECT_FALSE(fits(*signature, received, "SECRET"));
}

TEST(CosSignature, RefusesWhatIsNotOfTheForm) {
    EXPECT_EQ(read_signature({}, {}).error().code, Code::not_found);
    const std::string good =
        "q-sign-algorithm=sha1&q-ak=a&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&"
        "q-url-param-list=&q-signature=00";
    ASSERT_TRUE(read_signature({{"Authorization", good}}, {}));
    const std::vector<std::pair<std::string, std::string>> changes = {
        {"sha1", "md5"},
        {"q-ak=a", "q-ak="},
        {"q-ak=a", "q-ak=" + std::string(200, 'a')},
        {"q-sign-time=1;2", "q-sign-time=1"},
        {"q-sign-time=1;2", "q-sign-time=2;1"},
        {"q-sign-time=1;2", "q-sign-time=-1;2"},
        {"q-sign-time=1;2", "q-sign-time=1;99999999999999999999"},
        {"q-sign-time=1;2", "q-sign-time=1;18446744073709551615"},
        {"q-key-time=1;2", "q-key-time="},
        {"list=host", "list=host;host"},
        {"list=host", "list=;host"},
        {good, "Basic dXNlcjpwYXNz"},
        {good, "&&==&;"},
        {good, std::string(10'000, 'q')}};
    for (const auto& [from, to] : changes) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        EXPECT_EQ(read_signature({{"Authorization", text}}, {}).error().code, Code::invalid)
            << text.substr(0, 200);
    }
    std::string many;
    for (int i = 0; i < 65; ++i)
        many += "h" + std::to_string(i) + ";";
    std::string text = good;
    text.replace(text.find("host"), 4, many);
    EXPECT_FALSE(read_signature({{"Authorization", text}}, {}));
}

}  // namespace
}  // namespace hookreel::dialect::cos
