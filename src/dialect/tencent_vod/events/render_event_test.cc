#include "dialect/tencent_vod/events/render_event.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "dialect/tencent_vod/events/fixtures_test.h"
#include "dialect/tencent_vod/events/media_json.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

const schema::Object& event_content() {
    return *schema::find_object("EventContent");
}

void expect_fixture(const model::Event& event, const json::value& wanted) {
    const json::value rendered = json::parse(stored_for_callback(event, fixture_urls()));
    EXPECT_EQ(difference(rendered, wanted), "");
    EXPECT_EQ(misfit(rendered, event_content()), "");
}

json::value pulled(const model::Event& event, std::uint64_t handle) {
    store::Lease lease;
    lease.handle = store::Handle(handle);
    lease.type = type(event);
    lease.body = std::make_shared<const std::string>(stored_for_pull(event, fixture_urls()));
    std::string text;
    append_pulled(text, lease);
    return json::parse(text);
}

TEST(RenderEvent, TellsOfAnUploadAsTheFixture) {
    expect_fixture(fixture_upload_event(), fixture("event.NewFileUpload.json"));
}

TEST(RenderEvent, TellsOfATaskAsTheFixture) {
    expect_fixture(fixture_task_event(), fixture("event.ProcedureStateChanged.json"));
}

TEST(RenderEvent, TellsOfAPullAsTheFixture) {
    model::Pull pull;
    pull.id = model::TaskId("1300000001-Pull-475b7237438a39560b9879a4556cb194t0");
    pull.request.session_id = "pull-0001";
    pull.request.session_context = "sess-ctx";
    pull.status = model::TaskStatus::finish;
    pull.file = model::FileId("14508071098244959037");
    pull.message = "SUCCESS";
    pull.progress = 100;
    model::Asset asset = fixture_asset();
    asset.id = pull.file;
    asset.name = "pulled clip";
    asset.path = "c643347c14508071098244959037/f0.mp4";
    asset.source_context = "order-42";
    expect_fixture(model::make_event(model::default_application, {},
                                     model::MediaPulled{pull, std::move(asset)}),
                   fixture("event.PullComplete.json"));
}

TEST(RenderEvent, TellsOfAFailedPullAsTheFixture) {
    model::Pull pull;
    pull.id = model::TaskId("1300000001-Pull-475b7237438a39560b9879a4556cb195t0");
    pull.status = model::TaskStatus::finish;
    pull.file = model::FileId("14508071098244959037");
    pull.failure = model::Failure::download_not_accessible;
    pull.message = "Source file error: download failed";
    pull.progress = 100;
    expect_fixture(
        model::make_event(model::default_application, {}, model::MediaPulled{pull, std::nullopt}),
        fixture("event.PullComplete.fail.json"));
}

model::Edit fixture_edit(model::EditWork work, std::string_view id, std::string_view name) {
    model::Edit edit;
    edit.id = model::TaskId(std::string(id));
    edit.request.work = std::move(work);
    edit.request.name = name;
    edit.status = model::TaskStatus::finish;
    edit.file = model::FileId("3701925921300221904");
    edit.message = "SUCCESS";
    edit.progress = 100;
    return edit;
}

TEST(RenderEvent, TellsOfACutAsTheFixture) {
    model::Cut cut;
    cut.pieces = {{model::FileId("3701925921299637010"), 0, 30},
                  {model::FileId("5285890784273533167"), 0, 30}};
    model::Asset asset = fixture_asset();
    asset.path = "c643347c3701925921300221904/playlist.f9.mp4";
    const model::Edit edit = fixture_edit(
        std::move(cut), "1300000001-EditMedia-475b7237438a39560b9879a4556cb1c0t0", "joined");
    expect_fixture(
        model::make_event(model::default_application, {}, model::MediaEdited{edit, asset}),
        fixture("event.EditMediaComplete.json"));
}

