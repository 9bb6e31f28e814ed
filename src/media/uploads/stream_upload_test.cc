#include "media/uploads/stream_upload.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "media/uploads/uploads_fixture_test.h"

namespace hookreel::media {
namespace {

using fakes::FakeRequest;

// Uploads of streams over a memory store.
class StreamUploadTest : public fakes::UploadsTest {
 protected:
    StreamUploadTest() {
        options_.object_bytes_max = 1000;
        restart();
        upload_ = apply("m3u8");
    }

    Upload apply(std::string type) {
        UploadRequest request;
        request.application = model::default_application;
        request.type = std::move(type);
        request.cover_type = "jpg";
        return *run(uploads_->apply(request));
    }
    std::string key(std::string_view name) const {
        return upload_.media_key.substr(0, upload_.media_key.rfind('/') + 1) + std::string(name);
    }
    Result<StoredObject> put_at(const std::string& key, std::string bytes) {
        FakeRequest source(std::move(bytes));
        return run(uploads_->put_object(upload_, key, source, std::nullopt));
    }
    Result<StoredObject> put(std::string_view name, std::string bytes) {
        return put_at(key(name), std::move(bytes));
    }
    void begin(std::string type) { upload_ = apply(std::move(type)); }
    void put_description(std::string_view inside) {
        ASSERT_TRUE(
            put_at(upload_.media_key, "<MPD><Period>" + std::string(inside) + "</Period></MPD>"));
    }
    void put_playlist(std::string_view lines) {
        ASSERT_TRUE(put_at(upload_.media_key, "#EXTM3U\n" + std::string(lines)));
    }
    Result<model::Asset> commit() {
        return run(uploads_->commit(model::default_application, upload_.id, TraceContext()));
    }
    std::string bytes_of(const model::Asset& asset) const {
        return fakes::read_file(folder_.path() + "/media/" + asset.path);
    }
    Error refusal() {
        const Result<model::Asset> asset = commit();
        EXPECT_FALSE(asset);
        return asset ? Error() : asset.error();
    }

    Upload upload_;
};

TEST_F(StreamUploadTest, BecomesOneFileOfItsSegments) {
    put_playlist("#EXTINF:1,\na.ts\n#EXTINF:1,\nlow/b c.ts\n#EXT-X-ENDLIST\n");
    ASSERT_TRUE(put("a.ts", "first"));
    ASSERT_TRUE(put("low/b c.ts", "other"));
    ASSERT_TRUE(put("low/b c.ts", "second"));  // Takes its place.
    ASSERT_TRUE(put("more.ts", "not named"));
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset) << asset.error().detail;
    EXPECT_EQ(asset->type, "ts");
    EXPECT_TRUE(asset->path.ends_with("/f0.ts"));
    EXPECT_EQ(bytes_of(*asset), "firstsecond");
    EXPECT_EQ(asset->md5, hex(digest(Algorithm::md5, "firstsecond")));
    EXPECT_EQ(asset->size_bytes, 11);
    EXPECT_EQ(folder_.file_count(), 1u);  // Nothing of the pieces is left.
    EXPECT_EQ(commit()->id, asset->id);
    EXPECT_EQ(put("a.ts", "late").error().code, Code::denied);
    EXPECT_TRUE(run(store_.list(store::Kind::part, {}))->empty());
}

TEST_F(StreamUploadTest, TakesTheBestVariantAndStretchesOfFiles) {
    put_playlist(
        "#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/i.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=2\nhigh/i.m3u8\n");
    ASSERT_TRUE(put("high/i.m3u8",
                    "#EXTM3U\n#EXT-X-MAP:URI=\"all.mp4\",BYTERANGE=\"4@0\"\n"
                    "#EXT-X-BYTERANGE:3@6\nall.mp4\n"));
    ASSERT_TRUE(put("high/all.mp4", "init--abc"));
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset) << asset.error().detail;
    EXPECT_EQ(asset->type, "mp4");
    EXPECT_EQ(bytes_of(*asset), "initabc");
}

