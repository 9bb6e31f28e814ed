// Templates of transcodes, snapshots and sprites: the presets, and an application's own.
#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class TemplateActionsTest : public ApiTest {
 protected:
    // The request of a fixture with some members changed; a null takes one away.
    json::object changed(const std::string& action, const json::object& more) {
        json::object body = fixture(action + ".request.json").as_object();
        for (const auto& [name, value] : more)
            merge(body, name, value);
        return call(action, json::value(body));
    }
    std::string transcode(const std::string& more) {
        return code_of(changed("CreateTranscodeTemplate", json::parse(more).as_object()));
    }
    std::string snapshot(const std::string& more) {
        return code_of(
            changed("CreateSnapshotByTimeOffsetTemplate", json::parse(more).as_object()));
    }
    std::string sprite(const std::string& more) {
        return code_of(changed("CreateImageSpriteTemplate", json::parse(more).as_object()));
    }
    json::object only_own(const std::string& action, const std::string& set) {
        const json::object all = call(action, std::string(R"({"Type":"Custom"})"));
        EXPECT_EQ(all.at("TotalCount"), 1);
        return all.at(set).at(0).as_object();
    }

 private:
    static void merge(json::object& body, std::string_view name, const json::value& value) {
        if (value.is_null()) {
            body.erase(name);
        } else if (value.is_object() && body.contains(name)) {
            for (const auto& [inner, with] : value.get_object())
                merge(body.at(name).as_object(), inner, with);
        } else {
            body[name] = value;
        }
    }
};

TEST_F(TemplateActionsTest, DescribeTranscodeTemplatesAnswersAsTheFixture) {
    expect_fixture(
        call("DescribeTranscodeTemplates", fixture("DescribeTranscodeTemplates.request.json")),
        "DescribeTranscodeTemplates.response.json");
}

TEST_F(TemplateActionsTest, DescribeTranscodeTemplatesFiltersAndPages) {
    const json::object all = call("DescribeTranscodeTemplates");
    EXPECT_EQ(all.at("TranscodeTemplateSet").as_array().size(), 10u);
    EXPECT_GT(all.at("TotalCount").to_number<int>(), 10);
    const json::object audio = call("DescribeTranscodeTemplates",
                                    std::string(R"({"ContainerType":"PureAudio","Limit":100})"));
    for (const json::value& one : audio.at("TranscodeTemplateSet").as_array()) {
        EXPECT_EQ(one.at("RemoveVideo"), 1);
        EXPECT_FALSE(one.as_object().contains("VideoTemplate"));
    }
    EXPECT_GT(audio.at("TotalCount").to_number<int>(), 0);
    const auto total = [&](const std::string& body) {
        return call("DescribeTranscodeTemplates", body).at("TotalCount");
    };
    EXPECT_EQ(total(R"({"Type":"Custom"})"), 0);
    EXPECT_EQ(total(R"({"Definitions":[-1,10]})"), 1);
    EXPECT_EQ(total(R"({"TEHDType":"TEHD"})"), 0);
    const json::object beyond =
        call("DescribeTranscodeTemplates", std::string(R"({"Offset":18446744073709551615})"));
    EXPECT_TRUE(beyond.at("TranscodeTemplateSet").as_array().empty());
    EXPECT_EQ(code("DescribeTranscodeTemplates", R"({"Limit":101})"),
              "InvalidParameterValue.Limit");
    EXPECT_EQ(code("DescribeTranscodeTemplates", R"({"Type":"x"})"), "InvalidParameterValue.Type");
    EXPECT_EQ(code("DescribeTranscodeTemplates", R"({"ContainerType":"x"})"),
              "InvalidParameterValue.ContainerType");
}

TEST_F(TemplateActionsTest, AreMadeAsTheFixturesSay) {
    for (const std::string action :
         {"CreateTranscodeTemplate", "CreateSnapshotByTimeOffsetTemplate",
          "CreateImageSpriteTemplate"})
        expect_fixture(call(action, fixture(action + ".request.json")), action + ".response.json");
}