TEST(RenderEvent, TellsOfACompositionAsTheFixture) {
    model::VideoItem item;
    item.file = model::FileId("3701925921299637010");
    item.start = 2;
    item.duration = 20;
    model::Composition work;
    work.tracks = {{model::Track::Type::video, {item}}};
    model::Asset asset = fixture_asset();
    asset.path = "c643347c3701925921300221904/f0.mp4";
    const model::Edit edit = fixture_edit(
        std::move(work), "1300000001-ComposeMedia-475b7237438a39560b9879a4556cb1c2t0", "composed");
    expect_fixture(
        model::make_event(model::default_application, {}, model::MediaComposed{edit, asset}),
        fixture("event.ComposeMediaComplete.json"));
}

TEST(RenderEvent, TellsOfAFailedCutWithItsCodeAndNoFile) {
    model::Edit edit = fixture_edit(model::Cut{}, "1300000001-EditMedia-1t0", "joined");
    edit.failure = model::Failure::invalid_time_offset;
    edit.message = "Invalid input: the time is outside of the video";
    const json::value event = json::parse(stored_for_callback(
        model::make_event(model::default_application, {}, model::MediaEdited{edit, std::nullopt}),
        fixture_urls()));
    EXPECT_EQ(misfit(event, event_content()), "");
    const json::value& task = event.at("EditMediaCompleteEvent");
    EXPECT_EQ(task.at("Status"), "FINISH");
    EXPECT_EQ(task.at("ErrCode"), 40000);
    EXPECT_EQ(task.at("ErrCodeExt"), "InvalidInput.InvalidTimeOffset");
    EXPECT_EQ(task.at("Output").at("FileId"), "");
    EXPECT_FALSE(task.as_object().contains("MetaData"));
}

TEST(RenderEvent, TellsOfADeletionAsTheFixture) {
    const model::FileId file("5285890784273533167");
    json::value wanted = fixture("event.FileDeleted.json");
    expect_fixture(model::make_event(model::default_application, {}, model::MediaDeleted{file, {}}),
                   wanted);
    wanted.at("FileDeleteEvent").at("FileDeleteResultInfo").at(0).as_object()["DeleteParts"] =
        json::array{json::object{{"Type", "TranscodeFiles"}, {"Definition", 230}}};
    expect_fixture(
        model::make_event(model::default_application, {},
                          model::MediaDeleted{file, {{model::PartKind::transcodes, 230}}}),
        wanted);
}

TEST(RenderEvent, TellsOfAFailedStepAsTheFixture) {
    model::Task task = fixture_task();
    task.steps = {fixture_transcode()};
    task.steps[0].status = model::StepStatus::fail;
    task.steps[0].failure = model::Failure::content_malformed;
    task.steps[0].message = "Source file error: content malformed";
    expect_fixture(fixture_task_event(task),
                   fixture("event.ProcedureStateChanged.transcode-fail.json"));
}

TEST(RenderEvent, TellsOfAStepThatHasNotBegunAsTheFixture) {
    model::Task task = fixture_task();
    task.status = model::TaskStatus::processing;
    task.notify = model::NotifyMode::change;
    task.steps[1] = model::Step{};
    task.steps[1].work = model::CoverWork{.definition = 10, .position = {}, .output = {}};
    expect_fixture(fixture_task_event(task),
                   fixture("event.ProcedureStateChanged.change-mode.json"));
}

