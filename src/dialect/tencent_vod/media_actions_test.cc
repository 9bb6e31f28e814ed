// The actions around files: upload, process, describe.
#include <fmt/format.h>

#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class MediaActionsTest : public ApiTest {
 protected:
    MediaActionsTest() {
        model::Asset asset = fixture_asset();
        asset.cover = fixture_folder + "coverBySnapshot_10_0.jpg";
        // In the fixture the original has the figures of the rendition.
        model::Rendition original = fixture_rendition();
        original.definition = 0;
        original.path = asset.path;
        original.metadata.width = 640;
        original.metadata.height = 480;
        asset.renditions = {original, fixture_rendition()};
        library_.assets[asset.id.text()] = asset;

        media::Upload upload;
        upload.id = model::UploadId("3KEGq9DWHl1xF819mM4jVFkGn5WON80NwN_invented");
        upload.bucket = "d0428870vodtransgzp-1300000001";
        upload.media_key = "c643347c3701925921299637010/f0.mp4";
        upload.cover_key = "c643347c3701925921299637010/3701925921299637010.jpg";
        upload.keys = {"AKIDtmpEXAMPLE", "tmpSecretKeyEXAMPLE"};
        upload.token = "tmpTokenEXAMPLE";
        upload.keys_expire = from_unix_seconds(1772460600);
        uploads_.upload = upload;
        uploads_.asset = asset;
        uploads_.asset->cover = upload.cover_key;
    }

    model::Asset& asset() { return library_.assets.begin()->second; }

    // ProcessMedia of the fixture's file with these further members.
    std::string process(const std::string& members) {
        return code("ProcessMedia", R"({"FileId":"3701925921299637010",)" + members + "}");
    }
};

constexpr const char* one_transcode =
    R"("MediaProcessTask":{"TranscodeTaskSet":[{"Definition":10}]})";

TEST_F(MediaActionsTest, ApplyUploadAnswersAsTheFixture) {
    expect_fixture(call("ApplyUpload", fixture("ApplyUpload.request.json")),
                   "ApplyUpload.response.json");
    ASSERT_TRUE(uploads_.applied);
    const media::UploadRequest& request = *uploads_.applied;
    EXPECT_EQ(request.application, model::default_application);
    EXPECT_EQ(request.type, "mp4");
    EXPECT_EQ(request.name, "demo clip");
    EXPECT_EQ(request.cover_type, "jpg");
    EXPECT_EQ(request.procedure, "LongVideoPreset");
    EXPECT_EQ(request.expires, never);
    EXPECT_EQ(request.source_context, "order-42");
    EXPECT_EQ(request.session_context, "sess-ctx");
}

TEST_F(MediaActionsTest, ApplyUploadTellsNoCoverPathWithoutACover) {
    uploads_.upload->cover_key.clear();
    const json::object response = call("ApplyUpload", std::string(R"({"MediaType":"mp4"})"));
    EXPECT_EQ(response.at("CoverStoragePath"), "");
}

TEST_F(MediaActionsTest, ApplyUploadNamesWhatIsWrong) {
    uploads_.upload = fail(Code::invalid, "type is not one that is taken");
    expect_fixture(call("ApplyUpload", std::string(R"({"MediaType":"exe"})")),
                   "ApplyUpload.bad-media-type.error.json");
    uploads_.upload = fail(Code::invalid, "cover_type is not gif");
    EXPECT_EQ(code("ApplyUpload", R"({"MediaType":"mp4","CoverType":"exe"})"),
              "InvalidParameterValue.CoverType");
    uploads_.upload = fail(Code::unavailable, "disk full");
    EXPECT_EQ(code("ApplyUpload", R"({"MediaType":"mp4"})"), "InternalError");

    for (const std::string& name :
         {std::string("a\0b", 3), std::string("a\nb"), std::string(5000, 'x')})
        EXPECT_EQ(code("ApplyUpload",
                       json::serialize(json::object{{"MediaType", "mp4"}, {"MediaName", name}})),
                  "InvalidParameterValue");
    EXPECT_EQ(code("ApplyUpload", "{}"), "MissingParameter");
    for (const char* time : {"tomorrow", "2020-01-01T00:00:00Z"})
        EXPECT_EQ(
            code("ApplyUpload", fmt::format(R"({{"MediaType":"mp4","ExpireTime":"{}"}})", time)),
            "InvalidParameterValue.ExpireTime");
    EXPECT_EQ(code("ApplyUpload", R"({"MediaType":"mp4","MediaStoragePath":"/a/b.mp4"})"),
              "InvalidParameterValue.MediaStoragePath");
    EXPECT_EQ(code("ApplyUpload", fmt::format(R"({{"MediaType":"mp4","SourceContext":"{}"}})",
                                              std::string(251, 'a'))),
              "InvalidParameterValue");
    EXPECT_EQ(code("ApplyUpload", fmt::format(R"({{"MediaType":"mp4","SessionContext":"{}"}})",
                                              std::string(1001, 'a'))),
              "InvalidParameterValue");
}

