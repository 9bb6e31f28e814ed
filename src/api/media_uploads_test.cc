#include "api/harness_test.h"
#include "base/digest.h"

namespace hookreel::api {
namespace {

class MediaUploadsTest : public ApiTest {
 protected:
    Answered put(std::string target, std::string body, http::Headers more = {}) {
        return send_as("PUT", std::move(target), std::move(body), std::move(more));
    }
    Answered post(std::string form, std::string type = "multipart/form-data; boundary=XyZ") {
        return send_as("POST", "/api/v1/media", std::move(form), {{"Content-Type", type}});
    }
    static std::string part(std::string_view disposition, std::string_view bytes) {
        return "--XyZ\r\nContent-Disposition: form-data; " + std::string(disposition) + "\r\n\r\n" +
               std::string(bytes) + "\r\n";
    }
    std::size_t sessions() { return run(store_.list(store::Kind::upload, {}))->size(); }
    std::size_t assets() { return run(store_.list(store::Kind::asset, {}))->size(); }

 private:
    Answered send_as(std::string method, std::string target, std::string body, http::Headers more) {
        http::RequestHead head;
        head.method = std::move(method);
        head.target = std::move(target);
        head.headers = std::move(more);
        head.headers.set("Authorization", "Bearer " + token_);
        return send(FakeRequest(std::move(head), std::move(body)));
    }
};

TEST_F(MediaUploadsTest, APutIsAFile) {
    const Answered made =
        put("/api/v1/media/my%20film.MP4?title=A%20film&source_context=c&class_id=3", "film");
    ASSERT_EQ(made.status, 201) << json::serialize(made.body);
    EXPECT_EQ(made.text("name"), "A film");
    EXPECT_EQ(made.text("type"), "mp4");
    EXPECT_EQ(made.text("size"), "4");
    EXPECT_EQ(made.text("md5"), hex(digest(Algorithm::md5, "film")));
    EXPECT_EQ(made.headers.get("X-Hookreel-File-Id"), made.text("file_id"));
    EXPECT_TRUE(made.text("url").starts_with("http://media/1500000001/"));
    EXPECT_EQ(put("/api/v1/media/my%20film.mp4", "film").text("name"), "my film");
    EXPECT_EQ(assets(), 2u);
}

TEST_F(MediaUploadsTest, AFileThatDiffersFromItsMd5IsNotKept) {
    const std::string md5 = base64(digest(Algorithm::md5, "film"));
    EXPECT_EQ(put("/api/v1/media/a.mp4", "fiml", {{"Content-MD5", md5}}).status, 400);
    EXPECT_EQ(put("/api/v1/media/a.mp4", "film", {{"Content-MD5", "x"}}).status, 400);
    EXPECT_EQ(sessions(), 0u);
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_EQ(put("/api/v1/media/a.mp4", "film", {{"Content-MD5", md5}}).status, 201);
}

TEST_F(MediaUploadsTest, RefusesWhatItCannotTake) {
    EXPECT_EQ(put("/api/v1/media/a.exe", "x").text("errors.0.field"), "filename");
    EXPECT_EQ(put("/api/v1/media/a.mp4?unknown=1", "x").text("errors.0.field"), "unknown");
    EXPECT_EQ(put("/api/v1/media/a.mp4?class_id=x", "x").text("errors.0.field"), "class_id");
    EXPECT_EQ(put("/api/v1/media/a.mp4?expires=2020-01-01T00:00:00Z", "x").text("errors.0.detail"),
              "is over already");
    EXPECT_EQ(put("/api/v1/media/a.mp4", std::string(1'000'001, 'x')).status, 413);
    EXPECT_EQ(sessions(), 0u);
    EXPECT_EQ(folder_.file_count(), 0u);
    token_ = call("POST", "/tokens", R"({"name":"r","scopes":["events:read"]})").text("token");
    EXPECT_EQ(put("/api/v1/media/a.mp4", "x").status, 403);
}

TEST_F(MediaUploadsTest, AFormIsAFileWithItsFields) {
    const Answered made = post(
        part("name=title", "A film") + part("name=source_context", "c") + part("name=theirs", "x") +
        part("name=\"file\"; filename=\"C:\\films\\a.mp4\"", "film\r\n--Xy") + "--XyZ--\r\n");
    ASSERT_EQ(made.status, 201) << json::serialize(made.body);
    EXPECT_EQ(made.text("name"), "A film");
    EXPECT_EQ(made.text("md5"), hex(digest(Algorithm::md5, "film\r\n--Xy")));
    const Answered plain = post(part("name=f; filename=b.webm", "") + "--XyZ--");
    EXPECT_EQ(plain.text("name"), "b");
    EXPECT_EQ(plain.text("size"), "0");
}

TEST_F(MediaUploadsTest, AFormThatIsNotWholeLeavesNothing) {
    const std::string file = part("name=f; filename=a.mp4", "film");
    for (const std::string& form :
         {std::string(), file, file + "--XyZ", part("name=title", "x") + "--XyZ--",
          file + part("name=title", "x") + "--XyZ--", file + file + "--XyZ--",
          part("name=f; filename=a.exe", "film") + "--XyZ--",
          part("name=title", "\xff") + file + "--XyZ--",
          part("name=f; filename=\"\"", "film") + "--XyZ--"}) {
        EXPECT_EQ(post(form).status, 400) << form;
    }
    EXPECT_EQ(post(part("name=title", std::string(9'000, 'x')) + file + "--XyZ--").status, 413);
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += part("name=a", "x");
    EXPECT_EQ(post(many + file + "--XyZ--").status, 413);
    EXPECT_EQ(post(file + "--XyZ--", "application/json").status, 415);
    EXPECT_EQ(post(file + "--XyZ--", "multipart/form-data").status, 415);
    EXPECT_EQ(assets(), 0u);
    EXPECT_EQ(sessions(), 0u);
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(MediaUploadsTest, PagesOfOtherOriginsMaySendFiles) {
    EXPECT_EQ(put("/api/v1/media/a.mp4", "x").headers.get("Access-Control-Allow-Origin"), "*");
    EXPECT_FALSE(call("GET", "/queues").headers.has("Access-Control-Allow-Origin"));
    EXPECT_TRUE(call("OPTIONS", "/media")
                    .headers.get("Access-Control-Allow-Headers")
                    .starts_with("Authorization, "));
}

}  // namespace
}  // namespace hookreel::api
