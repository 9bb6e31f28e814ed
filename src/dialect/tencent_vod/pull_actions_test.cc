// Files that are pulled, manifests, applications.
#include <fmt/format.h>

#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class PullActionsTest : public ApiTest {
 protected:
    // PullUpload of an address with these further members.
    std::string pull(const std::string& members) {
        return code("PullUpload",
                    R"({"MediaUrl":"http://origin.example.com/a.mp4",)" + members + "}");
    }
};

TEST_F(PullActionsTest, PullUploadAnswersAsTheFixture) {
    expect_fixture(call("PullUpload", fixture("PullUpload.request.json")),
                   "PullUpload.response.json");
    ASSERT_TRUE(pulls_.created);
    const model::PullRequest& request = *pulls_.created;
    EXPECT_EQ(request.application, model::default_application);
    EXPECT_EQ(request.url, "http://origin.example.com/a/clip.mp4");
    EXPECT_EQ(request.cover_url, "http://origin.example.com/a/clip.jpg");
    EXPECT_EQ(request.name, "pulled clip");
    EXPECT_EQ(request.session_id, "pull-0001");
    EXPECT_EQ(request.session_context, "sess-ctx");
    EXPECT_EQ(request.source_context, "order-42");
    EXPECT_EQ(request.expires, never);
}

TEST_F(PullActionsTest, PullUploadNamesWhatIsWrong) {
    pulls_.id = fail(Code::conflict, "used");
    expect_error_fixture(call("PullUpload", fixture("PullUpload.request.json")),
                         "PullUpload.duplicate-session.error.json");
    const std::pair<const char*, const char*> details[] = {
        {"url: no", "InvalidParameterValue.MediaUrl"},
        {"type is not one that is taken", "FailedOperation.MediaType"},
        {"cover_url: no", "InvalidParameterValue.CoverUrl"},
        {"cover_type is not gif", "FailedOperation.CoverType"},
        {"name is not UTF-8", "InvalidParameterValue"},
    };
    for (const auto& [detail, wanted] : details) {
        pulls_.id = fail(Code::invalid, detail);
        EXPECT_EQ(pull(R"("MediaName":"x")"), wanted);
    }
    pulls_.created.reset();
    EXPECT_EQ(code("PullUpload"), "MissingParameter");
    EXPECT_EQ(pull(fmt::format(R"("SessionId":"{}")", std::string(51, 's'))),
              "InvalidParameterValue.SessionIdTooLong");
    EXPECT_EQ(pull(fmt::format(R"("SessionContext":"{}")", std::string(1001, 's'))),
              "InvalidParameterValue.SessionContextTooLong");
    EXPECT_EQ(pull(fmt::format(R"("SourceContext":"{}")", std::string(251, 's'))),
              "InvalidParameterValue");
    for (const char* name : {"a\\u0000", "a\\nb", "\\u009f"})
        EXPECT_EQ(pull(fmt::format(R"("MediaName":"{}")", name)), "InvalidParameterValue");
    const std::string longest(255, 'x');
    EXPECT_EQ(pull(fmt::format(R"("MediaName":"{}x")", longest)), "InvalidParameterValue");
    EXPECT_EQ(pull(R"("TasksPriority":11)"), "InvalidParameterValue");
    EXPECT_EQ(pull(R"("ExpireTime":"2020-01-01T00:00:00Z")"), "InvalidParameterValue.ExpireTime");
    EXPECT_EQ(pull(R"("StorageRegion":"ap-nowhere")"), "InvalidParameterValue.StorageRegion");
    EXPECT_EQ(pull(R"("MediaStoragePath":"/a.mp4")"), "InvalidParameterValue.MediaStoragePath");
    EXPECT_FALSE(pulls_.created);
}

TEST_F(PullActionsTest, DescribeTaskDetailShowsAPullAsTheFixture) {
    model::Pull pull;
    pull.id = model::TaskId("1300000001-Pull-475b7237438a39560b9879a4556cb194t0");
    pull.request.session_id = "pull-0001";
    pull.request.session_context = "sess-ctx";
    pull.status = model::TaskStatus::finish;
    pull.file = model::FileId("14508071098244959037");
    pull.message = "SUCCESS";
    pull.progress = 100;
    pull.created = at("2026-03-02T08:11:00Z");
    pull.begun = at("2026-03-02T08:11:02Z");
    pull.finished = at("2026-03-02T08:11:40Z");
    pulls_.pull = pull;
    model::Asset asset = fixture_asset();
    asset.id = pull.file;
    asset.name = "pulled clip";
    asset.path = "c643347c14508071098244959037/f0.mp4";
    asset.source_context = "order-42";
    library_.assets[asset.id.text()] = asset;
    const json::object body = {{"TaskId", pull.id.text()}};
    expect_fixture(call("DescribeTaskDetail", json::value(body)),
                   "DescribeTaskDetail.PullUpload.response.json");
}

TEST_F(PullActionsTest, ParseStreamingManifestListsFiles) {
    const auto parse = [this](const std::string& text, const std::string& type) {
        const json::object body = {{"MediaManifestContent", text}, {"ManifestType", type}};
        return call("ParseStreamingManifest", json::value(body));
    };
    const std::string playlist = "#EXTM3U\n#EXTINF:1,\na.ts\n";
    EXPECT_EQ(parse(playlist, "m3u8").at("MediaSegmentSet"), json::array{"a.ts"});
    EXPECT_EQ(parse(playlist, "").at("MediaSegmentSet"), json::array{"a.ts"});
    const std::string description =
        "<MPD mediaPresentationDuration=\"PT3S\"><BaseURL>v/</BaseURL><Period><AdaptationSet>"
        "<SegmentTemplate media=\"$Number$.m4s\" duration=\"2\"/><Representation id=\"0\"/>"
        "</AdaptationSet></Period></MPD>";
    EXPECT_EQ(parse(description, "").at("MediaSegmentSet"), (json::array{"v/1.m4s", "v/2.m4s"}));
    EXPECT_EQ(code_of(parse(playlist, "mpd")), "InvalidParameterValue.MediaManifestContent");
    EXPECT_EQ(code_of(parse(playlist, "avi")), "InvalidParameterValue");
}

TEST_F(PullActionsTest, CreateSubAppIdAnswersAsTheFixture) {
    expect_fixture(call("CreateSubAppId", fixture("CreateSubAppId.request.json")),
                   "CreateSubAppId.response.json");
    EXPECT_EQ(applications_.find(model::ApplicationId(1500000002))->name, "second");
    EXPECT_EQ(code("CreateSubAppId", R"({"Name":""})"), "InvalidParameterValue.Name");
    EXPECT_EQ(code("CreateSubAppId", fmt::format(R"({{"Name":"{}"}})", std::string(41, 'n'))),
              "InvalidParameterValue.Name");
    EXPECT_EQ(code("CreateSubAppId", R"({"Name":"x","Mode":"fileid+path"})"), "FailedOperation");
    // A key of the new application makes no further one.
    const model::KeyPair keys{"AKIDsecond", "second"};
    const auto give = [&keys](model::Application& one) { one.keys = {keys}; };
    ASSERT_TRUE(run(applications_.change(model::ApplicationId(1500000002), give)));
    EXPECT_EQ(code_of(call("CreateSubAppId", R"({"Name":"third"})", keys)),
              "UnauthorizedOperation");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
