// EditMedia, ComposeMedia, and DescribeTaskDetail of both.
#include <fmt/format.h>

#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class EditActionsTest : public ApiTest {
 protected:
    // EditMedia of one file with these further members.
    std::string edit(const std::string& members) {
        return code("EditMedia",
                    R"({"InputType":"File","FileInfos":[{"FileId":"1"}],)" + members + "}");
    }
    // ComposeMedia of one track of this type with one item.
    std::string compose(const std::string& type, const std::string& item) {
        return code("ComposeMedia", fmt::format(R"({{"Tracks":[{{"Type":"{}","TrackItems":[{}]}}],)"
                                                R"("Output":{{"FileName":"x"}}}})",
                                                type, item));
    }
    std::string video(const std::string& members) {
        return compose("Video",
                       R"({"Type":"Video","VideoItem":{"SourceMedia":"1",)" + members + "}}");
    }
};

TEST_F(EditActionsTest, EditMediaAnswersAsTheFixture) {
    edits_.id = model::TaskId("1300000001-EditMedia-475b7237438a39560b9879a4556cb1c0t0");
    expect_fixture(call("EditMedia", fixture("EditMedia.request.json")), "EditMedia.response.json");
    ASSERT_TRUE(edits_.created);
    const model::EditRequest& request = *edits_.created;
    EXPECT_EQ(request.application, model::default_application);
    EXPECT_EQ(request.name, "joined");
    EXPECT_EQ(request.type, "mp4");
    EXPECT_EQ(request.expires, never);
    const auto& cut = std::get<model::Cut>(request.work);
    EXPECT_EQ(cut.definition, 10u);
    ASSERT_EQ(cut.pieces.size(), 2u);
    EXPECT_EQ(cut.pieces[1].file, model::FileId("5285890784273533167"));
    EXPECT_EQ(cut.pieces[1].end, 30);
}

TEST_F(EditActionsTest, EditMediaNamesWhatIsWrong) {
    EXPECT_EQ(code("EditMedia"), "MissingParameter");
    EXPECT_EQ(code("EditMedia", R"({"InputType":"File"})"), "InvalidParameterValue");
    EXPECT_EQ(code("EditMedia", R"({"InputType":"Tape"})"), "InvalidParameterValue");
    std::string many = R"({"FileId":"1"})";
    for (int i = 0; i < 500; ++i)
        many += R"(,{"FileId":"1"})";
    EXPECT_EQ(code("EditMedia", R"({"InputType":"File","FileInfos":[)" + many + "]}"),
              "InvalidParameterValue");
    const std::pair<const char*, const char*> cases[] = {
        {R"("OutputConfig":{"Type":"avi"})", "InvalidParameterValue"},
        {R"("OutputConfig":{"ExpireTime":"2020-01-01T00:00:00Z"})", "InvalidParameterValue"},
        {R"("OutputConfig":{"VideoStream":{"Codec":"av1"}})", "FailedOperation"},
        {R"("OutputConfig":{"VideoStream":{"Width":9000}})", "InvalidParameterValue"},
        {R"("OutputConfig":{"TEHDConfig":{"Type":"TEHD-100"}})", "FailedOperation"},
        {R"("TasksPriority":11)", "InvalidParameterValue"},
    };
    for (const auto& [members, wanted] : cases)
        EXPECT_EQ(edit(members), wanted) << members;
    EXPECT_EQ(edit(fmt::format(R"("SessionId":"{}")", std::string(51, 's'))),
              "InvalidParameterValue.SessionIdTooLong");
    EXPECT_EQ(edit(fmt::format(R"("SessionContext":"{}")", std::string(1001, 's'))),
              "InvalidParameterValue.SessionContextTooLong");
    EXPECT_EQ(edit(fmt::format(R"("OutputConfig":{{"MediaName":"{}"}})", std::string(65, 'n'))),
              "InvalidParameterValue");
    for (const char* character : {"\\u0000", "\\n", "\\u0085"}) {
        const std::string name = fmt::format("a{}b", character);
        EXPECT_EQ(edit(fmt::format(R"("OutputConfig":{{"MediaName":"{}"}})", name)),
                  "InvalidParameterValue");
        EXPECT_EQ(code("ComposeMedia",
                       fmt::format(R"({{"Tracks":[{{"Type":"Video","TrackItems":[{{"Type":"Empty",)"
                                   R"("EmptyItem":{{"Duration":1}}}}]}}],)"
                                   R"("Output":{{"FileName":"{}"}}}})",
                                   name)),
                  "InvalidParameter");
    }
    EXPECT_FALSE(edits_.created);
    edits_.id = fail(Code::not_found, "1");
    EXPECT_EQ(edit(R"("Definition":10)"), "ResourceNotFound");
    edits_.id = fail(Code::conflict, "used");
    EXPECT_EQ(edit(R"("SessionId":"again")"), "InvalidParameterValue.SessionId");
}

TEST_F(EditActionsTest, EditMediaSaysThatThereAreNoRecordedStreams) {
    EXPECT_EQ(code("EditMedia", json::serialize(fixture("EditMedia.stream.request.json"))),
              "FailedOperation");
    EXPECT_FALSE(edits_.created);
}

