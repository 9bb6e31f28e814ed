#include "media/pulls/pull_job.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "http/server/server.h"
#include "http/testing.h"
#include "media/files/local_library.h"
#include "media/files/upload_fakes.h"
#include "media/pulls/pull_workers.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"

namespace hookreel::media {
namespace {

const model::ApplicationId app = model::default_application;

// A site with files, ranges and redirects, that remembers what it was asked.
class Origin {
 public:
    explicit Origin(http::LoopThread& thread)
        : thread_(thread),
          server_(
              {&thread.loop}, {}, [this](http::Request& request) { return answer(request); },
              log_) {
        thread_.call([this] { ASSERT_TRUE(server_.start()); });
    }
    ~Origin() { thread_.run(server_.stop(Duration(100))); }

    std::string url(const std::string& path) const {
        return fmt::format("http://127.0.0.1:{}{}", server_.port(), path);
    }

    std::map<std::string, std::string> files;
    std::map<std::string, std::string> redirects;
    std::vector<std::string> asked;  // "path range".
    bool serves_ranges = true;

 private:
    Task<http::Response> answer(http::Request& request) {
        const http::Headers& headers = request.head().headers;
        const std::string path(request.head().path());
        asked.push_back(fmt::format("{} {}", path, headers.get("Range")));
        http::Response response;
        if (redirects.contains(path)) {
            response.status = 302;
            response.headers.set("Location", redirects.at(path));
            co_return response;
        }
        if (!files.contains(path)) co_return http::Response{404, {}, "none"};
        const std::string& whole = files.at(path);
        response.headers.set("ETag", "\"v1\"");
        response.body = whole;
        const std::string_view range = headers.get("Range");
        const bool is_same = !headers.has("If-Range") || headers.get("If-Range") == "\"v1\"";
        if (range.empty() || !serves_ranges || !is_same) co_return response;
        const std::size_t dash = range.find('-');
        const std::uint64_t from = *parse_unsigned(range.substr(6, dash - 6));
        const std::uint64_t last =
            parse_unsigned(range.substr(dash + 1)).value_or(whole.size() - 1);
        response.status = 206;
        response.headers.set("Content-Range",
                             fmt::format("bytes {}-{}/{}", from, last, whole.size()));
        response.body = whole.substr(from, last - from + 1);
        co_return response;
    }

    http::LoopThread& thread_;
    Log log_{Level::error};
    http::Server server_;
};

class PullJobTest : public testing::Test {
 protected:
    PullJobTest() {
        EXPECT_TRUE(rules().allow("127.0.0.0/8"));
        options_.data_folder = folder_.path();
        prober_.found.emplace();
        options_.download.tries_max = 2;
        options_.download.pause = Duration(1);
    }
    ~PullJobTest() override {
        thread_.call([this] { client_.reset(); });
    }

    http::AddressRules& rules() { return client_options_.rules; }

    // Asks for the pull and has it done. Returns how it ended.
    model::Pull pull(model::PullRequest request) {
        request.application = app;
        const Result<model::TaskId> id = thread_.run(pulls_.create(std::move(request)));
        EXPECT_TRUE(id) << id.error().detail;
        work();
        return *thread_.run(pulls_.find(app, *id));
    }
    model::Pull pull(const std::string& path) { return pull({.url = origin_.url(path)}); }

    void work() {
        if (!client_)
            thread_.call([this] {
                client_ = std::make_unique<http::Client>(thread_.loop, client_options_);
            });
        const PullTools tools{store_, announcer_,  clock_,       *client_, threads_, prober_,
                              muxer_, procedures_, *catalog_at_, live_,    log_,     options_};
        auto leases = thread_.run(store_.lease(model::pull_queue(), {}));
        ASSERT_EQ(leases->size(), 1u);
        PullJob job(tools, std::move(leases->front()));
        thread_.run(whole(job));
    }

    static Task<int> whole(PullJob& job) {
        co_await job.run();
        co_return 0;
    }

