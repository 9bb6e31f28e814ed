// The parts of tasks that external services do, as actions ask for them and tell of them.
#include <fmt/format.h>

#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class AiActionsTest : public ApiTest {
 protected:
    static constexpr const char* three = R"("AiContentReviewTask":{"Definition":10},
        "AiAnalysisTask":{"Definition":20},"AiRecognitionTask":{"Definition":30})";
    static constexpr const char* cover = R"("MediaProcessTask":{"CoverBySnapshotTaskSet":[
        {"Definition":10,"PositionType":"Time","PositionValue":0}]})";

    json::object process(const std::string& members) {
        return call("ProcessMedia", fmt::format(R"({{"FileId":"1",{}}})", members));
    }
    static std::string message(const json::object& response) {
        return std::string(response.at("Error").at("Message").as_string());
    }
    const model::ServiceWork& service_work(std::size_t index) {
        return std::get<model::ServiceWork>(tasks_.created->works.at(index));
    }
    json::object described() {
        const json::object all =
            call("DescribeProcedureTemplates", std::string(R"({"Type":"Custom"})"));
        return all.at("ProcedureTemplateSet").at(0).as_object();
    }
};

TEST_F(AiActionsTest, ProcessMediaAsksForThemBesideItsSteps) {
    EXPECT_EQ(code_of(process(fmt::format("{},{}", cover, three))), "none");
    ASSERT_EQ(tasks_.created->works.size(), 4u);
    EXPECT_TRUE(std::holds_alternative<model::CoverWork>(tasks_.created->works[0]));
    EXPECT_EQ(service_work(1).service, "review_content");
    EXPECT_EQ(service_work(1).definition, 10u);
    EXPECT_EQ(service_work(1).input, R"({"Definition":10})");
    EXPECT_EQ(service_work(2).service, "analyze_content");
    EXPECT_EQ(service_work(3).service, "recognize_content");
    EXPECT_EQ(service_work(3).definition, 30u);
    EXPECT_EQ(code_of(process(three)), "none");
    EXPECT_EQ(tasks_.created->works.size(), 3u);
    EXPECT_EQ(code_of(process(R"("AiAnalysisTask":{})")), "MissingParameter");
}

TEST_F(AiActionsTest, WithoutAServiceAreRefusedByTheirKind) {
    external_.is_served = false;
    for (const auto& [part, kind] : {std::pair{"AiContentReviewTask", "review_content"},
                                     std::pair{"AiAnalysisTask", "analyze_content"},
                                     std::pair{"AiRecognitionTask", "recognize_content"}}) {
        const std::string member = fmt::format(R"("{}":{{"Definition":10}})", part);
        for (const json::object& response :
             {process(fmt::format("{},{}", cover, member)),
              call("ProcessMediaByUrl",
                   fmt::format(R"({{"InputInfo":{{"Url":"http://o/a"}},{}}})", member)),
              call("CreateProcedureTemplate", fmt::format(R"({{"Name":"n",{}}})", member))}) {
            EXPECT_EQ(code_of(response), "FailedOperation") << part;
            EXPECT_TRUE(message(response).contains(fmt::format("--external-service {}=URL", kind)))
                << message(response);
        }
    }
    EXPECT_FALSE(tasks_.created);
}

TEST_F(AiActionsTest, OfProceduresAreKeptAndShownAsTheyWereGiven) {
    EXPECT_EQ(code("CreateProcedureTemplate", fmt::format(R"({{"Name":"n",{},
        "AiContentReviewTask":{{"Definition":10}},"AiAnalysisTask":{{"Definition":20}},
        "AiRecognitionTask":{{"Definition":5}},
        "AiRecognitionTaskSet":[{{"Definition":30}},{{"Definition":40}}]}})",
                                                          cover)),
              "none");
    json::object procedure = described();
    EXPECT_EQ(procedure.at("AiContentReviewTask").at("Definition"), 10);
    EXPECT_EQ(procedure.at("AiAnalysisTask").at("Definition"), 20);
    EXPECT_EQ(procedure.at("AiRecognitionTask").at("Definition"), 5);
    EXPECT_EQ(procedure.at("AiRecognitionTaskSet").as_array().size(), 2u);
    EXPECT_EQ(procedure.at("AiRecognitionTaskSet").at(1).at("Definition"), 40);
    EXPECT_EQ(procedure.at("MediaProcessTask").as_object().size(), 1u);

    EXPECT_EQ(code("ProcessMediaByProcedure", R"({"ProcedureName":"n","FileId":"1"})"), "none");
    ASSERT_EQ(tasks_.created->works.size(), 6u);
    EXPECT_EQ(service_work(5).definition, 40u);

    EXPECT_EQ(code("ResetProcedureTemplate", R"({"Name":"n","AiAnalysisTask":{"Definition":7}})"),
              "none");
    procedure = described();
    EXPECT_TRUE(procedure.at("AiContentReviewTask").is_null());
    EXPECT_TRUE(procedure.at("AiRecognitionTask").is_null());
    EXPECT_TRUE(procedure.at("AiRecognitionTaskSet").as_array().empty());
    EXPECT_EQ(procedure.at("AiAnalysisTask").at("Definition"), 7);

    // The service went after the procedure was made.
    external_.is_served = false;
    const json::object refused =
        call("ProcessMediaByProcedure", std::string(R"({"ProcedureName":"n","FileId":"1"})"));
    EXPECT_EQ(code_of(refused), "FailedOperation");
    EXPECT_TRUE(message(refused).contains("analyze_content"));
}