TEST_F(EditActionsTest, ComposeMediaAnswersAsTheFixture) {
    edits_.id = model::TaskId("1300000001-ComposeMedia-475b7237438a39560b9879a4556cb1c2t0");
    expect_fixture(call("ComposeMedia", fixture("ComposeMedia.request.json")),
                   "ComposeMedia.response.json");
    ASSERT_TRUE(edits_.created);
    const auto& work = std::get<model::Composition>(edits_.created->work);
    ASSERT_EQ(work.tracks.size(), 1u);
    const auto& item = std::get<model::VideoItem>(work.tracks[0].items.at(0));
    EXPECT_EQ(item.start, 2);
    EXPECT_EQ(item.duration, 20);
}

TEST_F(EditActionsTest, ComposeMediaReadsPlacesAndOperations) {
    EXPECT_EQ(video(R"("XPos":"10%","YPos":"-5px","Width":"50%","ImageOperations":)"
                    R"([{"Type":"Rotate","RotateAngle":90},{"Type":"Flip","Flip":"Horizental"}],)"
                    R"("AudioOperations":[{"Type":"Volume","VolumeParam":{"Mute":1}}])"),
              "none");
    ASSERT_TRUE(edits_.created);
    const auto& work = std::get<model::Composition>(edits_.created->work);
    const auto& item = std::get<model::VideoItem>(work.tracks[0].items.at(0));
    EXPECT_EQ(item.placement.x.unit, model::Length::Unit::percent);
    EXPECT_EQ(item.placement.y.value, -5);
    EXPECT_EQ(item.placement.height.unit, model::Length::Unit::unset);
    ASSERT_EQ(item.images.size(), 2u);
    EXPECT_EQ(item.images[0].angle, 90);
    ASSERT_EQ(item.volumes.size(), 1u);
    EXPECT_TRUE(item.volumes[0].is_mute);
}

TEST_F(EditActionsTest, ComposeMediaNamesWhatIsWrong) {
    EXPECT_EQ(code("ComposeMedia"), "MissingParameter");
    EXPECT_EQ(code("ComposeMedia", R"({"Tracks":[],"Output":{"FileName":"x"}})"),
              "InvalidParameter");
    EXPECT_EQ(video(R"("Duration":-1)"), "InvalidParameterValue.ClipDuration");
    EXPECT_EQ(video(R"("Duration":1e9)"), "InvalidParameterValue.ClipDuration");
    EXPECT_EQ(video(R"("XPos":"10")"), "InvalidParameter");
    EXPECT_EQ(video(R"("XPos":"1;[v]px")"), "InvalidParameter");
    EXPECT_EQ(video(R"("Width":"-1px")"), "InvalidParameter");
    EXPECT_EQ(video(R"("CoordinateOrigin":"Top")"), "InvalidParameter");
    EXPECT_EQ(video(R"("ImageOperations":[{"Type":"Blur"}])"), "InvalidParameter");
    EXPECT_EQ(compose("Video", R"({"Type":"Video","VideoItem":{"SourceMedia":"http://a/b"}})"),
              "FailedOperation");
    EXPECT_EQ(compose("Video", R"({"Type":"Audio","AudioItem":{"SourceMedia":"1"}})"),
              "InvalidParameter");
    EXPECT_EQ(compose("Video", R"({"Type":"Video"})"), "InvalidParameter");
    EXPECT_EQ(compose("Noise", R"({"Type":"Empty","EmptyItem":{"Duration":1}})"),
              "InvalidParameter");
    EXPECT_EQ(compose("Video", R"({"Type":"Transition","TransitionItem":{"Duration":1,)"
                               R"("MediaTransitions":[{"Type":"Heart"}]}})"),
              "FailedOperation");
    EXPECT_FALSE(edits_.created);
}

TEST_F(EditActionsTest, DescribeTaskDetailShowsACutAsTheFixture) {
    model::Edit edit;
    edit.id = model::TaskId("1300000001-EditMedia-475b7237438a39560b9879a4556cb1c0t0");
    model::Cut cut;
    cut.pieces = {{model::FileId("3701925921299637010"), 0, 30},
                  {model::FileId("5285890784273533167"), 0, 30}};
    edit.request.work = std::move(cut);
    edit.request.name = "joined";
    edit.status = model::TaskStatus::finish;
    edit.file = model::FileId("3701925921300221904");
    edit.message = "SUCCESS";
    edit.progress = 100;
    edit.created = at("2026-03-02T08:11:00Z");
    edit.begun = at("2026-03-02T08:11:02Z");
    edit.finished = at("2026-03-02T08:11:40Z");
    edits_.edit = edit;
    model::Asset asset = fixture_asset();
    asset.id = edit.file;
    asset.path = "c643347c3701925921300221904/playlist.f9.mp4";
    library_.assets[asset.id.text()] = asset;
    const json::object body = {{"TaskId", edit.id.text()}};
    expect_fixture(call("DescribeTaskDetail", json::value(body)),
                   "DescribeTaskDetail.EditMedia.response.json");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