TEST(RenderEvent, TellsOfPicturesAsTheFixture) {
    const json::value wanted = fixture("event.ProcedureStateChanged.images.json");
    model::Rendition rendition = fixture_rendition();
    rendition.definition = 100020;
    rendition.path = fixture_folder + "v.f100020.mp4";
    rendition.metadata.bitrate = 1048491;
    rendition.metadata.width = 720;
    rendition.metadata.height = 540;
    rendition.metadata.video = {{1000000, 720, 540, "h264", 24, "", ""}};
    const model::SnapshotWork snapshot{
        10,
        {"0s", "50%"},
        {},
        model::PictureSet{10,
                          {{0, fixture_folder + "snapshotByTimeOffset_10_0.jpg"},
                           {30000, fixture_folder + "snapshotByTimeOffset_10_1.jpg"}}}};
    const model::SampleWork sample{
        10, model::PictureSet{10,
                              {{0, fixture_folder + "sampleSnapshot_10_0.jpg"},
                               {1, fixture_folder + "sampleSnapshot_10_1.jpg"},
                               {2, fixture_folder + "sampleSnapshot_10_2.jpg"}}}};
    const model::SpriteWork sprite{10, model::Sprite{10,
                                                     142,
                                                     80,
                                                     6,
                                                     {fixture_folder + "imageSprite_10_0.jpg"},
                                                     fixture_folder + "imageSprite_10.vtt"}};
    model::Task task = fixture_task();
    task.steps = {succeeded(model::TranscodeWork{.definition = 100020, .output = rendition},
                            "2026-03-02T08:11:40Z"),
                  succeeded(sprite, "2026-03-02T08:11:05Z"),
                  succeeded(snapshot, "2026-03-02T08:11:05Z"),
                  succeeded(sample, "2026-03-02T08:11:05Z")};
    expect_fixture(fixture_task_event(task), wanted);
}

TEST(RenderEvent, TellsTheSizeOfATurnedCopyAsItIsShown) {
    model::Rendition copy = fixture_rendition();
    copy.metadata.rotate = 270;
    const json::object item = transcode_item(copy, fixture_urls());
    EXPECT_EQ(item.at("Width"), 240);
    EXPECT_EQ(item.at("Height"), 320);
    EXPECT_EQ(item.at("VideoStreamSet").at(0).at("Width"), 240);
    EXPECT_EQ(item.at("VideoStreamSet").at(0).at("Height"), 320);
    // Which says beside it how it is turned.
    EXPECT_EQ(meta_data(copy.metadata).at("Width"), 320);
}

// No fixture has one: held to the types.
TEST(RenderEvent, TellsOfAnAdaptiveStreamInTheTypesOfTheApi) {
    const model::AdaptiveWork work{20,
                                   model::AdaptiveStream{20,
                                                         model::Package::dash,
                                                         fixture_folder + "adp.20/adp.20.mpd",
                                                         1000,
                                                         {{model::StreamKind::video, 426, 240, 600},
                                                          {model::StreamKind::audio, 0, 0, 300}}}};
    model::Task task = fixture_task();
    task.steps = {succeeded(work, "2026-03-02T08:11:40Z")};
    const json::value event =
        json::parse(stored_for_callback(fixture_task_event(task), fixture_urls()));
    EXPECT_EQ(misfit(event, event_content()), "");
    const json::value& result =
        event.at("ProcedureStateChangeEvent").at("MediaProcessResultSet").at(0);
    EXPECT_EQ(result.at("Type"), "AdaptiveDynamicStreaming");
    const json::value& step = result.at("AdaptiveDynamicStreamingTask");
    EXPECT_EQ(step.at("Input").at("Definition"), 20);
    const json::value wanted = json::parse(R"({"Definition":20,"Package":"DASH","DrmType":"",
        "Url":"","Size":1000,"DigitalWatermarkType":"None","SubStreamSet":[
        {"Type":"video","Width":426,"Height":240,"Size":600},
        {"Type":"audio","Width":0,"Height":0,"Size":300}],
        "CopyRightWatermarkText":"","SubtitleSet":[],"DefaultSubtitleId":""})");
    json::value output = step.at("Output");
    EXPECT_TRUE(std::string_view(output.at("Url").as_string()).ends_with("/adp.20/adp.20.mpd"));
    output.at("Url") = "";
    EXPECT_EQ(difference(output, wanted), "");
    model::AdaptiveStream encrypted = *work.output;
    encrypted.protection = model::Protection::simple_aes;
    EXPECT_EQ(adaptive_item(encrypted, fixture_urls()).at("DrmType"), "SimpleAES");
}

