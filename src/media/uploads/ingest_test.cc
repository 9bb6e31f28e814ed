#include "media/uploads/ingest.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "media/files/local_library.h"
#include "media/files/upload_fakes.h"
#include "media/uploads/local_uploads.h"
#include "store/memory/memory_store.h"

namespace hookreel::media {
namespace {

constexpr const char* picture = "GIF89a, a picture";

// A memory store that may fail a commit: before it is done, or after, as when the answer is lost.
class FaultyStore final : public store::Store {
 public:
    enum class Fault { none, before, after };

    explicit FaultyStore(store::Store& inner) : inner_(inner) {}

    // The commit after this many good ones.
    void fail_commit(int after_good, Fault fault) {
        good_left_ = after_good;
        fault_ = fault;
    }

    Task<Result<void>> commit(store::Commit commit) override {
        const bool failing = fault_ != Fault::none && good_left_-- == 0;
        if (failing && std::exchange(fault_, Fault::none) == Fault::before)
            co_return fail(Code::unavailable, "the store is closed");
        Result<void> done = co_await inner_.commit(std::move(commit));
        if (failing) co_return fail(Code::unavailable, "the store is closed");
        co_return done;
    }
    Task<Result<std::vector<store::Lease>>> lease(model::QueueId queue,
                                                  store::LeaseOptions options) override {
        return inner_.lease(std::move(queue), options);
    }
    bool watch(const model::QueueId& queue, model::Order order,
               const std::shared_ptr<store::Bell>& bell) override {
        return inner_.watch(queue, order, bell);
    }
    Result<void> renew(store::Handle handle, Duration hold) override {
        return inner_.renew(handle, hold);
    }
    Task<Result<store::Record>> get(store::RecordKey key) override {
        return inner_.get(std::move(key));
    }
    Task<Result<std::vector<store::Record>>> list(store::Kind kind,
                                                  store::ListOptions options) override {
        return inner_.list(kind, std::move(options));
    }
    Task<Result<store::QueueCounts>> count(model::QueueId queue) override {
        return inner_.count(std::move(queue));
    }
    Task<Result<store::Page<store::Attempt>>> attempts(store::AttemptQuery filter) override {
        return inner_.attempts(std::move(filter));
    }
    Task<Result<std::vector<store::Published>>> publish(
        std::vector<store::NewEvent> events) override {
        return inner_.publish(std::move(events));
    }
    Task<Result<store::Page<store::ArchivedEvent>>> events(store::EventQuery query) override {
        return inner_.events(std::move(query));
    }
    Task<Result<store::ArchivedEvent>> event(model::ApplicationId application,
                                             model::EventId id) override {
        return inner_.event(application, std::move(id));
    }
    Task<Result<store::Page<store::Delivery>>> deliveries(store::DeliveryQuery query) override {
        return inner_.deliveries(std::move(query));
    }
    Task<Result<store::Delivery>> delivery(store::DeliveryId id) override {
        return inner_.delivery(std::move(id));
    }
    Task<Result<void>> retry(store::DeliveryId id) override { return inner_.retry(std::move(id)); }
    Task<Result<store::ReplayStep>> replay(store::Replay replay) override {
        return inner_.replay(std::move(replay));
    }
    Task<Result<std::vector<store::DeadLetter>>> dead_letters(model::QueueId queue,
                                                              int count_max) override {
        return inner_.dead_letters(std::move(queue), count_max);
    }
    Task<Result<int>> expire(model::QueueId queue, TimePoint before, int count_max) override {
        return inner_.expire(std::move(queue), before, count_max);
    }
    Task<Result<store::QueueTotals>> totals() override { return inner_.totals(); }
    Task<Result<int>> purge(store::PurgeLimits limits) override { return inner_.purge(limits); }
    Result<void> health() const override { return inner_.health(); }
    void close() override { inner_.close(); }

 private:
    store::Store& inner_;
    int good_left_ = 0;
    Fault fault_ = Fault::none;
};

class IngestTest : public testing::Test {
 protected:
    IngestTest() {
        options_.data_folder = folder_.path();
        restart();
        upload_ = apply();
    }

