// Procedure templates, and the work that is asked for by their names.
#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class ProcedureActionsTest : public ApiTest {
 protected:
    void create() {
        const json::value body = fixture("CreateProcedureTemplate.request.json");
        expect_fixture(call("CreateProcedureTemplate", body),
                       "CreateProcedureTemplate.response.json");
    }
    json::object create(json::object more) {
        json::object body = {
            {"Name", "other"},
            {"MediaProcessTask",
             {{"TranscodeTaskSet", json::array{json::object{{"Definition", 10}}}}}}};
        for (auto& [name, value] : more)
            body[name] = value;
        return call("CreateProcedureTemplate", json::value(body));
    }
};

TEST_F(ProcedureActionsTest, AreMadeDescribedAndDeletedAsTheFixturesSay) {
    create();
    const json::value asked = fixture("DescribeProcedureTemplates.request.json");
    expect_fixture(call("DescribeProcedureTemplates", asked),
                   "DescribeProcedureTemplates.response.json");
    const json::value body = fixture("CreateProcedureTemplate.request.json");
    expect_error_fixture(call("CreateProcedureTemplate", body),
                         "CreateProcedureTemplate.exists.error.json");
    const json::value name = fixture("DeleteProcedureTemplate.request.json");
    expect_fixture(call("DeleteProcedureTemplate", name), "DeleteProcedureTemplate.response.json");
    EXPECT_EQ(code_of(call("DeleteProcedureTemplate", name)), "InvalidParameter");
    EXPECT_EQ(call("DescribeProcedureTemplates", asked).at("TotalCount"), 0);
}

TEST_F(ProcedureActionsTest, AreReset) {
    create();
    clock_.advance(std::chrono::seconds(1));
    const std::string reset = R"({"Name":"my-flow","Comment":"new","MediaProcessTask":
        {"ImageSpriteTaskSet":[{"Definition":10}],
         "SnapshotByTimeOffsetTaskSet":[{"Definition":10,"ExtTimeOffsetSet":["1s","50%"]}],
         "AnimatedGraphicTaskSet":[
            {"Definition":20000,"StartTimeOffset":0,"EndTimeOffset":1.5}],
         "SampleSnapshotTaskSet":[{"Definition":10}],
         "TranscodeTaskSet":[{"Definition":20,"StartTimeOffset":2,"MosaicSet":[
            {"CoordinateOrigin":"TopLeft","XPos":"5px","YPos":"2.5%","Width":"10%",
             "Height":"30px","StartTimeOffset":-3,"EndTimeOffset":0}]}],
         "AdaptiveDynamicStreamingTaskSet":[{"Definition":10}]}})";
    EXPECT_EQ(code("ResetProcedureTemplate", reset), "none");
    const json::object all =
        call("DescribeProcedureTemplates", std::string(R"({"Type":"Custom"})"));
    EXPECT_EQ(all.at("TotalCount"), 1);
    const json::object& one = all.at("ProcedureTemplateSet").at(0).as_object();
    EXPECT_EQ(one.at("Comment"), "new");
    EXPECT_EQ(difference(one.at("MediaProcessTask"), json::parse(reset).at("MediaProcessTask")),
              "");
    EXPECT_EQ(one.at("CreateTime"), "2026-03-02T08:00:00Z");
    EXPECT_EQ(one.at("UpdateTime"), "2026-03-02T08:00:01Z");
    EXPECT_EQ(code("ResetProcedureTemplate",
                   R"({"Name":"none","MediaProcessTask":
                       {"ImageSpriteTaskSet":[{"Definition":10}]}})"),
              "InvalidParameter.ProcedureNameNotExist");
}