TEST(RenderEvent, IsPulledWithItsHandleAndAllNulls) {
    const json::value wanted = fixture("PullEvents.response.json").at("Response").at("EventSet");
    const json::value upload = pulled(fixture_upload_event(), 8078360634045903972u);
    const json::value task = pulled(fixture_task_event(), 8078360634045903973u);
    EXPECT_EQ(difference(upload, wanted.at(0)), "");
    EXPECT_EQ(difference(task, wanted.at(1)), "");
    EXPECT_EQ(misfit(upload, event_content()), "");
    EXPECT_EQ(misfit(task, event_content()), "");
}

TEST(RenderEvent, ShowsMissingMetadataAsNullOnlyWhenPulled) {
    model::Event event = fixture_upload_event();
    std::get<model::FileUploaded>(event.payload).asset.metadata.reset();
    const json::value pushed = json::parse(stored_for_callback(event, fixture_urls()));
    EXPECT_FALSE(pushed.at("FileUploadEvent").as_object().contains("MetaData"));
    EXPECT_TRUE(pulled(event, 1).at("FileUploadEvent").at("MetaData").is_null());
}

TEST(RenderEvent, SignsACallbackAsTheFixture) {
    const json::value wanted = fixture("event.NewFileUpload.signed.json");
    const TimePoint now = from_unix_seconds(wanted.at("T").as_int64()) - callback_validity;
    const std::string stored = stored_for_callback(fixture_upload_event(), fixture_urls());
    const std::string body = callback_body(stored, "abcDEF0123456789abcDEF0123456789", now);
    EXPECT_EQ(difference(json::parse(body), wanted), "");
    EXPECT_TRUE(json::parse(body).at("T").is_int64());
    EXPECT_EQ(callback_body(stored, "", now), stored);
}

TEST(RenderEvent, SignsEachAttemptAnew) {
    const TimePoint now = from_unix_seconds(1772439000);
    EXPECT_NE(callback_body("{\"A\":1}", "key", now),
              callback_body("{\"A\":1}", "key", now + std::chrono::seconds(1)));
}

TEST(RenderEvent, KeepsTextsOfStrangersInsideTheirQuotes) {
    model::Event event = fixture_upload_event();
    auto& asset = std::get<model::FileUploaded>(event.payload).asset;
    asset.name = "\"},\n\\ \x01 视频 </script>";
    asset.source_context = "a\"b";
    const json::value rendered = json::parse(stored_for_callback(event, fixture_urls()));
    const json::value& info = rendered.at("FileUploadEvent").at("MediaBasicInfo");
    EXPECT_EQ(info.at("Name").as_string(), asset.name);
    EXPECT_EQ(info.at("SourceInfo").at("SourceContext").as_string(), "a\"b");
}

TEST(RenderEvent, HasTheScheduleOfTheNormalCallback) {
    EXPECT_EQ(schedule().timeout, Duration(5000));
    EXPECT_EQ(schedule().delays, (std::vector<Duration>{Duration(1000), Duration(3000)}));
    EXPECT_EQ(schedule().success, model::Success::any_answer);
}

TEST(JsonText, WritesPlainNumbers) {
    const std::pair<json::value, std::string_view> cases[] = {
        {60.0, "60"},
        {0.0, "0"},
        {59.990001678467, "59.990001678467"},
        {-0.5, "-0.5"},
        {60, "60"},
        {18446744073709551615u, "18446744073709551615"},
        {-5, "-5"},
        {1e20, "100000000000000000000.0"},
        {nullptr, "null"},
        {true, "true"},
        {json::array{1, 2.5, "x"}, "[1,2.5,\"x\"]"},
        {json::object{}, "{}"},
        {1e14, "100000000000000"}};
    for (const auto& [value, text] : cases)
        EXPECT_EQ(write_json(value), text);
    EXPECT_EQ(write_members({{"A", 1}, {"B", json::array()}}), "\"A\":1,\"B\":[]");
    EXPECT_EQ(write_members({}), "");
    EXPECT_EQ(write_json("a\"\\\n\x01\x7f视"), "\"a\\\"\\\\\\n\\u0001\x7f视\"");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
