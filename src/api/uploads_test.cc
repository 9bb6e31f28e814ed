#include "api/harness_test.h"
#include "base/digest.h"

namespace hookreel::api {
namespace {

class UploadsApiTest : public ApiTest {
 protected:
    // A request of tus: its headers by name.
    FakeRequest tus(std::string method, std::string target, http::Headers more,
                    std::string body = "") {
        http::RequestHead head;
        head.method = std::move(method);
        head.target = std::move(target);
        head.headers = std::move(more);
        head.headers.set("Authorization", "Bearer " + token_);
        if (!head.headers.has("Tus-Resumable")) head.headers.set("Tus-Resumable", "1.0.0");
        return FakeRequest(std::move(head), std::move(body));
    }
    Answered create(std::string length, std::string filename = "a film.mp4") {
        return send(tus("POST", "/api/v1/uploads",
                        {{"Upload-Length", std::move(length)},
                         {"Upload-Metadata", "filename " + base64(filename)}}));
    }
    Answered patch(const std::string& target, std::string offset, std::string body,
                   http::Headers more = {}) {
        more.set("Upload-Offset", std::move(offset));
        more.set("Content-Type", "application/offset+octet-stream");
        return send(tus("PATCH", target, std::move(more), std::move(body)));
    }
    static std::string header(const Answered& answer, std::string_view name) {
        return std::string(answer.headers.get(name));
    }
};

TEST_F(UploadsApiTest, AnUploadGoesOnToItsEnd) {
    const Answered made = create("10");
    ASSERT_EQ(made.status, 201) << json::serialize(made.body);
    EXPECT_EQ(header(made, "Tus-Resumable"), "1.0.0");
    EXPECT_EQ(header(made, "Upload-Expires"), "Tue, 03 Mar 2026 08:00:00 GMT");
    const std::string target = header(made, "Location");

    const Answered first = patch(target, "0", "01234");
    EXPECT_EQ(first.status, 204);
    EXPECT_EQ(header(first, "Upload-Offset"), "5");
    const Answered seen = send(tus("HEAD", target, {}));
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(header(seen, "Upload-Offset"), "5");
    EXPECT_EQ(header(seen, "Upload-Length"), "10");
    EXPECT_EQ(header(seen, "Upload-Metadata"), "filename " + base64("a film.mp4"));
    EXPECT_EQ(header(seen, "Cache-Control"), "no-store");

    const Answered last = patch(target, "5", "56789");
    EXPECT_EQ(last.status, 204);
    const std::string file = header(last, "X-Hookreel-File-Id");
    EXPECT_EQ(file.size(), 19u);
    const Answered told = send(tus("GET", target, {}));
    EXPECT_EQ(told.text("file_id"), file);
    EXPECT_EQ(told.text("offset"), "10");
    EXPECT_EQ(told.text("expires"), "null");
}

TEST_F(UploadsApiTest, BytesMayComeWithTheCreation) {
    const Answered made = send(tus("POST", "/api/v1/uploads",
                                   {{"Upload-Length", "4"},
                                    {"Upload-Metadata", "filename " + base64("x.mp4")},
                                    {"Content-Type", "application/offset+octet-stream"}},
                                   "film"));
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(header(made, "Upload-Offset"), "4");
    EXPECT_FALSE(header(made, "X-Hookreel-File-Id").empty());
    EXPECT_FALSE(header(create("0"), "X-Hookreel-File-Id").empty());
}

TEST_F(UploadsApiTest, ACreationWhoseBytesAreRefusedLeavesNothing) {
    const std::string wrong = base64(digest(Algorithm::sha1, "other"));
    const Answered made = send(tus("POST", "/api/v1/uploads",
                                   {{"Upload-Length", "4"},
                                    {"Upload-Metadata", "filename " + base64("x.mp4")},
                                    {"Upload-Checksum", "sha1 " + wrong},
                                    {"Content-Type", "application/offset+octet-stream"}},
                                   "film"));
    EXPECT_EQ(made.status, 460);
    EXPECT_TRUE(run(store_.list(store::Kind::upload, {}))->empty());
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(UploadsApiTest, OptionsTellWhatIsOfferedToAnybody) {
    http::RequestHead head;
    head.method = "OPTIONS";
    head.target = "/api/v1/uploads";
    const Answered told = send(FakeRequest(std::move(head), ""));
    EXPECT_EQ(told.status, 204);
    EXPECT_EQ(header(told, "Tus-Version"), "1.0.0");
    EXPECT_EQ(header(told, "Tus-Max-Size"), "1000000");
    EXPECT_EQ(header(told, "Tus-Extension"),
              "creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,"
              "concatenation");
    EXPECT_EQ(header(told, "Tus-Checksum-Algorithm"), "sha1,sha256");
    EXPECT_EQ(header(told, "Access-Control-Allow-Origin"), "*");
}

TEST_F(UploadsApiTest, RefusesAnotherVersion) {
    for (const char* version : {"0.2.2", "1.0.1", " "}) {
        const Answered refused = send(tus("POST", "/api/v1/uploads", {{"Tus-Resumable", version}}));
        EXPECT_EQ(refused.status, 412);
        EXPECT_EQ(header(refused, "Tus-Version"), "1.0.0");
    }
}

TEST_F(UploadsApiTest, RefusesWhatItCannotTake) {
    EXPECT_EQ(create("1000001").status, 413);
    EXPECT_EQ(create("-1").text("errors.0.field"), "Upload-Length");
    EXPECT_EQ(create("").text("errors.0.field"), "Upload-Length");
    EXPECT_EQ(create("1", "film").text("errors.0.field"), "filename");
    EXPECT_EQ(create("1", "film.exe").text("errors.0.field"), "filename");
    EXPECT_EQ(create("1", "\xff.mp4").text("errors.0.field"), "filename");
    for (const char* metadata : {"filename !!!", ",", "a YQ==,,b YQ==", "a YQ==,a YQ=="}) {
        const Answered refused = send(tus("POST", "/api/v1/uploads",
                                          {{"Upload-Length", "1"}, {"Upload-Metadata", metadata}}));
        EXPECT_EQ(refused.text("errors.0.field"), "Upload-Metadata") << metadata;
    }
    EXPECT_EQ(send(tus("POST", "/api/v1/uploads",
                       {{"Upload-Length", "1"},
                        {"Upload-Metadata", "filename " + base64("a.mp4")},
                        {"Content-Type", "video/mp4"}},
                       "x"))
                  .status,
              415);
}

TEST_F(UploadsApiTest, AnswersTellWhyBytesWereNotTaken) {
    const std::string target = header(create("10"), "Location");
    EXPECT_EQ(patch(target, "3", "x").status, 409);
    EXPECT_EQ(patch(target, "x", "x").text("errors.0.field"), "Upload-Offset");
    const std::string wrong = base64(digest(Algorithm::sha1, "other"));
    const Answered differs = patch(target, "0", "bytes", {{"Upload-Checksum", "sha1 " + wrong}});
    EXPECT_EQ(differs.status, 460);
    EXPECT_EQ(patch(target, "0", "x", {{"Upload-Checksum", "crc32 AAAA"}}).status, 400);
    EXPECT_EQ(patch(target, "0", "x", {{"Upload-Checksum", "sha1 AAAA"}}).status, 400);
    EXPECT_EQ(patch(target, "0", "more than ten").status, 413);
    EXPECT_EQ(patch("/api/v1/uploads/unknown", "0", "x").status, 404);
    const Answered typed = send(tus("PATCH", target, {{"Upload-Offset", "0"}}, "x"));
    EXPECT_EQ(typed.status, 415);
    const std::string right = base64(digest(Algorithm::sha256, "0123456789"));
    EXPECT_EQ(patch(target, "0", "0123456789", {{"Upload-Checksum", "sha256 " + right}}).status,
              204);
}

TEST_F(UploadsApiTest, ALengthMayComeLater) {
    const std::string named = "filename " + base64("a.mp4");
    const Answered made = send(
        tus("POST", "/api/v1/uploads", {{"Upload-Defer-Length", "1"}, {"Upload-Metadata", named}}));
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(header(made, "Upload-Defer-Length"), "1");
    const std::string target = header(made, "Location");
    EXPECT_EQ(patch(target, "0", "fi").status, 204);
    const Answered open = send(tus("HEAD", target, {}));
    EXPECT_EQ(header(open, "Upload-Defer-Length"), "1");
    EXPECT_EQ(header(open, "Upload-Length"), "");
    EXPECT_EQ(send(tus("GET", target, {})).text("length"), "null");
    EXPECT_EQ(patch(target, "2", "l", {{"Upload-Length", "x"}}).text("errors.0.field"),
              "Upload-Length");
    EXPECT_EQ(patch(target, "2", "l", {{"Upload-Length", "4"}}).status, 204);
    EXPECT_EQ(header(send(tus("HEAD", target, {})), "Upload-Length"), "4");
    EXPECT_EQ(patch(target, "3", "m", {{"Upload-Length", "5"}}).status, 409);
    EXPECT_NE(header(patch(target, "3", "m"), "X-Hookreel-File-Id"), "");
    for (const char* deferred : {"0", "2", ""})
        EXPECT_EQ(send(tus("POST", "/api/v1/uploads",
                           {{"Upload-Defer-Length", deferred}, {"Upload-Metadata", named}}))
                      .text("errors.0.field"),
                  "Upload-Defer-Length");
    EXPECT_EQ(
        send(
            tus("POST", "/api/v1/uploads",
                {{"Upload-Defer-Length", "1"}, {"Upload-Length", "4"}, {"Upload-Metadata", named}}))
            .status,
        400);
}

TEST_F(UploadsApiTest, PartsArePutTogether) {
    std::string parts = "final;";
    for (const char* bytes : {"fi", "lm"}) {
        const Answered made = send(tus("POST", "/api/v1/uploads",
                                       {{"Upload-Concat", "partial"},
                                        {"Upload-Length", "2"},
                                        {"Content-Type", "application/offset+octet-stream"}},
                                       bytes));
        EXPECT_EQ(made.status, 201);
        EXPECT_EQ(header(made, "Upload-Concat"), "partial");
        EXPECT_EQ(header(made, "Upload-Offset"), "2");
        EXPECT_EQ(header(made, "X-Hookreel-File-Id"), "");
        // A path or a whole address, with or without the application.
        const std::string target = header(made, "Location");
        parts += parts.size() == 6 ? target : " https://media.test" + target + "?application=1";
    }
    const std::string named = "filename " + base64("a.mp4");
    const auto finish = [&](std::string concat) {
        return send(tus("POST", "/api/v1/uploads",
                        {{"Upload-Concat", concat}, {"Upload-Metadata", named}}));
    };
    EXPECT_EQ(finish("final;").status, 400);
    EXPECT_EQ(finish("all").text("errors.0.field"), "Upload-Concat");
    EXPECT_EQ(finish("final;/elsewhere/1").text("errors.0.field"), "Upload-Concat");
    EXPECT_EQ(finish("final;/api/v1/uploads/1/2").text("errors.0.field"), "Upload-Concat");
    EXPECT_EQ(finish("final;/api/v1/uploads/none").status, 404);
    EXPECT_EQ(
        send(tus("POST", "/api/v1/uploads",
                 {{"Upload-Concat", parts}, {"Upload-Length", "4"}, {"Upload-Metadata", named}}))
            .text("errors.0.field"),
        "Upload-Length");
    const Answered made = finish(parts);
    EXPECT_EQ(made.status, 201);
    EXPECT_NE(header(made, "X-Hookreel-File-Id"), "");
    const std::string target = header(made, "Location");
    const Answered told = send(tus("HEAD", target, {}));
    EXPECT_EQ(header(told, "Upload-Concat"), parts);
    EXPECT_EQ(header(told, "Upload-Length"), "4");
    EXPECT_EQ(patch(target, "4", "").status, 403);
}

TEST_F(UploadsApiTest, ADroppedUploadIsGone) {
    const std::string target = header(create("10"), "Location");
    EXPECT_EQ(send(tus("DELETE", target, {})).status, 204);
    EXPECT_EQ(send(tus("HEAD", target, {})).status, 404);
    EXPECT_EQ(patch(target, "0", "x").status, 404);
}

TEST_F(UploadsApiTest, TheMethodMayBeNamedInAHeader) {
    const std::string target = header(create("4"), "Location");
    const Answered taken = send(tus("POST", target,
                                    {{"X-HTTP-Method-Override", "PATCH"},
                                     {"Upload-Offset", "0"},
                                     {"Content-Type", "application/offset+octet-stream"}},
                                    "film"));
    EXPECT_EQ(taken.status, 204);
    EXPECT_EQ(send(tus("POST", "/api/v1/queues", {{"X-HTTP-Method-Override", "GET"}})).status, 405);
}

TEST_F(UploadsApiTest, NeedsItsScope) {
    const Answered made =
        call("POST", "/tokens", R"({"name":"reader","scopes":["events:read","deliveries:write"]})");
    token_ = made.text("token");
    EXPECT_EQ(create("10").status, 403);
    token_ = owner_token_;
    token_ = call("POST", "/tokens", R"({"name":"camera","scopes":["media:write"]})").text("token");
    EXPECT_EQ(create("10").status, 201);
    token_ = "wrong";
    EXPECT_EQ(create("10").status, 401);
}

}  // namespace
}  // namespace hookreel::api