TEST_F(ProcedureActionsTest, AreCheckedBeforeTheyAreMade) {
    EXPECT_EQ(code_of(create({{"Name", ""}})), "InvalidParameter");
    EXPECT_EQ(code_of(create({{"Name", std::string(21, 'x')}})), "InvalidParameter");
    EXPECT_EQ(code_of(create({{"Comment", std::string(257, 'x')}})), "InvalidParameter");
    EXPECT_EQ(code_of(create({{"MediaProcessTask", json::object()}})), "InvalidParameter");
    EXPECT_EQ(code_of(create({{"Name", "LongVideoPreset"}})),
              "InvalidParameter.ExistedProcedureName");
    EXPECT_EQ(code_of(create({{"Name", "二十字のなまえ"}})), "none");
    for (int i = 1; i < 50; ++i)
        ASSERT_EQ(code_of(create({{"Name", std::to_string(i)}})), "none");
    EXPECT_EQ(code_of(create({{"Name", "50"}})), "LimitExceeded");
}

TEST_F(ProcedureActionsTest, AreListedWithThePresets) {
    create();
    json::object all = call("DescribeProcedureTemplates");
    EXPECT_EQ(all.at("TotalCount"), 6);
    const json::object& preset = all.at("ProcedureTemplateSet").at(0).as_object();
    EXPECT_EQ(preset.at("Name"), "LongVideoPreset");
    EXPECT_EQ(preset.at("Type"), "Preset");
    EXPECT_EQ(
        preset.at("MediaProcessTask").at("AdaptiveDynamicStreamingTaskSet").at(0).at("Definition"),
        10);
    all = call("DescribeProcedureTemplates",
               std::string(R"({"SortBy":[{"Field":"CreateTime","Order":"Desc"}],"Limit":1})"));
    EXPECT_EQ(all.at("ProcedureTemplateSet").at(0).at("Name"), "my-flow");
    all = call("DescribeProcedureTemplates", std::string(R"({"Offset":5,"Type":"Preset"})"));
    EXPECT_EQ(all.at("TotalCount"), 5);
    EXPECT_TRUE(all.at("ProcedureTemplateSet").as_array().empty());
    EXPECT_EQ(code("DescribeProcedureTemplates", R"({"Type":"Own"})"),
              "InvalidParameterValue.Type");
    EXPECT_EQ(code("DescribeProcedureTemplates", R"({"Limit":101})"),
              "InvalidParameterValue.Limit");
    const json::array names(101, json::value("x"));
    EXPECT_EQ(
        code_of(call("DescribeProcedureTemplates", json::value(json::object{{"Names", names}}))),
        "InvalidParameterValue.Names");
}

TEST_F(ProcedureActionsTest, AreWorkedThroughByName) {
    tasks_.id = model::TaskId("1300000001-Procedure-475b7237438a39560b9879a4556cb178t2");
    const json::value body = fixture("ProcessMediaByProcedure.request.json");
    expect_fixture(call("ProcessMediaByProcedure", body), "ProcessMediaByProcedure.response.json");
    ASSERT_TRUE(tasks_.created);
    EXPECT_EQ(tasks_.created->file.text(), "3701925921299637010");
    EXPECT_EQ(tasks_.created->works.size(), 3u);
    EXPECT_EQ(tasks_.created->origin, media::TaskRequest::Origin::procedure);
}

