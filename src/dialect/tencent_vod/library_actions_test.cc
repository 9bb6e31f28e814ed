// The actions on files of the library: delete, modify, search.
#include <fmt/format.h>

#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class LibraryActionsTest : public ApiTest {
 protected:
    LibraryActionsTest() {
        library_.assets["3701925921299637010"] = fixture_asset();
        model::Asset other = fixture_asset();
        other.id = model::FileId("5285890784273533167");
        library_.assets[other.id.text()] = other;
    }

    std::string modify(const std::string& members) {
        return code("ModifyMediaInfo", R"({"FileId":"3701925921299637010",)" + members + "}");
    }
    std::string search(const std::string& members) {
        library_.query.reset();
        return code("SearchMedia", "{" + members + "}");
    }
};

TEST_F(LibraryActionsTest, DeleteMediaAnswersAsTheFixture) {
    expect_fixture(call("DeleteMedia", fixture("DeleteMedia.request.json")),
                   "DeleteMedia.response.json");
    EXPECT_TRUE(library_.parts->empty());
    expect_fixture(call("DeleteMedia", fixture("DeleteMedia.parts.request.json")),
                   "DeleteMedia.response.json");
    EXPECT_EQ(*library_.parts,
              (std::vector<model::AssetPart>{{model::PartKind::transcodes, 230},
                                             {model::PartKind::transcodes, 10000}}));
}

TEST_F(LibraryActionsTest, DeleteMediaNamesWhatIsWrong) {
    expect_error_fixture(call("DeleteMedia", std::string(R"({"FileId":"1"})")),
                         "DeleteMedia.not-found.error.json");
    EXPECT_EQ(code("DeleteMedia", fmt::format(R"({{"FileId":"{}"}})", std::string(65, '1'))),
              "ResourceNotFound");
    EXPECT_EQ(code("DeleteMedia"), "MissingParameter");
    library_.parts.reset();
    for (const char* part : {R"({"Type":"Everything"})", R"({"Type":""})",
                             R"({"Type":"TranscodeFiles","Definition":-1})"})
        EXPECT_EQ(
            code("DeleteMedia",
                 fmt::format(R"({{"FileId":"5285890784273533167","DeleteParts":[{}]}})", part)),
            "InvalidParameterValue");
    EXPECT_FALSE(library_.parts);
}

TEST_F(LibraryActionsTest, ModifyMediaInfoAnswersAsTheFixture) {
    expect_fixture(call("ModifyMediaInfo", fixture("ModifyMediaInfo.request.json")),
                   "ModifyMediaInfo.response.json");
    EXPECT_EQ(library_.change->name, "renamed");
    EXPECT_EQ(library_.change->description, "d");
    EXPECT_EQ(library_.change->add_tags, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(library_.change->expires, never);
    EXPECT_FALSE(library_.change->class_id);
    EXPECT_FALSE(library_.files->cover);
    expect_fixture(call("ModifyMediaInfo", std::string(R"({"FileId":"1"})")),
                   "ModifyMediaInfo.no-file.error.json");
}

TEST_F(LibraryActionsTest, ModifyMediaInfoReadsEverything) {
    model::Asset& asset = library_.assets["3701925921299637010"];
    asset.cover = "c.png";
    asset.subtitles = {{"old", "", "", "vtt", "o.vtt"}, {"s1", "English", "en", "vtt", "n.vtt"}};
    const json::object response = call(
        "ModifyMediaInfo", std::string(R"({"FileId":"3701925921299637010","Name":"视频","ClassId":7,
        "CoverData":"iVBORw0KGgoAAAANSUhEUg==","DeleteTags":["x"],
        "AddKeyFrameDescs":[{"TimeOffset":1.5,"Content":"goal"}],"DeleteKeyFrameDescs":[2.5],
        "AddSubtitles":[{"Name":"English","Language":"en","Format":"vtt","Content":"V0VCVlRUCg=="}],
        "DeleteSubtitleIds":["gone"]})"));
    EXPECT_TRUE(response.at("CoverUrl").as_string().ends_with("/c.png"));
    ASSERT_EQ(response.at("AddedSubtitleSet").as_array().size(), 1u);
    EXPECT_EQ(response.at("AddedSubtitleSet").at(0).at("Id"), "s1");
    EXPECT_EQ(library_.files->subtitles.front().content, "WEBVTT\n");
    EXPECT_EQ(response.at("AddedSubtitleSet").at(0).at("Source"), "UserUploaded");
    EXPECT_EQ(library_.files->cover->type, "png");
    EXPECT_EQ(library_.change->class_id, 7);
    EXPECT_EQ(library_.change->add_key_frames.front().content, "goal");
    EXPECT_EQ(library_.change->remove_key_frames, std::vector<double>{2.5});
    EXPECT_EQ(library_.change->remove_tags, std::vector<std::string>{"x"});
    EXPECT_EQ(library_.files->subtitles.front().language, "en");
    EXPECT_EQ(modify(R"("AddSubtitles":[{"Name":"plain","Language":"en","Format":"vtt",
                        "Content":"WEBVTT 2\n"}])"),
              "none");
    EXPECT_EQ(library_.files->subtitles.front().content, "WEBVTT 2\n");
    EXPECT_EQ(modify(R"("ClearTags":1,"ClearKeyFrameDescs":1,"ClearSubtitles":1)"), "none");
    EXPECT_EQ(library_.change->tags_before, media::Keep::none);
    EXPECT_EQ(library_.change->key_frames_before, media::Keep::none);
    EXPECT_EQ(library_.change->subtitles_before, media::Keep::none);
}

