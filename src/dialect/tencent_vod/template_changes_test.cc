// Templates that are changed and deleted, and the kinds that are samples and animated graphics.
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
        {"AnimatedGraphicsTemplate", R"({"Fps":5})"}};
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

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
