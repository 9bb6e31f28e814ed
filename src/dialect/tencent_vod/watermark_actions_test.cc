// Watermark templates, and the steps that name them.
#include <fmt/format.h>

#include <filesystem>

#include "base/digest.h"
#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// What tells a PNG; nothing more of it is looked at here.
const std::string png = "\x89PNG\r\n\x1a\n and so on";
const std::string other_png = "\x89PNG\r\n\x1a\n and more";

class WatermarkActionsTest : public ApiTest {
 protected:
    WatermarkActionsTest() {
        const model::Asset asset = fixture_asset();
        library_.assets[asset.id.text()] = asset;
    }

    json::object create_image(json::object image = {}, json::object more = {}) {
        image.emplace("ImageContent", base64(png));
        json::object body = {{"Type", "image"}, {"ImageTemplate", std::move(image)}};
        for (const auto& [name, value] : more)
            body[name] = value;
        return call("CreateWatermarkTemplate", json::value(body));
    }
    std::string create_text(const std::string& text) {
        return code("CreateWatermarkTemplate", R"({"Type":"text","TextTemplate":)" + text + "}");
    }
    json::object only(const std::string& filter = "{}") {
        const json::object all = call("DescribeWatermarkTemplates", filter);
        EXPECT_EQ(all.at("TotalCount"), 1);
        return all.at("WatermarkTemplateSet").at(0).as_object();
    }
    std::string process(const std::string& task) {
        return code("ProcessMedia",
                    R"({"FileId":"3701925921299637010","MediaProcessTask":)" + task + "}");
    }
    std::size_t pictures() const { return folder_.file_count(); }
};

TEST_F(WatermarkActionsTest, AreMadeAndDescribedWithAllThatTheySay) {
    const json::object made = create_image(
        {{"Width", "12.5%"}, {"Height", "8px"}, {"RepeatType", "once"}, {"Transparency", 30}},
        {{"Name", "mine"},
         {"Comment", "logo"},
         {"CoordinateOrigin", "BottomRight"},
         {"XPos", "5%"},
         {"YPos", "10px"}});
    EXPECT_EQ(made.at("Definition"), 1000001);
    EXPECT_EQ(pictures(), 1u);
    json::object one = only();
    EXPECT_EQ(one.at("ImageTemplate").at("ImageUrl"), made.at("ImageUrl"));
    EXPECT_TRUE(std::string_view(made.at("ImageUrl").as_string()).ends_with(".png"));
    one.at("ImageTemplate").as_object().erase("ImageUrl");
    EXPECT_EQ(difference(json::value(one), json::parse(R"({"Definition":1000001,"Type":"image",
        "Name":"mine","Comment":"logo","XPos":"5%","YPos":"10px","CoordinateOrigin":"BottomRight",
        "ImageTemplate":{"Width":"12.5%","Height":"8px","RepeatType":"once","Transparency":30},
        "TextTemplate":null,"SvgTemplate":null,
        "CreateTime":"2026-03-02T08:00:00Z","UpdateTime":"2026-03-02T08:00:00Z"})")),
              "");

    ASSERT_EQ(create_text(R"({"FontType":"simkai.ttf","FontSize":"24px","FontColor":"0x00fF10",
                              "FontAlpha":0.5})"),
              "none");
    one = only(R"({"Type":"text"})");
    EXPECT_EQ(difference(one.at("TextTemplate"), json::parse(R"({"FontType":"simkai.ttf",
        "FontSize":"24px","FontColor":"0x00FF10","FontAlpha":0.5})")),
              "");
    EXPECT_EQ(one.at("CoordinateOrigin"), "TopLeft");
    EXPECT_EQ(only(R"({"Definitions":[1000001,5]})").at("Name"), "mine");
    EXPECT_EQ(only(R"({"Type":"image"})").at("Name"), "mine");
    EXPECT_EQ(call("DescribeWatermarkTemplates", std::string(R"({"Type":"svg"})")).at("TotalCount"),
              0);
    EXPECT_EQ(code("DescribeWatermarkTemplates", R"({"Type":"Custom"})"),
              "InvalidParameterValue.Type");
    EXPECT_EQ(code("DescribeWatermarkTemplates", R"({"Limit":101})"),
              "InvalidParameterValue.Limit");
}

