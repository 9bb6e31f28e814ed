#include "app/client/vod/file_upload.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/client/vod/fake_platform_test.h"
#include "base/random.h"
#include "dialect/cos/signature.h"

namespace hookreel::app::client {
namespace {

// A file that goes with the test.
class TemporaryFile {
 public:
    TemporaryFile(const std::string& name, std::string_view content)
        : folder_(std::filesystem::temp_directory_path() / ("hookreel-" + random_hex(8))),
          path_((folder_ / name).string()) {
        std::filesystem::create_directory(folder_);
        std::ofstream(path_) << content;
    }
    ~TemporaryFile() { std::filesystem::remove_all(folder_); }
    const std::string& path() const { return path_; }

 private:
    std::filesystem::path folder_;
    std::string path_;
};

json::object session() {
    return {
        {"StorageBucket", "bucket-1300000001"},
        {"VodSessionKey", "session"},
        {"MediaStoragePath", "/a b/f0.wmv"},
        {"TempCertificate", {{"SecretId", "tmp"}, {"SecretKey", "secret"}, {"Token", "token"}}}};
}

TEST(FileUpload, AppliesPutsAndCommits) {
    PlatformBench bench;
    const TemporaryFile file("Holiday.WMV", "the bytes");
    bench.platform.expect("ApplyUpload", session());
    bench.platform.expect("CommitUpload", {{"FileId", "42"}, {"MediaUrl", "http://x/f0.wmv"}});
    const auto scene = [](PlatformBench& b, const std::string& path) -> Task<void> {
        std::uint64_t sent = 0;
        UploadOrder order{path, {}, {}, [&sent](std::uint64_t bytes) { sent = bytes; }};
        const Result<UploadedFile> uploaded = co_await upload_file(b.vod, std::move(order));
        EXPECT_TRUE(uploaded) << uploaded.error().detail;
        EXPECT_EQ(uploaded->file_id, "42");
        EXPECT_EQ(uploaded->media_url, "http://x/f0.wmv");
        EXPECT_EQ(sent, 9u);
    };
    bench.run(scene(bench, file.path()));
    ASSERT_EQ(bench.platform.calls.size(), 2u);
    EXPECT_EQ(bench.platform.calls[0].second,
              (json::value{{"MediaType", "wmv"}, {"MediaName", "Holiday"}, {"SubAppId", 7}}));
    EXPECT_EQ(bench.platform.calls[1].second,
              (json::value{{"VodSessionKey", "session"}, {"SubAppId", 7}}));
    EXPECT_EQ(bench.platform.object, "the bytes");

    const http::RequestHead& head = bench.platform.object_head;
    EXPECT_EQ(head.target, "/cos/bucket-1300000001/a%20b/f0.wmv");
    EXPECT_EQ(head.headers.get("x-cos-security-token"), "token");
    const dialect::cos::Form none;
    const auto signature = dialect::cos::read_signature(head.headers, none);
    ASSERT_TRUE(signature);
    EXPECT_EQ(signature->secret_id, "tmp");
    EXPECT_TRUE(fits(*signature, {"PUT", "/a b/f0.wmv", none, head.headers}, "secret"));
}

TEST(FileUpload, TellsWhyTheBytesWereNotTaken) {
    PlatformBench bench;
    const TemporaryFile file("a.mp4", "x");
    bench.platform.expect("ApplyUpload", session());
    bench.platform.object_status = 404;
    const auto scene = [](PlatformBench& b, const std::string& path) -> Task<void> {
        UploadOrder order{path, {}, {}, {}};
        const Result<UploadedFile> uploaded = co_await upload_file(b.vod, std::move(order));
        EXPECT_EQ(
            uploaded.error(),
            (Error{Code::denied, "the server did not take the bytes (status 404, NoSuchUpload)"}));
    };
    bench.run(scene(bench, file.path()));
}

TEST(FileUpload, RefusesFilesThatCannotBeUploaded) {
    PlatformBench bench;
    const TemporaryFile empty("empty.mp4", ""), nameless("noextension", "x");
    const auto scene = [](PlatformBench& b, std::vector<std::string> paths) -> Task<void> {
        const std::vector<Code> expected = {Code::not_found, Code::invalid, Code::invalid};
        for (std::size_t i = 0; i < paths.size(); ++i) {
            UploadOrder order{paths[i], {}, {}, {}};
            const Result<UploadedFile> uploaded = co_await upload_file(b.vod, std::move(order));
            EXPECT_FALSE(uploaded);
            EXPECT_EQ(uploaded.error().code, expected[i]) << uploaded.error().detail;
        }
    };
    bench.run(scene(bench, {"/nonexistent/a.mp4", empty.path(), nameless.path()}));
    EXPECT_TRUE(bench.platform.calls.empty());
}

TEST(FileUpload, RefusesAnAnswerWithoutASession) {
    PlatformBench bench;
    const TemporaryFile file("a.mp4", "x");
    bench.platform.expect("ApplyUpload", {{"StorageBucket", "b"}});
    const auto scene = [](PlatformBench& b, const std::string& path) -> Task<void> {
        UploadOrder order{path, {}, {}, {}};
        const Result<UploadedFile> uploaded = co_await upload_file(b.vod, std::move(order));
        EXPECT_EQ(uploaded.error().code, Code::protocol);
    };
    bench.run(scene(bench, file.path()));
}

TEST(FileUpload, TakesTypeAndNameFromThePath) {
    EXPECT_EQ(extension_of("clips/Holiday.WMV"), "wmv");
    EXPECT_EQ(extension_of("a.b/c"), "");
    EXPECT_EQ(extension_of(".hidden"), "");
    EXPECT_EQ(stem_of("clips/Holiday.v2.WMV"), "Holiday.v2");
    EXPECT_EQ(stem_of("plain"), "plain");
}

}  // namespace
}  // namespace hookreel::app::client
