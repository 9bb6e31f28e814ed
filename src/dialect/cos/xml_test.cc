#include "dialect/cos/xml.h"

#include <gtest/gtest.h>

namespace hookreel::dialect::cos {
namespace {

std::string with_part(const std::string& inside) {
    return "<CompleteMultipartUpload><Part>" + inside + "</Part></CompleteMultipartUpload>";
}

constexpr std::string_view number = "<PartNumber>1</PartNumber>";
constexpr std::string_view etag = "<ETag>\"abc\"</ETag>";

TEST(CosXml, ReadsWhatTheOfficialClientSends) {
    const auto parts = parse_complete(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&quot;abc&quot;</ETag>"
        "</Part><Part><PartNumber>2</PartNumber><ETag>&quot;abd&quot;</ETag></Part>"
        "</CompleteMultipartUpload>");
    ASSERT_TRUE(parts);
    EXPECT_EQ(*parts, (std::vector<CompletedPart>{{1, "abc"}, {2, "abd"}}));
}

TEST(CosXml, TakesADeclarationBlanksAndEitherOrder) {
    const auto parts = parse_complete(
        "\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CompleteMultipartUpload "
        "xmlns=\"http://example.com/\">\n  <Part>\n <ETag> \"abc\" </ETag>\n"
        "<PartNumber> 10000 </PartNumber> </Part >\n</CompleteMultipartUpload>\n");
    EXPECT_FALSE(parts);  // "</Part >" is XML, but nobody sends it.
    const auto good = parse_complete(
        "\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CompleteMultipartUpload "
        "xmlns=\"http://example.com/\">\n  <Part>\n <ETag> \"abc\" </ETag>\n"
        "<PartNumber> 10000 </PartNumber> </Part>\n</CompleteMultipartUpload>\n");
    ASSERT_TRUE(good);
    EXPECT_EQ(*good, (std::vector<CompletedPart>{{10'000, "abc"}}));
}

TEST(CosXml, RefusesEverythingElse) {
    const std::string both = std::string(number) + std::string(etag);
    const std::string good = with_part(both);
    ASSERT_TRUE(parse_complete(good));
    for (const std::string& bad : std::vector<std::string>{
             "",
             "<",
             "<CompleteMultipartUpload>",
             "<CompleteMultipartUpload/>",
             "<CompleteMultipartUpload></CompleteMultipartUpload>",
             "{}",
             good + "x",
             good + good,
             "x" + good,
             "<!DOCTYPE x [<!ENTITY a \"b\">]>" + good,
             "<!-- c -->" + good,
             "<?php ?>" + good,
             "<?xml " + std::string(1000, ' ') + "?>" + good,
             with_part(""),
             with_part(std::string(number)),
             with_part(std::string(etag)),
             with_part(both + std::string(number)),
             with_part(both + "<Other>1</Other>"),
             with_part("<PartNumber>0</PartNumber><ETag>a</ETag>"),
             with_part("<PartNumber>-1</PartNumber><ETag>a</ETag>"),
             with_part("<PartNumber>10001</PartNumber><ETag>a</ETag>"),
             with_part("<PartNumber>99999999999999999999</PartNumber><ETag>a</ETag>"),
             with_part("<PartNumber>1</PartNumber><ETag></ETag>"),
             with_part("<PartNumber>1</PartNumber><ETag>&a;</ETag>"),
             with_part("<PartNumber>1</PartNumber><ETag>&#65;</ETag>"),
             with_part("<PartNumber>1</PartNumber><ETag><![CDATA[a]]></ETag>"),
             with_part("<PartNumber>1</PartNumber><ETag>" + std::string(300, 'a') + "</ETag>"),
             with_part("<PartNumber>1</ETag><ETag>a</PartNumber>"),
             with_part("<Part>" + both + "</Part>")})
        EXPECT_EQ(parse_complete(bad).error().code, Code::invalid) << bad.substr(0, 200);
}

TEST(CosXml, EveryPrefixOfADocumentIsRefused) {
    const std::string good = with_part(std::string(number) + std::string(etag));
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(parse_complete(good.substr(0, length)));
}

TEST(CosXml, NestingIsRefusedAtOnce) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "<Part>";
    EXPECT_FALSE(parse_complete("<CompleteMultipartUpload>" + deep));
}

TEST(CosXml, TakesOnlySoMuch) {
    EXPECT_EQ(parse_complete(std::string(complete_bytes_max + 1, ' ')).error().code,
              Code::too_large);
    std::string parts;
    for (std::size_t i = 0; i <= complete_parts_max; ++i)
        parts += "<Part>" + std::string(number) + std::string(etag) + "</Part>";
    EXPECT_EQ(parse_complete("<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>")
                  .error()
                  .code,
              Code::too_large);
}

TEST(CosXml, EscapesWhatWouldBeMarkup) {
    EXPECT_EQ(escape("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&apos;");
    EXPECT_EQ(escape(std::string_view("a\0b\x01\n", 5)), "a?b?\n");
    EXPECT_EQ(escape("é"), "é");
    EXPECT_EQ(escape("\xff"), "?");
    EXPECT_EQ(element({"Key", "a&b"}), "<Key>a&amp;b</Key>");
}

}  // namespace
}  // namespace hookreel::dialect::cos