TEST_F(WatermarkActionsTest, AreChangedInWhatIsGiven) {
    create_image({{"Width", "20%"}}, {{"Name", "old"}});
    const json::value before = only().at("ImageTemplate").at("ImageUrl");
    clock_.advance(std::chrono::seconds(1));
    EXPECT_EQ(call("ModifyWatermarkTemplate",
                   std::string(R"({"Definition":1000001,"Name":"new","CoordinateOrigin":"TopRight",
                                   "ImageTemplate":{"Transparency":100}})"))
                  .at("ImageUrl"),
              "");
    json::object one = only();
    EXPECT_EQ(one.at("Name"), "new");
    EXPECT_EQ(one.at("CoordinateOrigin"), "TopRight");
    EXPECT_EQ(one.at("ImageTemplate").at("Width"), "20%");
    EXPECT_EQ(one.at("ImageTemplate").at("Transparency"), 100);
    EXPECT_EQ(one.at("ImageTemplate").at("ImageUrl"), before);
    EXPECT_EQ(one.at("CreateTime"), "2026-03-02T08:00:00Z");
    EXPECT_EQ(one.at("UpdateTime"), "2026-03-02T08:00:01Z");

    const json::value body = {{"Definition", 1000001},
                              {"ImageTemplate", {{"ImageContent", base64(other_png)}}}};
    const json::object changed = call("ModifyWatermarkTemplate", body);
    EXPECT_NE(changed.at("ImageUrl"), before);
    EXPECT_EQ(only().at("ImageTemplate").at("ImageUrl"), changed.at("ImageUrl"));
    EXPECT_EQ(pictures(), 1u);  // The old one is gone.

    EXPECT_EQ(code("ModifyWatermarkTemplate",
                   R"({"Definition":1000001,"TextTemplate":{"FontSize":"9px"}})"),
              "InvalidParameterValue");
    EXPECT_EQ(code("ModifyWatermarkTemplate", R"({"Definition":5,"Name":"x"})"),
              "ResourceNotFound.TemplateNotExist");
    EXPECT_EQ(code("ModifyWatermarkTemplate", R"({"Name":"x"})"), "MissingParameter");
}

TEST_F(WatermarkActionsTest, OfDrawingsHaveSidesInSixUnits) {
    const auto create = [this](const std::string& sides) {
        return code("CreateWatermarkTemplate", R"({"Type":"svg","SvgTemplate":)" + sides + "}");
    };
    ASSERT_EQ(
        code("CreateWatermarkTemplate", R"({"Type":"svg","TextTemplate":{"FontSize":"9px"}})"),
        "none");
    json::object one = only(R"({"Type":"svg"})");
    EXPECT_EQ(difference(one.at("SvgTemplate"), json::parse(R"({"Width":"10W%","Height":"0px"})")),
              "");
    EXPECT_TRUE(one.at("ImageTemplate").is_null());
    EXPECT_TRUE(one.at("TextTemplate").is_null());
    for (const char* side : {"0px", "4096px", "12.5W%", "100H%", "1S%", "0.5L%", "7%"}) {
        const std::string sides = fmt::format(R"({{"Height":"{}"}})", side);
        ASSERT_EQ(code("ModifyWatermarkTemplate",
                       R"({"Definition":1000001,"SvgTemplate":)" + sides + "}"),
                  "none")
            << side;
        one = only();
        EXPECT_EQ(one.at("SvgTemplate").at("Height"), side);
        EXPECT_EQ(one.at("SvgTemplate").at("Width"), "10W%");
    }
    EXPECT_EQ(code("ModifyWatermarkTemplate",
                   R"({"Definition":1000001,"SvgTemplate":{"CycleConfig":{"StartTime":1}}})"),
              "FailedOperation");
    for (const char* side :
         {"10", "px", "-1px", "1.5px", "4097px", "101%", "101L%", "nanS%", "1P%"}) {
        EXPECT_EQ(create(fmt::format(R"({{"Width":"{}"}})", side)), "InvalidParameterValue.Width");
        EXPECT_EQ(create(fmt::format(R"({{"Height":"{}"}})", side)),
                  "InvalidParameterValue.Height");
    }
    ASSERT_EQ(create_text(R"({"FontSize":"9px"})"), "none");
    EXPECT_EQ(
        code("ModifyWatermarkTemplate", R"({"Definition":1000002,"SvgTemplate":{"Width":"9px"}})"),
        "InvalidParameterValue");
}

