#include "media/playlists/xml_tags.h"

#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

// "a(b)" for each tag, with what is around it; or what is wrong.
std::string read(std::string_view text) {
    XmlTags xml(text);
    std::string all;
    for (;;) {
        const Result<std::optional<XmlTag>> tag = xml.next();
        if (!tag) return "! " + tag.error().detail;
        if (!*tag) return all;
        for (const std::string_view name : xml.around())
            all += std::string(name) + "/";
        all += ((*tag)->opens() ? "" : "-") + std::string((*tag)->name);
        all += (*tag)->kind == XmlTag::Kind::alone ? ". " : " ";
    }
}

TEST(XmlTags, AreReadWithWhatIsAroundThem) {
    EXPECT_EQ(read("<?xml version='1'?><a><!-- <x> --><n:b c = '1'><d/></n:b ></a>"),
              "a a/b a/b/d. a/-b -a ");
    EXPECT_EQ(read(""), "");
}

TEST(XmlTags, HaveTheirAttributesAndTexts) {
    XmlTags xml("<a x:b=\"1 &lt; &amp;amp; &e;\" c='>\"'>one &gt; two</a>");
    const XmlTag tag = **xml.next();
    EXPECT_EQ(*tag.find("x:b"), "1 < &amp; &e;");
    EXPECT_EQ(*tag.find("c"), ">\"");
    EXPECT_EQ(tag.find("b"), nullptr);
    ASSERT_TRUE(xml.next());
    EXPECT_EQ(xml.text(), "one > two");
}

TEST(XmlTags, MayHaveCdataAndDepthWhereTheyAreTaken) {
    const std::string text = "<a><![CDATA[ <x> & ]]]]><b>c</b></a>";
    EXPECT_TRUE(read(text).starts_with("! "));
    XmlTags xml(text, {.depth_max = 2, .cdata = XmlForm::Cdata::passed_over});
    EXPECT_EQ((*xml.next())->name, "a");
    EXPECT_TRUE(xml.rest().starts_with("<![CDATA["));
    EXPECT_EQ((*xml.next())->name, "b");
    XmlTags torn("<a><![CDATA[ ]>", {.cdata = XmlForm::Cdata::passed_over});
    ASSERT_TRUE(torn.next());
    EXPECT_FALSE(torn.next());
    XmlTags deep("<a><b></b></a>", {.depth_max = 1});
    ASSERT_TRUE(deep.next());
    EXPECT_FALSE(deep.next());
}

TEST(XmlTags, HaveTheCharactersThatNumbersMean) {
    XmlTags xml(
        "<a b='chun&#107;&#x6B;-&#xe9;&#8364;&#x1F600;'>"
        "&#;&#x;&#0;&#10;&#xD800;&#x110000;&#107 &#99999999999;&#1a;</a>");
    EXPECT_EQ(*(**xml.next()).find("b"), "chunkk-\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    ASSERT_TRUE(xml.next());
    EXPECT_EQ(xml.text(), "&#;&#x;&#0;&#10;&#xD800;&#x110000;&#107 &#99999999999;&#1a;");
    XmlTags unended("<a b='&#107'/>");
    EXPECT_EQ(*(**unended.next()).find("b"), "&#107");
}

TEST(XmlTags, AreRefusedWhereTheTextIsNoXml) {
    for (const char* text :
         {"<", "<a", "<a b", "<a b=", "<a b=c>", "<a b=\"", "<a b=\"1\"", "<a =\"1\"/>", "<!-- ",
          "<?x", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a b c=\"1\"/>", "</a b/>",
          "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "<a><![CDATA[x]]></a>"})
        EXPECT_TRUE(read(text).starts_with("! ")) << text;
}

TEST(XmlTags, AreBounded) {
    std::string deep;
    for (std::size_t i = 0; i < XmlForm().depth_max; ++i)
        deep = "<a>" + deep + "</a>";
    EXPECT_FALSE(read(deep).starts_with("! "));
    EXPECT_EQ(read("<a>" + deep + "</a>"), "! its elements are too deep");
    std::string wide = "<a";
    for (std::size_t i = 0; i < xml_attributes_max; ++i)
        wide += " b='1'";
    EXPECT_FALSE(read(wide + "/>").starts_with("! "));
    EXPECT_EQ(read(wide + " b='1'/>"), "! a tag has too many attributes");
}

}  // namespace
}  // namespace hookreel::media
