#include "media/drawings/svg_check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

std::string fault_of(std::string_view text) {
    const Result<void> checked = check_svg(text);
    return checked ? "" : checked.error().detail;
}
std::string svg(std::string_view inside, std::string_view attributes = "") {
    return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>)", attributes,
                       inside);
}
testing::AssertionResult is_refused(std::string_view text, std::string_view why) {
    const std::string fault = fault_of(text);
    if (fault.contains(why)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "\"" << fault << "\" of " << text;
}

TEST(SvgCheck, TakesDrawingsAsProgramsWriteThem) {
    for (const std::string& text :
         {std::string(R"(<?xml version="1.0" encoding="UTF-8" standalone="no"?>)"
                      "\n<!-- Made by hand -->\n") +
              svg("<metadata/><g><path d='M0 0'/></g>\r\n"),
          "\xef\xbb\xbf<?xml version='1.0'?>" + svg("<text>50 % &amp; é</text>"),
          std::string("<svg:svg xmlns:svg='http://www.w3.org/2000/svg'><svg:g/></svg:svg>"),
          std::string("<svg/>"), svg("<style>.a{fill:url(#b)} .c{fill:red}</style>"),
          svg("<style><![CDATA[.a > .b{fill:url( '#b' )}]]></style>"),
          svg("<use href='#a'/><use xlink:href=' #a '/><a href=''/>"),
          svg("<rect fill='url(#g)' style='filter:URL(\"#f\")'/>"),
          svg("<image href='data:image/png;base64,AAAA'/><image href='DATA:image/jpeg,A'/>"),
          svg("<x:effect only_selected='false'/>"),
          svg("<g inkscape:export-filename='C:\\a (1).png' d='a\\b'/>")})
        EXPECT_EQ(fault_of(text), "") << text;
}

TEST(SvgCheck, TakesNothingThatIsNoDrawing) {
    EXPECT_TRUE(is_refused("", "one <svg>"));
    EXPECT_TRUE(is_refused("no XML", "one <svg>"));
    EXPECT_TRUE(is_refused("<html><svg/></html>", "one <svg>"));
    EXPECT_TRUE(is_refused("<svg/><svg/>", "one <svg>"));
    EXPECT_TRUE(is_refused("<svg>", "no XML"));
    EXPECT_TRUE(is_refused("<svg></g></svg>", "no XML"));
    EXPECT_TRUE(is_refused("<svg a=b/>", "no XML"));
    EXPECT_TRUE(is_refused(svg(std::string("a\0b", 3)), "control"));
    EXPECT_TRUE(is_refused(svg("\x1b"), "control"));
}

TEST(SvgCheck, TakesNothingThatGrows) {
    EXPECT_TRUE(is_refused("<!DOCTYPE svg [<!ENTITY a 'aa'>]>" + svg("&a;"), "DOCTYPE"));
    EXPECT_TRUE(is_refused("<!doctype svg>" + svg(""), "no XML"));
    EXPECT_TRUE(is_refused(svg("<!ENTITY a 'a'>"), "DOCTYPE"));
    std::string deep = "<svg>";
    for (std::size_t i = 1; i < svg_depth_max; ++i)
        deep += "<g>";
    EXPECT_TRUE(is_refused(deep, "an element has no end"));
    EXPECT_TRUE(is_refused(deep + "<g>", "too deep"));
}

TEST(SvgCheck, TakesNoAddressesOutOfTheDrawing) {
    for (const std::string_view address :
         {"/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/", "a.svg#b", "//host/a",
          "data:image/svg+xml;base64,AAAA", "data:text/css,a", "data:image/pngx",
          "&#104;ttp://a"}) {
        EXPECT_TRUE(is_refused(svg(fmt::format("<image href='{}'/>", address)), "it refers to `"));
        EXPECT_TRUE(is_refused(svg(fmt::format("<use xlink:href='{}'/>", address)), "it refers"));
        EXPECT_TRUE(is_refused(svg(fmt::format("<image x:HREF=' {}'/>", address)), "it refers"));
        EXPECT_TRUE(
            is_refused(svg(fmt::format("<rect fill='red url( \"{}\")'/>", address)), "it refers"));
    }
    EXPECT_TRUE(
        is_refused(svg("<style>.a{fill:URL(http://a)}</style>"), "it refers to `http://a`"));
    EXPECT_TRUE(is_refused(svg("<style>a{fill:url(#b);mask:url(c)}</style>"), "it refers to `c`"));
    EXPECT_TRUE(is_refused(svg("<style>@Import 'a.css';</style>"), "@import"));
    EXPECT_TRUE(is_refused("<?xml-stylesheet href='a.css'?>" + svg(""), "instructions"));
    EXPECT_TRUE(is_refused("<?xml version='1.0'?><?xml-stylesheet href='a'?>" + svg(""), "instru"));
    EXPECT_TRUE(is_refused(svg("", "xmlns:xi='http://www.w3.org/2001/XInclude'") + "", ""));
    EXPECT_TRUE(is_refused(svg("<xi:include href='data:image/png;base64,AA'/>"), "XInclude"));
}

// Which would be read in another way by what draws them.
TEST(SvgCheck, TakesNoAddressesThatAreSpelledOtherwise) {
    EXPECT_TRUE(is_refused(svg("<style>a{fill:u\\72l(http://a)}</style>"), "escapes"));
    EXPECT_TRUE(is_refused(svg("<style>a{fill:&#117;rl(http://a)}</style>"), "escapes"));
    EXPECT_TRUE(is_refused(svg("<style>a{fill:u<!-- -->rl(http://a)}</style>"), "escapes"));
    EXPECT_TRUE(is_refused(svg("<style>a{fill:u<g/>rl(http://a)}</style>"), "escapes"));
    EXPECT_TRUE(is_refused(svg("<style><style></style>@import</style>"), "escapes"));
    EXPECT_TRUE(is_refused(svg("<style>u<![CDATA[rl(http://a)]]></style>"), "it refers"));
    EXPECT_TRUE(is_refused(svg("<g style='fill:u\\72l(http://a)'/>"), "escapes"));
    EXPECT_TRUE(is_refused(svg("<g fill='&#117;rl(http://a)'/>"), "it refers"));
    const std::string padded = "fill='ur&#" + std::string(40, '0') + "108;(http://a)'";
    EXPECT_TRUE(is_refused(svg("<g " + padded + "/>"), "cannot be read"));
    EXPECT_TRUE(is_refused(svg("<g style='ur&#x" + std::string(40, '0') + "6c;(a)'/>"), "be read"));
    EXPECT_TRUE(is_refused("\n<?xml version='1.0'?>" + svg(""), "instructions"));
    EXPECT_TRUE(is_refused("<?xml version='1.0' encoding='UTF-7'?>" + svg(""), "UTF-8"));
    EXPECT_TRUE(is_refused("<?xml version='1.0' encoding=\"utf-16\"?>" + svg(""), "UTF-8"));
    EXPECT_TRUE(is_refused("<?xml version='1.0' encoding=utf-8?>" + svg(""), "malformed"));
}

TEST(SvgCheck, TakesNoScripts) {
    EXPECT_TRUE(is_refused(svg("<script>alert(1)</script>"), "script"));
    EXPECT_TRUE(is_refused(svg("<svg:Script/>"), "script"));
    EXPECT_TRUE(is_refused(svg("<rect onClick='a()'/>"), "script (`onclick`)"));
}

// Each of these would take hours if each part of them were compared with all that follows.
TEST(SvgCheck, TakesATimeInProportionToTheText) {
    const auto many = [](std::string_view part) {
        std::string all;
        while (all.size() < 4'000'000)
            all += part;
        return all;
    };
    EXPECT_EQ(fault_of(svg("<g fill=\"" + many("url(#") + "\"/>")), "");
    EXPECT_EQ(fault_of(svg("<style>" + many("url( #a ") + "</style>")), "");
    EXPECT_EQ(fault_of(svg("<style>" + many("<![CDATA[]]>") + "</style>")), "");
    EXPECT_EQ(fault_of(svg(many("<g/>"))), "");
    EXPECT_EQ(fault_of(svg(many("<style></style>"))), "");
    EXPECT_EQ(fault_of(svg("<g d='" + many("&") + "'/>")), "");
    EXPECT_TRUE(is_refused(svg(many("<g>")).substr(0, 4'000'000), "too deep"));
    EXPECT_FALSE(fault_of(svg(many("<![CDATA["))).empty());
    EXPECT_FALSE(fault_of(svg(many("<!--"))).empty());
    EXPECT_FALSE(fault_of(many("<")).empty());
}

TEST(SvgCheck, RepeatsNoMoreOfATextThanFitsIntoASentence) {
    const std::string fault = fault_of(svg("<a href='\xc3\xa9" + std::string(9'000, 'x') + "'/>"));
    EXPECT_LT(fault.size(), 250u);
    EXPECT_TRUE(fault.starts_with("it refers to `??xxx")) << fault;
}

}  // namespace
}  // namespace hookreel::media