TEST_F(TemplateActionsTest, DescribesAnOwnTranscodeWithAllThatItSays) {
    ASSERT_EQ(transcode(R"({"Comment":"mine","Container":"hls","SegmentType":"ts",
        "VideoTemplate":{"Width":640,"Height":360,"ResolutionAdaptive":"close",
            "FillType":"gauss","Vcrf":30,"Gop":2,"GopUnit":"second","Bframes":1,"HlsTime":6,
            "VideoProfile":"main"}})"),
              "none");
    const json::object one = only_own("DescribeTranscodeTemplates", "TranscodeTemplateSet");
    EXPECT_EQ(difference(json::value(one), json::parse(R"({
        "Definition":"1000001","Container":"hls","Name":"mp4-540","Comment":"mine",
        "Type":"Custom","RemoveVideo":0,"RemoveAudio":0,
        "VideoTemplate":{"Codec":"libx264","Fps":25,"Bitrate":1000,"ResolutionAdaptive":"close",
            "Width":640,"Height":360,"FillType":"gauss","Vcrf":30,"Gop":2,
            "PreserveHDRSwitch":"OFF","CodecTag":"","GopUnit":"second","Mode":"VCRF","Bframes":1,
            "HlsTime":6,"VideoProfile":"main"},
        "AudioTemplate":{"Codec":"libfdk_aac","Bitrate":64,"SampleRate":44100,"AudioChannel":2},
        "TEHDConfig":null,"EnhanceConfig":null,"ContainerType":"Video",
        "CreateTime":"2026-03-02T08:00:00Z","UpdateTime":"2026-03-02T08:00:00Z",
        "SegmentType":"ts"})")),
              "");
}

TEST_F(TemplateActionsTest, ListsOwnTemplatesBesideThePresetsByEachFilter) {
    ASSERT_EQ(transcode("{}"), "none");
    ASSERT_EQ(transcode(R"({"Container":"flac","RemoveVideo":1,"VideoTemplate":null,
                            "AudioTemplate":{"Codec":"flac","Bitrate":0}})"),
              "none");
    const auto total = [this](const std::string& body) {
        return call("DescribeTranscodeTemplates", body).at("TotalCount").to_number<int>();
    };
    EXPECT_EQ(total(R"({"Type":"Custom"})"), 2);
    EXPECT_EQ(total("{}"), total(R"({"Type":"Preset"})") + 2);
    EXPECT_EQ(total(R"({"Definitions":[10,1000001,1000002]})"), 3);
    EXPECT_EQ(total(R"({"Type":"Custom","ContainerType":"PureAudio"})"), 1);
    EXPECT_EQ(total(R"({"Type":"Custom","ContainerType":"Video"})"), 1);
    EXPECT_EQ(total(R"({"Type":"Custom","TEHDType":"Common"})"), 2);
    EXPECT_EQ(total(R"({"Type":"Custom","TEHDType":"TEHD"})"), 0);
    EXPECT_EQ(total(R"({"Type":"Custom","EnhanceType":"None"})"), 2);
    EXPECT_EQ(total(R"({"Type":"Custom","EnhanceType":"VideoEnhance"})"), 0);
    const json::object last = call("DescribeTranscodeTemplates",
                                   std::string(R"({"Type":"Custom","Offset":1,"Limit":1})"));
    EXPECT_EQ(last.at("TranscodeTemplateSet").at(0).at("Definition"), "1000002");
    EXPECT_EQ(last.at("TotalCount"), 2);
}

