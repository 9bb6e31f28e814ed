#include "app/client/screen/json_text.h"

#include <gtest/gtest.h>

namespace hookreel::app::client {
namespace {

const Terminal plain(Screen{}, 1);

TEST(JsonText, WritesNumbersAsPeopleDo) {
    const json::value value = parse_json(R"({"Duration":4.092,"Bitrate":1e3,"Size":7})").value();
    EXPECT_EQ(pretty(value, plain),
              "{\n  \"Duration\": 4.092,\n  \"Bitrate\": 1000,\n  \"Size\": 7\n}");
    EXPECT_EQ(compact(value), R"({"Duration":4.092,"Bitrate":1000,"Size":7})");
}

TEST(JsonText, IndentsJson) {
    const json::value value = parse_json(R"({"a":[1,"x"],"b":{},"c":null})").value();
    EXPECT_EQ(pretty(value, plain),
              "{\n  \"a\": [\n    1,\n    \"x\"\n  ],\n  \"b\": {},\n  \"c\": null\n}");
    const Terminal colored(Screen{Screen::Kind::terminal, Screen::Colors::on, 80}, 1);
    EXPECT_EQ(pretty(parse_json("7").value(), colored), "\x1b[36m7\x1b[0m");
}

TEST(JsonText, FindsMembersByTheirPath) {
    const json::object object = parse_json(R"({"a":{"b":"x"},"c":7})").value().get_object();
    EXPECT_EQ(find_text(object, {"a", "b"}), "x");
    EXPECT_EQ(find_text(object, {"c"}), "");
    EXPECT_EQ(find_text(object, {"c", "b"}), "");
    EXPECT_EQ(find(object, {"a", "x"}), nullptr);
    EXPECT_EQ(find_number(object, {"c"}), 7);
    EXPECT_EQ(find_number(object, {"a", "b"}), 0);
    EXPECT_EQ(find_object(object, {"a"})->size(), 1u);
    EXPECT_EQ(find_object(object, {"c"}), nullptr);
}

TEST(JsonText, FindsTheObjectsOfAList) {
    const json::object object =
        parse_json(R"({"a":{"b":[1,{"c":2},[],{}]},"d":{}})").value().get_object();
    ASSERT_EQ(find_objects(object, {"a", "b"}).size(), 2u);
    EXPECT_EQ(find_number(*find_objects(object, {"a", "b"}).front(), {"c"}), 2);
    EXPECT_TRUE(find_objects(object, {"d"}).empty());
    EXPECT_TRUE(find_objects(object, {"x"}).empty());
}

}  // namespace
}  // namespace hookreel::app::client