TEST_F(MediaActionsTest, CommitUploadAnswersAsTheFixture) {
    expect_fixture(call("CommitUpload", fixture("CommitUpload.request.json")),
                   "CommitUpload.response.json");
    EXPECT_EQ(uploads_.committed->text(), "3KEGq9DWHl1xF819mM4jVFkGn5WON80NwN_invented");
    uploads_.asset->cover.clear();
    EXPECT_EQ(call("CommitUpload", fixture("CommitUpload.request.json")).at("CoverUrl"), "");
}

TEST_F(MediaActionsTest, CommitUploadNamesABadSessionAndAMissingObject) {
    uploads_.asset = fail(Code::invalid, "unknown session");
    expect_fixture(call("CommitUpload", std::string(R"({"VodSessionKey":"x"})")),
                   "CommitUpload.bad-session.error.json");
    uploads_.asset = fail(Code::not_found, "no object");
    EXPECT_EQ(code("CommitUpload", R"({"VodSessionKey":"x"})"), "ResourceNotFound");
}

TEST_F(MediaActionsTest, ProcessMediaAnswersAsTheFixture) {
    expect_fixture(call("ProcessMedia", fixture("ProcessMedia.request.json")),
                   "ProcessMedia.response.json");
    ASSERT_TRUE(tasks_.created);
    const media::TaskRequest& request = *tasks_.created;
    EXPECT_EQ(request.file, asset().id);
    EXPECT_EQ(request.notify, model::NotifyMode::finish);
    ASSERT_EQ(request.works.size(), 2u);
    EXPECT_EQ(std::get<model::TranscodeWork>(request.works[0]).definition, 10u);
    const auto& cover = std::get<model::CoverWork>(request.works[1]);
    EXPECT_EQ(cover.position, model::Position::time);
    EXPECT_EQ(cover.position_value, 0);
}

TEST_F(MediaActionsTest, ProcessMediaReadsAllKindsOfWork) {
    EXPECT_EQ(process(R"("MediaProcessTask":{
        "TranscodeTaskSet":[{"Definition":20,"StartTimeOffset":1.5,"EndTimeOffset":-2}],
        "SnapshotByTimeOffsetTaskSet":[{"Definition":10,"ExtTimeOffsetSet":["3.5s","10%"]},
            {"Definition":10,"TimeOffsetSet":[1500]}],
        "SampleSnapshotTaskSet":[{"Definition":10}],
        "CoverBySnapshotTaskSet":[{"Definition":10,"PositionType":"Percent","PositionValue":50}]},
        "TasksPriority":-10,"TasksNotifyMode":"Change","SessionId":"s1","SessionContext":"c1")"),
              "none");
    const media::TaskRequest& request = *tasks_.created;
    ASSERT_EQ(request.works.size(), 5u);
    const auto& transcode = std::get<model::TranscodeWork>(request.works[0]);
    EXPECT_EQ(transcode.start_offset, 1.5);
    EXPECT_EQ(transcode.end_offset, -2);
    EXPECT_EQ(std::get<model::SnapshotWork>(request.works[1]).offsets,
              (std::vector<std::string>{"3.5s", "10%"}));
    EXPECT_EQ(std::get<model::SnapshotWork>(request.works[2]).offsets_ms,
              std::vector<double>{1500});
    EXPECT_EQ(std::get<model::SampleWork>(request.works[3]).definition, 10u);
    EXPECT_EQ(std::get<model::CoverWork>(request.works[4]).position, model::Position::percent);
    EXPECT_EQ(request.priority, -10);
    EXPECT_EQ(request.notify, model::NotifyMode::change);
    EXPECT_EQ(request.session_id, "s1");
    EXPECT_EQ(request.session_context, "c1");
}

