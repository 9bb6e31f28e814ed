#include "base/text.h"

#include <gtest/gtest.h>

namespace hookreel {
namespace {

TEST(PercentEncoding, GoesBothWays) {
    EXPECT_EQ(percent_encode("a b+c/\xc3\xa4~"), "a%20b%2Bc%2F%C3%A4~");
    EXPECT_EQ(percent_decode("a%20b%2bc").value(), "a b+c");
    EXPECT_EQ(percent_decode("a+b").value(), "a+b");
    EXPECT_EQ(form_decode("a+b").value(), "a b");
}

TEST(PercentEncoding, RefusesBrokenEscapes) {
    for (const char* text : {"%", "%1", "%zz", "abc%2"})
        EXPECT_FALSE(percent_decode(text)) << text;
}

TEST(Form, KeepsOrderAndEmptyValues) {
    const auto pairs = parse_form("a=1&b=&c&a=%20");
    ASSERT_TRUE(pairs);
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"a", "1"}, {"b", ""}, {"c", ""}, {"a", " "}};
    EXPECT_EQ(*pairs, expected);
    EXPECT_FALSE(parse_form("a=%2"));
}

TEST(Numbers, AreReadWholeOrNotAtAll) {
    EXPECT_EQ(parse_unsigned("18446744073709551615").value(), 18446744073709551615u);
    EXPECT_EQ(parse_signed("-10").value(), -10);
    EXPECT_EQ(parse_real("2.5").value(), 2.5);
    for (const char* text : {"", "18446744073709551616", "-1", "1 ", "0x1"})
        EXPECT_FALSE(parse_unsigned(text)) << text;
}

TEST(Utf8, AcceptsTextAndRefusesTheRest) {
    EXPECT_TRUE(is_utf8("plain"));
    EXPECT_TRUE(is_utf8("\xe6\xb5\x81\xe7\x95\x85 \xf0\x9f\x8e\xac"));
    for (const char* text : {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                             "\xff", "\xe6\xb5", "\xf0\x9f\x8e"})
        EXPECT_FALSE(is_utf8(text));
}

TEST(Text, KnowsControlCharacters) {
    for (const char* text : {"", "plain", "\xc2\xa0", "\xc3\x80", "\xe6\xb5\x81", "\xc2"})
        EXPECT_FALSE(has_control_character(text)) << text;
    for (const char* text : {"\n", "a\t", "\x7f", "\xc2\x80", "a\xc2\x9f"})
        EXPECT_TRUE(has_control_character(text)) << text;
    EXPECT_TRUE(has_control_character(std::string_view("a\0", 2)));
}

TEST(HumanBytes, ReadsWell) {
    EXPECT_EQ(human_bytes(12), "12 B");
    EXPECT_EQ(human_bytes(1536), "1.5 KiB");
    EXPECT_EQ(human_bytes(5ull << 30), "5.0 GiB");
}

TEST(EqualIgnoringCase, ComparesAsciiOnly) {
    EXPECT_TRUE(equal_ignoring_case("Content-TYPE", "content-type"));
    EXPECT_FALSE(equal_ignoring_case("a", "ab"));
}

}  // namespace
}  // namespace hookreel