TEST_F(LibraryActionsTest, ModifyMediaInfoNamesWhatIsWrong) {
    const std::string v = "InvalidParameterValue";
    const std::pair<std::string, std::string> cases[] = {
        {R"("Name":"")", v + ".Name"},
        {R"("Name":")" + std::string(65, 'a') + '"', v + ".Name"},
        {R"("Description":")" + std::string(129, 'a') + '"', v + ".Description"},
        {R"("ExpireTime":"tomorrow")", v + ".ExpireTime"},
        {R"("Name":"a\u0000b")", v + ".Name"},
        {R"("Name":"a\tb")", v + ".Name"},
        {R"("Name":"a\u007f")", v + ".Name"},
        {R"("ExpireTime":"2020-01-01T00:00:00Z")", v + ".ExpireTime"},
        {R"("AddTags":[")" + std::string(33, 'a') + R"("])", v + ".TagTooLong"},
        {R"("AddTags":[""])", v + ".TagTooLong"},
        {R"("AddTags":["a"],"ClearTags":1)", v + ".AddTagsAndClearTagsConflict"},
        {R"("AddTags":["a"],"DeleteTags":["a"])", v + ".AddTagsAndDeleteTagsConflict"},
        {R"("AddKeyFrameDescs":[{"TimeOffset":1,"Content":"x"}],"ClearKeyFrameDescs":1)",
         v + ".AddKeyFrameDescsAndClearKeyFrameDescsConflict"},
        {R"("AddKeyFrameDescs":[{"TimeOffset":1,"Content":"x"}],"DeleteKeyFrameDescs":[1])",
         v + ".AddKeyFrameDescsAndDeleteKeyFrameDescsConflict"},
        {R"("AddKeyFrameDescs":[{"TimeOffset":1,"Content":")" + std::string(129, 'a') + R"("}])",
         v + ".KeyFrameDescContentTooLong"},
        {R"("CoverData":"???")", v + ".ImageDecodeError"},
        {R"("CoverData":"dGV4dA==")", v + ".ImageDecodeError"},
        {R"("AddSubtitles":[{"Name":"","Language":"","Format":"srt","Content":"WEBVTT"}])", v},
        {R"("AddSubtitles":[{"Name":"","Language":"","Format":"vtt","Content":"1\n"}])", v},
    };
    for (const auto& [members, wanted] : cases)
        EXPECT_EQ(modify(members), wanted) << members;
    EXPECT_FALSE(library_.change);
    library_.error = Error{Code::too_large, "tags: at most 16"};
    EXPECT_EQ(modify(R"("Name":"a")"), "LimitExceeded.TagCountReachMax");
    library_.error = Error{Code::too_large, "key_frames: at most 100"};
    EXPECT_EQ(modify(R"("Name":"a")"), "LimitExceeded.KeyFrameDescCountReachMax");
}

