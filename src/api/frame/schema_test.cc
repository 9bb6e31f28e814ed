#include "api/frame/schema.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/text.h"

namespace hookreel::api {
namespace {

class SchemaTest : public testing::Test {
 protected:
    // "field: detail" of each error, one a line.
    std::string errors(std::string_view schema, std::string_view value) {
        const Schema& made = schemas_.make(json::parse(schema));
        std::vector<FieldError> found;
        check(made, json::parse(value), "", found);
        std::string text;
        for (const FieldError& error : found) {
            text += error.field + ": " + error.detail;
            if (!error.limit.is_null()) text += " (" + json::serialize(error.limit) + ")";
            text += "\n";
        }
        return text;
    }

    const json::object components_ = json::parse(R"({
        "Name": {"type": "string", "minLength": 2, "maxLength": 3},
        "Pair": {"type": "object", "additionalProperties": false, "required": ["a"],
                 "properties": {"a": {"$ref": "#/components/schemas/Name"},
                                "b": {"type": ["integer", "null"]}}}})")
                                         .as_object();
    Schemas schemas_{components_};
};

TEST_F(SchemaTest, TellsTypesApart) {
    EXPECT_EQ(errors(R"({"type":"integer"})", "5"), "");
    EXPECT_EQ(errors(R"({"type":"integer"})", "5.0"), "");
    EXPECT_EQ(errors(R"({"type":"integer"})", "5.5"), "body: must be a whole number\n");
    EXPECT_EQ(errors(R"({"type":"integer"})", "1e300"), "body: must be a whole number\n");
    EXPECT_EQ(errors(R"({"type":"number"})", "18446744073709551615"), "");
    EXPECT_EQ(errors(R"({"type":"string"})", "5"), "body: must be a string\n");
    EXPECT_EQ(errors(R"({"type":["boolean","null"]})", "null"), "");
    EXPECT_EQ(errors(R"({"type":["boolean","null"]})", "0"),
              "body: must be null or true or false\n");
    EXPECT_EQ(errors("{}", R"([{"any":1}])"), "");
}

TEST_F(SchemaTest, HoldsTheNamesOfMembers) {
    constexpr std::string_view paths =
        R"({"type":"object","propertyNames":{"type":"string","format":"member-path"}})";
    EXPECT_EQ(errors(paths, R"({"a":1,"a.b":2})"), "");
    EXPECT_EQ(errors(paths, R"({"a.":1})"),
              "body: has a member \"a.\", which must be names with dots between, such as "
              "asset.type\n");
}

TEST_F(SchemaTest, HoldsLimitsAndNamesThem) {
    EXPECT_EQ(errors(R"({"type":"integer","minimum":1,"maximum":9})", "10"),
              "body: must be at most 9 (9)\n");
    EXPECT_EQ(errors(R"({"type":"number","minimum":0.5})", "0.4"),
              "body: must be at least 0.5 (5E-1)\n");
    EXPECT_EQ(errors(R"({"type":"number","exclusiveMinimum":0})", "0"),
              "body: must be more than 0 (0)\n");
    EXPECT_EQ(errors(R"({"$ref":"#/components/schemas/Name"})", R"("éé")"), "");
    EXPECT_EQ(errors(R"({"$ref":"#/components/schemas/Name"})", R"("éééé")"),
              "body: has 4 characters; at most 3 are taken (3)\n");
    EXPECT_EQ(errors(R"({"type":"array","minItems":1})", "[]"),
              "body: must have at least 1 elements (1)\n");
    EXPECT_EQ(errors(R"({"type":"object","maxProperties":1})", R"({"a":1,"b":2})"),
              "body: has 2 members; at most 1 are taken (1)\n");
}

TEST_F(SchemaTest, SaysOfAWrongLengthNothingElse) {
    const std::string_view id = R"({"type":"string","format":"event-id","maxLength":3})";
    EXPECT_EQ(errors(id, R"("a.bc")"), "body: has 4 characters; at most 3 are taken (3)\n");
    EXPECT_TRUE(errors(id, R"("a.b")").starts_with("body: must be 1 to 128"));
}

TEST_F(SchemaTest, RefusesMembersThatAreMissingOrUnknown) {
    const std::string_view pair = R"({"$ref":"#/components/schemas/Pair"})";
    EXPECT_EQ(errors(pair, R"({"a":"xx","b":null})"), "");
    EXPECT_EQ(errors(pair, R"({"c":1})"), "a: is required\nc: is not known here; known are a, b\n");
    EXPECT_EQ(errors(R"({"type":"object","additionalProperties":{"type":"integer"}})",
                     R"({"x":1,"y":"z"})"),
              "y: must be a whole number\n");
}

TEST_F(SchemaTest, NamesThePlaceOfAnError) {
    EXPECT_EQ(errors(R"({"type":"array","items":{"$ref":"#/components/schemas/Pair"}})",
                     R"([{"a":"xx"},{"a":"xx","b":[]}])"),
              "[1].b: must be null or a whole number\n");
    EXPECT_EQ(errors(R"({"type":"object","properties":{"p":{"$ref":"#/components/schemas/Pair"}}})",
                     R"({"p":{"a":5}})"),
              "p.a: must be a string\n");
}

TEST_F(SchemaTest, ShowsLongNamesWithoutHalfACharacter) {
    std::string name = "x";
    for (int i = 0; i < 60; ++i)
        name += "é";
    const std::string text = errors(R"({"type":"object","additionalProperties":false})",
                                    json::serialize(json::object{{name, 1}}));
    EXPECT_TRUE(is_utf8(text)) << text;
    EXPECT_TRUE(text.starts_with(name.substr(0, 99) + "…:")) << text;
}

TEST_F(SchemaTest, ChoosesByType) {
    const std::string_view either =
        R"({"oneOf":[{"$ref":"#/components/schemas/Pair"},{"type":"array","maxItems":1}]})";
    EXPECT_EQ(errors(either, R"({"a":"xx"})"), "");
    EXPECT_EQ(errors(either, "[1,2]"), "body: has 2 elements; at most 1 are taken (1)\n");
    EXPECT_EQ(errors(either, "7"), "body: must be an array or an object\n");
}

TEST_F(SchemaTest, TakesOneOfTheNamedValues) {
    EXPECT_EQ(errors(R"({"type":"string","enum":["a","b"]})", R"("b")"), "");
    EXPECT_EQ(errors(R"({"type":"string","enum":["a","b"]})", R"("c")"),
              "body: must be one of [\"a\",\"b\"]\n");
}

TEST_F(SchemaTest, StopsAfterSomeErrors) {
    std::string many = "[0";
    for (int i = 0; i < 1000; ++i)
        many += ",0";
    const std::string text = errors(R"({"type":"array","items":{"type":"string"}})", many + "]");
    EXPECT_EQ(std::ranges::count(text, '\n'), static_cast<long>(errors_max));
}

TEST_F(SchemaTest, DoesNotPassOverWhatItDoesNotUnderstand) {
    for (const char* schema :
         {R"({"multipleOf":2})", R"({"type":"strnig"})", R"({"format":"unheard"})",
          R"({"$ref":"#/components/schemas/None"})", R"({"$ref":"other.json"})"})
        EXPECT_THROW(schemas_.make(json::parse(schema)), std::logic_error) << schema;
}

TEST_F(SchemaTest, ReadsTextsAsTheTypeThatIsWanted) {
    const auto read = [this](std::string_view type, std::string_view text) {
        return json::serialize(from_text(schemas_.make(json::object{{"type", type}}), text));
    };
    EXPECT_EQ(read("integer", "25"), "25");
    EXPECT_EQ(read("integer", "x"), "\"x\"");
    EXPECT_EQ(read("boolean", "true"), "true");
    EXPECT_EQ(read("string", "25"), "\"25\"");
}

}  // namespace
}  // namespace hookreel::api
