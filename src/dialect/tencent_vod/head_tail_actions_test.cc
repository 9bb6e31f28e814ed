// Templates of heads and tails, and the transcodes that name them.
#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class HeadTailActionsTest : public ApiTest {
 protected:
    HeadTailActionsTest() {
        const model::Asset asset = fixture_asset();
        library_.assets[asset.id.text()] = asset;
    }
    json::object only() {
        const json::object all = call("DescribeHeadTailTemplates");
        EXPECT_EQ(all.at("TotalCount"), 1);
        return all.at("HeadTailTemplateSet").at(0).as_object();
    }
    std::string process(const std::string& sets, const std::string& more = "") {
        return code("ProcessMedia",
                    R"({"FileId":"3701925921299637010",)" + more +
                        R"("MediaProcessTask":{"TranscodeTaskSet":[{"Definition":10,)" + sets +
                        "}]}}");
    }
};

TEST_F(HeadTailActionsTest, AreMadeAndDescribedWithAllThatTheySay) {
    const json::object made =
        call("CreateHeadTailTemplate",
             std::string(R"({"Name":"mine","Comment":"both","HeadCandidateSet":["11","12"],
                        "TailCandidateSet":["13"],"FillType":"gauss"})"));
    EXPECT_EQ(made.at("Definition"), 1000001);
    EXPECT_EQ(difference(json::value(only()), json::parse(R"({"Definition":1000001,"Name":"mine",
        "Comment":"both","HeadCandidateSet":["11","12"],"TailCandidateSet":["13"],
        "FillType":"gauss","CreateTime":"2026-03-02T08:00:00Z",
        "UpdateTime":"2026-03-02T08:00:00Z"})")),
              "");
    ASSERT_EQ(code("CreateHeadTailTemplate", R"({"Name":"second"})"), "none");
    const json::object second =
        call("DescribeHeadTailTemplates", std::string(R"({"Definitions":[1000002,-1]})"));
    EXPECT_EQ(second.at("TotalCount"), 1);
    EXPECT_EQ(second.at("HeadTailTemplateSet").at(0).at("FillType"), "stretch");
    EXPECT_EQ(call("DescribeHeadTailTemplates", std::string(R"({"Offset":1,"Limit":5})"))
                  .at("HeadTailTemplateSet")
                  .as_array()
                  .size(),
              1u);
    EXPECT_EQ(code("DescribeHeadTailTemplates", R"({"Limit":101})"), "InvalidParameterValue");
}

TEST_F(HeadTailActionsTest, AreChangedInWhatIsGivenAndDeleted) {
    ASSERT_EQ(code("CreateHeadTailTemplate",
                   R"({"Name":"a","Comment":"c","HeadCandidateSet":["1"],
                       "TailCandidateSet":["2"]})"),
              "none");
    clock_.advance(std::chrono::seconds(1));
    ASSERT_EQ(code("ModifyHeadTailTemplate",
                   R"({"Definition":1000001,"Comment":"","HeadCandidateSet":[],
                       "FillType":"white"})"),
              "none");
    const json::object one = only();
    EXPECT_EQ(one.at("Name"), "a");
    EXPECT_EQ(one.at("Comment"), "");
    EXPECT_TRUE(one.at("HeadCandidateSet").as_array().empty());
    EXPECT_EQ(one.at("TailCandidateSet").at(0), "2");
    EXPECT_EQ(one.at("FillType"), "white");
    EXPECT_EQ(one.at("UpdateTime"), "2026-03-02T08:00:01Z");
    EXPECT_EQ(code("ModifyHeadTailTemplate", R"({"Definition":5,"Name":"x"})"),
              "ResourceNotFound.TemplateNotExist");
    EXPECT_EQ(code("DeleteHeadTailTemplate", R"({"Definition":1000001})"), "none");
    EXPECT_EQ(code("DeleteHeadTailTemplate", R"({"Definition":1000001})"),
              "ResourceNotFound.TemplateNotExist");
    EXPECT_EQ(call("DescribeHeadTailTemplates").at("TotalCount"), 0);
}

TEST_F(HeadTailActionsTest, RefuseByTheParameterThatIsWrong) {
    const auto create = [this](const std::string& more) {
        return code("CreateHeadTailTemplate", R"({"Name":"x",)" + more + "}");
    };
    EXPECT_EQ(code("CreateHeadTailTemplate", R"({"Comment":"x"})"), "MissingParameter");
    EXPECT_EQ(code("CreateHeadTailTemplate", R"({"Name":")" + std::string(65, 'x') + R"("})"),
              "InvalidParameterValue.Name");
    EXPECT_EQ(create(R"("Comment":")" + std::string(257, 'x') + R"(")"),
              "InvalidParameterValue.Comment");
    EXPECT_EQ(create(R"("FillType":"blue")"), "InvalidParameterValue.Type");
    EXPECT_EQ(create(R"("HeadCandidateSet":["1","2","3","4","5","6"])"), "InvalidParameterValue");
    EXPECT_EQ(create(R"("TailCandidateSet":[""])"), "InvalidParameterValue");
    EXPECT_EQ(create(R"("TailCandidateSet":[7])"), "InvalidParameter");
    EXPECT_EQ(call("DescribeHeadTailTemplates").at("TotalCount"), 0);
}

TEST_F(HeadTailActionsTest, AreNamedByTranscodesAndKeptInProcedures) {
    ASSERT_EQ(process(R"("HeadTailSet":[{"Definition":1000001},{"Definition":-1}])"), "none");
    const auto& work = std::get<model::TranscodeWork>(tasks_.created->works.at(0));
    ASSERT_EQ(work.heads_tails.size(), 2u);
    EXPECT_EQ(work.heads_tails.front(), 1000001u);
    std::string many = R"({"Definition":1})";
    for (int i = 1; i < 10; ++i)
        many += R"(,{"Definition":1})";
    EXPECT_EQ(process(R"("HeadTailSet":[)" + many + "]"), "none");
    EXPECT_EQ(process(R"("HeadTailSet":[)" + many + R"(,{"Definition":1}])"),
              "InvalidParameterValue");
    EXPECT_EQ(process(R"("HeadTailSet":[{}])"), "MissingParameter");

    const std::string body = R"({"Name":"flow","MediaProcessTask":{"TranscodeTaskSet":[
        {"Definition":10,"HeadTailSet":[{"Definition":1000001}]}]}})";
    ASSERT_EQ(code("CreateProcedureTemplate", body), "none");
    const json::object all =
        call("DescribeProcedureTemplates", std::string(R"({"Type":"Custom"})"));
    EXPECT_EQ(difference(all.at("ProcedureTemplateSet").at(0).at("MediaProcessTask"),
                         json::parse(body).at("MediaProcessTask")),
              "");
}

TEST_F(HeadTailActionsTest, DoNotGoWithFilesOfTheirOwn) {
    using Makes = media::TaskRequest::Makes;
    ASSERT_EQ(process(R"("HeadTailSet":[])", R"("OutputAsIndependentMedia":"ON",)"), "none");
    EXPECT_EQ(tasks_.created->makes, Makes::files);
    ASSERT_EQ(process(R"("HeadTailSet":[])", R"("OutputAsIndependentMedia":"OFF",)"), "none");
    EXPECT_EQ(tasks_.created->makes, Makes::parts);
    EXPECT_EQ(process(R"("HeadTailSet":[])", R"("OutputAsIndependentMedia":"YES",)"),
              "InvalidParameterValue");
    EXPECT_EQ(process(R"("HeadTailSet":[{"Definition":1}])", R"("OutputAsIndependentMedia":"ON",)"),
              "InvalidParameterValue");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
