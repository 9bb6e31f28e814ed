#include "media/files/local_library.h"

#include <gtest/gtest.h>

#include "media/files/rubbish.h"
#include "media/files/upload_fakes.h"
#include "model/application.h"
#include "store/memory/memory_store.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

constexpr const char* root = "1500000001/37/3701925921299637010";

class LocalLibraryTest : public testing::Test {
 protected:
    template <class T>
    T run(Task<T> task) {
        return fakes::run(loop_, std::move(task));
    }
    std::string below(const std::string& name) const { return std::string(root) + "/" + name; }
    void write(const std::string& path) {
        const std::string whole = *library_.absolute(path);
        std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
        std::ofstream(whole) << "bytes";
    }
    bool exists(const std::string& path) const {
        return std::filesystem::exists(*library_.absolute(path));
    }
    // A file with an original, two renditions and a generated cover.
    void store_asset(TimePoint expires = never) {
        asset_.id = id_;
        asset_.application = model::default_application;
        asset_.name = "clip";
        asset_.type = "mp4";
        asset_.created = clock_.now();
        asset_.expires = expires;
        asset_.path = below("f0.mp4");
        asset_.cover = below("coverBySnapshot_10_0.jpg");
        asset_.cover_source = model::CoverSource::generated;
        asset_.review.emplace();
        asset_.cover_review.emplace();
        asset_.renditions.resize(2);
        asset_.renditions[0].definition = 10;
        asset_.renditions[0].path = below("v.f10.mp4");
        asset_.renditions[1].definition = 210;
        asset_.renditions[1].path = below("v.f210/v.f210.m3u8");
        asset_.adaptive_streams.resize(2);
        asset_.adaptive_streams[0].definition = 10;
        asset_.adaptive_streams[0].path = below("adp.10/adp.10.m3u8");
        asset_.adaptive_streams[1].definition = 20;
        asset_.adaptive_streams[1].path = below("adp.20/adp.20.mpd");
        for (const std::string& path : files_of(asset_))
            write(path.ends_with(".jpg") || path.ends_with(".mp4") ? path : path + "/index");
        store::Commit commit;
        commit.puts.push_back({asset_key(asset_.application, id_), to_json_text(asset_), 0});
        ASSERT_TRUE(run(store_.commit(std::move(commit))));
        catalog_.put(asset_);
    }
    Result<model::Asset> modify(AssetChange change, NewFiles files = {}) {
        return run(
            library_.modify(model::default_application, id_, std::move(change), std::move(files)));
    }
    Result<void> remove(std::vector<model::AssetPart> parts = {}) {
        return run(library_.remove(model::default_application, id_, std::move(parts)));
    }
    Result<model::Asset> find() { return run(library_.find(model::default_application, id_)); }
    std::vector<std::string> told() {
        store::LeaseOptions options;
        options.count_max = 10;
        std::vector<std::string> types;
        for (const store::Lease& lease : *run(store_.lease(fakes::FakeAnnouncer::queue(), options)))
            types.push_back(lease.type);
        return types;
    }
    std::size_t rubbish_count() { return run(store_.list(store::Kind::rubbish, {}))->size(); }

    fakes::TemporaryFolder folder_;
    Loop loop_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    store::MemoryStore store_{clock_};
    fakes::FakeAnnouncer announcer_;
    FileThreads threads_{1};
    Catalog catalog_;
    Log log_{Level::error};
    LocalLibrary library_{{store_, announcer_, clock_, threads_, catalog_, log_},
                          folder_.path() + "/media"};
    const model::FileId id_{"3701925921299637010"};
    model::Asset asset_;
};

Task<void> search_into(LocalLibrary* library, model::ApplicationId application,
                       std::optional<Result<Found>>* found) {
    const Query all;
    *found = co_await library->search(application, all);
}

TEST_F(LocalLibraryTest, FindsTheFileBehindAPath) {
    EXPECT_EQ(library_.absolute("1500000001/37/3701925921299637010/f0.mp4"),
              folder_.path() + "/media/1500000001/37/3701925921299637010/f0.mp4");
    EXPECT_EQ(library_.absolute("a/b.c/video_10_0001.ts"),
              folder_.path() + "/media/a/b.c/video_10_0001.ts");
}

TEST_F(LocalLibraryTest, NoPathLeavesTheLibrary) {
    using namespace std::string_view_literals;
    for (const std::string_view path :
         {""sv, "/"sv, "/etc/passwd"sv, ".."sv, "."sv, "../x"sv, "a/../../x"sv, "a/./b"sv, "a//b"sv,
          "a/"sv, "a/.hidden"sv, "a\0b"sv, "a\\..\\b"sv, "a/..\0"sv, "a b"sv, "a%2e%2e"sv, "\xff"sv,
          "a/\n"sv})
        EXPECT_FALSE(library_.absolute(path)) << path;
    EXPECT_FALSE(library_.absolute(std::string(513, 'a')));
}