TEST_F(TemplateActionsTest, RefuseATranscodeByTheParameterThatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"Container":"avi"})", "Container"},
        {R"({"RemoveVideo":2})", "RemoveVideo"},
        {R"({"RemoveAudio":-1})", "RemoveAudio"},
        {R"({"Container":"mp3"})", "RemoveVideo"},
        {R"({"RemoveVideo":1,"RemoveAudio":1})", "RemoveAudio"},
        {R"({"VideoTemplate":{"Codec":"av1"}})", "VideoCodec"},
        {R"({"VideoTemplate":{"Codec":"H.266"}})", "VideoCodec"},
        {R"({"VideoTemplate":{"Codec":""}})", "VideoCodec"},
        {R"({"Container":"flv","VideoTemplate":{"Codec":"libx265"}})", "VideoCodec"},
        {R"({"VideoTemplate":{"Fps":101}})", "Fps"},
        {R"({"VideoTemplate":{"Bitrate":127}})", "VideoBitrate"},
        {R"({"VideoTemplate":{"Bitrate":100001}})", "VideoBitrate"},
        {R"({"VideoTemplate":{"Bitrate":0,"Mode":"CBR"}})", "VideoBitrate"},
        {R"({"VideoTemplate":{"Width":127}})", "Width"},
        {R"({"VideoTemplate":{"Height":8193}})", "Height"},
        {R"({"VideoTemplate":{"Width":8192,"Height":8192}})", "Resolution"},
        {R"({"VideoTemplate":{"ResolutionAdaptive":"on"}})", "ResolutionAdaptive"},
        {R"({"VideoTemplate":{"FillType":"red"}})", "FillType"},
        {R"({"VideoTemplate":{"Vcrf":52}})", "Vcrf"},
        {R"({"VideoTemplate":{"Vcrf":20,"Mode":"VBR"}})", "Vcrf"},
        {R"({"VideoTemplate":{"Mode":"VCRF"}})", "Vcrf"},
        {R"({"AudioTemplate":{"Codec":"opus"}})", "AudioCodec"},
        {R"({"AudioTemplate":{"Codec":"pcm16"}})", "AudioCodec"},
        {R"({"AudioTemplate":{"Bitrate":25}})", "AudioBitrate"},
        {R"({"AudioTemplate":{"Bitrate":257}})", "AudioBitrate"},
        {R"({"AudioTemplate":{"Codec":"mp2"}})", "AudioCodec"},
        {R"({"Container":"hls","AudioTemplate":{"Codec":"mp2","Bitrate":100}})", "AudioBitrate"},
        {R"({"AudioTemplate":{"SampleRate":16000}})", "AudioSampleRate"},
        {R"({"AudioTemplate":{"SampleRate":22050}})", "AudioSampleRate"},
        {R"({"Container":"flv","AudioTemplate":{"Codec":"libmp3lame","SampleRate":48000}})",
         "AudioSampleRate"},
        {R"({"AudioTemplate":{"AudioChannel":3}})", "AudioChannel"},
        {R"({"AudioTemplate":{"Codec":"libmp3lame","AudioChannel":6}})", "AudioChannel"},
        {R"({"TEHDConfig":{"Type":"TEHD-100"}})", "TEHDType"},
    };
    for (const auto& [more, parameter] : cases)
        EXPECT_EQ(transcode(more), std::string("InvalidParameterValue.") + parameter) << more;
    EXPECT_EQ(transcode(R"({"Name":")" + std::string(65, 'x') + R"("})"),
              "InvalidParameterValue.Name");
    EXPECT_EQ(transcode(R"({"Comment":")" + std::string(257, 'x') + R"("})"),
              "InvalidParameterValue.Comment");
    EXPECT_EQ(
        call("DescribeTranscodeTemplates", std::string(R"({"Type":"Custom"})")).at("TotalCount"),
        0);
}

