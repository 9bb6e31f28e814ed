#include "media/uploads/local_uploads.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "media/uploads/uploads_fixture_test.h"

namespace hookreel::media {
namespace {

using fakes::FakeRequest;

constexpr Duration life = std::chrono::hours(24);

// Uploads over a memory store, that can be started again over the same folder and store.
class LocalUploadsTest : public fakes::UploadsTest {
 protected:
    LocalUploadsTest() { restart(); }

    Upload apply() {
        UploadRequest request;
        request.application = model::default_application;
        request.type = "mp4";
        request.name = "clip";
        request.cover_type = "jpg";
        return *run(uploads_->apply(request));
    }
    Result<StoredObject> put(const Upload& upload, const std::string& key, std::string bytes) {
        FakeRequest source(std::move(bytes));
        return run(uploads_->put_object(upload, key, source, std::nullopt));
    }
    Result<Part> put_part(const Upload& upload, const std::string& id, int number,
                          std::string bytes) {
        FakeRequest source(std::move(bytes));
        return run(uploads_->put_part(upload, id, number, source, std::nullopt));
    }
    Result<model::Asset> commit(const Upload& upload) {
        return run(uploads_->commit(model::default_application, upload.id, TraceContext()));
    }
    std::string library_file(const std::string& path) const {
        return fakes::read_file(folder_.path() + "/media/" + path);
    }
    static std::string md5(std::string_view bytes) { return hex(digest(Algorithm::md5, bytes)); }
};

std::string some_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<char>(i * 7 + i / 251);
    return bytes;
}

TEST_F(LocalUploadsTest, HandsOutKeysThatFindTheSession) {
    const Upload upload = apply();
    EXPECT_EQ(upload.id.text().size(), 40u);
    EXPECT_EQ(upload.file.text().size(), 19u);
    EXPECT_TRUE(upload.bucket.ends_with("-1300000001"));
    EXPECT_TRUE(upload.media_key.ends_with("/f0.mp4"));
    EXPECT_TRUE(upload.cover_key.ends_with(".jpg"));
    EXPECT_EQ(upload.keys_expire, clock_.now() + life);
    const Result<Upload> found = run(uploads_->find_by_secret_id(upload.keys.secret_id));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, upload.id);
    EXPECT_EQ(found->keys, upload.keys);
    EXPECT_EQ(found->token, upload.token);
}

TEST_F(LocalUploadsTest, ForgetsAKeyThatIsUnknownOrHasExpired) {
    const Upload upload = apply();
    EXPECT_EQ(run(uploads_->find_by_secret_id("AKID")).error().code, Code::not_found);
    EXPECT_EQ(run(uploads_->find_by_secret_id(std::string(36, 'x'))).error().code, Code::not_found);
    clock_.advance(life);
    EXPECT_EQ(run(uploads_->find_by_secret_id(upload.keys.secret_id)).error().code,
              Code::not_found);
}