TEST_F(LibraryActionsTest, DescribeMediaInfosShowsWhatOwnersSaid) {
    model::Asset& asset = library_.assets["3701925921299637010"];
    asset.tags = {"a"};
    asset.key_frames = {{1.5, "goal"}};
    asset.subtitles = {{"s1", "English", "en", "vtt", "n.vtt"}};
    const json::object response =
        call("DescribeMediaInfos", std::string(R"({"FileIds":["3701925921299637010"],
             "Filters":["keyFrameDescInfo","subtitleInfo"]})"));
    const json::value& info = response.at("MediaInfoSet").at(0);
    EXPECT_TRUE(info.at("BasicInfo").is_null());
    EXPECT_EQ(info.at("KeyFrameDescInfo").at("KeyFrameDescSet").at(0).at("Content"), "goal");
    EXPECT_EQ(info.at("SubtitleInfo").at("SubtitleSet").at(0).at("Id"), "s1");
}

TEST_F(LibraryActionsTest, DescribeMediaInfosShowsWhatReviewsFound) {
    model::Asset& asset = library_.assets["3701925921299637010"];
    const auto info = [this] {
        const json::object response =
            call("DescribeMediaInfos", std::string(R"({"FileIds":["3701925921299637010"],
                 "Filters":["reviewInfo"]})"));
        return response.at("MediaInfoSet").at(0).at("ReviewInfo");
    };
    EXPECT_TRUE(info().is_null());
    asset.review = model::Review{.definition = 10,
                                 .suggestion = model::Suggestion::block,
                                 .kinds = {"Image.Porn", "OCR.Ad"},
                                 .time = at("2026-03-02T08:00:00Z")};
    EXPECT_EQ(difference(info(), json::parse(R"({"MediaReviewInfo":{"Definition":10,
        "Suggestion":"block","TypeSet":["Image.Porn","OCR.Ad"],
        "ReviewTime":"2026-03-02T08:00:00Z"},"CoverReviewInfo":null})")),
              "");
    asset.cover_review = model::Review{};
    EXPECT_EQ(info().at("CoverReviewInfo").at("Suggestion"), "pass");
}

TEST_F(LibraryActionsTest, SearchMediaFindsByReviews) {
    EXPECT_EQ(search(R"("ReviewResults":["block","notModerated","other"])"), "none");
    const std::vector<std::optional<model::Suggestion>> wanted = {model::Suggestion::block,
                                                                  std::nullopt};
    EXPECT_EQ(library_.query->reviews, wanted);
    library_.query.reset();
    EXPECT_EQ(search(R"("ReviewResults":["other"])"), "none");
    EXPECT_FALSE(library_.query);  // No file can be that.
}

TEST_F(LibraryActionsTest, SearchMediaAnswersAsTheFixture) {
    model::Asset& asset = library_.assets["3701925921299637010"];
    asset.cover = fixture_folder + "coverBySnapshot_10_0.jpg";
    model::Rendition original = fixture_rendition();
    original.definition = 0;
    original.path = asset.path;
    original.metadata.width = 640;
    original.metadata.height = 480;
    asset.renditions = {original, fixture_rendition()};
    library_.finds = media::Found{1, {asset.id, model::FileId("1")}};
    expect_fixture(call("SearchMedia", fixture("SearchMedia.request.json")),
                   "SearchMedia.response.json");
    EXPECT_EQ(library_.query->names, std::vector<std::string>{"demo"});
    EXPECT_EQ(library_.query->categories, std::vector{model::Category::video});
    EXPECT_EQ(library_.query->sources, std::vector{model::AssetSource::upload});
    EXPECT_EQ(library_.query->created.from, at("2026-03-01T00:00:00Z"));
    EXPECT_EQ(library_.query->created.to, at("2026-03-03T00:00:00Z"));
    EXPECT_EQ(library_.query->count_max, 10u);
}

