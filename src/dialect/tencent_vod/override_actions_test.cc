// OverrideParameter of a transcode: a template as one task changes it.
#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using model::AudioCodec;
using model::VideoCodec;

class OverrideActionsTest : public ApiTest {
 protected:
    OverrideActionsTest() {
        const model::Asset asset = fixture_asset();
        library_.assets[asset.id.text()] = asset;
    }

    std::string process(int definition, const std::string& override) {
        return code("ProcessMedia",
                    R"({"FileId":"3701925921299637010","MediaProcessTask":{"TranscodeTaskSet":[
                        {"Definition":)" +
                        std::to_string(definition) + R"(,"OverrideParameter":)" + override +
                        "}]}}");
    }
    // The template that the last task works by.
    const model::TranscodeTemplate& made() {
        return std::get<model::TranscodeWork>(tasks_.created->works.front()).changed->made;
    }
};

TEST_F(OverrideActionsTest, ReplaceWhatTheyGiveAndNothingElse) {
    ASSERT_EQ(
        process(20, R"({"VideoTemplate":{"Bitrate":800},"AudioTemplate":{"AudioChannel":1}})"),
        "none");
    EXPECT_EQ(made().definition, 20u);
    EXPECT_EQ(made().container, "mp4");
    EXPECT_EQ(made().video->kbps, 800);
    EXPECT_EQ(made().video->width, 640);
    EXPECT_EQ(made().video->fps, 24);
    EXPECT_EQ(made().video->frame_rate, model::FrameRate::at_most);  // Still a preset's.
    EXPECT_EQ(made().audio->kbps, 48);
    EXPECT_EQ(made().audio->channels, 1);

    ASSERT_EQ(process(20, R"({"VideoTemplate":{"Fps":10},"RemoveAudio":1})"), "none");
    EXPECT_EQ(made().video->fps, 10);
    EXPECT_EQ(made().video->frame_rate, model::FrameRate::exact);
    EXPECT_FALSE(made().audio);

    ASSERT_EQ(process(10, R"({"Container":"mp3","RemoveVideo":1,
                              "AudioTemplate":{"Codec":"libmp3lame"}})"),
              "none");
    EXPECT_FALSE(made().video);
    EXPECT_EQ(made().audio->codec, AudioCodec::mp3);
}

TEST_F(OverrideActionsTest, LetFallAwayWhatTheNewValuesDoNotHave) {
    const std::string own = R"({"Container":"hls","SegmentType":"ts","VideoTemplate":{
        "Codec":"libx264","Fps":25,"Bitrate":0,"Vcrf":30,"HlsTime":6,"Bframes":2,
        "VideoProfile":"baseline"},"RemoveAudio":1})";
    EXPECT_EQ(code("CreateTranscodeTemplate", own), "InvalidParameterValue");  // Bframes.
    const std::string main = std::string(own).replace(own.find("baseline"), 8, "main");
    ASSERT_EQ(code("CreateTranscodeTemplate", main), "none");
    ASSERT_EQ(process(1000001, R"({"Container":"mp4"})"), "none");
    EXPECT_EQ(made().video->segment_seconds, 0);
    EXPECT_EQ(made().video->crf, 30);
    ASSERT_EQ(process(1000001, R"({"VideoTemplate":{"Mode":"ABR","Bitrate":500,"Bframes":-1}})"),
              "none");
    EXPECT_EQ(made().video->rate_control, model::RateControl::abr);
    EXPECT_EQ(made().video->crf, 0);
    EXPECT_EQ(made().video->segment_seconds, 6);
    EXPECT_FALSE(made().video->b_frames);
    ASSERT_EQ(process(20, R"({"VideoTemplate":{"Vcrf":20,"Codec":"libx265"}})"), "none");
    EXPECT_EQ(made().video->rate_control, model::RateControl::quality);
    EXPECT_EQ(made().video->codec, VideoCodec::h265);
}

TEST_F(OverrideActionsTest, AreHeldToTheRulesOfTemplates) {
    for (const char* override :
         {R"({"Container":"avi"})", R"({"Container":"mp3"})", R"({"RemoveVideo":2})",
          R"({"RemoveVideo":1,"RemoveAudio":1})", R"({"VideoTemplate":{"Codec":"av1"}})",
          R"({"Container":"flv","VideoTemplate":{"Codec":"libx265"}})",
          R"({"VideoTemplate":{"Width":127}})", R"({"VideoTemplate":{"Mode":"CBR","Bitrate":0}})",
          R"({"AudioTemplate":{"Bitrate":25}})", R"({"TEHDConfig":{"Type":"TEHD-100"}})"})
        EXPECT_EQ(process(10, override), "InvalidParameterValue") << override;
    EXPECT_EQ(process(10, R"({"AudioTemplate":{"StreamSelects":[1]}})"), "FailedOperation");
    EXPECT_EQ(process(10, R"({"VideoTemplate":{"PreserveHDRSwitch":"ON"}})"), "FailedOperation");
    // Sound only has no picture that could be changed a little.
    EXPECT_EQ(process(1010, R"({"Container":"mp4","RemoveVideo":0})"), "InvalidParameter");
    EXPECT_EQ(process(1010, R"({"VideoTemplate":{"Fps":10}})"), "MissingParameter");
    EXPECT_EQ(process(875, R"({"RemoveAudio":1})"), "InvalidParameterValue");      // It copies.
    EXPECT_EQ(process(1000001, R"({"RemoveAudio":1})"), "InvalidParameterValue");  // Not there.
    EXPECT_EQ(process(10, "{}"), "none");
    EXPECT_FALSE(std::get<model::TranscodeWork>(tasks_.created->works.front()).changed);
}

TEST_F(OverrideActionsTest, AreKeptInProceduresAsTheyWereAsked) {
    const std::string body = R"({"Name":"flow","MediaProcessTask":{"TranscodeTaskSet":[
        {"Definition":10,"OverrideParameter":{"RemoveAudio":1,"VideoTemplate":{"Fps":10}}}]}})";
    ASSERT_EQ(code("CreateProcedureTemplate", body), "none");
    const json::object all =
        call("DescribeProcedureTemplates", std::string(R"({"Type":"Custom"})"));
    const json::value& kept = all.at("ProcedureTemplateSet").at(0).at("MediaProcessTask");
    json::value asked = json::parse(body).at("MediaProcessTask");
    json::object& override = asked.at("TranscodeTaskSet").at(0).at("OverrideParameter").as_object();
    override["AudioTemplate"] = override["TEHDConfig"] = nullptr;
    EXPECT_EQ(difference(kept, asked), "");
    // Of InvalidParameterValue this action lists nothing.
    EXPECT_EQ(code("CreateProcedureTemplate",
                   R"({"Name":"b","MediaProcessTask":{"TranscodeTaskSet":[{"Definition":10,
                       "OverrideParameter":{"Container":"avi"}}]}})"),
              "InvalidParameter");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