TEST_F(MediaActionsTest, ProcessMediaReadsSpritesAndAnimations) {
    EXPECT_EQ(process(R"("MediaProcessTask":{"ImageSpriteTaskSet":[{"Definition":10}],
        "AnimatedGraphicTaskSet":[{"Definition":20001,"StartTimeOffset":1,"EndTimeOffset":2.5}]})"),
              "none");
    const media::TaskRequest& request = *tasks_.created;
    ASSERT_EQ(request.works.size(), 2u);
    const auto& animation = std::get<model::AnimationWork>(request.works[0]);
    EXPECT_EQ(animation.definition, 20001u);
    EXPECT_EQ(animation.start_offset, 1);
    EXPECT_EQ(animation.end_offset, 2.5);
    EXPECT_EQ(std::get<model::SpriteWork>(request.works[1]).definition, 10u);
}

TEST_F(MediaActionsTest, ProcessMediaReadsAdaptiveStreams) {
    EXPECT_EQ(process(R"("MediaProcessTask":{"AdaptiveDynamicStreamingTaskSet":[
        {"Definition":10,"WatermarkSet":[],"SubtitleSet":[]},{"Definition":20}]})"),
              "none");
    const media::TaskRequest& request = *tasks_.created;
    ASSERT_EQ(request.works.size(), 2u);
    EXPECT_EQ(std::get<model::AdaptiveWork>(request.works[0]).definition, 10u);
    EXPECT_EQ(std::get<model::AdaptiveWork>(request.works[1]).definition, 20u);
}

// A transcode with this MosaicSet.
std::string with_mosaics(const std::string& set) {
    return R"("MediaProcessTask":{"TranscodeTaskSet":[{"Definition":10,"MosaicSet":[)" + set +
           "]}]}";
}

TEST_F(MediaActionsTest, ProcessMediaReadsMosaics) {
    ASSERT_EQ(process(with_mosaics(R"({},{"CoordinateOrigin":"TopLeft","XPos":"12.5%",
        "YPos":"20px","Width":"100%","Height":"1px","StartTimeOffset":-4.5,
        "EndTimeOffset":-1})")),
              "none");
    const auto& work = std::get<model::TranscodeWork>(tasks_.created->works.front());
    ASSERT_EQ(work.mosaics.size(), 2u);
    EXPECT_EQ(work.mosaics[0], model::Mosaic());
    const model::Mosaic wanted{{12.5, model::Unit::percent},
                               {20, model::Unit::pixels},
                               {100, model::Unit::percent},
                               {1, model::Unit::pixels},
                               -4.5,
                               -1};
    EXPECT_EQ(work.mosaics[1], wanted);
}

TEST_F(MediaActionsTest, ProcessMediaRefusesMosaicsThatAreNoRegion) {
    for (const char* mosaic :
         {R"({"CoordinateOrigin":"BottomRight"})", R"({"XPos":"10"})", R"({"XPos":"-1px"})",
          R"({"XPos":"1.5px"})", R"({"XPos":"8193px"})", R"({"YPos":"101%"})", R"({"YPos":"nan%"})",
          R"({"YPos":"%"})", R"({"Width":"0%"})", R"({"Height":"0px"})", R"({"Width":"10% "})",
          R"({"Width":"1e1px"})", R"({"StartTimeOffset":2,"EndTimeOffset":2})",
          R"({"StartTimeOffset":-1,"EndTimeOffset":-2})"})
        EXPECT_EQ(process(with_mosaics(mosaic)), "InvalidParameterValue") << mosaic;
    std::string ten = "{}";
    for (int i = 1; i < 10; ++i)
        ten += ",{}";
    EXPECT_EQ(process(with_mosaics(ten)), "none");
    EXPECT_EQ(process(with_mosaics(ten + ",{}")), "InvalidParameterValue");
}