TEST_F(WatermarkActionsTest, KeepADrawingAsAFileBesideWhatNamesIt) {
    const auto transcodes = [this](const std::string& marks) {
        return process(R"({"TranscodeTaskSet":[{"Definition":10,"WatermarkSet":[)" + marks +
                       R"(]},{"Definition":20,"WatermarkSet":[)" + marks + "]}]}");
    };
    const auto mark = [](std::string_view content) {
        return json::serialize(json::value{{"Definition", 1}, {"SvgContent", content}});
    };
    ASSERT_EQ(transcodes(mark("<svg/>") + "," + mark("<svg></svg>")), "none");
    EXPECT_EQ(pictures(), 2u);  // Each once.
    const std::vector<model::Work>& works = tasks_.created->works;
    const auto& first = std::get<model::TranscodeWork>(works[0]).watermarks;
    const auto& second = std::get<model::TranscodeWork>(works[1]).watermarks;
    EXPECT_EQ(first, second);
    EXPECT_EQ(first[0].drawing, media::drawing_of(model::default_application, "<svg/>").path);
    EXPECT_EQ(media::fakes::read_file(folder_.path() + "/" + first[1].drawing), "<svg></svg>");

    EXPECT_EQ(transcodes(mark("<html/>")), "InvalidParameterValue");
    EXPECT_EQ(transcodes(mark("<svg><image href='/etc/passwd'/></svg>")), "InvalidParameterValue");
    // Characters, not bytes.
    const auto of_length = [&](std::size_t count) {
        std::string content = "<svg>";
        for (std::size_t i = content.size() + 6; i < count; ++i)
            content += "\xc3\xa9";
        return transcodes(mark(content + "</svg>"));
    };
    EXPECT_EQ(of_length(2'000'000), "none");
    EXPECT_EQ(of_length(2'000'001), "InvalidParameterValue");
    EXPECT_EQ(pictures(), 3u);

    const auto snapshots = [&](int count) {
        std::string steps;
        for (int i = 0; i < count; ++i)
            steps += (i > 0 ? "," : "") + fmt::format(R"({{"Definition":10,"WatermarkSet":[{}]}})",
                                                      mark(fmt::format("<svg><!--{}--></svg>", i)));
        return code("CreateProcedureTemplate",
                    fmt::format(R"({{"Name":"p{}","MediaProcessTask":{{"SampleSnapshotTaskSet":)"
                                R"([{}]}}}})",
                                count, steps));
    };
    EXPECT_EQ(snapshots(20), "none");
    EXPECT_EQ(snapshots(21), "InvalidParameter");
    EXPECT_EQ(pictures(), 23u);
}

TEST_F(WatermarkActionsTest, AreDeletedWithTheirPictures) {
    create_image();
    EXPECT_EQ(code("DeleteWatermarkTemplate", R"({"Definition":1000001})"), "none");
    EXPECT_EQ(pictures(), 0u);
    EXPECT_EQ(call("DescribeWatermarkTemplates").at("TotalCount"), 0);
    EXPECT_EQ(code("DeleteWatermarkTemplate", R"({"Definition":1000001})"),
              "ResourceNotFound.TemplateNotExist");
    EXPECT_EQ(create_image().at("Definition"), 1000002);  // No number comes again.
}

TEST_F(WatermarkActionsTest, RefuseByTheParameterThatIsWrong) {
    const auto image = [this](json::object of, json::object more = {}) {
        return code_of(create_image(std::move(of), std::move(more)));
    };
    const std::string base = "InvalidParameterValue.";
    EXPECT_EQ(image({{"Width", "0%"}}), base + "Width");
    EXPECT_EQ(image({{"Width", "7px"}}), base + "Width");
    EXPECT_EQ(image({{"Width", "4097px"}}), base + "Width");
    EXPECT_EQ(image({{"Height", "7px"}}), base + "Height");
    EXPECT_EQ(image({{"Height", "x"}}), base + "Height");
    EXPECT_EQ(image({{"RepeatType", "twice"}}), base + "RepeatType");
    EXPECT_EQ(image({{"Transparency", 101}}), base + "ImageTemplate");
    EXPECT_EQ(image({{"ImageContent", "bm8gcGljdHVyZQ=="}}), base + "ImageContent");
    EXPECT_EQ(image({{"ImageContent", "%"}}), base + "ImageContent");
    EXPECT_EQ(image({{"ImageContent", base64(png + std::string(1 << 20, 'x'))}}),
              base + "ImageContent");
    EXPECT_EQ(image({}, {{"XPos", "1.5px"}}), base + "XPos");
    EXPECT_EQ(image({}, {{"YPos", "101%"}}), base + "YPos");
    EXPECT_EQ(image({}, {{"CoordinateOrigin", "Center"}}), base + "CoordinateOrigin");
    EXPECT_EQ(image({}, {{"Name", std::string(65, 'x')}}), base + "Name");
    EXPECT_EQ(image({}, {{"Type", "video"}}), base + "Type");
    EXPECT_EQ(image({}, {{"Type", "text"}}), base + "TextTemplate");
    EXPECT_EQ(code("CreateWatermarkTemplate", R"({"Type":"image"})"), base + "ImageTemplate");
    for (const char* text :
         {"{}", R"({"FontSize":"24"})", R"({"FontSize":"0px"})", R"({"FontSize":"513px"})",
          R"({"FontSize":"9px","FontType":"comic.ttf"})", R"({"FontSize":"9px","FontColor":"red"})",
          R"({"FontSize":"9px","FontColor":"0x12345"})",
          R"({"FontSize":"9px","FontColor":"0x12345g"})"})
        EXPECT_EQ(create_text(text), base + "TextTemplate") << text;
    EXPECT_EQ(create_text(R"({"FontSize":"9px","FontAlpha":0})"), base + "TextAlpha");
    EXPECT_EQ(create_text(R"({"FontSize":"9px","FontAlpha":1.1})"), base + "TextAlpha");
    EXPECT_EQ(pictures(), 0u);
    EXPECT_EQ(call("DescribeWatermarkTemplates").at("TotalCount"), 0);
}