TEST_F(TemplateActionsTest, RefuseWhatGoesNotTogetherOrIsNotMadeHere) {
    for (const char* more :
         {R"({"VideoTemplate":{"Mode":"X"}})", R"({"VideoTemplate":{"GopUnit":"hour"}})",
          R"({"VideoTemplate":{"Gop":100001}})", R"({"VideoTemplate":{"CodecTag":"hvc1"}})",
          R"({"VideoTemplate":{"Bframes":17}})",
          R"({"VideoTemplate":{"Bframes":1,"VideoProfile":"baseline"}})",
          R"({"VideoTemplate":{"Codec":"libx265","VideoProfile":"high"}})",
          R"({"VideoTemplate":{"HlsTime":5}})", R"({"SegmentType":"ts"})",
          R"({"TEHDConfig":{"Type":"OFF","MaxVideoBitrate":5}})"})
        EXPECT_EQ(transcode(more), "InvalidParameterValue") << more;
    EXPECT_EQ(transcode(R"({"VideoTemplate":null})"), "InvalidParameter");
    EXPECT_EQ(transcode(R"({"AudioTemplate":null})"), "InvalidParameter");
    EXPECT_EQ(transcode(R"({"Container":null})"), "MissingParameter");
    for (const char* more : {R"({"VideoTemplate":{"PreserveHDRSwitch":"ON"}})",
                             R"({"Container":"hls","SegmentType":"fmp4"})",
                             R"({"EnhanceConfig":{"VideoEnhance":{"Denoise":{"Switch":"ON"}}}})",
                             R"({"EnhanceConfig":{"AudioEnhance":{"Denoise":{"Switch":"OFF"},
              "VolumeBalance":{"Switch":"ON"}}}})",
                             R"({"StdExtInfo":"{}"})"})
        EXPECT_EQ(transcode(more), "FailedOperation") << more;
    for (const char* more :
         {R"({"EnhanceConfig":{"VideoEnhance":{"EnhanceScenarioType":"common",
              "Denoise":{"Switch":"OFF"},"Hdr":null},"AudioEnhance":null}})",
          R"({"EnhanceConfig":{"AudioEnhance":{"Separate":{"Switch":"OFF","Type":"voice"}}}})"})
        EXPECT_EQ(transcode(more), "none") << more;
}

TEST_F(TemplateActionsTest, TakesTheEdgesOfEachRange) {
    for (const char* more :
         {R"({"VideoTemplate":{"Fps":100,"Bitrate":128,"Width":128,"Height":8192}})",
          R"({"VideoTemplate":{"Fps":0,"Bitrate":100000,"Width":0,"Height":0,"Vcrf":51}})",
          R"({"VideoTemplate":{"Codec":"libx265","CodecTag":"hev1","VideoProfile":"main"}})",
          R"({"VideoTemplate":{"Mode":"ABR","PreserveHDRSwitch":"OFF"}})",
          R"({"AudioTemplate":{"Bitrate":26,"SampleRate":32000,"AudioChannel":0}})",
          R"({"AudioTemplate":{"Codec":"ac3","Bitrate":256,"AudioChannel":6}})",
          R"({"RemoveAudio":1,"AudioTemplate":null,"TEHDConfig":{"Type":"OFF"}})",
          R"({"Container":"wav","RemoveVideo":1,
              "AudioTemplate":{"Codec":"pcm16","Bitrate":0,"SampleRate":16000}})"})
        EXPECT_EQ(transcode(more), "none") << more;
}

TEST_F(TemplateActionsTest, DescribesSnapshotTemplates) {
    ASSERT_EQ(snapshot(R"({"Width":320,"Height":4096,"Format":"webp","FillType":"white",
                           "ResolutionAdaptive":"close","Comment":"mine"})"),
              "none");
    const json::object own =
        only_own("DescribeSnapshotByTimeOffsetTemplates", "SnapshotByTimeOffsetTemplateSet");
    EXPECT_EQ(difference(json::value(own), json::parse(R"({"Definition":1000001,"Type":"Custom",
        "Name":"snap","Comment":"mine","Width":320,"Height":4096,"ResolutionAdaptive":"close",
        "Format":"webp","CreateTime":"2026-03-02T08:00:00Z",
        "UpdateTime":"2026-03-02T08:00:00Z","FillType":"white"})")),
              "");
    const json::object preset =
        call("DescribeSnapshotByTimeOffsetTemplates", std::string(R"({"Definitions":[10,11]})"));
    EXPECT_EQ(preset.at("TotalCount"), 1);
    const json::object& one = preset.at("SnapshotByTimeOffsetTemplateSet").at(0).as_object();
    EXPECT_EQ(one.at("Type"), "Preset");
    EXPECT_EQ(one.at("Format"), "jpg");
    EXPECT_EQ(one.at("FillType"), "stretch");
    EXPECT_EQ(code("DescribeSnapshotByTimeOffsetTemplates", R"({"Limit":101})"),
              "InvalidParameterValue.Limit");
    EXPECT_EQ(code("DescribeSnapshotByTimeOffsetTemplates", R"({"Type":"x"})"),
              "InvalidParameterValue.Type");
}

