// Templates that are changed and deleted, and the kinds that are samples and animated graphics.
#include <fmt/format.h>

#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::string_view gone = "ResourceNotFound.TemplateNotExist";

class TemplateChangesTest : public ApiTest {
 protected:
    json::object only(const std::string& kind) {
        const json::object all = call("Describe" + kind + "s", std::string(R"({"Type":"Custom"})"));
        EXPECT_EQ(all.at("TotalCount"), 1) << kind;
        const json::value* const set = all.if_contains(kind + "Set");
        return set && !set->as_array().empty() ? set->at(0).as_object() : json::object();
    }
    std::string modify(const std::string& kind, const std::string& more,
                       const std::string& definition = "1000001") {
        return code("Modify" + kind, R"({"Definition":)" + definition + "," + more + "}");
    }
    std::string remove(const std::string& kind, const std::string& definition = "1000001") {
        return code("Delete" + kind, R"({"Definition":)" + definition + "}");
    }
    void make(const std::string& kind, const std::string& body) {
        ASSERT_EQ(code("Create" + kind, body), "none");
        clock_.advance(std::chrono::seconds(1));
    }
    // Of a template after its change: only these members are others than before.
    void expect_changed(const json::object& before, const json::object& after,
                        json::object members) {
        json::object wanted = before;
        for (auto& [name, value] : members)
            wanted[name] = std::move(value);
        wanted["UpdateTime"] = "2026-03-02T08:00:01Z";
        EXPECT_EQ(difference(json::value(after), json::value(wanted)), "");
    }
};

TEST_F(TemplateChangesTest, ASnapshotIsWhatIsGivenAndElseWhatItWas) {
    const std::string kind = "SnapshotByTimeOffsetTemplate";
    make(kind, R"({"Name":"a","Width":320,"Format":"png","FillType":"gauss","Comment":"c"})");
    const json::object before = only(kind);
    ASSERT_EQ(modify(kind, R"("Name":"","Height":200,"Width":null)"), "none");
    expect_changed(before, only(kind), {{"Name", ""}, {"Height", 200}});
    EXPECT_EQ(modify(kind, R"("Width":31)"), "InvalidParameterValue.Width");
    EXPECT_EQ(modify(kind, R"("Width":"x")"), "InvalidParameter");
    expect_changed(before, only(kind), {{"Name", ""}, {"Height", 200}});
}

TEST_F(TemplateChangesTest, ASpriteIsHeldToTheRulesAsAWhole) {
    const std::string kind = "ImageSpriteTemplate";
    make(kind, R"({"Width":200,"Height":128,"SampleType":"Percent","SampleInterval":5,
                   "RowCount":10,"ColumnCount":75})");
    const json::object before = only(kind);
    // 75 columns of 201 pixels are more than 15000.
    EXPECT_EQ(modify(kind, R"("Width":201)"), "InvalidParameterValue.ColumnCount");
    ASSERT_EQ(modify(kind, R"("Width":1000,"ColumnCount":15,"Format":"webp")"), "none");
    expect_changed(before, only(kind), {{"Width", 1000}, {"ColumnCount", 15}, {"Format", "webp"}});
}