TEST_F(AiActionsTest, AreNotMoreThanATaskCanTell) {
    std::string eleven = R"({"Definition":1})";
    for (int i = 0; i < 10; ++i)
        eleven += R"(,{"Definition":1})";
    EXPECT_EQ(code("CreateProcedureTemplate",
                   fmt::format(R"({{"Name":"n","AiRecognitionTaskSet":[{}]}})", eleven)),
              "InvalidParameter");
    std::string hundred = R"({"Definition":10})";
    for (int i = 1; i < 100; ++i)
        hundred += R"(,{"Definition":10})";
    EXPECT_EQ(code_of(process(fmt::format(R"("MediaProcessTask":{{"TranscodeTaskSet":[{}]}},{})",
                                          hundred, three))),
              "InvalidParameter");
    EXPECT_EQ(code("CreateProcedureTemplate",
                   R"({"Name":"n","ImportMediaKnowledgeTaskSet":[{"Definition":1}]})"),
              "FailedOperation");
    EXPECT_FALSE(tasks_.created);
}

TEST_F(AiActionsTest, WorkOnAnAddressAsTheFixtureAsks) {
    tasks_.id = model::TaskId("1300000001-Procedure-475b7237438a39560b9879a4556cb179t2");
    json::object asked = fixture("ProcessMediaByUrl.request.json").as_object();
    const auto answer = [this, &asked] { return call("ProcessMediaByUrl", json::value(asked)); };
    EXPECT_EQ(code_of(answer()), "FailedOperation");
    EXPECT_TRUE(message(answer()).contains("`OutputInfo`"));
    asked.erase("OutputInfo");
    expect_fixture(answer(), "ProcessMediaByUrl.response.json");
    EXPECT_EQ(tasks_.created->foreign->url, "http://origin.example.com/a/clip.mp4");
    EXPECT_EQ(tasks_.created->foreign->name, "clip");
    EXPECT_EQ(tasks_.created->foreign->id, "my-id-1");
    EXPECT_EQ(service_work(0).service, "recognize_content");
    tasks_.created.reset();
    asked["SessionId"] = std::string(51, 's');
    EXPECT_EQ(code_of(answer()), "InvalidParameterValue.SessionIdTooLong");
    asked.erase("SessionId");
    for (const char* url : {"ftp://o/a.mp4", "/etc/passwd", ""}) {
        asked["InputInfo"] = {{"Url", url}};
        EXPECT_EQ(code_of(answer()), "InvalidParameter") << url;
    }
    asked["InputInfo"] = {{"Url", "http://o/a.mp4"}, {"Name", "a\nb"}};
    EXPECT_EQ(code_of(answer()), "InvalidParameter");
    asked["InputInfo"] = {{"Url", "http://o/a.mp4"}};
    asked.erase("AiRecognitionTask");
    EXPECT_EQ(code_of(answer()), "InvalidParameter");
    asked.erase("InputInfo");
    EXPECT_EQ(code_of(answer()), "InvalidParameter");
    EXPECT_FALSE(tasks_.created);
}

TEST_F(AiActionsTest, AreDescribedWithTheTask) {
    model::Task task;
    task.id = model::TaskId("t");
    task.file = model::FileId("1");
    task.status = model::TaskStatus::processing;
    model::ServiceWork work;
    work.definition = 10;
    work.service = "analyze_content";
    work.input = R"({"Definition":10})";
    task.steps.resize(1);
    task.steps[0].work = work;
    task.steps[0].progress = 40;
    tasks_.task = task;
    const json::object response = call("DescribeTaskDetail", std::string(R"({"TaskId":"t"})"));
    const json::value& results = response.at("ProcedureTask").at("AiAnalysisResultSet");
    EXPECT_EQ(results.as_array().size(), 5u);
    EXPECT_EQ(results.at(0).at("ClassificationTask").at("Status"), "PROCESSING");
    EXPECT_EQ(results.at(0).at("ClassificationTask").at("Progress"), 40);
    EXPECT_TRUE(response.at("ProcedureTask").at("MediaProcessResultSet").as_array().empty());
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
