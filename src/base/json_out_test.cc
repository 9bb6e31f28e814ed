#include "base/json_out.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/json.h"

namespace hookreel {
namespace {

std::string written(const auto& value) {
    std::string text;
    JsonOut(text).value(value);
    return text;
}

TEST(JsonOut, SetsCommasBetweenMembersAndElements) {
    std::string text;
    JsonOut json(text);
    json.open('{').member("a", 1).name("b").open('[').value("x").open('{').close('}').null();
    json.close(']').member("c", true).name("d").raw("{\"e\":1}").member("f", "").close('}');
    EXPECT_EQ(text, R"({"a":1,"b":["x",{},null],"c":true,"d":{"e":1},"f":""})");
}

TEST(JsonOut, AppendsToWhatIsThere) {
    std::string text = "data: ";
    JsonOut(text).open('{').member("a", 1).close('}');
    EXPECT_EQ(text, R"(data: {"a":1})");
}

TEST(JsonOut, EscapesWhatJsonDemands) {
    const std::string hostile = "a\"b\\c\n\r\t\x01\x1f/\x7f\xC3\xA9";
    const std::string text = written(hostile);
    EXPECT_EQ(text, "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f/\x7f\xC3\xA9\"");
    EXPECT_EQ(std::string(parse_json(text).value().as_string()), hostile);
}

TEST(JsonOut, ReplacesBytesThatAreNotUtf8) {
    EXPECT_EQ(written(std::string("a\xFF\nb")), "\"a\xEF\xBF\xBD\\nb\"");
    EXPECT_TRUE(parse_json(written(std::string("\xC3"))));
}

TEST(JsonOut, WritesNumbersWithoutExponents) {
    EXPECT_EQ(written(59.990001678467), "59.990001678467");
    EXPECT_EQ(written(60.0), "60");
    EXPECT_EQ(written(1e14), "100000000000000");
    EXPECT_EQ(written(1e20), "100000000000000000000");
    EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "0");
    EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), "0");
    EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(written(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(JsonOut, WritesTimesToTheMillisecondInUtc) {
    EXPECT_EQ(written(parse_time("2026-11-20T21:40:06.123+08:00").value()),
              "\"2026-11-20T13:40:06.123Z\"");
}

}  // namespace
}  // namespace hookreel
