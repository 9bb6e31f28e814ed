#include "dialect/tencent_vod/events/ai_json.h"

#include <gtest/gtest.h>

#include <set>

#include "dialect/tencent_vod/events/external_json.h"
#include "dialect/tencent_vod/events/fixtures_test.h"
#include "dialect/tencent_vod/events/render_event.h"
#include "dialect/tencent_vod/events/task_json.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::string_view tags =
    R"([{"Type":"Tag","TagTask":{"Output":{"TagSet":[{"Tag":"lake","Confidence":90}]}}}])";

model::Step step_of(std::string_view kind) {
    model::ServiceWork work;
    work.definition = 10;
    work.service = kind;
    work.input = R"({"Definition":10})";
    model::Step step;
    step.work = std::move(work);
    step.begun = from_unix_seconds(1'800'000'000);
    return step;
}

model::Step succeeded_step(const AiPart& part, std::string_view said) {
    model::Step step = step_of(part.kind);
    const Result<std::string> output = checked_external_output(part.kind, said);
    EXPECT_TRUE(output) << output.error().detail;
    std::get<model::ServiceWork>(step.work).output = output.value_or("");
    step.status = model::StepStatus::success;
    step.message = "SUCCESS";
    step.progress = 100;
    step.finished = step.begun + std::chrono::seconds(5);
    return step;
}

std::set<std::string> types_of(const json::array& results) {
    std::set<std::string> types;
    for (const json::value& result : results)
        types.emplace(std::string_view(result.at("Type").as_string()));
    return types;
}

TEST(AiParts, StandForEachKindWithShapesOfTheDefinition) {
    for (const std::string_view kind : model::external_parts) {
        const AiPart* part = find_ai_part(kind);
        ASSERT_NE(part, nullptr) << kind;
        for (const char* action : {"ProcessMedia", "ProcessMediaByUrl", "CreateProcedureTemplate"})
            EXPECT_NE(schema::find_action(action)->input->find(part->parameter), nullptr);
        const schema::Member* set = schema::find_object("ProcedureTask")->find(part->set);
        ASSERT_NE(set, nullptr);
        EXPECT_EQ(set->object->name, part->result);
    }
    EXPECT_EQ(ai_parts.size(), model::external_parts.size());
    EXPECT_EQ(find_ai_part("review_audio_video"), nullptr);
}

// The definition names these, but SegmentRecognition, for which it has a member only.
TEST(AiParts, ThatAreNotOverAreShownAsAllTypesOfResults) {
    EXPECT_EQ(types_of(ai_results(ai_parts[0], step_of("review_content"))),
              (std::set<std::string>{"Porn", "Terrorism", "Political", "Porn.Asr", "Porn.Ocr",
                                     "Political.Asr", "Political.Ocr", "Terrorism.Ocr",
                                     "Prohibited.Asr", "Prohibited.Ocr"}));
    EXPECT_EQ(types_of(ai_results(ai_parts[1], step_of("analyze_content"))),
              (std::set<std::string>{"Classification", "Cover", "Tag", "FrameTag", "Highlight"}));
    EXPECT_EQ(types_of(ai_results(ai_parts[2], step_of("recognize_content"))),
              (std::set<std::string>{
                  "FaceRecognition", "AsrWordsRecognition", "OcrWordsRecognition",
                  "AsrFullTextRecognition", "AsrTranslateRecognition", "OcrFullTextRecognition",
                  "HeadTailRecognition", "ObjectRecognition", "SegmentRecognition"}));
    for (const AiPart& part : ai_parts) {
        model::Step step = step_of(part.kind);
        step.progress = 30;
        for (const json::value& result : ai_results(part, step)) {
            EXPECT_EQ(misfit(result, *schema::find_object(part.result)), "");
            const json::value& task = (result.as_object().begin() + 1)->value();
            EXPECT_EQ(task.at("Status"), "PROCESSING");
            EXPECT_EQ(task.at("Progress"), 30);
            EXPECT_EQ(task.at("Input").at("Definition").to_number<int>(), 10);
            EXPECT_FALSE(task.as_object().contains("Output"));
        }
    }
}

TEST(AiParts, ThatFailedSayWhyInEachOfThem) {
    model::Step step = step_of("analyze_content");
    step.status = model::StepStatus::fail;
    step.failure = model::Failure::content_unsupported;
    step.message = "no picture";
    for (const json::value& result : ai_results(ai_parts[1], step)) {
        const json::value& task = (result.as_object().begin() + 1)->value();
        EXPECT_EQ(task.at("Status"), "FAIL");
        EXPECT_EQ(task.at("ErrCode"), 60000);
        EXPECT_EQ(task.at("ErrCodeExt"), "SourceFileError.ContentUnsupported");
        EXPECT_EQ(task.at("Message"), "no picture");
    }
}

TEST(AiParts, ThatWentWellAreTheServicesResults) {
    const json::array results = ai_results(ai_parts[1], succeeded_step(ai_parts[1], tags));
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(results[0].at("Type"), "Tag");
    const json::value wanted = json::parse(R"({"Status":"SUCCESS","ErrCodeExt":"","ErrCode":0,
        "Message":"SUCCESS","Input":{"Definition":10},"Output":{
        "TagSet":[{"Tag":"lake","Confidence":90}],"TagSetFileUrl":"",
        "TagSetFileUrlExpireTime":""},"Progress":100,
        "BeginProcessTime":"2027-01-15T08:00:00Z","FinishTime":"2027-01-15T08:00:05Z"})");
    EXPECT_EQ(difference(results[0].at("TagTask"), wanted), "");
    EXPECT_EQ(misfit(results[0], *schema::find_object("AiAnalysisResult")), "");
    // One alone needs no list.
    const std::string_view alone = tags.substr(1, tags.size() - 2);
    EXPECT_EQ(ai_results(ai_parts[1], succeeded_step(ai_parts[1], alone)), results);
}