TEST_F(TemplateChangesTest, ATranscodeKeepsWhatIsNotGivenOfItsVideo) {
    const std::string kind = "TranscodeTemplate";
    make(kind, R"({"Container":"hls","Name":"n","Comment":"c",
        "VideoTemplate":{"Codec":"libx264","Fps":25,"Bitrate":1000,"Width":640,"HlsTime":6},
        "AudioTemplate":{"Codec":"libfdk_aac","Bitrate":64,"SampleRate":44100}})");
    const json::object before = only(kind);
    ASSERT_EQ(modify(kind, R"("Comment":"other","VideoTemplate":{"Bitrate":500})"), "none");
    json::object video = before.at("VideoTemplate").as_object();
    video["Bitrate"] = 500;
    expect_changed(before, only(kind), {{"Comment", "other"}, {"VideoTemplate", video}});
    // Segments are of HLS only, so they fall away.
    ASSERT_EQ(modify(kind, R"("Container":"mp4")"), "none");
    EXPECT_EQ(only(kind).at("VideoTemplate").at("HlsTime"), 0);
    ASSERT_EQ(modify(kind, R"("RemoveVideo":1)"), "none");
    EXPECT_EQ(only(kind).at("RemoveVideo"), 1);
    EXPECT_EQ(only(kind).at("Container"), "mp4");
    EXPECT_EQ(modify(kind, R"("RemoveAudio":1)"), "InvalidParameterValue.RemoveAudio");
    EXPECT_EQ(modify(kind, R"("TEHDConfig":{"Type":"TEHD-100"})"),
              "InvalidParameterValue.TEHDType");
    EXPECT_EQ(modify(kind, R"("StdExtInfo":"{}")"), "FailedOperation");
}

TEST_F(TemplateChangesTest, OnlyOnesOwnCanBeChangedAndDeleted) {
    const std::pair<const char*, const char*> kinds[] = {
        {"TranscodeTemplate", R"({"Container":"mp3","RemoveVideo":1,
            "AudioTemplate":{"Codec":"libmp3lame","Bitrate":64,"SampleRate":44100}})"},
        {"SnapshotByTimeOffsetTemplate", "{}"},
        {"ImageSpriteTemplate",
         R"({"SampleType":"Time","SampleInterval":5,"RowCount":1,"ColumnCount":1})"},
        {"SampleSnapshotTemplate", R"({"SampleType":"Time","SampleInterval":5})"},
        {"AnimatedGraphicsTemplate", R"({"Fps":5})"},
        {"AdaptiveDynamicStreamingTemplate", R"({"Format":"HLS","StreamInfos":[
            {"Video":{"Codec":"libx264","Fps":24,"Bitrate":500},"RemoveAudio":1}]})"}};
    std::uint64_t number = 1'000'000;
    for (const auto& [kind, body] : kinds) {
        ++number;
        make(kind, body);
        const std::string own = std::to_string(number);
        for (const char* other : {"10", "20000", "1000999"}) {
            EXPECT_EQ(modify(kind, R"("Name":"x")", other), gone) << kind << other;
            EXPECT_EQ(remove(kind, other), gone) << kind << other;
        }
        EXPECT_EQ(modify(kind, R"("Name":"x")", "-1"), "InvalidParameter") << kind;
        EXPECT_EQ(code(std::string("Delete") + kind), "MissingParameter") << kind;
        EXPECT_EQ(only(kind).at("Name"), "") << kind;
        EXPECT_EQ(remove(kind, own), "none") << kind;
        EXPECT_EQ(remove(kind, own), gone) << kind;
        EXPECT_EQ(modify(kind, R"("Name":"x")", own), gone) << kind;
    }
}

