#include "api/frame/raw_json.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace hookreel::api {
namespace {

TEST(RawJson, GivesElementsAsTheyWereWritten) {
    const auto elements = raw_elements(R"( [ {"a": [1, "]"]} , 2.50,"x\"]", null ,[ ] ] )");
    ASSERT_EQ(elements.size(), 5u);
    EXPECT_EQ(elements[0], R"({"a": [1, "]"]})");
    EXPECT_EQ(elements[1], "2.50");
    EXPECT_EQ(elements[2], R"("x\"]")");
    EXPECT_EQ(elements[3], "null");
    EXPECT_EQ(elements[4], "[ ]");
    EXPECT_TRUE(raw_elements("[ ]").empty());
    EXPECT_TRUE(raw_elements("{}").empty());
    EXPECT_TRUE(raw_elements("").empty());
}

TEST(RawJson, GivesTheLastMemberOfAName) {
    EXPECT_EQ(raw_member(R"({"x":{"data":1}, "data" : 2 ,"data":3e5 })", "data"), "3e5");
    EXPECT_EQ(raw_member(R"({"type":"data","data":"data"})", "data"), "\"data\"");
    EXPECT_EQ(raw_member(R"({"\\":"\\","data":{}})", "data"), "{}");
    EXPECT_EQ(raw_member(R"({"d\u0061ta":1})", "data"), std::nullopt);
    EXPECT_EQ(raw_member("{}", "data"), std::nullopt);
    EXPECT_EQ(raw_member("[]", "data"), std::nullopt);
}

// Whatever a parser takes, the parts are what it found there.
TEST(RawJson, FindsWhatAParserFinds) {
    const std::vector<std::string> values = {"1",        "-0.5e-7",    "\"\"",       "\"a,b:{}[]\"",
                                             "[[],[1]]", "{}",         "{\"a\":[]}", "true",
                                             "\"\\\\\"", "\"\\u00e9\""};
    for (const std::string& first : values)
        for (const std::string& second : values) {
            const std::string object = "{\"a\":" + first + ",\n \"b\" :" + second + "}";
            ASSERT_TRUE(parse_json(object)) << object;
            EXPECT_EQ(raw_member(object, "a"), first) << object;
            EXPECT_EQ(raw_member(object, "b"), second) << object;
            const std::string array = "[" + first + " ," + second + "]";
            EXPECT_EQ(raw_elements(array), (std::vector<std::string_view>{first, second}));
        }
}

// Texts that no parser took must not lead out of bounds either.
TEST(RawJson, SurvivesTextsThatAreNoJson) {
    for (const std::string& text : {"{", "[", "[\"", "[\"\\", "{\"data", "{\"data\"",
                                    "{\"data\":", "{:::", "[[[", "[,]", "]", "{\"data\":}"}) {
        raw_elements(text);
        raw_member(text, "data");
    }
}

TEST(RawJson, FindsAMemberThatIsThereTwice) {
    const auto repeated = [](std::string_view text) {
        return repeated_member(text, json::parse(text)).value_or("none");
    };
    EXPECT_EQ(repeated("5"), "none");
    EXPECT_EQ(repeated(R"({"a":1,"b":{"a":2},"c":[{"a":":"},{"a":"\":"}]})"), "none");
    EXPECT_EQ(repeated(R"({"a":1,"b":2,"a":1})"), "a");
    EXPECT_EQ(repeated(R"([{"a":1},{"x":{"a":[0,{"b":1,"b":2}]}}])"), "[1].x.a[1].b");
    EXPECT_EQ(repeated(R"({ "\u0061" : [ ] , "a" : { } })"), "a");
}

}  // namespace
}  // namespace hookreel::api