TEST(AiParts, MayFailInOneOfTheirResults) {
    const json::array results = ai_results(
        ai_parts[0],
        succeeded_step(ai_parts[0], R"([{"Type":"Porn","PornTask":{"Output":{"Confidence":1,
            "Suggestion":"pass","SegmentSet":[]}}},
            {"Type":"Porn.Asr","PornAsrTask":{"Status":"FAIL","Message":"no sound"}}])"));
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[0].at("PornTask").at("Status"), "SUCCESS");
    const json::value& failed = results[1].at("PornAsrTask");
    EXPECT_EQ(failed.at("Status"), "FAIL");
    EXPECT_EQ(failed.at("ErrCode"), 70000);
    EXPECT_EQ(failed.at("ErrCodeExt"), "InternalError");
    EXPECT_EQ(failed.at("Message"), "no sound");
    EXPECT_FALSE(failed.as_object().contains("BeginProcessTime"));  // Reviews have no times.
}

TEST(AiParts, HoldAServicesOutputToTheDefinition) {
    for (const auto& [output, word] :
         {std::pair{"7", "Type"}, std::pair{"[]", "no result"}, std::pair{"[{}]", "Type"},
          std::pair{R"({"Type":"Mood"})", "Mood"}, std::pair{R"({"Type":"Tag"})", "TagTask"},
          std::pair{R"({"Type":"Tag","CoverTask":{}})", "CoverTask"},
          std::pair{R"({"Type":"Tag","TagTask":{}})", "Output"},
          std::pair{R"({"Type":"Tag","TagTask":{"Status":"MAYBE"}})", "Status"},
          std::pair{R"({"Type":"Tag","TagTask":{"Outcome":{}}})", "Outcome"},
          std::pair{R"({"Type":"Tag","TagTask":{"Output":{"Tags":[]}}})", "Tags"},
          std::pair{R"({"Type":"Tag","TagTask":{"Output":{}}})", "TagSet"},
          std::pair{R"({"Type":"Tag","TagTask":{"Output":{"TagSet":[{"Tag":7}]}}})", "TagSet.0"},
          std::pair{R"([{"Type":"Tag","TagTask":{"Output":{"TagSet":[]}}},
                        {"Type":"Tag","TagTask":{"Output":{"TagSet":[]}}}])",
                    "two results"}}) {
        const Result<std::string> checked = checked_external_output("analyze_content", output);
        ASSERT_FALSE(checked) << output;
        EXPECT_TRUE(checked.error().detail.contains(word))
            << output << ": " << checked.error().detail;
    }
}

TEST(AiParts, AreSetsOfTheirOwnBesideTheSteps) {
    model::Task task;
    task.id = model::TaskId("t");
    task.file = model::FileId("7");
    task.status = model::TaskStatus::finish;
    task.steps = {fixture_transcode(), succeeded_step(ai_parts[1], tags),
                  succeeded_step(ai_parts[2], R"([{"Type":"AsrFullTextRecognition",
                      "AsrFullTextTask":{"Output":{"SegmentSet":[{"StartTimeOffset":1,
                      "EndTimeOffset":2.5,"Confidence":98,"Text":"hello"}]}}}])")};
    const json::object object =
        json::parse(write_json(procedure_task(task, fixture_asset(), fixture_urls()))).as_object();
    EXPECT_EQ(misfit(object, *schema::find_object("ProcedureTask")), "");
    EXPECT_EQ(object.at("MediaProcessResultSet").as_array().size(), 1u);
    EXPECT_TRUE(object.at("AiContentReviewResultSet").as_array().empty());
    EXPECT_EQ(object.at("AiAnalysisResultSet").at(0).at("Type"), "Tag");
    EXPECT_EQ(object.at("AiRecognitionResultSet")
                  .at(0)
                  .at("AsrFullTextTask")
                  .at("Output")
                  .at("SegmentSet")
                  .at(0)
                  .at("Text"),
              "hello");
}

TEST(AiParts, OfAForeignFileNameItAsItsCallerDid) {
    model::Task task;
    task.foreign = model::ForeignFile{"http://o/a.mp4", "clip", "my-id-1"};
    task.steps = {step_of("recognize_content")};
    const json::object object = procedure_task(task, {}, fixture_urls());
    EXPECT_EQ(object.at("FileId"), "my-id-1");
    EXPECT_EQ(object.at("FileName"), "clip");
    EXPECT_EQ(object.at("FileUrl"), "http://o/a.mp4");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