TEST_F(TemplateChangesTest, SamplesAreDescribedWithAllThatTheySay) {
    const std::string kind = "SampleSnapshotTemplate";
    make(kind, R"({"SampleType":"Percent","SampleInterval":7,"Name":"s","Comment":"mine",
        "Width":320,"Height":4096,"ResolutionAdaptive":"close","Format":"webp",
        "FillType":"white"})");
    const json::object before = only(kind);
    EXPECT_EQ(difference(json::value(before), json::parse(R"({"Definition":1000001,
        "Type":"Custom","Name":"s","Comment":"mine","Width":320,"Height":4096,
        "ResolutionAdaptive":"close","Format":"webp","SampleType":"Percent","SampleInterval":7,
        "CreateTime":"2026-03-02T08:00:00Z","UpdateTime":"2026-03-02T08:00:00Z",
        "FillType":"white"})")),
              "");
    ASSERT_EQ(modify(kind, R"("SampleType":"Time","SampleInterval":86400)"), "none");
    expect_changed(before, only(kind), {{"SampleType", "Time"}, {"SampleInterval", 86400}});
    EXPECT_EQ(modify(kind, R"("SampleType":"Percent")"), "InvalidParameterValue.SampleInterval");
    EXPECT_EQ(modify(kind, R"("SampleType":"Frames")"), "InvalidParameterValue.SampleType");
    EXPECT_EQ(modify(kind, R"("SampleInterval":0)"), "InvalidParameterValue.SampleInterval");
    EXPECT_EQ(code("CreateSampleSnapshotTemplate", R"({"SampleType":"Time"})"), "MissingParameter");
    const json::object preset =
        call("DescribeSampleSnapshotTemplates", std::string(R"({"Type":"Preset"})"));
    EXPECT_EQ(preset.at("TotalCount"), 1);
    const json::value& one = preset.at("SampleSnapshotTemplateSet").at(0);
    EXPECT_EQ(one.at("Definition"), 10);
    EXPECT_EQ(one.at("SampleType"), "Percent");
    EXPECT_EQ(one.at("SampleInterval"), 10);
    EXPECT_EQ(one.at("Format"), "jpg");
}

TEST_F(TemplateChangesTest, AnimatedGraphicsAreDescribedWithAllThatTheySay) {
    const std::string kind = "AnimatedGraphicsTemplate";
    make(kind, R"({"Fps":30,"Name":"g","Comment":"mine","Width":128,"Height":0,
        "ResolutionAdaptive":"close","Format":"webp","Quality":99.5})");
    const json::object before = only(kind);
    EXPECT_EQ(difference(json::value(before), json::parse(R"({"Definition":1000001,
        "Type":"Custom","Name":"g","Comment":"mine","Width":128,"Height":0,
        "ResolutionAdaptive":"close","Format":"webp","Fps":30,"Quality":99.5,
        "CreateTime":"2026-03-02T08:00:00Z","UpdateTime":"2026-03-02T08:00:00Z"})")),
              "");
    ASSERT_EQ(modify(kind, R"("Format":"gif","Fps":1)"), "none");
    expect_changed(before, only(kind), {{"Format", "gif"}, {"Fps", 1}});
    EXPECT_EQ(modify(kind, R"("Fps":31)"), "InvalidParameterValue.Fps");
    EXPECT_EQ(modify(kind, R"("Fps":0)"), "InvalidParameterValue.Fps");
    EXPECT_EQ(modify(kind, R"("Quality":0.5)"), "InvalidParameterValue.Quality");
    EXPECT_EQ(modify(kind, R"("Quality":100.5)"), "InvalidParameterValue.Quality");
    EXPECT_EQ(modify(kind, R"("Format":"png")"), "InvalidParameterValue.Format");
    EXPECT_EQ(modify(kind, R"("Width":127)"), "InvalidParameterValue.Width");
    EXPECT_EQ(code("CreateAnimatedGraphicsTemplate"), "MissingParameter");
    const json::object presets =
        call("DescribeAnimatedGraphicsTemplates", std::string(R"({"Type":"Preset"})"));
    EXPECT_EQ(presets.at("TotalCount"), 2);
    EXPECT_EQ(presets.at("AnimatedGraphicsTemplateSet").at(0).at("Format"), "gif");
    EXPECT_EQ(presets.at("AnimatedGraphicsTemplateSet").at(1).at("Definition"), 20001);
}