TEST_F(StreamUploadTest, PutsThePictureAndItsSoundTogether) {
    put_playlist(
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"s\",URI=\"s/i.m3u8\"\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"s\"\nv/i.m3u8\n");
    ASSERT_TRUE(put("v/i.m3u8", "#EXTM3U\na.ts\nb.ts\n"));
    ASSERT_TRUE(put("s/i.m3u8", "#EXTM3U\n./a.ts\n../s/b.ts\n"));
    for (const char* name : {"v/a.ts", "v/b.ts", "s/a.ts", "s/b.ts"})
        ASSERT_TRUE(put(name, std::string(name) + " "));
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset) << asset.error().detail;
    EXPECT_EQ(asset->type, "ts");
    const std::string film = "v/a.ts v/b.ts |s/a.ts s/b.ts ";
    EXPECT_EQ(bytes_of(*asset), film);
    EXPECT_EQ(asset->md5, hex(digest(Algorithm::md5, film)));
    EXPECT_EQ(asset->size_bytes, static_cast<std::int64_t>(film.size()));
    EXPECT_EQ(muxer_.orders.size(), 1u);
    EXPECT_EQ(folder_.file_count(), 1u);  // Nothing of what was made on the way is left.
}

TEST_F(StreamUploadTest, MakesAFilmOfADescription) {
    begin("mpd");
    put_description(
        "<AdaptationSet mimeType='video/mp4'><Representation bandwidth='2'><SegmentList>"
        "<Initialization sourceURL='i.mp4'/><SegmentURL media='v/1.m4s'/></SegmentList>"
        "</Representation></AdaptationSet><AdaptationSet mimeType='audio/mp4'>"
        "<SegmentTemplate presentationTimeOffset='3'/>"
        "<Representation><BaseURL>s.mp4</BaseURL><SegmentBase/></Representation></AdaptationSet>");
    ASSERT_TRUE(put("i.mp4", "first "));
    ASSERT_TRUE(put("v/1.m4s", "second"));
    EXPECT_EQ(refusal(), (Error{Code::not_found,
                                "the manifest names s.mp4, which was not uploaded; upload it "
                                "with this session and commit again"}));
    ASSERT_TRUE(put("s.mp4", "sound"));
    const Result<model::Asset> asset = commit();
    ASSERT_TRUE(asset) << asset.error().detail;
    EXPECT_EQ(asset->type, "mp4");
    EXPECT_EQ(bytes_of(*asset), "first second|sound");
    EXPECT_EQ(muxer_.orders.front().sound.time_offset, 3);
    EXPECT_EQ(folder_.file_count(), 1u);
}

TEST_F(StreamUploadTest, TellsWhyPictureAndSoundMakeNoFilm) {
    begin("mpd");
    put_description(
        "<AdaptationSet mimeType='video/mp4'><Representation><BaseURL>v.mp4</BaseURL>"
        "</Representation></AdaptationSet><AdaptationSet mimeType='audio/mp4'><Representation>"
        "<SegmentList><SegmentURL media='s.mp4' mediaRange='0-1'/></SegmentList></Representation>"
        "</AdaptationSet>");
    ASSERT_TRUE(put("v.mp4", "picture"));
    ASSERT_TRUE(put("s.mp4", "sound"));
    const std::pair<Error, Code> cases[] = {{{Code::invalid, "no media"}, Code::denied},
                                            {{Code::too_large, "large"}, Code::too_large},
                                            {{Code::unavailable, "full"}, Code::unavailable}};
    for (const auto& [error, told] : cases) {
        muxer_.error = error;
        EXPECT_EQ(refusal().code, told) << error.detail;
        EXPECT_EQ(folder_.file_count(), 3u);
    }
    EXPECT_EQ(muxer_.orders.back().bytes_max, 1000u);
    options_.free_bytes = [](const std::string&) -> Result<std::uint64_t> { return 8; };
    options_.reserve_bytes = 0;
    restart();
    EXPECT_EQ(refusal().code, Code::unavailable);
    EXPECT_EQ(muxer_.orders.size(), 3u);  // Nobody was asked.
    EXPECT_EQ(folder_.file_count(), 3u);
}

