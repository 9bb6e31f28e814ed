#include "api/frame/definition.h"

#include <gtest/gtest.h>

#include <regex>

namespace hookreel::api {
namespace {

model::EventType uploaded() {
    return {"media.uploaded", "A file has arrived.", json::object{{"type", "object"}},
            model::CustomEvent{}, R"({"type":"media.uploaded","data":{}})"};
}

class DefinitionTest : public testing::Test {
 protected:
    // Calls `see` with each schema below, the place first.
    void walk(const json::value& value, const std::string& place,
              const std::function<void(const json::object&, const std::string&)>& see) {
        if (value.is_array())
            for (const json::value& one : value.get_array())
                walk(one, place, see);
        if (!value.is_object()) return;
        see(value.get_object(), place);
        for (const auto& [name, inner] : value.get_object())
            walk(inner, place + "/" + std::string(name), see);
    }

    Catalogue catalogue_{uploaded()};
    Definition definition_{catalogue_};
    json::object document_ = json::parse(definition_.text()).as_object();
};

TEST_F(DefinitionTest, FindsTheOperationOfARequest) {
    const auto id = [this](std::string_view method, std::string_view path) {
        const Definition::Match match = definition_.find(method, path);
        return match.operation ? match.operation->id : "none";
    };
    EXPECT_EQ(id("POST", "/api/v1/endpoints"), "createEndpoint");
    EXPECT_EQ(id("HEAD", "/api/v1/endpoints/ep_1"), "getEndpoint");
    EXPECT_EQ(id("POST", "/api/v1/endpoints/ep_1/rotate-secret"), "rotateSecret");
    EXPECT_EQ(id("GET", "/api/v1/openapi.json"), "getDefinition");
    for (const char* path :
         {"/api/v1", "/api/v1/", "/api/v1/endpoints/", "/api/v1/endpoints//pause",
          "/api/v1/endpoints/a/b/c", "/api/v2/endpoints", "/api/v1endpoints",
          "/api/v1/endpoints/%zz", "/api/v1/endpoints/%ff", ""})
        EXPECT_EQ(id("GET", path), "none") << path;
    EXPECT_EQ(definition_.find("GET", "/api/v1/endpoints/a%20b").path.at("id"), json::value("a b"));
}

TEST_F(DefinitionTest, NamesTheMethodsOfAPath) {
    EXPECT_EQ(definition_.methods("/api/v1/audit-log"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(definition_.methods("/api/v1/nothing"), "");
}

TEST_F(DefinitionTest, HasEachEventTypeAsAWebhook) {
    const json::object& webhooks = document_.at("webhooks").as_object();
    ASSERT_EQ(webhooks.size(), 1u);
    EXPECT_TRUE(webhooks.contains("media.uploaded"));
}

TEST_F(DefinitionTest, ClosesEveryObjectThatARequestHolds) {
    const auto closed = [](const json::object& schema, const std::string& place) {
        if (!schema.contains("properties") || !schema.contains("type")) return;
        EXPECT_TRUE(schema.contains("additionalProperties")) << place;
    };
    for (const auto& [path, item] : document_.at("paths").as_object())
        for (const auto& [method, operation] : item.as_object())
            if (method != "parameters" && operation.as_object().contains("requestBody"))
                walk(operation.at("requestBody"), std::string(path), closed);
    for (const char* name : {"NewEvent", "QueueSettings", "NewEndpoint", "EndpointChange",
                             "Schedule", "Tls", "GivenSecret"})
        walk(document_.at("components").at("schemas").at(name), name, closed);
}

TEST_F(DefinitionTest, LimitsEveryTextNumberAndListOfARequest) {
    for (const Operation& operation : definition_.operations()) {
        std::vector<const Schema*> open;
        if (operation.body) open.push_back(operation.body);
        for (const auto& parameter : operation.in_query)
            open.push_back(parameter.schema);
        while (!open.empty()) {
            const Schema& schema = *open.back();
            open.pop_back();
            if (schema.types != Schema::anything && schema.choices.empty()) {
                const bool is_limited = schema.size_max || schema.form || !schema.values.empty();
                if (schema.types & Schema::text && schema.types < 32)
                    EXPECT_TRUE(is_limited || schema.types & Schema::number) << operation.id;
                if (schema.types & Schema::array) EXPECT_TRUE(schema.size_max) << operation.id;
                if (schema.types & (Schema::integer | Schema::number) &&
                    !(schema.types & Schema::text))
                    EXPECT_TRUE(schema.minimum && schema.maximum) << operation.id;
            }
            for (const Schema::Member& member : schema.members)
                open.push_back(member.schema);
            for (const Schema* choice : schema.choices)
                open.push_back(choice);
            if (schema.items) open.push_back(schema.items);
            if (schema.others) open.push_back(schema.others);
        }
    }
}

// Readers go by the pattern, the server by the form: the two must mean the same.
TEST_F(DefinitionTest, HasPatternsThatSayWhatTheFormsDo) {
    const std::vector<std::string> samples = {"",
                                              "a",
                                              "*",
                                              "a.*",
                                              "a.b",
                                              "A.b",
                                              "a..b",
                                              ".a",
                                              "a.",
                                              "a b",
                                              "reel",
                                              "reels",
                                              "ep_1",
                                              "callback-1",
                                              "x:y",
                                              "x_y-z",
                                              "a*",
                                              "*.a",
                                              "a.*.b",
                                              "ep",
                                              "é",
                                              "a/b",
                                              "1",
                                              "ep_",
                                              "-",
                                              "x.y",
                                              "a\n",
                                              std::string(64, 'a'),
                                              std::string(65, 'a'),
                                              std::string(128, 'a'),
                                              std::string(129, 'a')};
    int seen = 0;
    walk(document_, "", [&](const json::object& schema, const std::string& place) {
        if (!schema.contains("pattern") || !schema.at("pattern").is_string()) return;
        ASSERT_TRUE(schema.contains("format")) << place;
        const std::string format(schema.at("format").as_string());
        if (format == "uri") return;
        const Form* form = find_form(format);
        ASSERT_TRUE(form) << format;
        const std::regex pattern(std::string(schema.at("pattern").as_string()),
                                 std::regex::ECMAScript);
        const std::size_t longest =
            schema.contains("maxLength") ? schema.at("maxLength").to_number<std::size_t>() : 1000;
        for (const std::string& sample : samples)
            EXPECT_EQ(form->fits(sample),
                      sample.size() <= longest && std::regex_match(sample, pattern))
                << format << ": " << sample;
        ++seen;
    });
    EXPECT_GE(seen, 6);
}

}  // namespace
}  // namespace hookreel::api
