#include "app/client/vod/event_text.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace hookreel::app::client {
namespace {

const Terminal plain(Screen{}, 1);

json::object fixture(std::string_view name) {
    std::ifstream file(std::string(HOOKREEL_FIXTURES "/tencent_vod/") + std::string(name));
    std::stringstream text;
    text << file.rdbuf();
    return parse_json(text.str()).value().get_object();
}

TEST(EventText, TellsOfAnUploadedFile) {
    const auto lines = event_lines(fixture("event.NewFileUpload.json"), plain);
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0], "NewFileUpload  3701925921299637010 \"demo clip\"");
    EXPECT_EQ(lines[1], "  mp4  640x480  1 min 0 s  7.3 MiB");
    EXPECT_TRUE(lines[2].ends_with("/f0.mp4")) << lines[2];
}

TEST(EventText, TellsOfEachStepOfATask) {
    const auto lines = event_lines(fixture("event.ProcedureStateChanged.json"), plain);
    ASSERT_EQ(lines.size(), 6u);
    EXPECT_EQ(lines[0], "ProcedureStateChanged  3701925921299637010 \"demo clip\"");
    EXPECT_TRUE(lines[1].starts_with("  FINISH  1300000001-Procedure-")) << lines[1];
    EXPECT_EQ(lines[2], "  Transcode 10        SUCCESS  320x240  1 min 0 s  4.0 MiB");
    EXPECT_EQ(lines[4], "  CoverBySnapshot 10  SUCCESS");
}

TEST(EventText, TellsWhyAStepFailed) {
    const auto lines =
        event_lines(fixture("event.ProcedureStateChanged.transcode-fail.json"), plain);
    EXPECT_TRUE(std::ranges::any_of(lines, [](const std::string& line) {
        return line.find("FAIL  SourceFileError") != std::string::npos;
    }));
}

TEST(EventText, LinksToTheResults) {
    const auto links = media_links(fixture("event.ProcedureStateChanged.json"));
    ASSERT_EQ(links.size(), 2u);
    EXPECT_EQ(links[0].what, "Transcode 10");
    EXPECT_TRUE(links[0].url.ends_with("/v.f10.mp4"));
    EXPECT_EQ(links[1].what, "CoverBySnapshot 10");
    EXPECT_EQ(media_links(fixture("event.NewFileUpload.json")).size(), 1u);
}

TEST(EventText, TellsWhatAnEditMade) {
    const json::object made = parse_json(R"({
        "TaskId": "t1", "Status": "FINISH", "ErrCode": 0, "Progress": 100,
        "Output": {"FileId": "42", "FileType": "mp4", "FileUrl": "http://x/f0.mp4"},
        "MetaData": {"Width": 640, "Height": 360, "Duration": 2}})")
                                  .value()
                                  .get_object();
    const std::vector<std::string> lines = {"  FINISH  t1", "  file id  42  mp4  640x360  2.0 s",
                                            "    http://x/f0.mp4"};
    EXPECT_EQ(edit_lines(made, plain), lines);
    EXPECT_EQ(progress_of(made), 100);
    json::object failed = made;
    failed["ErrCode"] = 40000;
    failed["ErrCodeExt"] = "InvalidInput.InvalidTimeOffset";
    failed["Message"] = "Invalid input";
    EXPECT_EQ(
        edit_lines(failed, plain),
        std::vector<std::string>{"  FINISH  t1  InvalidInput.InvalidTimeOffset Invalid input"});
}

TEST(EventText, NamesTheFileOfEachKindOfEvent) {
    EXPECT_EQ(event_subject(fixture("event.EditMediaComplete.json")),
              "3701925921300221904 \"joined\"");
    EXPECT_EQ(event_subject(fixture("event.ComposeMediaComplete.json")),
              "3701925921300221904 \"composed\"");
    EXPECT_EQ(event_subject(parse_json(R"({"PullCompleteEvent":{"FileId":"7",
        "MediaBasicInfo":{"Name":"far"}}})")
                                .value()
                                .get_object()),
              "7 \"far\"");
    EXPECT_EQ(
        event_subject(
            parse_json(R"({"FileDeleteEvent":{"FileIdSet":["5","6"]}})").value().get_object()),
        "5");
}

TEST(EventText, ShowsNoEscapeSequenceOfAStranger) {
    const json::object event = parse_json(R"({"EventType":"New\u001b[31m","FileUploadEvent":{
        "FileId":"1\u001b]0;x\u0007","MediaBasicInfo":{"Name":"a\u001b[2J\nsignature good",
        "Type":"mp4\u001b[1m","MediaUrl":"http://x/\u001b[31m"}}})")
                                   .value()
                                   .get_object();
    for (const std::string& line : event_lines(event, plain))
        for (const char c : line)
            EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
}

TEST(EventText, ToleratesEventsOfAnyShape) {
    for (const char* text :
         {R"({})", R"({"EventType":7})", R"({"FileUploadEvent":[]})",
          R"({"ProcedureStateChangeEvent":{"MediaProcessResultSet":[1,{"Type":[],"X":{}}]}})"}) {
        const json::object event = parse_json(text).value().get_object();
        EXPECT_FALSE(event_lines(event, plain).empty()) << text;
        EXPECT_TRUE(media_links(event).empty()) << text;
        EXPECT_EQ(event_subject(event), "") << text;
    }
}

TEST(EventText, ShowsWhatServicesDidAsSteps) {
    const auto task = parse_json(R"({"Status":"FINISH","MediaProcessResultSet":[],
        "AiContentReviewResultSet":[{"Type":"Porn.Asr","PornTask":null,"PornAsrTask":{
            "Status":"FAIL","ErrCodeExt":"InternalError","Message":"no sound",
            "Input":{"Definition":10}}}],
        "AiAnalysisResultSet":[{"Type":"Tag","TagTask":{"Status":"SUCCESS",
            "Input":{"Definition":20}}}]})");
    const std::vector<StepState> expected = {{"Porn.Asr 10", "FAIL"}, {"Tag 20", "SUCCESS"}};
    EXPECT_EQ(step_states(task->get_object()), expected);
    const std::vector<std::string> lines = task_lines(task->get_object(), plain);
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_TRUE(lines[1].contains("InternalError no sound")) << lines[1];
}

TEST(EventText, AveragesTheProgressOfTheSteps) {
    const auto task = parse_json(R"({"MediaProcessResultSet":[
        {"Type":"Transcode","TranscodeTask":{"Progress":50}},
        {"Type":"CoverBySnapshot","CoverBySnapshotTask":{"Progress":100}}]})");
    EXPECT_EQ(progress_of(task->get_object()), 75);
    const auto with_service = parse_json(R"({"MediaProcessResultSet":[
        {"Type":"Transcode","TranscodeTask":{"Progress":100}}],"AiAnalysisResultSet":[
        {"Type":"Tag","TagTask":{"Progress":50}},{"Type":"Cover","CoverTask":{"Progress":50}}]})");
    EXPECT_EQ(progress_of(with_service->get_object()), 75);
    EXPECT_EQ(progress_of(json::object()), 0);
}

}  // namespace
}  // namespace hookreel::app::client