    void restart() {
        uploads_.reset();
        uploads_ =
            std::make_unique<LocalUploads>(Ingest::Ports{store_, announcer_, prober_, clock_,
                                                         threads_, catalog_, procedures_, muxer_},
                                           options_);
        ASSERT_TRUE(run(uploads_->recover()));
    }
    template <class T>
    T run(Task<T> task) {
        return fakes::run(loop_, std::move(task));
    }
    Upload apply() {
        UploadRequest request;
        request.application = model::default_application;
        request.type = "WMV";
        request.name = "my\nclip";
        request.cover_type = "png";
        request.class_id = 7;
        request.source_context = "order-42";
        return *run(uploads_->apply(request));
    }
    void put(const std::string& key, std::string bytes) {
        fakes::FakeRequest source(std::move(bytes));
        ASSERT_TRUE(run(uploads_->put_object(upload_, key, source, std::nullopt)));
    }
    Result<model::Asset> commit() {
        return run(uploads_->commit(model::default_application, upload_.id, TraceContext()));
    }
    std::uint64_t event_count() {
        return run(store_.count(fakes::FakeAnnouncer::queue()))->waiting;
    }
    std::size_t asset_count() { return run(store_.list(store::Kind::asset, {}))->size(); }

    fakes::TemporaryFolder folder_;
    Loop loop_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    store::MemoryStore memory_{clock_};
    FaultyStore store_{memory_};
    fakes::FakeAnnouncer announcer_;
    fakes::FakeProber prober_;
    fakes::FakeMuxer muxer_;
    FileThreads threads_{2};
    Catalog catalog_;
    NoProcedures procedures_;
    Log log_{Level::error};
    LocalUploadsOptions options_;
    std::unique_ptr<LocalUploads> uploads_;
    Upload upload_;
};

TEST_F(IngestTest, PutsTheFileIntoTheLibraryAndAnnouncesIt) {
    prober_.found.emplace().duration = 12.5;
    put(upload_.media_key, "film");
    put(upload_.cover_key, picture);
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset);
    EXPECT_EQ(asset->id, upload_.file);
    EXPECT_EQ(asset->application, model::default_application);
    EXPECT_EQ(asset->name, "myclip");
    EXPECT_EQ(asset->type, "wmv");
    EXPECT_EQ(asset->class_id, 7);
    EXPECT_EQ(asset->source_context, "order-42");
    EXPECT_EQ(asset->created, clock_.now());
    EXPECT_EQ(asset->size_bytes, 4);
    EXPECT_EQ(asset->md5, hex(digest(Algorithm::md5, "film")));
    ASSERT_TRUE(asset->metadata);
    EXPECT_EQ(asset->metadata->duration, 12.5);

    const std::string id = upload_.file.text();
    EXPECT_EQ(asset->path, "1500000001/" + id.substr(0, 2) + "/" + id + "/f0.wmv");
    LocalLibrary library({store_, announcer_, clock_, threads_, catalog_, log_},
                         folder_.path() + "/media");
    EXPECT_EQ(fakes::read_file(*library.absolute(asset->path)), "film");
    EXPECT_EQ(fakes::read_file(*library.absolute(asset->cover)), picture);
    EXPECT_EQ(folder_.file_count(), 2u);
    const auto found = run(library.find(model::default_application, upload_.file));
    ASSERT_TRUE(found);
    EXPECT_EQ(to_json_text(*found), to_json_text(*asset));
    const model::ApplicationId stranger(1);
    EXPECT_EQ(run(library.find(stranger, upload_.file)).error().code, Code::not_found);

    const auto leased = run(store_.lease(fakes::FakeAnnouncer::queue(), {}));
    ASSERT_EQ(leased->size(), 1u);
    EXPECT_EQ(leased->front().type, "media.uploaded");
    EXPECT_EQ(*leased->front().body, id);
    EXPECT_EQ(catalog_.size(), 1u);
}

TEST_F(IngestTest, KeepsAFileThatIsNoMedia) {
    put(upload_.media_key, "not a film");
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset);
    EXPECT_FALSE(asset->metadata);
    EXPECT_TRUE(asset->cover.empty());
    EXPECT_EQ(event_count(), 1u);
}

TEST_F(IngestTest, HasNoCoverThatIsNoPicture) {
    put(upload_.media_key, "film");
    put(upload_.cover_key, "no picture");
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset);
    EXPECT_EQ(asset->cover, "");
    EXPECT_EQ(folder_.file_count(), 1u);
    EXPECT_EQ(commit()->cover, "");
}

TEST_F(IngestTest, ASecondCommitIsTheSameFileAndNoSecondEvent) {
    put(upload_.media_key, "film");
    const Result<model::Asset> first = commit();
    restart();
    const Result<model::Asset> second = commit();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(to_json_text(*first), to_json_text(*second));
    EXPECT_EQ(event_count(), 1u);
    EXPECT_EQ(asset_count(), 1u);
    EXPECT_EQ(prober_.calls, 1);
}