TEST_F(StreamUploadTest, RepeatsNoMoreOfANameThanFitsIntoASentence) {
    put_playlist("a\xff.ts\n");
    EXPECT_TRUE(refusal().detail.starts_with(
        "the manifest names a piece whose name is no text, which was not uploaded"));
    std::string longest = "a";
    for (int i = 0; i < 300; ++i)
        longest += "é";
    put_playlist(longest + "\n");
    const std::string told = refusal().detail;
    EXPECT_TRUE(told.contains("é…, which was not uploaded")) << told;
    EXPECT_LT(told.size(), 350u);
}

TEST_F(StreamUploadTest, NamesWhatIsMissingAndWaitsForIt) {
    put_playlist("a.ts\nb.ts\n");
    ASSERT_TRUE(put("a.ts", "a"));
    EXPECT_EQ(refusal(), (Error{Code::not_found,
                                "the manifest names b.ts, which was not uploaded; upload it "
                                "with this session and commit again"}));
    EXPECT_EQ(folder_.file_count(), 2u);
    restart();
    EXPECT_EQ(folder_.file_count(), 2u);  // A start keeps the segments.
    ASSERT_TRUE(put("b.ts", "b"));
    EXPECT_EQ(bytes_of(*commit()), "ab");
}

TEST_F(StreamUploadTest, OpensNothingThatWasNotUploaded) {
    const std::string secret = folder_.path() + "/secret";
    std::ofstream(secret) << "secret";
    for (const std::string& address : std::vector<std::string>{
             secret, "file:" + secret, "../../secret", "http://127.0.0.1/a.ts", "/etc/passwd"}) {
        put_playlist(address + "\n");
        EXPECT_EQ(refusal().code, Code::not_found) << address;
        put_playlist("#EXT-X-STREAM-INF:BANDWIDTH=1\n" + address + "\n");
        EXPECT_EQ(refusal().code, Code::not_found) << address;
        put_description("<AdaptationSet mimeType='video/mp4'><Representation><BaseURL>" + address +
                        "</BaseURL></Representation></AdaptationSet>");
        EXPECT_EQ(refusal().code, Code::not_found) << address;
    }
}

TEST_F(StreamUploadTest, RefusesStreamsThatMakeNoFile) {
    ASSERT_TRUE(put("a.ts", "aaaa"));
    ASSERT_TRUE(put("i.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ni.m3u8\n"));
    for (const char* lines :
         {"#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\na.ts\n", "#EXT-X-ENDLIST\n",
          "#EXT-X-MAP:URI=\"a\"\na.ts\n#EXT-X-MAP:URI=\"b\"\na.ts\n",
          "#EXT-X-BYTERANGE:2@3\na.ts\n", "#EXT-X-STREAM-INF:BANDWIDTH=1\na.ts\n",
          "#EXT-X-STREAM-INF:BANDWIDTH=1\ni.m3u8\n"}) {
        put_playlist(lines);
        EXPECT_EQ(refusal().code, Code::denied) << lines;
    }
    for (const char* text :
         {"no playlist", "<html></html>", "<MPD type='dynamic'><Period/></MPD>",
          "<!DOCTYPE m [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><MPD><Period/></MPD>"}) {
        ASSERT_TRUE(put_at(upload_.media_key, text));
        EXPECT_EQ(refusal().code, Code::denied) << text;
    }
    std::string repeated;
    for (int i = 0; i < 100; ++i)
        repeated += "a.ts\n";
    put_playlist(repeated);
    EXPECT_EQ(refusal().code, Code::denied);
    ASSERT_TRUE(put("b.ts", std::string(999, 'b')));
    put_playlist("a.ts\nb.ts\n");
    EXPECT_EQ(refusal().code, Code::too_large);
}

