#include "dialect/tencent_vod/protocol/parameters.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

const schema::Object& input(std::string_view action) {
    return *schema::find_action(action)->input;
}

Answer<json::object> from_json(std::string_view action, std::string_view text,
                               Unknown unknown = Unknown::ignored) {
    return parse_parameters(input(action), text, unknown);
}

Answer<json::object> from_form(std::string_view action, std::string_view text,
                               Unknown unknown = Unknown::ignored) {
    return parse_parameters(input(action), parse_form(text).value_or(Form{}), unknown);
}

WireError error_of(const Answer<json::object>& answer) {
    return answer ? WireError{"none", json::serialize(*answer)} : answer.error();
}

TEST(Schema, KnowsAllActionsWithTheirErrors) {
    EXPECT_EQ(schema::actions().size(),
              33u + 8u + 26u);  // Of api.json, external_api.json and template_api.json.
    const schema::Action* action = schema::find_action("CommitUpload");
    ASSERT_NE(action, nullptr);
    EXPECT_TRUE(action->lists("InvalidParameterValue.VodSessionKey"));
    EXPECT_FALSE(action->lists("InvalidParameterValue"));
    EXPECT_EQ(action->output->find("MediaUrl")->kind, schema::Kind::text);
    EXPECT_EQ(schema::find_action("Nothing"), nullptr);
    EXPECT_EQ(schema::find_object("Nothing"), nullptr);
}

TEST(Parameters, OfJsonAndOfAFormAreTheSame) {
    const auto json_form = from_json("ProcessMedia", R"({
        "FileId": "14508071098244959037", "SubAppId": 18446744073709551615, "TasksPriority": -3,
        "MediaProcessTask": {"TranscodeTaskSet": [{"Definition": 10}, {"Definition": 20,
            "StartTimeOffset": 1.5}]}})");
    const auto flat = from_form(
        "ProcessMedia",
        "Action=ProcessMedia&SubAppId=18446744073709551615&TasksPriority=-3"
        "&MediaProcessTask.TranscodeTaskSet.1.StartTimeOffset=1.5&FileId=14508071098244959037"
        "&MediaProcessTask.TranscodeTaskSet.1.Definition=20&Region=&Signature=x"
        "&MediaProcessTask.TranscodeTaskSet.0.Definition=10",
        Unknown::refused);
    ASSERT_TRUE(json_form);
    ASSERT_TRUE(flat) << flat.error().message;
    EXPECT_EQ(*json_form, *flat);

    const Members members(*flat);
    EXPECT_EQ(members.text("FileId"), "14508071098244959037");
    EXPECT_EQ(members.natural("SubAppId"), 18446744073709551615u);
    EXPECT_EQ(members.integer("TasksPriority"), -3);
    const auto tasks = members.object("MediaProcessTask")->objects("TranscodeTaskSet");
    ASSERT_EQ(tasks.size(), 2u);
    EXPECT_EQ(tasks[0].natural("Definition"), 10u);
    EXPECT_EQ(tasks[1].real("StartTimeOffset"), 1.5);
    EXPECT_EQ(tasks[0].real("StartTimeOffset"), std::nullopt);
}

TEST(Parameters, RefuseAWrongTypeWithItsName) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"ConfirmEvents", R"({"EventHandles": "1"})"},
        {"ConfirmEvents", R"({"EventHandles": [1]})"},
        {"ConfirmEvents", R"({"EventHandles": ["1", null]})"},
        {"ConfirmEvents", R"({"EventHandles": {"0": "1"}})"},
        {"PullEvents", R"({"SubAppId": "5"})"},
        {"PullEvents", R"({"SubAppId": 5.0})"},
        {"PullEvents", R"({"SubAppId": 5e0})"},
        {"PullEvents", R"({"SubAppId": -1})"},
        {"PullEvents", R"({"SubAppId": 18446744073709551616})"},
        {"PullEvents", R"({"SubAppId": true})"},
        {"PullEvents", R"({"ExtInfo": 5})"},
        {"ProcessMedia", R"({"TasksPriority": 9223372036854775808})"},
        {"ProcessMedia", R"({"MediaProcessTask": []})"},
        {"ProcessMedia", R"({"MediaProcessTask": {"TranscodeTaskSet": [[]]}})"},
        {"ProcessMedia", R"({"MediaProcessTask": {"TranscodeTaskSet": [{"Definition": "10"}]}})"},
    };
    for (const auto& [action, text] : cases)
        EXPECT_EQ(error_of(from_json(action, text)).code, "InvalidParameter") << text;
    EXPECT_EQ(error_of(from_json(cases[14].first, cases[14].second)).message,
              "The parameter `MediaProcessTask.TranscodeTaskSet.0.Definition` must be an integer "
              "of at least 0.");
}

