#include <gtest/gtest.h>

#include "base/digest.h"
#include "media/files/library.h"
#include "media/uploads/uploads_fixture_test.h"

namespace hookreel::media {
namespace {

using enum Appended::Outcome;
using fakes::FakeRequest;

std::string some_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<char>(i * 7 + i / 251);
    return bytes;
}

// Resumable uploads over a memory store, that can be started again over the same folder and store.
class ResumableUploadsTest : public fakes::UploadsTest {
 protected:
    ResumableUploadsTest() {
        options_.reserve_bytes = 0;
        options_.object_bytes_max = 10'000'000;
        options_.checkpoint_bytes = 1'000'000;
        options_.free_bytes = [this](const std::string&) -> Result<std::uint64_t> { return free_; };
        restart();
    }

    Result<ResumableUpload> try_create(std::uint64_t length_bytes) {
        NewResumable wanted;
        wanted.request.application = model::default_application;
        wanted.request.type = "mp4";
        wanted.length_bytes = length_bytes;
        wanted.metadata = "filename YQ==";
        return run(uploads_->resumable().create(std::move(wanted)));
    }
    model::UploadId create(std::uint64_t length_bytes) { return try_create(length_bytes)->id; }
    model::UploadId create_open_ended() {
        NewResumable wanted;
        wanted.request.application = model::default_application;
        wanted.request.type = "mp4";
        return run(uploads_->resumable().create(std::move(wanted)))->id;
    }
    // With these bytes, of so many in all.
    model::UploadId create_part(const std::string& bytes, std::uint64_t length_bytes = 0) {
        NewResumable wanted;
        wanted.request.application = model::default_application;
        wanted.length_bytes = std::max<std::uint64_t>(length_bytes, bytes.size());
        wanted.form = UploadForm::part;
        const model::UploadId id = run(uploads_->resumable().create(std::move(wanted)))->id;
        EXPECT_EQ(send(id, 0, bytes)->outcome, taken);
        return id;
    }
    Result<ResumableUpload> concatenate(std::vector<model::UploadId> parts) {
        NewConcatenation wanted;
        wanted.request.application = model::default_application;
        wanted.request.type = "mp4";
        wanted.parts = std::move(parts);
        wanted.parts_text = "final;a b";
        return run(uploads_->resumable().concatenate(std::move(wanted), TraceContext()));
    }
    Result<Appended> send(const model::UploadId& id, Append append, FakeRequest source) {
        return run(uploads_->resumable().append({model::default_application, id}, append, source,
                                                TraceContext()));
    }
    Result<Appended> send(const model::UploadId& id, std::uint64_t offset, std::string bytes) {
        return send(id, Append{offset, {}}, FakeRequest(std::move(bytes)));
    }
    Result<ResumableUpload> find(const model::UploadId& id) {
        return run(uploads_->resumable().find({model::default_application, id}));
    }
    std::size_t event_count() {
        return run(store_.lease(fakes::FakeAnnouncer::queue(), {100, Duration(60'000)}))->size();
    }
    model::Asset asset(const model::FileId& file) {
        const store::RecordKey key = asset_key(model::default_application, file);
        return run(store::load<model::Asset>(store_, key))->value;
    }
    std::string content(const model::FileId& file) {
        return fakes::read_file(folder_.path() + "/media/" + asset(file).path);
    }

    std::uint64_t free_ = 1ull << 40;
};

TEST_F(ResumableUploadsTest, TheLastByteMakesTheFileAndItsEvent) {
    const std::string film = some_bytes(300'000);
    const model::UploadId id = create(film.size());
    const Result<Appended> first = send(id, 0, film.substr(0, 100'000));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->outcome, taken);
    EXPECT_EQ(first->upload.offset_bytes, 100'000u);
    EXPECT_FALSE(first->upload.file);
    EXPECT_EQ(event_count(), 0u);

    const Result<Appended> last = send(id, 100'000, film.substr(100'000));
    ASSERT_TRUE(last);
    ASSERT_TRUE(last->upload.file);
    EXPECT_EQ(content(*last->upload.file), film);
    EXPECT_EQ(asset(*last->upload.file).md5, hex(digest(Algorithm::md5, film)));
    EXPECT_EQ(event_count(), 1u);
    EXPECT_EQ(folder_.file_count(), 1u);
    EXPECT_EQ(find(id)->file, last->upload.file);
    EXPECT_EQ(find(id)->offset_bytes, film.size());
}

TEST_F(ResumableUploadsTest, GoesOnAfterARestartWithTheRightHash) {
    const std::string film = some_bytes(300'000);
    const model::UploadId id = create(film.size());
    ASSERT_TRUE(send(id, 0, film.substr(0, 200'000)));
    restart();
    ASSERT_EQ(find(id)->offset_bytes, 200'000u);
    EXPECT_EQ(find(id)->metadata, "filename YQ==");
    const Result<Appended> last = send(id, 200'000, film.substr(200'000));
    ASSERT_TRUE(last && last->upload.file);
    EXPECT_EQ(asset(*last->upload.file).md5, hex(digest(Algorithm::md5, film)));
}

TEST_F(ResumableUploadsTest, KeepsWhatCameBeforeABreak) {
    const std::string film = some_bytes(300'000);
    const model::UploadId id = create(film.size());
    FakeRequest broken(film);
    broken.break_off(123'456, {Code::network, "gone"});
    EXPECT_EQ(send(id, Append{}, std::move(broken)).error().code, Code::network);
    ASSERT_EQ(find(id)->offset_bytes, 123'456u);
    const Result<Appended> last = send(id, 123'456, film.substr(123'456));
    ASSERT_TRUE(last && last->upload.file);
    EXPECT_EQ(content(*last->upload.file), film);
}

TEST_F(ResumableUploadsTest, BytesBehindTheRecordedOffsetAreCutOff) {
    const std::string film = some_bytes(3'000'000);
    const model::UploadId id = create(film.size());
    // The file gets these bytes, but with a checksum they count for nothing when they break off. So
    // does a crash leave what lies behind the last checkpoint.
    FakeRequest broken(some_bytes(2'600'000).substr(100'000));
    broken.break_off(2'500'000, {Code::network, "gone"});
    const Checksum of_more{Algorithm::sha1, std::string(20, 'x')};
    EXPECT_EQ(send(id, Append{0, of_more}, std::move(broken)).error().code, Code::network);
    EXPECT_EQ(folder_.file_count(), 1u);
    restart();
    EXPECT_EQ(find(id)->offset_bytes, 0u);
    const Result<Appended> whole = send(id, 0, film);
    ASSERT_TRUE(whole && whole->upload.file);
    EXPECT_EQ(content(*whole->upload.file), film);
}

TEST_F(ResumableUploadsTest, ACheckpointOutlivesAFullDisk) {
    const std::string film = some_bytes(4'000'000);
    const model::UploadId id = create(film.size());
    FakeRequest first(film);
    first.break_off(2'000'000, {Code::network, "gone"});
    EXPECT_FALSE(send(id, Append{}, std::move(first)));
    options_.reserve_bytes = 1;
    restart();
    free_ = 0;
    EXPECT_EQ(send(id, 2'000'000, film.substr(2'000'000)).error().code, Code::unavailable);
    EXPECT_EQ(find(id)->offset_bytes, 2'000'000u);
    free_ = 1ull << 40;
    const Result<Appended> last = send(id, 2'000'000, film.substr(2'000'000));
    ASSERT_TRUE(last && last->upload.file);
    EXPECT_EQ(content(*last->upload.file), film);
}

TEST_F(ResumableUploadsTest, RefusesAnotherOffset) {
    const model::UploadId id = create(10);
    ASSERT_TRUE(send(id, 0, "01234"));
    const Result<Appended> again = send(id, 0, "01234");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->outcome, wrong_offset);
    EXPECT_EQ(again->upload.offset_bytes, 5u);
    EXPECT_EQ(send(id, 9, "9")->outcome, wrong_offset);
    const Result<Appended> last = send(id, 5, "56789");
    EXPECT_EQ(content(*last->upload.file), "0123456789");
}

TEST_F(ResumableUploadsTest, KeepsNothingThatHasAnotherChecksum) {
    const model::UploadId id = create(10);
    ASSERT_TRUE(send(id, 0, "01234"));
    const Checksum of_tail{Algorithm::sha256, digest(Algorithm::sha256, "56789")};
    const Result<Appended> wrong = send(id, Append{5, of_tail}, FakeRequest("56780"));
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->outcome, wrong_checksum);
    EXPECT_EQ(find(id)->offset_bytes, 5u);
    EXPECT_EQ(event_count(), 0u);
    const Result<Appended> right = send(id, Append{5, of_tail}, FakeRequest("56789"));
    ASSERT_TRUE(right && right->upload.file);
    EXPECT_EQ(content(*right->upload.file), "0123456789");
    EXPECT_EQ(asset(*right->upload.file).md5, hex(digest(Algorithm::md5, "0123456789")));
}

TEST_F(ResumableUploadsTest, RefusesMoreThanWasAnnounced) {
    const model::UploadId id = create(10);
    ASSERT_TRUE(send(id, 0, "01234"));
    EXPECT_EQ(send(id, 5, "567890").error().code, Code::too_large);
    EXPECT_EQ(find(id)->offset_bytes, 5u);
    EXPECT_EQ(event_count(), 0u);
    EXPECT_EQ(try_create(options_.object_bytes_max + 1).error().code, Code::too_large);
}

TEST_F(ResumableUploadsTest, RefusesWhatTheDiskHasNoRoomFor) {
    free_ = 1'000;
    EXPECT_EQ(try_create(1'001).error().code, Code::unavailable);
    EXPECT_TRUE(try_create(1'000));
}

TEST_F(ResumableUploadsTest, AQuotaIsNotGrantedBeforeTheFilesAreCounted) {
    catalog_.quota().limit(10);
    EXPECT_EQ(try_create(4).error().code, Code::unavailable);
    catalog_.finish_loading();
    EXPECT_TRUE(try_create(4));
}

TEST_F(ResumableUploadsTest, AnApplicationHasItsQuota) {
    catalog_.quota().limit(10);
    catalog_.finish_loading();
    EXPECT_EQ(try_create(11).error().code, Code::unavailable);
    const Result<Appended> first = send(create(4), 0, "film");
    ASSERT_TRUE(first && first->upload.file);
    EXPECT_EQ(try_create(7).error().code, Code::unavailable);
    ASSERT_TRUE(send(create(6), 0, "longer"));
    EXPECT_EQ(try_create(0).error().code, Code::unavailable);
    UploadRequest request;
    request.application = model::default_application;
    request.type = "mp4";
    EXPECT_EQ(run(uploads_->apply(request)).error().code, Code::unavailable);
    request.application = model::ApplicationId(1);
    EXPECT_TRUE(run(uploads_->apply(request)));
    catalog_.remove(model::default_application, *first->upload.file);
    EXPECT_TRUE(try_create(4));
}

TEST_F(ResumableUploadsTest, AStartKeepsTheRoomThatWasGranted) {
    catalog_.quota().limit(10);
    catalog_.finish_loading();
    create(6);
    Catalog fresh;
    fresh.quota().limit(10);
    LocalUploads again({store_, announcer_, prober_, clock_, threads_, fresh, procedures_, muxer_},
                       options_);
    ASSERT_TRUE(run(again.recover()));
    fresh.finish_loading();
    NewResumable wanted;
    wanted.request.application = model::default_application;
    wanted.request.type = "mp4";
    wanted.length_bytes = 6;
    EXPECT_TRUE(is_over_quota(run(again.resumable().create(wanted)).error()));
    wanted.length_bytes = 4;
    EXPECT_TRUE(run(again.resumable().create(wanted)));
}

TEST_F(ResumableUploadsTest, UploadsSideBySideShareTheQuota) {
    catalog_.quota().limit(10);
    catalog_.finish_loading();
    const model::UploadId first = create(6);
    EXPECT_TRUE(is_over_quota(try_create(6).error()));
    ASSERT_TRUE(run(uploads_->resumable().remove({model::default_application, first})));
    const model::UploadId second = create(6);
    ASSERT_TRUE(send(second, 0, "movie!")->upload.file);
    EXPECT_TRUE(is_over_quota(try_create(6).error()));
    EXPECT_TRUE(try_create(4));
    // What is dropped after its time has no room any more.
    clock_.advance(options_.session_life + std::chrono::hours(2));
    ASSERT_TRUE(run(uploads_->sweep()));
    EXPECT_TRUE(try_create(4));
}

TEST_F(ResumableUploadsTest, AnEmptyFileIsWholeAtOnce) {
    const model::UploadId id = create(0);
    const Result<Appended> last = send(id, 0, "");
    ASSERT_TRUE(last && last->upload.file);
    EXPECT_EQ(content(*last->upload.file), "");
    EXPECT_EQ(event_count(), 1u);
}

TEST_F(ResumableUploadsTest, OneRequestWritesAtATime) {
    const std::string film = some_bytes(300'000);
    const model::UploadId id = create(film.size());
    std::vector<Appended::Outcome> outcomes;
    const auto send_into = [](ResumableUploads& uploads, UploadName name, FakeRequest source,
                              std::vector<Appended::Outcome>& into) -> Task<void> {
        const Result<Appended> appended =
            co_await uploads.append(name, Append{}, source, TraceContext());
        into.push_back(appended->outcome);
    };
    TaskGroup group(loop_.get_executor());
    for (int i = 0; i < 2; ++i)
        group.spawn(send_into(uploads_->resumable(), {model::default_application, id},
                              FakeRequest(film), outcomes));
    loop_.restart();
    loop_.run();
    EXPECT_EQ(outcomes, (std::vector{busy, taken}));
    EXPECT_EQ(event_count(), 1u);
}

TEST_F(ResumableUploadsTest, AnotherApplicationDoesNotSeeIt) {
    const model::UploadId id = create(10);
    const model::ApplicationId stranger(1);
    EXPECT_EQ(run(uploads_->resumable().find({stranger, id})).error().code, Code::not_found);
    EXPECT_EQ(run(uploads_->resumable().remove({stranger, id})).error().code, Code::not_found);
    // Nor is a session of the object endpoint one that can be resumed.
    UploadRequest request;
    request.application = model::default_application;
    request.type = "mp4";
    EXPECT_EQ(find(run(uploads_->apply(request))->id).error().code, Code::not_found);
}

TEST_F(ResumableUploadsTest, ADroppedUploadLeavesNothing) {
    const model::UploadId id = create(10);
    ASSERT_TRUE(send(id, 0, "01234"));
    ASSERT_TRUE(run(uploads_->resumable().remove({model::default_application, id})));
    EXPECT_EQ(find(id).error().code, Code::not_found);
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_TRUE(run(store_.list(store::Kind::upload, {}))->empty());
}

TEST_F(ResumableUploadsTest, AFileInTheLibraryOutlivesItsUpload) {
    const model::UploadId id = create(4);
    const Result<Appended> last = send(id, 0, "film");
    ASSERT_TRUE(run(uploads_->resumable().remove({model::default_application, id})));
    EXPECT_EQ(content(*last->upload.file), "film");
}

TEST_F(ResumableUploadsTest, AnUploadThatGetsNoBytesIsSweptAway) {
    const model::UploadId id = create(10);
    ASSERT_TRUE(send(id, 0, "01234"));
    clock_.advance(options_.session_life - Duration(1));
    ASSERT_TRUE(send(id, 5, "5"));
    clock_.advance(options_.session_life - Duration(1));
    EXPECT_EQ(find(id)->offset_bytes, 6u);
    clock_.advance(Duration(1));
    EXPECT_EQ(find(id).error().code, Code::not_found);
    clock_.advance(std::chrono::hours(1));
    ASSERT_TRUE(run(uploads_->sweep()));
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_EQ(event_count(), 0u);
}

TEST_F(ResumableUploadsTest, ALengthMayBeToldWithAnyBytes) {
    const std::string film = some_bytes(300'000);
    for (const std::uint64_t told_at : {0u, 200'000u, 300'000u}) {
        const model::UploadId id = create_open_ended();
        EXPECT_FALSE(find(id)->length_bytes);
        for (std::uint64_t at = 0; at < told_at; at += 100'000)
            EXPECT_EQ(send(id, at, film.substr(at, 100'000))->outcome, taken);
        restart();
        EXPECT_FALSE(find(id)->length_bytes);
        EXPECT_EQ(find(id)->offset_bytes, told_at);
        const Append last{.offset_bytes = told_at, .length_bytes = film.size()};
        const Result<Appended> done = send(id, last, FakeRequest(film.substr(told_at)));
        ASSERT_TRUE(done && done->upload.file) << told_at;
        EXPECT_EQ(done->upload.length_bytes, film.size());
        EXPECT_EQ(content(*done->upload.file), film);
        EXPECT_EQ(asset(*done->upload.file).md5, hex(digest(Algorithm::md5, film)));
    }
    EXPECT_EQ(event_count(), 3u);
}

TEST_F(ResumableUploadsTest, ALengthThatWasToldStays) {
    const model::UploadId id = create_open_ended();
    ASSERT_TRUE(send(id, 0, "01234"));
    const auto tell = [&](std::uint64_t length) {
        return send(id, Append{.offset_bytes = 5, .length_bytes = length}, FakeRequest(""));
    };
    EXPECT_EQ(tell(4).error().code, Code::too_large);
    EXPECT_EQ(tell(options_.object_bytes_max + 1).error().code, Code::too_large);
    EXPECT_FALSE(find(id)->length_bytes);
    EXPECT_EQ(tell(8)->outcome, taken);
    restart();
    EXPECT_EQ(find(id)->length_bytes, 8u);
    EXPECT_EQ(tell(9)->outcome, wrong_length);
    EXPECT_EQ(tell(8)->outcome, taken);
    EXPECT_EQ(send(id, 5, "5678").error().code, Code::too_large);
    EXPECT_TRUE(send(id, 5, "567")->upload.file);
}

TEST_F(ResumableUploadsTest, AnUploadWithoutALengthTakesRoomAsItGrows) {
    catalog_.quota().limit(10);
    catalog_.finish_loading();
    const model::UploadId id = create_open_ended();
    ASSERT_TRUE(send(id, 0, "01234"));
    EXPECT_TRUE(is_over_quota(try_create(6).error()));
    restart();
    EXPECT_TRUE(is_over_quota(try_create(6).error()));
    EXPECT_TRUE(is_over_quota(send(id, 5, "567890").error()));
    EXPECT_EQ(find(id)->offset_bytes, 5u);
    const Append too_much{.offset_bytes = 5, .length_bytes = 11};
    EXPECT_TRUE(is_over_quota(send(id, too_much, FakeRequest("")).error()));
    ASSERT_TRUE(run(uploads_->resumable().remove({model::default_application, id})));
    EXPECT_TRUE(try_create(10));
}

TEST_F(ResumableUploadsTest, ItsLimitHoldsForAnUploadWithoutALengthToo) {
    const model::UploadId id = create_open_ended();
    EXPECT_EQ(send(id, 0, some_bytes(options_.object_bytes_max + 1)).error().code, Code::too_large);
    EXPECT_EQ(event_count(), 0u);
}

TEST_F(ResumableUploadsTest, PartsBecomeOneFileInTheOrderThatIsAskedFor) {
    const std::string film = some_bytes(300'000);
    const model::UploadId last = create_part(film.substr(100'000));
    const model::UploadId empty = create_part("");
    const model::UploadId first = create_part(film.substr(0, 100'000));
    EXPECT_EQ(find(first)->form, UploadForm::part);
    EXPECT_FALSE(find(first)->file);
    restart();
    EXPECT_EQ(event_count(), 0u);
    const Result<ResumableUpload> made = concatenate({first, empty, last});
    ASSERT_TRUE(made && made->file);
    EXPECT_EQ(content(*made->file), film);
    EXPECT_EQ(asset(*made->file).md5, hex(digest(Algorithm::md5, film)));
    EXPECT_EQ(event_count(), 1u);
    EXPECT_EQ(folder_.file_count(), 1u);
    EXPECT_EQ(find(first).error().code, Code::not_found);
    EXPECT_EQ(run(store_.list(store::Kind::upload, {}))->size(), 1u);
    const Result<ResumableUpload> shown = find(made->id);
    EXPECT_EQ(shown->form, UploadForm::concatenated);
    EXPECT_EQ(shown->parts_text, "final;a b");
    EXPECT_EQ(shown->offset_bytes, film.size());
    EXPECT_EQ(send(made->id, film.size(), "")->outcome, complete);
}

TEST_F(ResumableUploadsTest, RefusesPartsThatAreNone) {
    const model::UploadId part = create_part("film");
    const model::UploadId whole = create(4);
    const model::UploadId unfinished = create_part("film", 5);
    EXPECT_EQ(concatenate({}).error().code, Code::invalid);
    EXPECT_EQ(concatenate({part, whole}).error().code, Code::invalid);
    EXPECT_EQ(concatenate({part, unfinished}).error().code, Code::conflict);
    EXPECT_EQ(concatenate({part, part}).error().code, Code::conflict);
    EXPECT_EQ(concatenate({part, model::UploadId("none")}).error().code, Code::not_found);
    const std::vector<model::UploadId> many(concatenated_parts_max + 1, part);
    EXPECT_EQ(concatenate(many).error().code, Code::invalid);
    const std::string most = some_bytes(options_.object_bytes_max - 3);
    EXPECT_EQ(concatenate({part, create_part(most)}).error().code, Code::too_large);
    EXPECT_EQ(event_count(), 0u);
    EXPECT_TRUE(concatenate({part})->file);  // None of that has harmed it.
}

TEST_F(ResumableUploadsTest, PartsKeepTheirRoomAndTheFileHasNoMore) {
    catalog_.quota().limit(10);
    catalog_.finish_loading();
    const model::UploadId first = create_part("0123");
    const model::UploadId second = create_part("4567");
    EXPECT_TRUE(is_over_quota(try_create(3).error()));
    ASSERT_TRUE(concatenate({first, second}));
    EXPECT_TRUE(is_over_quota(try_create(3).error()));
    EXPECT_TRUE(try_create(2));
}

TEST_F(ResumableUploadsTest, AConcatenationThatFindsNoRoomLeavesItsParts) {
    const model::UploadId first = create_part("0123");
    const model::UploadId second = create_part("4567");
    free_ = 0;
    options_.reserve_bytes = 1;
    restart();
    EXPECT_EQ(concatenate({first, second}).error().code, Code::unavailable);
    EXPECT_EQ(folder_.file_count(), 2u);
    free_ = 1ull << 40;
    EXPECT_TRUE(concatenate({first, second})->file);
    EXPECT_EQ(event_count(), 1u);
}

TEST_F(ResumableUploadsTest, PartsThatNobodyPutsTogetherAreSweptAway) {
    create_part("0123");
    clock_.advance(options_.session_life + std::chrono::hours(2));
    ASSERT_TRUE(run(uploads_->sweep()));
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_TRUE(run(store_.list(store::Kind::upload, {}))->empty());
}

}  // namespace
}  // namespace hookreel::media