TEST_F(LocalLibraryTest, AFolderHoldsOneFileOfOneApplication) {
    EXPECT_EQ(library_folder(model::ApplicationId(15), model::FileId("3701925921299637010")),
              "15/37/3701925921299637010");
}

TEST_F(LocalLibraryTest, ChangesWhatIsKnownOfAFile) {
    store_asset();
    clock_.advance(Duration(5000));
    AssetChange change;
    change.name = "renamed";
    change.expires = clock_.now() + Duration(1000);
    change.add_tags = {"a", "b", "a"};
    change.add_key_frames = {{2.5, "two"}, {1, "one"}};
    const Result<model::Asset> after = modify(change);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->name, "renamed");
    EXPECT_EQ(after->description, "");
    EXPECT_EQ(after->tags, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(after->key_frames.front().content, "one");
    EXPECT_EQ(after->updated, clock_.now());
    EXPECT_EQ(to_json_text(*find()), to_json_text(*after));
    EXPECT_EQ(catalog_.expired(clock_.now() + Duration(1000), 9).size(), 1u);
    catalog_.finish_loading();
    EXPECT_EQ(run(library_.search(asset_.application, Query{.names = {"RENAMED"}}))->total, 1u);
    EXPECT_EQ(told(), std::vector<std::string>{});
}

TEST_F(LocalLibraryTest, WritesCoversAndSubtitlesAndRemovesTheOldOnes) {
    store_asset();
    NewFiles files;
    files.cover = NewCover{"png", "picture"};
    files.subtitles = {{"", "English", "en", "vtt", "WEBVTT"}, {"mine", "", "de", "vtt", "WEBVTT"}};
    const Result<model::Asset> after = modify({}, files);
    ASSERT_TRUE(after);
    EXPECT_EQ(fakes::read_file(*library_.absolute(after->cover)), "picture");
    EXPECT_TRUE(after->cover.ends_with(".png"));
    EXPECT_FALSE(exists(asset_.cover));
    EXPECT_FALSE(after->cover_review);  // That was of the cover before.
    EXPECT_TRUE(after->review);
    ASSERT_EQ(after->subtitles.size(), 2u);
    EXPECT_FALSE(after->subtitles[0].id.empty());
    EXPECT_EQ(after->subtitles[1].id, "mine");
    EXPECT_TRUE(exists(after->subtitles[1].path));
    AssetChange fewer;
    fewer.remove_subtitles = {"mine"};
    ASSERT_TRUE(modify(fewer));
    EXPECT_TRUE(exists(after->subtitles[0].path));
    EXPECT_FALSE(exists(after->subtitles[1].path));
    EXPECT_EQ(rubbish_count(), 0u);
    files.cover.reset();
    files.subtitles = {{"../x", "", "", "vtt", "WEBVTT"}};
    EXPECT_EQ(modify({}, files).error().code, Code::invalid);
}

TEST_F(LocalLibraryTest, KeepsItsLimitsAndThenWritesNothing) {
    store_asset();
    const std::size_t before = folder_.file_count();
    AssetChange change;
    for (std::size_t i = 0; i <= tags_max; ++i)
        change.add_tags.push_back(std::to_string(i));
    Result<model::Asset> refused = modify(change, {NewCover{"png", "picture"}, {}});
    EXPECT_EQ(refused.error().code, Code::too_large);
    EXPECT_TRUE(refused.error().detail.starts_with("tags"));
    change = {};
    for (std::size_t i = 0; i <= key_frames_max; ++i)
        change.add_key_frames.push_back({static_cast<double>(i), "x"});
    EXPECT_TRUE(modify(change).error().detail.starts_with("key_frames"));
    NewFiles files;
    files.subtitles.resize(subtitles_max + 1);
    EXPECT_TRUE(modify({}, files).error().detail.starts_with("subtitles"));
    EXPECT_EQ(folder_.file_count(), before);
    EXPECT_EQ(run(library_.modify(model::ApplicationId(1), id_, {}, {})).error().code,
              Code::not_found);
}

TEST_F(LocalLibraryTest, RemovesAFileWithItsBytesAndTellsOnce) {
    store_asset();
    ASSERT_TRUE(remove());
    EXPECT_EQ(find().error().code, Code::not_found);
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_EQ(catalog_.size(), 0u);
    EXPECT_EQ(remove().error().code, Code::not_found);
    EXPECT_EQ(told(), std::vector<std::string>{"media.deleted"});
}