TEST_F(LibraryActionsTest, SearchMediaReadsEverything) {
    EXPECT_EQ(search(R"("FileIds":["1"],"NamePrefixes":["a"],"Descriptions":["d"],"ClassIds":[-1,7],
        "Tags":["t"],"MediaTypes":["mp4"],"Text":"x","SourceType":"VideoProcessing",
        "StartTime":"2026-03-01T00:00:00Z","EndTime":"2026-03-02T00:00:00Z",
        "ExpireTime":{"Before":"2026-04-01T00:00:00Z"},"Status":["Normal"],
        "StorageClasses":["STANDARD"],"StorageRegions":["ap-guangzhou"],
        "Sort":{"Field":"CreateTime","Order":"Asc"},"Offset":4990,"Limit":10)"),
              "none");
    const media::Query& query = *library_.query;
    EXPECT_EQ(query.classes, (std::vector<std::int64_t>{-1, 7}));
    EXPECT_EQ(query.sources, std::vector{model::AssetSource::processing});
    EXPECT_EQ(query.created.from, at("2026-03-01T00:00:00Z"));
    EXPECT_EQ(query.expires.to, at("2026-04-01T00:00:00Z"));
    EXPECT_EQ(query.order, media::Query::Order::oldest_first);
    EXPECT_EQ(query.offset, 4990u);
}

TEST_F(LibraryActionsTest, SearchMediaFindsNothingOfWhatNoFileHas) {
    library_.finds = media::Found{1, {model::FileId("3701925921299637010")}};
    for (const char* members :
         {R"("StreamIds":["s"])", R"("Vid":"v")", R"("Status":["Forbidden"])",
          R"("StorageClasses":["ARCHIVE"])", R"("StorageRegions":["ap-x"])",
          R"("Categories":["Poem"])", R"("SourceTypes":["Record"])", R"("TrtcSdkAppIds":[1])"}) {
        const json::object response = call("SearchMedia", fmt::format("{{{}}}", members));
        EXPECT_EQ(response.at("TotalCount"), 0) << members;
        EXPECT_FALSE(library_.query);
    }
}

TEST_F(LibraryActionsTest, SearchMediaNamesWhatIsWrong) {
    const auto many = [](std::string_view name, int count) {
        std::string list = fmt::format(R"("{}":["0")", name);
        for (int i = 1; i < count; ++i)
            list += fmt::format(R"(,"{}")", i);
        return list + "]";
    };
    const std::string v = "InvalidParameterValue";
    const std::pair<std::string, std::string> cases[] = {
        {many("FileIds", 11), v + ".FileIds"},
        {many("Names", 11), v + ".Names"},
        {many("NamePrefixes", 11), v + ".NamePrefixes"},
        {many("Descriptions", 11), v},
        {many("Tags", 17), v + ".Tags"},
        {many("StorageRegions", 21), v + ".StorageRegions"},
        {many("MediaTypes", 11), v + ".Types"},
        {R"("Names":[""])", v + ".Names"},
        {R"("Names":[")" + std::string(101, 'a') + R"("])", v + ".Names"},
        {R"("Offset":4991,"Limit":10)", v + ".Offset"},
        {R"("Offset":18446744073709551615,"Limit":10)", v + ".Offset"},
        {R"("Limit":5001)", v + ".Offset"},
        {R"("Sort":{"Field":"Name","Order":"Asc"})", v + ".Sort"},
        {R"("Sort":{"Field":"CreateTime","Order":"Up"})", v + ".Sort"},
        {R"("StartTime":"x")", v + ".StartTime"},
        {R"("EndTime":"x")", v + ".EndTime"},
        {R"("CreateTime":{"After":"x"})", v},
        {R"("Filters":["x"])", "InvalidParameter"},
    };
    for (const auto& [members, wanted] : cases)
        EXPECT_EQ(search(members), wanted) << members;
    library_.finds = fail(Code::unavailable, "counting");
    EXPECT_EQ(search(""), "InternalError");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