TEST_F(StreamUploadTest, TakesPlainNamesInItsFolderOnly) {
    for (const char* name : {"", "..", "../a.ts", "a/../../b", "a//b", "./a", "a/.", "/a", "a/",
                             "a\\b", "a\nb", "\xff.ts"}) {
        EXPECT_EQ(put(name, "x").error().code, Code::denied) << name;
        EXPECT_EQ(run(uploads_->start_multipart(upload_, key(name))).error().code, Code::denied);
        EXPECT_EQ(run(uploads_->head_object(upload_, key(name))).error().code, Code::denied);
    }
    EXPECT_EQ(put_at("a.ts", "x").error().code, Code::denied);
    EXPECT_EQ(segment_name(upload_, upload_.cover_key), std::nullopt);
    EXPECT_EQ(segment_name(upload_, key("a/b.ts")), "a/b.ts");
    upload_ = apply("mp4");
    EXPECT_EQ(put("a.ts", "x").error().code, Code::denied);
}

TEST_F(StreamUploadTest, CountsItsSegments) {
    ASSERT_TRUE(put("a.ts", "a"));
    Result<store::Versioned<UploadSession>> session =
        run(store::load<UploadSession>(store_, session_key(upload_.keys.secret_id)));
    EXPECT_EQ(session->value.segment_count, 1);
    session->value.segment_count = segments_max;
    store::Commit full;
    full.puts.push_back(put_over(*session));
    ASSERT_TRUE(run(store_.commit(std::move(full))));
    EXPECT_TRUE(put("a.ts", "again"));
    EXPECT_EQ(put("b.ts", "one too many").error().code, Code::too_large);
    EXPECT_EQ(folder_.file_count(), 1u);
}

TEST_F(StreamUploadTest, TakesManySegmentsAtOnce) {
    std::vector<std::unique_ptr<FakeRequest>> sources;
    int taken = 0;
    loop_.restart();
    for (int i = 0; i < 40; ++i) {
        sources.push_back(std::make_unique<FakeRequest>("x"));
        asio::co_spawn(loop_,
                       uploads_->put_object(upload_, key(fmt::format("{}.ts", i)), *sources.back(),
                                            std::nullopt),
                       [&](const std::exception_ptr&, const Result<StoredObject>& object) {
                           taken += object ? 1 : 0;
                       });
    }
    loop_.run();
    EXPECT_EQ(taken, 40);
    const auto session =
        run(store::load<UploadSession>(store_, session_key(upload_.keys.secret_id)));
    EXPECT_EQ(session->value.segment_count, 40);
}

TEST_F(StreamUploadTest, TakesSegmentsInParts) {
    put_playlist("a.ts\n");
    const Result<Multipart> multipart = run(uploads_->start_multipart(upload_, key("a.ts")));
    ASSERT_TRUE(multipart);
    std::vector<Part> parts;
    for (const int number : {1, 2}) {
        FakeRequest source(fmt::format("part {} ", number));
        parts.push_back(
            *run(uploads_->put_part(upload_, multipart->id, number, source, std::nullopt)));
    }
    const auto complete = [&] {
        return run(uploads_->complete_multipart(upload_, multipart->id, parts));
    };
    const Result<StoredObject> joined = complete();
    ASSERT_TRUE(joined);
    EXPECT_EQ(complete()->etag, joined->etag);  // A repeat.
    EXPECT_EQ(run(uploads_->head_object(upload_, key("a.ts")))->etag, joined->etag);
    EXPECT_EQ(bytes_of(*commit()), "part 1 part 2 ");
}

TEST_F(StreamUploadTest, GivesBackTheRoomOfWhatWasReplacedOrDropped) {
    catalog_.quota().limit(1000);
    catalog_.finish_loading();
    ASSERT_TRUE(put("a.ts", std::string(400, 'a')));
    ASSERT_TRUE(put("a.ts", std::string(500, 'a')));
    EXPECT_TRUE(is_over_quota(put("b.ts", std::string(501, 'b')).error()));
    ASSERT_TRUE(put("b.ts", std::string(450, 'b')));
    restart();
    clock_.advance(std::chrono::hours(26));
    ASSERT_TRUE(run(uploads_->sweep()));
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_TRUE(run(store_.list(store::Kind::part, {}))->empty());
    upload_ = apply("m3u8");
    EXPECT_TRUE(put("a.ts", std::string(1000, 'a')));
}

}  // namespace
}  // namespace hookreel::media