TEST_F(ProcedureActionsTest, MayAskForAReview) {
    model::Asset asset;
    asset.id = model::FileId("1");
    asset.application = model::default_application;
    library_.assets["1"] = asset;
    const json::object review = {{"Definition", 10}, {"ReviewContents", {"Media", "Cover"}}};
    ASSERT_EQ(code_of(create({{"ReviewAudioVideoTask", review}})), "none");
    ASSERT_EQ(code_of(create({{"Name", "alone"},
                              {"MediaProcessTask", nullptr},
                              {"ReviewAudioVideoTask", {{"Definition", 20}}}})),
              "none");
    const json::object all =
        call("DescribeProcedureTemplates", std::string(R"({"Type":"Custom"})"));
    EXPECT_EQ(difference(all.at("ProcedureTemplateSet").at(0).at("ReviewAudioVideoTask"),
                         json::value(review)),
              "");

    json::object answer =
        call("ProcessMediaByProcedure", std::string(R"({"ProcedureName":"other","FileId":"1",
                                               "SessionId":"s","TasksPriority":4})"));
    EXPECT_EQ(answer.at("TaskId").as_string(), tasks_.id->text());
    ASSERT_EQ(tasks_.created->together.size(), 1u);
    EXPECT_EQ(answer.at("ReviewAudioVideoTaskId").as_string(),
              tasks_.created->together[0].id.text());
    EXPECT_FALSE(external_.created);  // It is committed with the task.

    answer = call("ProcessMediaByProcedure",
                  std::string(R"({"ProcedureName":"alone","FileId":"1","SessionContext":"c"})"));
    EXPECT_EQ(answer.at("TaskId"), "");
    EXPECT_EQ(answer.at("ReviewAudioVideoTaskId").as_string(), external_.result->text());
    EXPECT_EQ(external_.created->kind, "review_audio_video");
    EXPECT_EQ(external_.created->session_context, "c");
    EXPECT_EQ(code("ProcessMediaByProcedure", R"({"ProcedureName":"alone","FileId":"2"})"),
              "InvalidParameterValue.FileId");
    external_.result = fail(Code::conflict, "");
    EXPECT_EQ(code("ProcessMediaByProcedure",
                   R"({"ProcedureName":"alone","FileId":"1","SessionId":"s"})"),
              "InvalidParameterValue.SessionId");
}

TEST_F(ProcedureActionsTest, AskForNoReviewThatNobodyDoes) {
    const json::object review = {{"ReviewAudioVideoTask", {{"Definition", 10}}}};
    ASSERT_EQ(code_of(create(review)), "none");
    EXPECT_EQ(code_of(create({{"Name", "x"}, {"ReviewAudioVideoTask", json::object()}})),
              "MissingParameter");
    EXPECT_EQ(code_of(create(
                  {{"Name", "x"},
                   {"ReviewAudioVideoTask", {{"Definition", 10}, {"ReviewContents", {"Title"}}}}})),
              "InvalidParameter");
    external_.is_served = false;
    json::object named = review;
    named["Name"] = "x";
    const json::object refused = create(named);
    EXPECT_EQ(code_of(refused), "FailedOperation");
    EXPECT_TRUE(std::string_view(refused.at("Error").at("Message").as_string())
                    .contains("--external-service review_audio_video=URL"));
    // The service went after the procedure was made.
    EXPECT_EQ(code("ProcessMediaByProcedure", R"({"ProcedureName":"other","FileId":"1"})"),
              "FailedOperation");
}

TEST_F(ProcedureActionsTest, AreRefusedWhereTheyCannotBeWorkedThrough) {
    const auto by = [this](json::object more) {
        json::object body = {{"ProcedureName", "LongVideoPreset"}, {"FileId", "1"}};
        for (auto& [name, value] : more)
            body[name] = value;
        return call("ProcessMediaByProcedure", json::value(body));
    };
    expect_error_fixture(by({{"ProcedureName", "none"}}),
                         "ProcessMediaByProcedure.no-procedure.error.json");
    EXPECT_EQ(code_of(by({{"ProcedureName", "MultiDRMPreset"}})), "FailedOperation");
    EXPECT_EQ(code_of(by({{"FileId", ""}})), "InvalidParameterValue.FileId");
    EXPECT_EQ(code_of(by({{"MediaStoragePath", "/a"}})), "FailedOperation");
    EXPECT_EQ(code_of(by({{"TasksPriority", 11}})), "InvalidParameterValue");
    EXPECT_EQ(code_of(by({{"SessionId", std::string(51, 's')}})),
              "InvalidParameterValue.SessionIdTooLong");
    EXPECT_FALSE(tasks_.created);
    tasks_.id = fail(Code::not_found, "");
    EXPECT_EQ(code_of(by({})), "InvalidParameterValue.FileId");
    tasks_.id = fail(Code::conflict, "");
    EXPECT_EQ(code_of(by({{"SessionId", "s"}})), "InvalidParameterValue.SessionId");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