TEST_F(WatermarkActionsTest, AreLimitedInNumber) {
    for (std::size_t i = 0; i < media::watermark_templates_max; ++i)
        ASSERT_EQ(code_of(create_image()), "none");
    EXPECT_EQ(code_of(create_image()), "LimitExceeded.TooMuchTemplate");
    EXPECT_EQ(pictures(), media::watermark_templates_max);
}

TEST_F(WatermarkActionsTest, AreNamedByEveryStepThatMayHaveThem) {
    ASSERT_EQ(process(R"({
        "TranscodeTaskSet":[{"Definition":10,"WatermarkSet":[{"Definition":1000001,
            "TextContent":"© 2026 'x':%{pts}","StartTimeOffset":1,"EndTimeOffset":-1}]}],
        "SnapshotByTimeOffsetTaskSet":[{"Definition":10,"ExtTimeOffsetSet":["1s"],
            "WatermarkSet":[{"Definition":2}]}],
        "SampleSnapshotTaskSet":[{"Definition":10,"WatermarkSet":[{"Definition":3}]}],
        "CoverBySnapshotTaskSet":[{"Definition":10,"PositionType":"Time","PositionValue":0,
            "WatermarkSet":[{"Definition":4}]}],
        "AdaptiveDynamicStreamingTaskSet":[{"Definition":10,"WatermarkSet":[{"Definition":5}]}]})"),
              "none");
    const std::vector<model::Work>& works = tasks_.created->works;
    const model::Watermark wanted{1000001, "© 2026 'x':%{pts}", 1, -1, ""};
    EXPECT_EQ(std::get<model::TranscodeWork>(works[0]).watermarks.at(0), wanted);
    EXPECT_EQ(std::get<model::SnapshotWork>(works[1]).watermarks.at(0).definition, 2u);
    EXPECT_EQ(std::get<model::SampleWork>(works[2]).watermarks.at(0).definition, 3u);
    EXPECT_EQ(std::get<model::CoverWork>(works[3]).watermarks.at(0).definition, 4u);
    EXPECT_EQ(std::get<model::AdaptiveWork>(works[4]).watermarks.at(0).definition, 5u);
}

TEST_F(WatermarkActionsTest, OfAStepAreCheckedAndKeptInProcedures) {
    const auto transcode = [this](const std::string& marks) {
        return process(R"({"TranscodeTaskSet":[{"Definition":10,"WatermarkSet":[)" + marks +
                       "]}]}");
    };
    EXPECT_EQ(transcode(R"({"Definition":1,"TextContent":"a\nb"})"), "InvalidParameterValue");
    EXPECT_EQ(transcode(R"({"Definition":1,"TextContent":")" + std::string(101, 'x') + R"("})"),
              "InvalidParameterValue");
    EXPECT_EQ(transcode(R"({"Definition":1,"StartTimeOffset":2,"EndTimeOffset":1})"),
              "InvalidParameterValue");
    EXPECT_EQ(transcode(R"({"TextContent":"x"})"), "MissingParameter");
    std::string many = R"({"Definition":1})";
    for (int i = 1; i < 10; ++i)
        many += R"(,{"Definition":1})";
    EXPECT_EQ(transcode(many), "none");
    EXPECT_EQ(transcode(many + R"(,{"Definition":1})"), "InvalidParameterValue");

    const std::string mark = R"("WatermarkSet":[{"Definition":1000001,"TextContent":"t",
        "SvgContent":"","StartTimeOffset":0,"EndTimeOffset":0.5}])";
    const std::string body = R"({"Name":"flow","MediaProcessTask":{
        "TranscodeTaskSet":[{"Definition":10,)" +
                             mark + R"(}],
        "CoverBySnapshotTaskSet":[{"Definition":10,"PositionType":"Time","PositionValue":0,)" +
                             mark + "}]}}";
    ASSERT_EQ(code("CreateProcedureTemplate", body), "none");
    const json::object all =
        call("DescribeProcedureTemplates", std::string(R"({"Type":"Custom"})"));
    EXPECT_EQ(difference(all.at("ProcedureTemplateSet").at(0).at("MediaProcessTask"),
                         json::parse(body).at("MediaProcessTask")),
              "");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
