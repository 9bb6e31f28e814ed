// Actions that external services perform, and what is told of them.
#include <fmt/format.h>

#include <set>

#include "dialect/tencent_vod/api_harness_test.h"
#include "dialect/tencent_vod/events/event_types.h"
#include "dialect/tencent_vod/events/external_json.h"
#include "dialect/tencent_vod/events/render_event.h"

namespace hookreel::dialect::tencent_vod {
namespace {

const model::ExternalKind& kind_of(const ExternalAction& action) {
    return *model::find_external_kind(action.kind);
}

class ExternalActionsTest : public ApiTest {
 protected:
    ExternalActionsTest() {
        model::Asset asset;
        asset.application = model::default_application;
        asset.id = model::FileId("3701925921299637010");
        library_.assets[asset.id.text()] = asset;
    }
    static constexpr const char* review =
        R"({"FileId":"3701925921299637010","Definition":10,"SessionContext":"ctx"})";
};

TEST_F(ExternalActionsTest, AskForWorkInTheCallersWords) {
    const json::object response = call("ReviewAudioVideo", std::string(review));
    EXPECT_EQ(response.at("TaskId"), "1300000001-ReviewAudioVideo-1t0");
    ASSERT_TRUE(external_.created);
    EXPECT_EQ(external_.created->kind, "review_audio_video");
    EXPECT_EQ(external_.created->file.text(), "3701925921299637010");
    EXPECT_EQ(external_.created->session_context, "ctx");
    EXPECT_EQ(json::parse(external_.created->input), json::parse(review));
}

TEST_F(ExternalActionsTest, WithoutAServiceSayWhatTheOperatorHasToDo) {
    external_.result = fail(Code::not_found, "nobody");
    const json::object response = call("ReviewAudioVideo", std::string(review));
    EXPECT_EQ(code_of(response), "FailedOperation");
    EXPECT_TRUE(std::string_view(response.at("Error").at("Message").as_string())
                    .contains("--external-service review_audio_video=URL"));
}

TEST_F(ExternalActionsTest, RefuseWhatIsWrong) {
    EXPECT_EQ(code("ReviewAudioVideo"), "MissingParameter");
    EXPECT_EQ(code("ReviewAudioVideo", R"({"FileId":"9"})"), "ResourceNotFound");
    EXPECT_EQ(code("ReviewAudioVideo", R"({"FileId":"3701925921299637010","Definition":"x"})"),
              "InvalidParameter");
    EXPECT_EQ(code("InspectMediaQuality", R"({"FileId":"3701925921299637010","TasksPriority":11})"),
              "InvalidParameterValue");
    EXPECT_EQ(
        code("CreateAigcImageTask", fmt::format(R"({{"SessionId":"{}"}})", std::string(51, 's'))),
        "InvalidParameterValue");
    EXPECT_FALSE(external_.created);
    external_.result = fail(Code::conflict, "used");
    EXPECT_EQ(code("ReviewAudioVideo", review), "InvalidParameterValue");
}

TEST_F(ExternalActionsTest, AreDescribedByTheirTask) {
    for (const ExternalAction& action : external_actions) {
        model::ExternalTask task;
        task.id = model::TaskId("t");
        task.request.kind = action.kind;
        task.request.input = R"({"FileId":"7"})";
        task.status = model::TaskStatus::processing;
        task.progress = 30;
        task.created = task.begun = clock_.now();
        external_.task = task;
        const json::object response = call("DescribeTaskDetail", std::string(R"({"TaskId":"t"})"));
        ASSERT_EQ(code_of(response), "none") << action.action;
        EXPECT_EQ(response.at("TaskType"), json::value(action.task_type));
        EXPECT_EQ(response.at("Status"), "PROCESSING");
        EXPECT_EQ(response.at(action.member).at("TaskId"), "t");
    }
}

TEST(ExternalActions, StandForEachKindOnce) {
    std::set<std::string_view> kinds;
    for (const ExternalAction& action : external_actions) {
        EXPECT_NE(schema::find_action(action.action), nullptr) << action.action;
        ASSERT_NE(model::find_external_kind(action.kind), nullptr) << action.kind;
        EXPECT_NE(external_task_shape(action).find("Output"), nullptr) << action.kind;
        kinds.insert(action.kind);
    }
    EXPECT_EQ(kinds.size(), model::external_kinds.size());
}

// The fixture of each kind's event is what comes of its own Input and Output.
TEST(ExternalActions, TellOfTheirEndAsTheFixtures) {
    for (const ExternalAction& action : external_actions) {
        const auto type =
            std::ranges::find(event_types, kind_of(action).event, &EventType::neutral);
        ASSERT_NE(type, event_types.end()) << action.kind;
        const json::value wanted = fixture(fmt::format("event.{}.json", type->name));
        const json::object& content = wanted.at(type->member).as_object();
        model::ExternalTask task;
        task.id = model::TaskId(std::string(content.at("TaskId").as_string()));
        task.request.kind = action.kind;
        task.request.input = json::serialize(content.at("Input"));
        task.status = model::TaskStatus::finish;
        task.message = "SUCCESS";
        task.progress = 100;
        const Result<std::string> output =
            checked_external_output(action.kind, json::serialize(content.at("Output")));
        ASSERT_TRUE(output) << action.kind << ": " << output.error().detail;
        task.output = *output;
        for (auto [member, part] : {std::pair{"SessionId", &task.request.session_id},
                                    std::pair{"SessionContext", &task.request.session_context}})
            if (const json::value* value = content.if_contains(member)) *part = value->as_string();
        const model::Event event =
            model::make_event(model::default_application, {}, model::ExternalTaskEnded::of(task));
        json::value rendered = json::parse(stored_for_callback(event, fixture_urls()));
        // What a probe found is not told by the service.
        json::value expected = wanted;
        expected.at(type->member).as_object().erase("MetaData");
        EXPECT_EQ(difference(rendered, expected), "") << action.kind;
    }
}

TEST(ExternalActions, TellOfAFailureWithItsCode) {
    model::ExternalTask task;
    task.id = model::TaskId("t");
    task.request.kind = "review_audio_video";
    task.request.input = "{}";
    task.status = model::TaskStatus::finish;
    task.failure = model::Failure::content_unsupported;
    task.message = "no picture";
    const json::object object = external_task(task);
    EXPECT_EQ(object.at("ErrCodeExt"), "SourceFileError.ContentUnsupported");
    EXPECT_EQ(object.at("Message"), "no picture");
    EXPECT_FALSE(object.contains("Output"));
}

model::ExternalTask reviewed(std::string input, std::string output) {
    model::ExternalTask task;
    task.request.kind = "review_audio_video";
    task.request.file = model::FileId("7");
    task.request.input = std::move(input);
    task.output = std::move(output);
    task.finished = from_unix_seconds(1'800'000'000);
    return task;
}

TEST(ExternalActions, LeaveWhatAReviewFoundWithItsFile) {
    const std::string output = R"({"Suggestion":"review","Form":"OCR","Label":"Ad","SegmentSet":[
        {"Form":"Image","Label":"Porn"},{"Form":"OCR","Label":"Ad"},{"Form":"ASR"}],
        "CoverReviewResult":{"Suggestion":"pass","Form":"Image","Label":"Porn"}})";
    model::Findings found = findings_of(reviewed(R"({"Definition":20})", output));
    ASSERT_TRUE(found.review && found.cover_review);
    EXPECT_EQ(found.review->definition, 20u);
    EXPECT_EQ(found.review->suggestion, model::Suggestion::review);
    EXPECT_EQ(found.review->kinds, (std::vector<std::string>{"OCR.Ad", "Image.Porn"}));
    EXPECT_EQ(found.review->time, from_unix_seconds(1'800'000'000));
    EXPECT_EQ(found.cover_review->suggestion, model::Suggestion::pass);
    EXPECT_TRUE(found.cover_review->kinds.empty());

    found = findings_of(reviewed(R"({"Definition":20,"ReviewContents":["Cover"]})", output));
    EXPECT_FALSE(found.review);
    EXPECT_TRUE(found.cover_review);
    EXPECT_FALSE(findings_of(reviewed(R"({"Definition":20})", "{}")).review);
    model::ExternalTask other = reviewed(R"({"Definition":20})", output);
    other.request.kind = "remove_watermark";
    EXPECT_FALSE(findings_of(other).review);
}

TEST(ExternalActions, OfAProcedureNameTheFileOfTheTask) {
    const json::object object = external_task(reviewed(R"({"Definition":10})", "{}"));
    EXPECT_EQ(object.at("Input").at("FileId"), "7");
    EXPECT_EQ(object.at("Input").at("Definition"), 10);
}

TEST(ExternalActions, HoldAServicesOutputToTheDefinition) {
    for (const auto& [output, member] :
         {std::pair{R"({"Suggestion":7})", "Suggestion"}, std::pair{"[1]", "no object"},
          std::pair{R"({"Verdict":"pass"})", "Verdict"},
          std::pair{R"({"SegmentSet":[{"StartTimeOffset":"a"}]})", "SegmentSet.0"}}) {
        const Result<std::string> checked = checked_external_output("review_audio_video", output);
        ASSERT_FALSE(checked) << output;
        EXPECT_TRUE(checked.error().detail.contains(member)) << checked.error().detail;
    }
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