TEST_F(MediaActionsTest, ProcessMediaSaysWhatItCannotDoYet) {
    for (const char* members :
         {R"("MediaProcessTask":{"AdaptiveDynamicStreamingTaskSet":[{"Definition":11}]})",
          R"("MediaProcessTask":{"AdaptiveDynamicStreamingTaskSet":[{"Definition":10,
              "SubtitleSet":["1"]}]})",
          R"("MediaProcessTask":{"TranscodeTaskSet":[{"Definition":10,
              "BlindWatermark":{"Definition":1}}]})",
          R"("Url":"http://192.0.2.1/a.mp4")"})
        EXPECT_EQ(process(members), "FailedOperation") << members;
    EXPECT_EQ(process(R"("MediaProcessTask":{"ImageSpriteTaskSet":[],
        "TranscodeTaskSet":[{"Definition":10,"WatermarkSet":[],"MosaicSet":[]}]})"),
              "none");
}

TEST_F(MediaActionsTest, ProcessMediaNamesWhatIsWrong) {
    tasks_.id = fail(Code::not_found, "no such file");
    expect_fixture(call("ProcessMedia", fixture("ProcessMedia.request.json")),
                   "ProcessMedia.no-file.error.json");
    tasks_.id = fail(Code::conflict, "used");
    EXPECT_EQ(process(one_transcode), "InvalidParameterValue.SessionId");
    tasks_.created.reset();
    const std::string then = std::string(one_transcode) + ",";
    EXPECT_EQ(code("ProcessMedia"), "InvalidParameterValue.FileId");
    EXPECT_EQ(process(R"("SessionId":"")"), "InvalidParameterValue");
    EXPECT_EQ(process(R"("MediaProcessTask":{})"), "InvalidParameterValue");
    EXPECT_EQ(process(then + R"("TasksPriority":11)"), "InvalidParameterValue");
    EXPECT_EQ(process(then + R"("TasksNotifyMode":"Never")"), "InvalidParameterValue");
    EXPECT_EQ(process(then + fmt::format(R"("SessionId":"{}")", std::string(51, 's'))),
              "InvalidParameterValue.SessionIdTooLong");
    EXPECT_EQ(process(then + fmt::format(R"("SessionContext":"{}")", std::string(1001, 's'))),
              "InvalidParameterValue.SessionContextTooLong");
    EXPECT_EQ(process(R"("MediaProcessTask":{"CoverBySnapshotTaskSet":[{"Definition":10,
        "PositionType":"Frame","PositionValue":0}]})"),
              "InvalidParameterValue");
    std::string many = R"({"Definition":10})";
    for (int i = 0; i < 100; ++i)
        many += R"(,{"Definition":10})";
    EXPECT_EQ(process(R"("MediaProcessTask":{"TranscodeTaskSet":[)" + many + "]}"),
              "InvalidParameterValue");
    EXPECT_FALSE(tasks_.created);
}

TEST_F(MediaActionsTest, DescribeMediaInfosAnswersAsTheFixtures) {
    expect_fixture(call("DescribeMediaInfos", fixture("DescribeMediaInfos.request.json")),
                   "DescribeMediaInfos.response.json");
    expect_fixture(call("DescribeMediaInfos", fixture("DescribeMediaInfos.all.request.json")),
                   "DescribeMediaInfos.all.response.json");
}

TEST_F(MediaActionsTest, DescribeMediaInfosShowsTheOriginalAndAllPictures) {
    asset().renditions.clear();
    asset().snapshots = {{10, {{1500, "a.jpg"}}}};
    asset().samples = {{10, {{0, "b.jpg"}}}};
    asset().sprites = {{10, 142, 80, 2, {"s.jpg"}, "s.vtt"}};
    asset().adaptive_streams = {
        {10,
         model::Package::hls,
         "adp.10/adp.10.m3u8",
         400,
         {{model::StreamKind::video, 320, 240, 300}, {model::StreamKind::audio, 0, 0, 50}}}};
    asset().animations = {{20000, "a.gif", "gif", 320, 240, 100, 50, "00", 1, 2}};
    const json::object response =
        call("DescribeMediaInfos", fixture("DescribeMediaInfos.all.request.json"));
    const json::value& info = response.at("MediaInfoSet").at(0);
    const json::value& original = info.at("TranscodeInfo").at("TranscodeSet").at(0);
    EXPECT_EQ(original.at("Definition"), 0);
    EXPECT_EQ(original.at("Size"), 7700180);
    EXPECT_EQ(info.at("SnapshotByTimeOffsetInfo")
                  .at("SnapshotByTimeOffsetSet")
                  .at(0)
                  .at("PicInfoSet")
                  .at(0)
                  .at("TimeOffset"),
              1500);
    EXPECT_EQ(info.at("SampleSnapshotInfo").at("SampleSnapshotSet").at(0).at("Interval"), 10);
    EXPECT_EQ(info.at("ImageSpriteInfo").at("ImageSpriteSet").at(0).at("TotalCount"), 2);
    const json::value& animation = info.at("AnimatedGraphicsInfo").at("AnimatedGraphicsSet").at(0);
    EXPECT_EQ(animation.at("Container"), "gif");
    EXPECT_EQ(animation.at("EndTimeOffset"), 2);
    const json::value& stream =
        info.at("AdaptiveDynamicStreamingInfo").at("AdaptiveDynamicStreamingSet").at(0);
    EXPECT_EQ(stream.at("Package"), "HLS");
    EXPECT_EQ(stream.at("DrmType"), "");
    EXPECT_EQ(stream.at("DigitalWatermarkType"), "None");
    EXPECT_EQ(stream.at("Size"), 400);
    EXPECT_EQ(stream.at("SubStreamSet").at(0).at("Height"), 240);
    EXPECT_EQ(stream.at("SubStreamSet").at(1).at("Type"), "audio");
}