TEST_F(IngestTest, CommitsAtOnceAreOneFileAndOneEvent) {
    put(upload_.media_key, "film");
    std::vector<Result<model::Asset>> results;
    TaskGroup group(loop_.get_executor());
    const auto commit_into = [](LocalUploads& uploads, model::UploadId id,
                                std::vector<Result<model::Asset>>& into) -> Task<void> {
        into.push_back(co_await uploads.commit(model::default_application, id, TraceContext()));
    };
    for (int i = 0; i < 4; ++i)
        group.spawn(commit_into(*uploads_, upload_.id, results));
    loop_.restart();
    loop_.run();
    ASSERT_EQ(results.size(), 4u);
    for (const Result<model::Asset>& asset : results) {
        ASSERT_TRUE(asset) << asset.error().detail;
        EXPECT_EQ(asset->id, upload_.file);
    }
    EXPECT_EQ(event_count(), 1u);
    EXPECT_EQ(asset_count(), 1u);
}

TEST_F(IngestTest, ARepeatFinishesWhatACrashCutAfterTheMove) {
    put(upload_.media_key, "film");
    put(upload_.cover_key, picture);
    store_.fail_commit(1, FaultyStore::Fault::before);  // The claim is good, the end is not.
    EXPECT_EQ(commit().error().code, Code::unavailable);
    EXPECT_EQ(asset_count(), 0u);
    EXPECT_EQ(event_count(), 0u);
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset);
    EXPECT_EQ(asset->id, upload_.file);
    EXPECT_EQ(fakes::read_file(folder_.path() + "/media/" + asset->path), "film");
    EXPECT_EQ(event_count(), 1u);
}

TEST_F(IngestTest, AStartFinishesWhatACrashCutAfterTheMove) {
    put(upload_.media_key, "film");
    store_.fail_commit(1, FaultyStore::Fault::before);
    EXPECT_EQ(commit().error().code, Code::unavailable);
    restart();
    EXPECT_EQ(asset_count(), 1u);
    EXPECT_EQ(event_count(), 1u);
    EXPECT_TRUE(commit());
    EXPECT_EQ(event_count(), 1u);
    EXPECT_EQ(folder_.file_count(), 1u);
}

TEST_F(IngestTest, AClaimThatACrashCutLosesNothing) {
    put(upload_.media_key, "film");
    store_.fail_commit(0, FaultyStore::Fault::after);  // Claimed, but nothing was moved.
    EXPECT_EQ(commit().error().code, Code::unavailable);
    restart();
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset);
    EXPECT_EQ(fakes::read_file(folder_.path() + "/media/" + asset->path), "film");
    EXPECT_EQ(event_count(), 1u);
}

TEST_F(IngestTest, ALostAnswerOfTheStoreIsNoSecondEvent) {
    put(upload_.media_key, "film");
    store_.fail_commit(1, FaultyStore::Fault::after);
    EXPECT_EQ(commit().error().code, Code::unavailable);
    EXPECT_EQ(asset_count(), 1u);
    ASSERT_TRUE(commit());
    EXPECT_EQ(event_count(), 1u);
    EXPECT_EQ(asset_count(), 1u);
}

TEST_F(IngestTest, RefusesASessionThatIsUnknownForeignOrExpired) {
    put(upload_.media_key, "film");
    const model::UploadId unknown(std::string(40, 'x'));
    const model::ApplicationId stranger(1);
    EXPECT_EQ(
        run(uploads_->commit(model::default_application, unknown, TraceContext())).error().code,
        Code::invalid);
    EXPECT_EQ(run(uploads_->commit(stranger, upload_.id, TraceContext())).error().code,
              Code::invalid);
    clock_.advance(options_.session_life);
    EXPECT_EQ(commit().error().code, Code::invalid);
    EXPECT_EQ(event_count(), 0u);
}

TEST_F(IngestTest, RefusesASessionWithoutAMediaObject) {
    put(upload_.cover_key, picture);
    EXPECT_EQ(commit().error().code, Code::not_found);
    EXPECT_EQ(event_count(), 0u);
    put(upload_.media_key, "film");
    EXPECT_TRUE(commit());
}

TEST_F(IngestTest, DropsPartsThatWereNeverJoined) {
    put(upload_.media_key, "film");
    const Multipart multipart = *run(uploads_->start_multipart(upload_, upload_.media_key));
    fakes::FakeRequest source("part");
    ASSERT_TRUE(run(uploads_->put_part(upload_, multipart.id, 1, source, std::nullopt)));
    ASSERT_TRUE(commit());
    EXPECT_TRUE(run(store_.list(store::Kind::part, {}))->empty());
    EXPECT_EQ(folder_.file_count(), 1u);
}

}  // namespace
}  // namespace hookreel::media