TEST(Parameters, TakeAnIntegerWhereARealIsAsked) {
    const auto parsed =
        from_json("ProcessMedia",
                  R"({"MediaProcessTask": {"CoverBySnapshotTaskSet": [{"Definition": 10,
            "PositionType": "Time", "PositionValue": 0}]}})");
    ASSERT_TRUE(parsed);
    const Members cover =
        Members(*parsed).object("MediaProcessTask")->objects("CoverBySnapshotTaskSet")[0];
    EXPECT_EQ(cover.real("PositionValue"), 0.0);
}

TEST(Parameters, NameWhatIsMissing) {
    EXPECT_EQ(error_of(from_json("ConfirmEvents", "{}")),
              (WireError{"MissingParameter",
                         "The request is missing a required parameter `EventHandles`."}));
    EXPECT_EQ(error_of(from_json("ConfirmEvents", R"({"EventHandles": null})")).code,
              "MissingParameter");
    EXPECT_EQ(
        error_of(
            from_json("ProcessMedia",
                      R"({"MediaProcessTask": {"CoverBySnapshotTaskSet": [{"Definition": 1}]}})"))
            .message,
        "The request is missing a required parameter "
        "`MediaProcessTask.CoverBySnapshotTaskSet.0.PositionType`.");
    EXPECT_EQ(error_of(from_form("ConfirmEvents", "SubAppId=5")).code, "MissingParameter");
}

TEST(Parameters, PassOverUnknownNamesUnlessTheyAreRefused) {
    EXPECT_EQ(*from_json("PullEvents", R"({"Foo": 1, "SubAppId": 5})"),
              json::parse(R"({"SubAppId": 5})").as_object());
    const WireError refused{"UnknownParameter", "The parameter `Foo` is not recognized."};
    EXPECT_EQ(error_of(from_json("PullEvents", R"({"Foo": 1})", Unknown::refused)), refused);
    EXPECT_TRUE(from_form("PullEvents", "Foo.0.Bar=1&SubAppId=5"));
    EXPECT_EQ(error_of(from_form("PullEvents", "Foo.0.Bar=1&SubAppId=5", Unknown::refused)),
              refused);
}

TEST(Parameters, RefuseWhatIsNoJsonObject) {
    std::string deep(10'000, '[');
    std::string nested;
    for (int i = 0; i < 10'000; ++i)
        nested += R"({"MediaProcessTask":)";
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("[]"), std::string("null"),
          std::string("{} {}"), std::string("{\"ExtInfo\": \"\xff\xfe\"}"), deep, nested,
          std::string("{\"SubAppId\": NaN}"), std::string("Action=PullEvents")})
        EXPECT_EQ(error_of(from_json("PullEvents", text)).code, "InvalidParameter")
            << text.substr(0, 40);
}

TEST(Parameters, OfAFormAreBoundedByTheirNumberNotByTheirIndices) {
    for (std::string_view text :
         {"EventHandles.4294967295=1", "EventHandles.0=1&EventHandles.2=2", "EventHandles.1=1",
          "EventHandles.00=1&EventHandles.0=2", "EventHandles.-1=1", "EventHandles.x=1",
          "EventHandles=1", "EventHandles.0=1&EventHandles.0=2", "EventHandles.0.0=1",
          "EventHandles.=1", "EventHandles.0=%FF", "EventHandles.18446744073709551616=1",
          "SubAppId=x&EventHandles.0=1", "SubAppId=-1&EventHandles.0=1",
          "SubAppId.0=1&EventHandles.0=1", "EventHandles.0.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1"})
        EXPECT_EQ(error_of(from_form("ConfirmEvents", text)).code, "InvalidParameter") << text;
    EXPECT_EQ(error_of(from_form("ProcessMedia",
                                 "MediaProcessTask.TranscodeTaskSet.0.StartTimeOffset=nan"
                                 "&MediaProcessTask.TranscodeTaskSet.0.Definition=1"))
                  .code,
              "InvalidParameter");
    EXPECT_EQ(error_of(from_form("ProcessMedia", "MediaProcessTask=1")).code, "InvalidParameter");
    EXPECT_EQ(error_of(from_form("ProcessMedia", "MediaProcessTask=1&MediaProcessTask.X=1")).code,
              "InvalidParameter");
}

TEST(Parameters, OfAFormKeepTheOrderOfTenAndMoreElements) {
    std::string text;
    for (int i = 15; i >= 0; --i)
        text += fmt::format("EventHandles.{}=h{}&", i, i);
    text.pop_back();
    const auto parsed = from_form("ConfirmEvents", text);
    ASSERT_TRUE(parsed) << parsed.error().message;
    const std::vector<std::string> handles = Members(*parsed).texts("EventHandles");
    ASSERT_EQ(handles.size(), 16u);
    EXPECT_EQ(handles[2], "h2");
    EXPECT_EQ(handles[15], "h15");
}

TEST(Parameters, AnEmptyTextIsATextButNoNumber) {
    const auto parsed = from_form("ModifyEventConfig", "NotificationUrl=&SubAppId=");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(Members(*parsed).text("NotificationUrl"), "");
    EXPECT_EQ(Members(*parsed).natural("SubAppId"), std::nullopt);
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