TEST_F(TemplateChangesTest, AdaptiveStreamsAreDescribedWithAllThatTheySay) {
    const std::string kind = "AdaptiveDynamicStreamingTemplate";
    make(kind, R"({"Format":"HLS","Name":"a","Comment":"mine","DrmType":"SimpleAES",
        "DisableHigherVideoBitrate":1,"DisableHigherVideoResolution":1,"SegmentType":"ts",
        "SegmentDuration":3,"StreamInfos":[
            {"Video":{"Codec":"libx264","Fps":24,"Bitrate":500,"Width":640,"Height":360,
                "ResolutionAdaptive":"close","FillType":"white"},"RemoveAudio":0,"RemoveVideo":0,
             "Audio":{"Codec":"libfdk_aac","Bitrate":64,"SampleRate":44100,"AudioChannel":1}},
            {"Video":{"Codec":"libx264","Fps":24,"Bitrate":900,"Mode":"VBR","VideoProfile":"high"},
             "RemoveAudio":1}]})");
    const json::object before = only(kind);
    EXPECT_EQ(before.at("DrmType"), "SimpleAES");
    EXPECT_EQ(before.at("DrmKeyProvider"), "VOD");
    EXPECT_EQ(before.at("DisableHigherVideoBitrate"), 1);
    EXPECT_EQ(before.at("DisableHigherVideoResolution"), 1);
    EXPECT_EQ(before.at("SegmentType"), "ts-segment");
    EXPECT_EQ(before.at("SegmentDuration"), 3);
    ASSERT_EQ(before.at("StreamInfos").as_array().size(), 2u);
    const json::value& first = before.at("StreamInfos").at(0);
    EXPECT_EQ(first.at("Video").at("Width"), 640);
    EXPECT_EQ(first.at("Video").at("FillType"), "white");
    EXPECT_EQ(first.at("Video").at("ResolutionAdaptive"), "close");
    EXPECT_EQ(before.at("StreamInfos").at(1).at("Video").at("Bitrate"), 900);
    // The sound is there once, for all.
    EXPECT_EQ(before.at("StreamInfos").at(1).at("Audio").at("Bitrate"), 64);
    ASSERT_EQ(modify(kind, R"("Comment":"other","SegmentDuration":10)"), "none");
    expect_changed(before, only(kind), {{"Comment", "other"}, {"SegmentDuration", 10}});
    ASSERT_EQ(modify(kind, R"("StreamInfos":[{"Video":{"Codec":"libx264","Fps":0,
        "Bitrate":128},"RemoveAudio":1}])"),
              "none");
    EXPECT_EQ(only(kind).at("StreamInfos").as_array().size(), 1u);
    EXPECT_EQ(only(kind).at("DrmType"), "SimpleAES");
    EXPECT_EQ(modify(kind, R"("Format":"MPEG-DASH")"), "FailedOperation");  // Of ts-segment.
    EXPECT_EQ(modify(kind, R"("Format":"MPEG-DASH","SegmentType":"")"),
              "InvalidParameterValue.DrmType");
    const json::object presets = call("Describe" + kind + "s", std::string(R"({"Type":"Preset"})"));
    EXPECT_EQ(presets.at("TotalCount"), 3);
    const json::array& set = presets.at("AdaptiveDynamicStreamingTemplateSet").as_array();
    EXPECT_EQ(set.at(0).at("StreamInfos").as_array().size(), 6u);
    EXPECT_EQ(set.at(1).at("DrmType"), "SimpleAES");
    EXPECT_EQ(set.at(2).at("Format"), "MPEG-DASH");
}