    model::Asset asset(const model::Pull& pull) {
        Result<store::Versioned<model::Asset>> found =
            thread_.run(store::load<model::Asset>(store_, asset_key(app, pull.file)));
        EXPECT_TRUE(found);
        return found ? found->value : model::Asset{};
    }
    std::string content(const std::string& path) const {
        return fakes::read_file(folder_.path() + "/media/" + path);
    }
    std::vector<std::string> told() {
        std::vector<std::string> types;
        for (const store::Lease& lease :
             *thread_.run(store_.lease(fakes::FakeAnnouncer::queue(), {.count_max = 10})))
            types.push_back(lease.type);
        return types;
    }
    void expect_failure(const model::Pull& pull, model::Failure failure) {
        EXPECT_EQ(pull.status, model::TaskStatus::finish);
        EXPECT_EQ(name(pull.failure), name(failure)) << pull.message;
        EXPECT_EQ(pull.progress, 100);
        EXPECT_EQ(told(), std::vector<std::string>{"media.pulled"});
        EXPECT_EQ(folder_.file_count(), 0u);
        EXPECT_EQ(catalog_.size(), 0u);
    }

    fakes::TemporaryFolder folder_;
    http::LoopThread thread_;
    Origin origin_{thread_};
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    store::MemoryStore store_{clock_};
    fakes::FakeAnnouncer announcer_;
    fakes::FakeProber prober_;
    fakes::FakeMuxer muxer_;
    NoProcedures procedures_;
    FileThreads threads_{2};
    Catalog catalog_;
    Catalog* catalog_at_ = &catalog_;  // That the next job works with.
    LivePulls live_;
    Log log_{Level::error};
    PullOptions options_;
    http::ClientOptions client_options_;
    std::unique_ptr<http::Client> client_;
    LocalPulls pulls_{store_, clock_, live_};
};

TEST_F(PullJobTest, WaitsInTheQueueOfItsPriority) {
    model::PullRequest request{.url = origin_.url("/clip.mp4")};
    request.application = app;
    request.priority = 6;
    ASSERT_TRUE(thread_.run(pulls_.create(std::move(request))));
    EXPECT_EQ(thread_.run(store_.count(model::pull_queue()))->waiting, 0u);
    EXPECT_EQ(thread_.run(store_.count(model::pull_queue(6)))->waiting, 1u);
}

TEST_F(PullJobTest, PutsAFileIntoTheLibrary) {
    const std::string film(700'001, 'x');
    origin_.files["/a/my%20film.MP4"] = film;
    origin_.files["/c.jpg"] = "\xff\xd8\xff picture";
    prober_.found.emplace().duration = 12.5;
    const model::Pull done = pull({.url = origin_.url("/a/my%20film.MP4?x=1"),
                                   .cover_url = origin_.url("/c.jpg"),
                                   .class_id = 7,
                                   .session_context = "ctx",
                                   .source_context = "order"});
    EXPECT_EQ(done.status, model::TaskStatus::finish);
    EXPECT_EQ(done.message, "SUCCESS");
    const model::Asset made = asset(done);
    EXPECT_EQ(made.name, "my film");
    EXPECT_EQ(made.type, "mp4");
    EXPECT_EQ(made.class_id, 7);
    EXPECT_EQ(made.source_context, "order");
    EXPECT_EQ(made.md5, hex(digest(Algorithm::md5, film)));
    EXPECT_EQ(made.size_bytes, 700'001);
    EXPECT_EQ(made.metadata->duration, 12.5);
    EXPECT_EQ(content(made.path), film);
    EXPECT_EQ(content(made.cover), "\xff\xd8\xff picture");
    EXPECT_EQ(told(), std::vector<std::string>{"media.pulled"});
    EXPECT_EQ(catalog_.size(), 1u);
    EXPECT_EQ(folder_.file_count(), 2u);
    EXPECT_EQ(thread_.run(store_.count(model::pull_queue()))->waiting, 0u);
}

TEST_F(PullJobTest, HasNoCoverThatIsNoPicture) {
    origin_.files["/film.mp4"] = "film";
    origin_.files["/c.jpg"] = "<html>Sorry</html>";
    const model::Pull done =
        pull({.url = origin_.url("/film.mp4"), .cover_url = origin_.url("/c.jpg")});
    EXPECT_EQ(done.message, "SUCCESS");
    EXPECT_EQ(asset(done).cover, "");
    EXPECT_EQ(folder_.file_count(), 1u);
}

TEST_F(PullJobTest, FollowsRedirectsThatTheRulesAllow) {
    origin_.files["/b/film.mp4"] = "film";
    origin_.redirects["/film.mp4"] = "b/film.mp4";
    EXPECT_EQ(content(asset(pull("/film.mp4")).path), "film");
}

TEST_F(PullJobTest, TellsOfAnAddressThatGivesNothing) {
    expect_failure(pull("/none.mp4"), model::Failure::download_not_accessible);
}

TEST_F(PullJobTest, FollowsNoRedirectToARefusedAddress) {
    origin_.redirects["/film.mp4"] = "http://10.0.0.1/film.mp4";
    expect_failure(pull("/film.mp4"), model::Failure::download_not_accessible);
}

TEST_F(PullJobTest, FollowsNoRedirectToAFileOfOurs) {
    origin_.redirects["/film.mp4"] = "file:///etc/passwd";
    expect_failure(pull("/film.mp4"), model::Failure::download_not_accessible);
}

TEST_F(PullJobTest, FollowsNoMoreThanFiveRedirects) {
    origin_.redirects["/film.mp4"] = "/film.mp4";
    expect_failure(pull("/film.mp4"), model::Failure::download_not_accessible);
    EXPECT_EQ(origin_.asked.size(), 6u);
}

TEST_F(PullJobTest, ReachesNoRefusedAddress) {
    rules() = {};
    expect_failure(pull("/film.mp4"), model::Failure::download_not_accessible);
    EXPECT_TRUE(origin_.asked.empty());
}

TEST_F(PullJobTest, KeepsItsLimit) {
    options_.download.bytes_max = 1000;
    origin_.files["/film.mp4"] = std::string(1001, 'x');
    expect_failure(pull("/film.mp4"), model::Failure::source_file_error);
}

TEST_F(PullJobTest, GoesOnWhereACrashCutIt) {
    origin_.files["/film.mp4"] = "0123456789";
    const auto id = thread_.run(
        pulls_.create({.application = app, .url = origin_.url("/film.mp4"), .session_id = "s"}));
    Result<store::Versioned<PullState>> state =
        thread_.run(store::load<PullState>(store_, pull_key(app, *id)));
    const std::string folder = folder_.path() + "/pulls/" + state->value.pull.file.text();
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/media") << "01234xx";  // The last two were not synced.
    state->value.checkpoint = {.bytes = 5, .validator = "\"v1\""};
    store::Commit commit;
    commit.puts.push_back({state->key, to_json_text(state->value), state->version});
    ASSERT_TRUE(thread_.run(store_.commit(std::move(commit))));
    ASSERT_TRUE(thread_.run(PullWorkers::recover(store_, threads_, options_)));
    work();
    EXPECT_EQ(origin_.asked, std::vector<std::string>{"/film.mp4 bytes=5-"});
    EXPECT_EQ(content(asset(*thread_.run(pulls_.find(app, *id))).path), "0123456789");
    EXPECT_EQ(
        thread_.run(pulls_.create({.application = app, .url = "http://x/a.mp4", .session_id = "s"}))
            .error()
            .code,
        Code::conflict);
}

TEST_F(PullJobTest, BeginsAnewWhenTheFileHasChanged) {
    origin_.files["/film.mp4"] = "new content";
    const auto id =
        thread_.run(pulls_.create({.application = app, .url = origin_.url("/film.mp4")}));
    Result<store::Versioned<PullState>> state =
        thread_.run(store::load<PullState>(store_, pull_key(app, *id)));
    const std::string folder = folder_.path() + "/pulls/" + state->value.pull.file.text();
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/media") << "old";
    state->value.checkpoint = {.bytes = 3, .validator = "\"v0\""};
    store::Commit commit;
    commit.puts.push_back({state->key, to_json_text(state->value), state->version});
    ASSERT_TRUE(thread_.run(store_.commit(std::move(commit))));
    work();
    EXPECT_EQ(content(asset(*thread_.run(pulls_.find(app, *id))).path), "new content");
}

TEST_F(PullJobTest, MakesOneFileOfAPlaylist) {
    origin_.files["/v/main.m3u8"] =
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=9\nhigh/list.m3u8\n";
    origin_.files["/v/high/list.m3u8"] =
        "#EXTM3U\n#EXTINF:1,\na.ts\n#EXTINF:1,\n#EXT-X-BYTERANGE:3@2\nb.ts\n#EXTINF:1,\n"
        "#EXT-X-BYTERANGE:2\nb.ts\n#EXT-X-ENDLIST\n";
    origin_.files["/v/high/a.ts"] = "aaa";
    origin_.files["/v/high/b.ts"] = "0123456789";
    const model::Asset made = asset(pull("/v/main.m3u8"));
    EXPECT_EQ(made.type, "ts");
    EXPECT_EQ(content(made.path), "aaa23456");
    EXPECT_EQ(made.size_bytes, 8);
}

// Not what stands behind its path: that may be a secret.
TEST_F(PullJobTest, NamesThePieceThatIsMissing) {
    origin_.files["/v/main.m3u8"] = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/l.m3u8?k=1\n";
    model::Pull done = pull("/v/main.m3u8");
    EXPECT_EQ(done.failure, model::Failure::download_not_accessible);
    EXPECT_TRUE(done.message.ends_with("status: 404, of the playlist /v/low/l.m3u8"))
        << done.message;
    const std::string long_name(300, 'x');
    for (const auto& [uri, path] :
         {std::pair{std::string("a.ts?sign=secret"), std::string("/a.ts")},
          std::pair{long_name, "/" + long_name.substr(0, 199)}}) {
        origin_.files["/x.m3u8"] = "#EXTM3U\n#EXTINF:1,\n" + uri + "\n#EXT-X-ENDLIST\n";
        done = pull("/x.m3u8");
        EXPECT_EQ(done.failure, model::Failure::download_not_accessible);
        EXPECT_TRUE(done.message.ends_with("status: 404, of the piece " + path)) << done.message;
    }
    EXPECT_TRUE(pull("/gone.m3u8").message.ends_with("status: 404"));
}

// A stream whose sound is apart, of two pieces each.
std::string description() {
    return "<MPD><BaseURL>x/</BaseURL><Period><AdaptationSet mimeType='video/mp4'>"
           "<SegmentTemplate media='v$Number$' duration='1' endNumber='2'/><Representation/>"
           "</AdaptationSet><AdaptationSet mimeType='audio/mp4'><Representation><SegmentList>"
           "<SegmentURL media='s' mediaRange='0-1'/><SegmentURL media='s' mediaRange='4-5'/>"
           "</SegmentList></Representation></AdaptationSet></Period></MPD>";
}

TEST_F(PullJobTest, PutsThePictureAndItsSoundTogether) {
    origin_.files = {{"/d/x/v1", "one "}, {"/d/x/v2", "two"}, {"/d/x/s", "012345"}};
    origin_.files["/d/a.mpd"] = description();
    const model::Asset made = asset(pull("/d/a.mpd"));
    EXPECT_EQ(made.type, "mp4");
    EXPECT_EQ(content(made.path), "one two|0145");
    EXPECT_EQ(made.size_bytes, 12);
    EXPECT_EQ(made.md5, hex(digest(Algorithm::md5, "one two|0145")));
    EXPECT_EQ(folder_.file_count(), 1u);
    EXPECT_EQ(told(), std::vector<std::string>{"media.pulled"});
}

TEST_F(PullJobTest, TakesTheSoundOfAPlaylistThatIsApart) {
    origin_.files["/m.m3u8"] =
        "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"s\",URI=\"s/l.m3u8\"\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"s\"\nv.m3u8\n";
    origin_.files["/v.m3u8"] = "#EXTM3U\nv.ts\n#EXT-X-ENDLIST\n";
    origin_.files["/s/l.m3u8"] = "#EXTM3U\ns.aac\n#EXT-X-ENDLIST\n";
    origin_.files["/v.ts"] = "picture";
    origin_.files["/s/s.aac"] = "sound";
    const model::Asset made = asset(pull("/m.m3u8"));
    EXPECT_EQ(made.type, "ts");
    EXPECT_EQ(content(made.path), "picture|sound");
    origin_.files["/s/l.m3u8"] = "#EXTM3U\ns.aac\n";
    EXPECT_EQ(pull("/m.m3u8").failure, model::Failure::content_unsupported);
}

TEST_F(PullJobTest, FetchesASoundThatIsThereOnce) {
    origin_.files = {{"/x/v1", "one "}, {"/x/v2", "two"}, {"/x/s", "012345"}};
    origin_.files["/a.mpd"] = description();
    muxer_.error = Error{Code::unavailable, "no room"};
    const model::Pull waiting = pull("/a.mpd");
    EXPECT_EQ(waiting.status, model::TaskStatus::processing);
    ASSERT_TRUE(thread_.run(PullWorkers::recover(store_, threads_, options_)));
    muxer_.error.reset();
    origin_.asked.clear();
    clock_.advance(options_.retry_delay);
    work();
    EXPECT_EQ(origin_.asked, std::vector<std::string>{"/a.mpd "});
    EXPECT_EQ(content(asset(*thread_.run(pulls_.find(app, waiting.id))).path), "one two|0145");
}

TEST_F(PullJobTest, TellsWhyAStreamMakesNoFilm) {
    origin_.files = {{"/x/v1", "one "}, {"/x/v2", "two"}, {"/x/s", "012345"}};
    origin_.files["/a.mpd"] = description();
    muxer_.error = Error{Code::invalid, "no media"};
    EXPECT_EQ(pull("/a.mpd").failure, model::Failure::content_malformed);
    muxer_.error.reset();
    options_.download.bytes_max = 5;
    EXPECT_EQ(pull("/a.mpd").failure, model::Failure::source_file_error);
    options_.download.bytes_max = 1000;
    catalog_.finish_loading();
    catalog_.quota().limit(8);
    EXPECT_EQ(pull("/a.mpd").failure, model::Failure::result_file_size_too_large);
    catalog_.quota().limit(0);
    origin_.files.erase("/x/v2");
    EXPECT_EQ(pull("/a.mpd").failure, model::Failure::download_not_accessible);
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(PullJobTest, RefusesPlaylistsThatItCannotTake) {
    const std::pair<std::string, model::Failure> cases[] = {
        {"<html>", model::Failure::content_malformed},
        {"#EXTM3U\n#EXT-X-ENDLIST\n", model::Failure::content_malformed},
        {"#EXTM3U\n#EXTINF:1,\na.ts\n", model::Failure::content_unsupported},
        {"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\na.ts\n#EXT-X-ENDLIST\n",
         model::Failure::content_unsupported},
        {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nx.m3u8\n", model::Failure::content_malformed},
        {"#EXTM3U\na.ts\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", model::Failure::content_malformed},
        {"#EXTM3U\nhttp://10.0.0.1/a.ts\n#EXT-X-ENDLIST\n",
         model::Failure::download_not_accessible},
        {"<MPD type='dynamic'><Period/></MPD>", model::Failure::content_unsupported},
        {"<MPD><BaseURL>http://10.0.0.1/</BaseURL><Period><AdaptationSet contentType='video'>"
         "<Representation><BaseURL>a</BaseURL></Representation></AdaptationSet></Period></MPD>",
         model::Failure::download_not_accessible},
        {"<MPD><BaseURL>file:///etc/</BaseURL><Period><AdaptationSet contentType='video'>"
         "<Representation><BaseURL>passwd</BaseURL></Representation></AdaptationSet></Period></"
         "MPD>",
         model::Failure::content_malformed},
    };
    origin_.files["/a.ts"] = "a";
    for (const auto& [text, failure] : cases) {
        origin_.files["/x.m3u8"] = text;
        const model::Pull done = pull("/x.m3u8");
        EXPECT_EQ(name(done.failure), name(failure)) << text << done.message;
    }
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(PullJobTest, KeepsWhatIsNoMediaUnlessItIsATextOrNothing) {
    prober_.found.reset();
    origin_.files["/film.mp4"] = std::string("no media\0", 9);
    EXPECT_FALSE(asset(pull("/film.mp4")).metadata);
    EXPECT_EQ(folder_.file_count(), 1u);
    for (const char* text : {"", "<html>Sorry</html>\r\n"}) {
        origin_.files["/film.mp4"] = text;
        const model::Pull done = pull("/film.mp4");
        EXPECT_EQ(name(done.failure), name(model::Failure::content_malformed)) << done.message;
        EXPECT_EQ(folder_.file_count(), 1u);
    }
}

TEST_F(PullJobTest, IsTriedLaterWhenTheDiskIsFull) {
    origin_.files["/film.mp4"] = "film";
    options_.download.free_bytes = [](const std::string&) -> Result<std::uint64_t> { return 1; };
    const model::Pull waiting = pull("/film.mp4");
    EXPECT_EQ(waiting.status, model::TaskStatus::processing);
    EXPECT_EQ(thread_.run(store_.count(model::pull_queue()))->waiting, 1u);
    EXPECT_EQ(told(), std::vector<std::string>{});
    options_.download.free_bytes = media::free_bytes;
    clock_.advance(options_.retry_delay);
    work();
    EXPECT_EQ(told(), std::vector<std::string>{"media.pulled"});
}

TEST(CheckedPull, MakesNamesAndTypesOutOfAddresses) {
    const auto checked = [](const std::string& url, const std::string& type = "") {
        return checked_pull({.url = url, .type = type});
    };
    EXPECT_EQ(checked("http://h/a/b.MP4?x=/y.avi#z")->type, "mp4");
    EXPECT_EQ(checked("http://h/a/b%20c.mp4")->name, "b c");
    EXPECT_EQ(checked("http://h/", "mp4")->name, "untitled");
    EXPECT_EQ(checked("http://h/a%ff.mp4")->name, "untitled");
    for (const char* url : {"http://h/a", "http://h.mp4", "http://h/a.exe", "http://h/a.ism"})
        EXPECT_TRUE(checked(url).error().detail.starts_with("type")) << url;
    for (const char* url : {"", "file:///a.mp4", "ftp://h/a.mp4", "a.mp4"})
        EXPECT_TRUE(checked(url).error().detail.starts_with("url")) << url;
    EXPECT_TRUE(checked_pull({.url = "http://h/a.mp4", .cover_url = "x.jpg"})
                    .error()
                    .detail.starts_with("cover_url"));
    EXPECT_TRUE(checked_pull({.url = "http://h/a.mp4", .cover_url = "http://h/x"})
                    .error()
                    .detail.starts_with("cover_type"));
}

class PullQuotaTest : public PullJobTest {
 protected:
    PullQuotaTest() {
        catalog_.quota().limit(100);
        catalog_.finish_loading();
        origin_.files = {{"/small.mp4", std::string(60, 's')},
                         {"/large.mp4", std::string(101, 'l')}};
    }
};

TEST_F(PullQuotaTest, RefusesAFileForWhichThereIsNoRoom) {
    const model::Pull large = pull("/large.mp4");
    EXPECT_EQ(large.status, model::TaskStatus::finish);
    EXPECT_EQ(large.failure, model::Failure::result_file_size_too_large);
    EXPECT_TRUE(large.message.contains("quota")) << large.message;
    EXPECT_EQ(told(), std::vector<std::string>{"media.pulled"});
    EXPECT_EQ(pull("/small.mp4").failure, model::Failure::none);
    EXPECT_EQ(pull("/small.mp4").failure, model::Failure::result_file_size_too_large);
    EXPECT_EQ(catalog_.stored_bytes(app), 60u);
    // What failed holds no room.
    EXPECT_TRUE(catalog_.quota().claim({app, model::FileId("other"), 40}));
}

TEST_F(PullQuotaTest, FetchesNothingWhenTheQuotaIsUsed) {
    ASSERT_TRUE(catalog_.quota().claim({app, model::FileId("other"), 100}));
    EXPECT_EQ(pull("/small.mp4").failure, model::Failure::result_file_size_too_large);
    EXPECT_TRUE(origin_.asked.empty());
}

TEST_F(PullQuotaTest, LeavesAPullForLaterWhileTheFilesAreCounted) {
    Catalog counting(Duration(0));
    counting.quota().limit(100);
    catalog_at_ = &counting;
    const model::Pull waiting = pull("/small.mp4");
    EXPECT_EQ(waiting.status, model::TaskStatus::processing);
    EXPECT_TRUE(told().empty());
}

}  // namespace
}  // namespace hookreel::media