TEST_F(LocalLibraryTest, LooksAfterARemovedFolderForADay) {
    store_asset();
    ASSERT_TRUE(remove());
    write(asset_.path);  // A task that ran meanwhile.
    ASSERT_TRUE(run(library_.recover()));
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_EQ(rubbish_count(), 1u);
    clock_.advance(std::chrono::hours(25));
    ASSERT_TRUE(run(library_.sweep()));
    EXPECT_EQ(rubbish_count(), 0u);
}

TEST_F(LocalLibraryTest, RemovesParts) {
    store_asset();
    ASSERT_TRUE(remove({{model::PartKind::transcodes, 210}}));
    EXPECT_FALSE(exists(below("v.f210")));
    EXPECT_TRUE(exists(below("v.f10.mp4")));
    EXPECT_EQ(find()->renditions.size(), 1u);
    EXPECT_FALSE(find()->cover.empty());
    ASSERT_TRUE(remove({{model::PartKind::transcodes, 0}}));
    EXPECT_TRUE(find()->cover.empty());
    EXPECT_FALSE(exists(asset_.cover));
    EXPECT_TRUE(exists(asset_.path));
    ASSERT_TRUE(remove({{model::PartKind::adaptive_streams, 10}}));
    EXPECT_FALSE(exists(below("adp.10")));
    EXPECT_TRUE(exists(below("adp.20/index")));
    ASSERT_TRUE(remove({{model::PartKind::adaptive_streams, 0}}));
    EXPECT_TRUE(find()->adaptive_streams.empty());
    ASSERT_TRUE(remove({{model::PartKind::original, 0}, {model::PartKind::wechat, 0}}));
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_EQ(find()->path, "");
    EXPECT_EQ(rubbish_count(), 0u);
    EXPECT_EQ(told().size(), 5u);
}

TEST_F(LocalLibraryTest, TellsOfThePartsThatWereThere) {
    store_asset();
    ASSERT_TRUE(remove({{model::PartKind::wechat, 0}, {model::PartKind::transcodes, 99}}));
    EXPECT_TRUE(told().empty());
    EXPECT_EQ(find()->renditions.size(), asset_.renditions.size());
    const model::AssetPart there{model::PartKind::transcodes, 210};
    ASSERT_TRUE(remove({{model::PartKind::wechat, 0}, there, there}));
    EXPECT_EQ(told(), std::vector<std::string>{"media.deleted"});
}

TEST_F(LocalLibraryTest, RefusesKeyFramesOutsideOfTheFilm) {
    store_asset();
    AssetChange change;
    change.add_key_frames = {{-0.1, "before"}};
    EXPECT_EQ(modify(change).error().code, Code::invalid);
    change.add_key_frames = {{0, "first"}, {1e9, "no end is known"}};
    EXPECT_TRUE(modify(change));
    asset_.metadata.emplace().duration = 10;
    change.add_key_frames = {{10, "last"}};
    EXPECT_TRUE(changed(asset_, change));
    change.add_key_frames = {{10.1, "behind"}};
    EXPECT_TRUE(changed(asset_, change).error().detail.starts_with("key_frames"));
}

TEST_F(LocalLibraryTest, RemovesWhatHasExpired) {
    store_asset(clock_.now() + Duration(1000));
    EXPECT_EQ(run(library_.expire()), 0);
    clock_.advance(Duration(1000));
    EXPECT_EQ(run(library_.expire()), 1);
    EXPECT_EQ(find().error().code, Code::not_found);
    EXPECT_EQ(told(), std::vector<std::string>{"media.deleted"});
    EXPECT_EQ(run(library_.expire()), 0);
}

TEST_F(LocalLibraryTest, ASearchRightAfterTheStartWaitsForTheCount) {
    store_asset();
    Catalog fresh(std::chrono::hours(1));
    LocalLibrary again({store_, announcer_, clock_, threads_, fresh, log_},
                       folder_.path() + "/media");
    std::optional<Result<Found>> found;
    TaskGroup group(loop_.get_executor());
    group.spawn(search_into(&again, asset_.application, &found));
    loop_.poll();
    EXPECT_FALSE(found);
    ASSERT_TRUE(run(again.fill_catalog()));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->files, std::vector{id_});
}

TEST_F(LocalLibraryTest, CountsItsFilesAtTheStart) {
    store_asset();
    Catalog fresh(Duration(0));
    LocalLibrary again({store_, announcer_, clock_, threads_, fresh, log_},
                       folder_.path() + "/media");
    EXPECT_EQ(run(again.search(asset_.application, {})).error().code, Code::unavailable);
    ASSERT_TRUE(run(again.fill_catalog()));
    EXPECT_EQ(run(again.search(asset_.application, {}))->files, std::vector{id_});
    EXPECT_EQ(run(again.search(model::ApplicationId(1), {}))->total, 0u);
}

}  // namespace
}  // namespace hookreel::media