TEST_F(TemplateActionsTest, RefuseASnapshotByTheParameterThatIsWrong) {
    EXPECT_EQ(snapshot(R"({"Width":31})"), "InvalidParameterValue.Width");
    EXPECT_EQ(snapshot(R"({"Height":4097})"), "InvalidParameterValue.Height");
    EXPECT_EQ(snapshot(R"({"Format":"bmp"})"), "InvalidParameterValue.Format");
    EXPECT_EQ(snapshot(R"({"ResolutionAdaptive":"x"})"), "InvalidParameterValue.Resolution");
    EXPECT_EQ(snapshot(R"({"FillType":"x"})"), "InvalidParameterValue");
    EXPECT_EQ(code("CreateSnapshotByTimeOffsetTemplate"), "none");  // Nothing is required.
    for (int made = 1; made < 16; ++made)
        EXPECT_EQ(snapshot("{}"), "none");
    EXPECT_EQ(snapshot("{}"), "LimitExceeded.TooMuchTemplate");
}

TEST_F(TemplateActionsTest, DescribesSpriteTemplates) {
    ASSERT_EQ(sprite(R"({"SampleType":"Percent","SampleInterval":100,"Width":0,"Height":4096,
                         "RowCount":3,"FillType":"stretch","Format":"png"})"),
              "none");
    const json::object own = only_own("DescribeImageSpriteTemplates", "ImageSpriteTemplateSet");
    EXPECT_EQ(difference(json::value(own), json::parse(R"({"Definition":1000001,"Type":"Custom",
        "Name":"sprite","Width":0,"Height":4096,"ResolutionAdaptive":"open",
        "SampleType":"Percent","SampleInterval":100,"RowCount":3,"ColumnCount":10,
        "CreateTime":"2026-03-02T08:00:00Z","UpdateTime":"2026-03-02T08:00:00Z",
        "FillType":"stretch","Comment":"","Format":"png"})")),
              "");
    const json::object preset =
        call("DescribeImageSpriteTemplates", std::string(R"({"Type":"Preset"})"));
    EXPECT_EQ(preset.at("TotalCount"), 1);
    EXPECT_EQ(preset.at("ImageSpriteTemplateSet").at(0).at("Width"), 142);
    EXPECT_EQ(preset.at("ImageSpriteTemplateSet").at(0).at("SampleInterval"), 10);
}

TEST_F(TemplateActionsTest, RefuseASpriteByTheParameterThatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"SampleType":"Frames"})", "SampleType"},
        {R"({"SampleInterval":0})", "SampleInterval"},
        {R"({"SampleType":"Percent","SampleInterval":101})", "SampleInterval"},
        {R"({"RowCount":0})", "RowCount"},
        {R"({"RowCount":188})", "RowCount"},  // 188 times 80 pixels.
        {R"({"ColumnCount":106})", "ColumnCount"},
        {R"({"Width":127,"Height":128})", "Width"},
        {R"({"Width":128,"Height":4097})", "Height"},
        {R"({"Width":128})", "Height"},  // 80 is the preset's, with its width only.
        {R"({"ResolutionAdaptive":"x"})", "Resolution"}};
    for (const auto& [more, parameter] : cases)
        EXPECT_EQ(sprite(more), std::string("InvalidParameterValue.") + parameter) << more;
    EXPECT_EQ(sprite(R"({"FillType":"white"})"), "InvalidParameterValue");
    EXPECT_EQ(sprite(R"({"Format":"gif"})"), "InvalidParameterValue");
    EXPECT_EQ(sprite(R"({"RowCount":187,"ColumnCount":105})"), "none");
}

TEST_F(TemplateActionsTest, BelongToTheirApplication) {
    const json::value number =
        call("CreateSubAppId", std::string(R"({"Name":"o"})")).at("SubAppId");
    ASSERT_EQ(snapshot("{}"), "none");
    const std::string of_the_other =
        R"({"Type":"Custom","SubAppId":)" + json::serialize(number) + "}";
    EXPECT_EQ(call("DescribeSnapshotByTimeOffsetTemplates", of_the_other).at("TotalCount"), 0);
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