TEST_F(MediaActionsTest, DescribeMediaInfosShowsAFileThatIsNoMedia) {
    asset().metadata.reset();
    asset().renditions.clear();
    const json::object response =
        call("DescribeMediaInfos", fixture("DescribeMediaInfos.all.request.json"));
    EXPECT_TRUE(response.at("MediaInfoSet").at(0).at("MetaData").is_null());
    EXPECT_TRUE(response.at("MediaInfoSet").at(0).at("TranscodeInfo").is_null());
}

TEST_F(MediaActionsTest, DescribeMediaInfosNamesWhatIsWrong) {
    EXPECT_EQ(code("DescribeMediaInfos", R"({"FileIds":[]})"),
              "InvalidParameterValue.FileIdsEmpty");
    std::string ids = "\"1\"";
    for (int i = 0; i < 20; ++i)
        ids += ",\"1\"";
    EXPECT_EQ(code("DescribeMediaInfos", R"({"FileIds":[)" + ids + "]}"),
              "InvalidParameterValue.FileIdsOverLimit");
    EXPECT_EQ(code("DescribeMediaInfos", R"({"FileIds":["1"],"Filters":["BasicInfo"]})"),
              "InvalidParameter");
    const json::object missing =
        call("DescribeMediaInfos",
             fmt::format(R"({{"FileIds":["1","1","{}"]}})", std::string(5000, '1')));
    EXPECT_EQ(missing.at("NotExistFileIdSet").as_array().size(), 2u);
}

TEST_F(MediaActionsTest, DescribeTaskDetailAnswersAsTheFixture) {
    tasks_.task = fixture_task();
    asset() = fixture_asset();
    expect_fixture(call("DescribeTaskDetail", fixture("DescribeTaskDetail.request.json")),
                   "DescribeTaskDetail.response.json");
}

TEST_F(MediaActionsTest, DescribeTaskDetailShowsATaskThatWaitsAndAFileThatIsGone) {
    tasks_.task = fixture_task();
    tasks_.task->status = model::TaskStatus::waiting;
    tasks_.task->begun = tasks_.task->finished = TimePoint{};
    library_.assets.clear();
    const json::object response =
        call("DescribeTaskDetail", fixture("DescribeTaskDetail.request.json"));
    EXPECT_EQ(response.at("Status"), "WAITING");
    EXPECT_FALSE(response.contains("BeginProcessTime"));
    EXPECT_EQ(response.at("ProcedureTask").at("Status"), "PROCESSING");
    EXPECT_EQ(response.at("ProcedureTask").at("FileName"), "");
    EXPECT_EQ(response.at("ProcedureTask").at("FileId"), "3701925921299637010");
}

TEST_F(MediaActionsTest, DescribeTaskDetailNamesAnUnknownTask) {
    expect_fixture(call("DescribeTaskDetail", std::string(R"({"TaskId":"x"})")),
                   "DescribeTaskDetail.no-task.error.json");
}

TEST_F(MediaActionsTest, DescribeSubAppIdsAnswersAsTheFixture) {
    expect_fixture(call("DescribeSubAppIds", fixture("DescribeSubAppIds.request.json")),
                   "DescribeSubAppIds.response.json");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