TEST_F(LocalUploadsTest, StoresAnObjectWithItsHash) {
    const Upload upload = apply();
    const std::string bytes = some_bytes(700'001);  // More than two buffers.
    const Result<StoredObject> object = put(upload, upload.media_key, bytes);
    ASSERT_TRUE(object);
    EXPECT_EQ(object->size_bytes, bytes.size());
    EXPECT_EQ(object->md5, md5(bytes));
    EXPECT_EQ(object->etag, md5(bytes));
    const Result<StoredObject> head = run(uploads_->head_object(upload, upload.media_key));
    ASSERT_TRUE(head);
    EXPECT_EQ(head->md5, object->md5);
    EXPECT_EQ(run(uploads_->head_object(upload, upload.cover_key)).error().code, Code::not_found);
}

TEST_F(LocalUploadsTest, TakesAnEmptyObject) {
    const Upload upload = apply();
    const Result<StoredObject> object = put(upload, upload.media_key, "");
    ASSERT_TRUE(object);
    EXPECT_EQ(object->size_bytes, 0u);
    EXPECT_EQ(object->md5, "d41d8cd98f00b204e9800998ecf8427e");
}

TEST_F(LocalUploadsTest, JoinsNoMoreThanAnObjectMayHave) {
    options_.object_bytes_max = 1000;
    restart();
    const Upload upload = apply();
    const std::string id = run(uploads_->start_multipart(upload, upload.media_key))->id;
    const Part first = *put_part(upload, id, 1, some_bytes(600));
    const Part second = *put_part(upload, id, 2, some_bytes(401));
    EXPECT_EQ(run(uploads_->complete_multipart(upload, id, {first, second})).error().code,
              Code::too_large);
    EXPECT_TRUE(run(uploads_->complete_multipart(upload, id, {first})));
}

TEST_F(LocalUploadsTest, TakesOnlyTheTwoKeysOfTheSession) {
    const Upload upload = apply();
    const Upload other = apply();
    for (const std::string& key : {other.media_key, std::string("x"), std::string(),
                                   "../" + upload.media_key, upload.media_key + "/"}) {
        EXPECT_EQ(put(upload, key, "bytes").error().code, Code::denied) << key;
        EXPECT_EQ(run(uploads_->start_multipart(upload, key)).error().code, Code::denied);
        EXPECT_EQ(run(uploads_->head_object(upload, key)).error().code, Code::denied);
    }
    EXPECT_TRUE(put(upload, upload.cover_key, "picture"));
    EXPECT_EQ(folder_.file_count(), 1u);
}

TEST_F(LocalUploadsTest, ASessionWithoutACoverHasNoKeyForOne) {
    UploadRequest request;
    request.application = model::default_application;
    request.type = "mp4";
    const Upload upload = *run(uploads_->apply(request));
    EXPECT_TRUE(upload.cover_key.empty());
    EXPECT_EQ(put(upload, "", "picture").error().code, Code::denied);
}

TEST_F(LocalUploadsTest, ACutBodyLeavesNothing) {
    const Upload upload = apply();
    for (const std::size_t after : {0ul, 1ul, 262'144ul, 400'000ul}) {
        FakeRequest source(some_bytes(500'000));
        source.break_off(after, {Code::network, "the peer is gone"});
        const auto object =
            run(uploads_->put_object(upload, upload.media_key, source, std::nullopt));
        EXPECT_EQ(object.error().code, Code::network);
    }
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_FALSE(run(uploads_->head_object(upload, upload.media_key)));
}

TEST_F(LocalUploadsTest, AWrongMd5LeavesNothing) {
    const Upload upload = apply();
    FakeRequest wrong("bytes");
    const std::string other = digest(Algorithm::md5, "other bytes");
    EXPECT_EQ(run(uploads_->put_object(upload, upload.media_key, wrong, other)).error().code,
              Code::invalid);
    EXPECT_EQ(folder_.file_count(), 0u);
    FakeRequest right("bytes");
    const std::string same = digest(Algorithm::md5, "bytes");
    EXPECT_TRUE(run(uploads_->put_object(upload, upload.media_key, right, same)));
}

TEST_F(LocalUploadsTest, ASecondWriteReplacesTheFirst) {
    const Upload upload = apply();
    ASSERT_TRUE(put(upload, upload.media_key, "first"));
    ASSERT_TRUE(put(upload, upload.media_key, "second"));
    EXPECT_EQ(run(uploads_->head_object(upload, upload.media_key))->md5, md5("second"));
    EXPECT_EQ(folder_.file_count(), 1u);
}

TEST_F(LocalUploadsTest, RefusesWhatIsOverTheLimitOfAnObject) {
    options_.object_bytes_max = 1000;
    restart();
    const Upload upload = apply();
    EXPECT_EQ(put(upload, upload.media_key, some_bytes(1001)).error().code, Code::too_large);
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_TRUE(put(upload, upload.media_key, some_bytes(1000)));
}

TEST_F(LocalUploadsTest, StopsAtTheReserveOfTheDisk) {
    std::uint64_t free = 1000;
    options_.reserve_bytes = 1001;
    options_.free_bytes = [&](const std::string&) -> Result<std::uint64_t> { return free; };
    restart();
    const Upload upload = apply();
    EXPECT_EQ(put(upload, upload.media_key, "bytes").error().code, Code::unavailable);
    free = 1001;
    EXPECT_TRUE(put(upload, upload.media_key, "bytes"));
}

TEST_F(LocalUploadsTest, LooksAtTheReserveAgainWhileALargeBodyComes) {
    int looks = 0;
    options_.reserve_bytes = 1;
    options_.free_bytes = [&](const std::string&) -> Result<std::uint64_t> {
        return ++looks == 1 ? 1ull << 40 : 0;
    };
    restart();
    const Upload upload = apply();
    EXPECT_EQ(put(upload, upload.media_key, some_bytes(17 << 20)).error().code, Code::unavailable);
    EXPECT_EQ(looks, 2);
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(LocalUploadsTest, AllObjectsSurviveARestartAndNothingElseDoes) {
    const Upload upload = apply();
    ASSERT_TRUE(put(upload, upload.media_key, "film"));
    const Multipart multipart = *run(uploads_->start_multipart(upload, upload.cover_key));
    ASSERT_TRUE(put_part(upload, multipart.id, 1, "part"));
    std::ofstream(folder_.path() + "/staging/" + upload.file.text() + "/rubbish") << "half";
    std::filesystem::create_directories(folder_.path() + "/staging/4444");
    std::ofstream(folder_.path() + "/staging/4444/rubbish") << "half";
    restart();
    EXPECT_EQ(folder_.file_count(), 2u);
    EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/staging/4444"));
    EXPECT_EQ(run(uploads_->head_object(upload, upload.media_key))->md5, md5("film"));
}

TEST_F(LocalUploadsTest, AMultipartGoesOnAfterARestart) {
    const Upload upload = apply();
    const std::string first = some_bytes(300'000);
    const std::string second = some_bytes(5);
    const Multipart multipart = *run(uploads_->start_multipart(upload, upload.media_key));
    ASSERT_TRUE(put_part(upload, multipart.id, 1, first));
    restart();
    const auto multiparts = run(uploads_->list_multiparts(upload, upload.media_key));
    ASSERT_TRUE(multiparts);
    ASSERT_EQ(multiparts->size(), 1u);
    EXPECT_EQ(multiparts->front().id, multipart.id);
    EXPECT_EQ(multiparts->front().key, upload.media_key);
    EXPECT_TRUE(run(uploads_->list_multiparts(upload, "other"))->empty());
    ASSERT_TRUE(put_part(upload, multipart.id, 2, second));
    const auto parts = run(uploads_->list_parts(upload, multipart.id));
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2u);

    const auto object = run(uploads_->complete_multipart(upload, multipart.id, *parts));
    ASSERT_TRUE(object);
    EXPECT_EQ(object->size_bytes, first.size() + second.size());
    EXPECT_EQ(object->md5, md5(first + second));
    EXPECT_EQ(object->etag,
              md5(digest(Algorithm::md5, first) + digest(Algorithm::md5, second)) + "-2");
    EXPECT_EQ(folder_.file_count(), 1u);
    EXPECT_EQ(run(uploads_->list_parts(upload, multipart.id)).error().code, Code::not_found);
    EXPECT_EQ(library_file(commit(upload)->path), first + second);
}

TEST_F(LocalUploadsTest, ACompletionMayBeRepeated) {
    const Upload upload = apply();
    for (const int count : {1, 2}) {
        const Multipart multipart = *run(uploads_->start_multipart(upload, upload.media_key));
        for (int number = 1; number <= count; ++number)
            ASSERT_TRUE(put_part(upload, multipart.id, number, some_bytes(100)));
        const auto parts = *run(uploads_->list_parts(upload, multipart.id));
        const auto once = run(uploads_->complete_multipart(upload, multipart.id, parts));
        const auto twice = run(uploads_->complete_multipart(upload, multipart.id, parts));
        ASSERT_TRUE(once && twice);
        EXPECT_EQ(once->etag, twice->etag);
        EXPECT_TRUE(once->etag.ends_with("-" + std::to_string(count)));
        EXPECT_EQ(folder_.file_count(), 1u);
    }
}

TEST_F(LocalUploadsTest, PartsMayComeAtOnceAndTwice) {
    const Upload upload = apply();
    const Multipart multipart = *run(uploads_->start_multipart(upload, upload.media_key));
    std::vector<std::unique_ptr<FakeRequest>> sources;
    std::vector<Result<Part>> results;
    TaskGroup group(loop_.get_executor());
    const auto send = [](LocalUploads& uploads, Upload session, std::string id, int number,
                         FakeRequest& source, std::vector<Result<Part>>& into) -> Task<void> {
        into.push_back(co_await uploads.put_part(session, id, number, source, std::nullopt));
    };
    std::string whole;
    for (int number = 1; number <= 8; ++number) {
        const std::string bytes = std::string(100'000, static_cast<char>('a' + number));
        whole += bytes;
        for (int twice = 0; twice < 2; ++twice) {
            FakeRequest& source = *sources.emplace_back(std::make_unique<FakeRequest>(bytes));
            group.spawn(send(*uploads_, upload, multipart.id, number, source, results));
        }
    }
    loop_.restart();
    loop_.run();
    ASSERT_EQ(results.size(), 16u);
    for (const Result<Part>& part : results)
        EXPECT_TRUE(part);
    EXPECT_EQ(folder_.file_count(), 8u);
    const auto parts = *run(uploads_->list_parts(upload, multipart.id));
    EXPECT_EQ(run(uploads_->complete_multipart(upload, multipart.id, parts))->md5, md5(whole));
}

TEST_F(LocalUploadsTest, APartThatIsSentAgainReplacesTheFirst) {
    const Upload upload = apply();
    const Multipart multipart = *run(uploads_->start_multipart(upload, upload.media_key));
    ASSERT_TRUE(put_part(upload, multipart.id, 1, "old"));
    const auto old_parts = *run(uploads_->list_parts(upload, multipart.id));
    ASSERT_TRUE(put_part(upload, multipart.id, 1, "new"));
    EXPECT_EQ(folder_.file_count(), 1u);
    EXPECT_EQ(run(uploads_->complete_multipart(upload, multipart.id, old_parts)).error().code,
              Code::invalid);
    const auto parts = *run(uploads_->list_parts(upload, multipart.id));
    EXPECT_EQ(run(uploads_->complete_multipart(upload, multipart.id, parts))->md5, md5("new"));
}

TEST_F(LocalUploadsTest, CompletesOnlyWhatWasUploaded) {
    const Upload upload = apply();
    const Multipart multipart = *run(uploads_->start_multipart(upload, upload.media_key));
    ASSERT_TRUE(put_part(upload, multipart.id, 2, "two"));
    ASSERT_TRUE(put_part(upload, multipart.id, 5, "five"));
    const Part two{2, 0, md5("two"), {}};
    const Part five{5, 0, md5("five"), {}};
    const Part missing{3, 0, md5("two"), {}};
    for (const std::vector<Part>& parts : std::vector<std::vector<Part>>{
             {}, {five, two}, {two, two}, {two, missing}, {{2, 0, md5("five"), {}}}}) {
        const auto object = run(uploads_->complete_multipart(upload, multipart.id, parts));
        EXPECT_EQ(object.error().code, Code::invalid);
    }
    const std::vector<Part> both = {two, five};
    EXPECT_EQ(run(uploads_->complete_multipart(upload, multipart.id, both))->md5, md5("twofive"));
}

TEST_F(LocalUploadsTest, RefusesPartNumbersOutOfRangeAndForeignMultiparts) {
    const Upload upload = apply();
    const Upload other = apply();
    const Multipart multipart = *run(uploads_->start_multipart(upload, upload.media_key));
    for (const int number : {-1, 0, 10'001})
        EXPECT_EQ(put_part(upload, multipart.id, number, "x").error().code, Code::invalid);
    EXPECT_TRUE(put_part(upload, multipart.id, 10'000, "x"));
    EXPECT_EQ(put_part(other, multipart.id, 1, "x").error().code, Code::not_found);
    for (const std::string& id : {std::string(), std::string("../x"), std::string(32, 'a')})
        EXPECT_EQ(put_part(upload, id, 1, "x").error().code, Code::not_found);
    EXPECT_EQ(folder_.file_count(), 1u);
}

TEST_F(LocalUploadsTest, AnAbortedMultipartLeavesNothing) {
    const Upload upload = apply();
    const Multipart multipart = *run(uploads_->start_multipart(upload, upload.media_key));
    ASSERT_TRUE(put_part(upload, multipart.id, 1, "one"));
    ASSERT_TRUE(run(uploads_->abort_multipart(upload, multipart.id)));
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_EQ(put_part(upload, multipart.id, 1, "one").error().code, Code::not_found);
    EXPECT_EQ(run(uploads_->abort_multipart(upload, multipart.id)).error().code, Code::not_found);
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(LocalUploadsTest, ASessionHasOnlySoManyMultiparts) {
    options_.multiparts_max = 3;
    restart();
    const Upload upload = apply();
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(run(uploads_->start_multipart(upload, upload.media_key)));
    EXPECT_EQ(run(uploads_->start_multipart(upload, upload.media_key)).error().code,
              Code::too_large);
}

TEST_F(LocalUploadsTest, ADiscardedSessionLeavesNothing) {
    const Upload upload = apply();
    ASSERT_TRUE(put(upload, upload.media_key, "film"));
    run([](LocalUploads& uploads, Upload ended) -> Task<int> {
        co_await uploads.discard(std::move(ended));
        co_return 0;
    }(*uploads_, upload));
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_TRUE(run(store_.list(store::Kind::upload, {}))->empty());
}

TEST_F(LocalUploadsTest, ACommittedSessionCannotBeDiscarded) {
    const Upload upload = apply();
    ASSERT_TRUE(put(upload, upload.media_key, "film"));
    const Result<model::Asset> asset = commit(upload);
    run([](LocalUploads& uploads, Upload ended) -> Task<int> {
        co_await uploads.discard(std::move(ended));
        co_return 0;
    }(*uploads_, upload));
    EXPECT_EQ(library_file(asset->path), "film");
    EXPECT_TRUE(commit(upload));
}

TEST_F(LocalUploadsTest, SweepsSessionsThatRanOut) {
    const Upload old = apply();
    ASSERT_TRUE(put(old, old.media_key, "old"));
    const Multipart multipart = *run(uploads_->start_multipart(old, old.media_key));
    ASSERT_TRUE(put_part(old, multipart.id, 1, "part"));
    clock_.advance(life);
    const Upload fresh = apply();
    ASSERT_TRUE(put(fresh, fresh.media_key, "fresh"));
    ASSERT_TRUE(run(uploads_->sweep()));
    EXPECT_EQ(folder_.file_count(), 3u);  // An hour is left for what is still being sent.
    clock_.advance(std::chrono::minutes(61));
    ASSERT_TRUE(run(uploads_->sweep()));
    EXPECT_EQ(folder_.file_count(), 1u);
    EXPECT_TRUE(run(store_.list(store::Kind::part, {}))->empty());
    EXPECT_EQ(run(store_.list(store::Kind::upload, {}))->size(), 1u);
    EXPECT_EQ(put(old, old.media_key, "late").error().code, Code::denied);
    EXPECT_EQ(folder_.file_count(), 1u);
}

TEST_F(LocalUploadsTest, ACommittedSessionTakesNoMoreBytes) {
    const Upload upload = apply();
    ASSERT_TRUE(put(upload, upload.media_key, "film"));
    const Result<model::Asset> asset = commit(upload);
    ASSERT_TRUE(asset);
    EXPECT_EQ(put(upload, upload.media_key, "other").error().code, Code::denied);
    EXPECT_EQ(run(uploads_->start_multipart(upload, upload.media_key)).error().code, Code::denied);
    EXPECT_EQ(library_file(asset->path), "film");
    EXPECT_EQ(folder_.file_count(), 1u);
}

class UploadQuotaTest : public LocalUploadsTest {
 protected:
    UploadQuotaTest() {
        catalog_.quota().limit(100);
        catalog_.finish_loading();
    }
    // What another file could have.
    std::uint64_t room() {
        std::uint64_t bytes = 100;
        const auto fits = [&] {
            return bool(catalog_.quota().claim(
                {model::default_application, model::FileId("other"), bytes}));
        };
        while (bytes > 0 && !fits())
            --bytes;
        catalog_.quota().release(model::default_application, model::FileId("other"));
        return bytes;
    }
    std::string start(const Upload& upload) {
        return run(uploads_->start_multipart(upload, upload.media_key))->id;
    }
};

TEST_F(UploadQuotaTest, IsSharedByObjectsThatComeSideBySide) {
    const Upload first = apply(), second = apply();
    ASSERT_TRUE(put(first, first.media_key, some_bytes(60)));
    const Result<StoredObject> refused = put(second, second.media_key, some_bytes(60));
    ASSERT_FALSE(refused);
    EXPECT_TRUE(is_over_quota(refused.error()));
    EXPECT_EQ(room(), 40u);
    ASSERT_TRUE(put(second, second.media_key, some_bytes(40)));
    UploadRequest request = second.request;
    EXPECT_TRUE(is_over_quota(run(uploads_->apply(request)).error()));
    ASSERT_TRUE(commit(first));
    ASSERT_TRUE(commit(second));
    EXPECT_EQ(catalog_.stored_bytes(model::default_application), 100u);
    EXPECT_EQ(room(), 0u);
}

TEST_F(UploadQuotaTest, HasRoomAgainForWhatWasReplacedGivenUpOrDropped) {
    const Upload upload = apply();
    ASSERT_TRUE(put(upload, upload.media_key, some_bytes(80)));
    EXPECT_FALSE(put(upload, upload.media_key, some_bytes(80)));  // Both are there for a moment.
    EXPECT_EQ(room(), 20u);
    ASSERT_TRUE(put(upload, upload.media_key, some_bytes(10)));
    EXPECT_EQ(room(), 90u);
    const std::string given_up = start(upload);
    ASSERT_TRUE(put_part(upload, given_up, 1, some_bytes(30)));
    ASSERT_TRUE(put_part(upload, given_up, 1, some_bytes(20)));
    EXPECT_EQ(room(), 70u);
    ASSERT_TRUE(run(uploads_->abort_multipart(upload, given_up)));
    EXPECT_EQ(room(), 90u);
    clock_.advance(life + std::chrono::hours(2));
    ASSERT_TRUE(run(uploads_->sweep()));
    EXPECT_EQ(room(), 100u);
}

TEST_F(UploadQuotaTest, CountsAnObjectThatWasJoinedOnce) {
    const Upload upload = apply();
    const std::string joined = start(upload);
    std::vector<Part> parts;
    for (int number = 1; number <= 3; ++number)
        parts.push_back(put_part(upload, joined, number, some_bytes(20)).value());
    EXPECT_TRUE(is_over_quota(put_part(upload, joined, 4, some_bytes(50)).error()));
    parts.pop_back();  // The third is left out.
    ASSERT_TRUE(run(uploads_->complete_multipart(upload, joined, parts)));
    EXPECT_EQ(room(), 60u);
    ASSERT_TRUE(commit(upload));
    EXPECT_EQ(room(), 60u);
}

}  // namespace
}  // namespace hookreel::media