TEST_F(TemplateChangesTest, AdaptiveStreamsAreRefusedByWhatIsWrongOrNotMadeHere) {
    const auto create = [this](const std::string& more, const std::string& video = "",
                               const std::string& rest = R"("RemoveAudio":1)") {
        return code("CreateAdaptiveDynamicStreamingTemplate",
                    R"({"Format":"HLS","StreamInfos":[{"Video":{"Codec":"libx264","Fps":24,
                        "Bitrate":500)" +
                        video + "}," + rest + "}]" + more + "}");
    };
    EXPECT_EQ(create(""), "none");
    for (const char* drm : {"Widevine", "FairPlay", "Widevine+FairPlay"})
        EXPECT_EQ(create(fmt::format(R"(,"DrmType":"{}")", drm)), "FailedOperation");
    EXPECT_EQ(create(R"(,"DrmType":"x")"), "InvalidParameterValue.DrmType");
    EXPECT_EQ(create(R"(,"DrmType":"SimpleAES","DrmKeyProvider":"SDMC")"), "FailedOperation");
    EXPECT_EQ(create(R"(,"DrmType":"SimpleAES","DrmEncryptType":"cbcs")"), "FailedOperation");
    EXPECT_EQ(create(R"(,"SegmentType":"mp4-segment")"), "FailedOperation");
    EXPECT_EQ(create(R"(,"SegmentDuration":0)"), "InvalidParameterValue");
    EXPECT_EQ(create(R"(,"SegmentDuration":11)"), "InvalidParameterValue");
    EXPECT_EQ(create(R"(,"DisableHigherVideoBitrate":2)"), "InvalidParameterValue");
    for (const char* setting :
         {R"("Vcrf":20)", R"("Gop":50)", R"("Bframes":0)", R"("HlsTime":4)", R"("Mode":"CBR")",
          R"("VideoProfile":"main")", R"("PreserveHDRSwitch":"ON")", R"("CodecTag":"hvc1")"})
        EXPECT_EQ(create("", std::string(",") + setting), "FailedOperation") << setting;
    EXPECT_EQ(create("", R"(,"Width":127)"), "InvalidParameterValue.Width");
    EXPECT_EQ(create("", R"(,"FillType":"gauss")"), "InvalidParameterValue.FillType");
    EXPECT_EQ(create("", "", R"("RemoveAudio":0)"), "InvalidParameter");
    EXPECT_EQ(create("", "", R"("RemoveVideo":1)"), "FailedOperation");
    const auto sound = [&create](const std::string& audio) {
        return create("", "", R"("Audio":{"SampleRate":44100,)" + audio + "}");
    };
    EXPECT_EQ(sound(R"("Codec":"libfdk_aac","Bitrate":64)"), "none");
    EXPECT_EQ(sound(R"("Codec":"libmp3lame","Bitrate":64)"), "InvalidParameterValue.AudioCodec");
    EXPECT_EQ(sound(R"("Codec":"libfdk_aac","Bitrate":0)"), "InvalidParameterValue.AudioBitrate");
    EXPECT_EQ(sound(R"("Codec":"libfdk_aac","Bitrate":64,"AudioChannel":0)"),
              "InvalidParameterValue.AudioChannel");
    const auto other = [this](const std::string& body) {
        return code("CreateAdaptiveDynamicStreamingTemplate", body);
    };
    const auto dash = [&other](const std::string& first, const std::string& second) {
        const auto stream = [](const std::string& sides) {
            return R"({"RemoveAudio":1,"Video":{"Codec":"libx264","Fps":24,"Bitrate":500,)" +
                   sides + "}}";
        };
        return other(R"({"Format":"MPEG-DASH","StreamInfos":[)" + stream(first) + "," +
                     stream(second) + "]}");
    };
    EXPECT_EQ(dash(R"("Width":640)", R"("Height":200)"), "none");
    EXPECT_EQ(dash(R"("Width":640,"Height":360)", R"("Width":1280,"Height":720)"), "none");
    EXPECT_EQ(dash(R"("Width":640,"Height":360)", R"("Width":640,"Height":640)"),
              "InvalidParameterValue.Resolution");
    EXPECT_EQ(dash(R"("Width":640)", R"("Width":640,"Height":640)"),
              "InvalidParameterValue.Resolution");
    EXPECT_EQ(other(R"({"Format":"HLS","StreamInfos":[]})"), "InvalidParameterValue");
    EXPECT_EQ(other(R"({"Format":"X","StreamInfos":[]})"), "InvalidParameterValue.Format");
    EXPECT_EQ(other(R"({"Format":"HLS"})"), "MissingParameter");
    EXPECT_EQ(other(R"({"Format":"HLS","StreamInfos":[{"Video":{"Codec":"libx265","Fps":24,
        "Bitrate":500},"RemoveAudio":1}]})"),
              "InvalidParameterValue.VideoCodec");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
