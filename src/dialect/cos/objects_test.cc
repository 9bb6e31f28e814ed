#include "dialect/cos/objects.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/text.h"
#include "dialect/cos/signature.h"
#include "media/files/upload_fakes.h"
#include "media/uploads/local_uploads.h"
#include "store/memory/memory_store.h"

namespace hookreel::dialect::cos {
namespace {

using media::fakes::FakeRequest;

// One request as a client sends it. What is empty is filled with what is right.
struct Sent {
    std::string method;
    std::string key;
    std::string query = {};
    std::string body = {};
    http::Headers headers = {};
    std::string bucket = {};
    std::string token = {};
    std::string secret_key = {};
};

class ObjectEndpointTest : public testing::Test {
 protected:
    ObjectEndpointTest() {
        options_.data_folder = folder_.path();
        uploads_.emplace(media::Ingest::Ports{store_, announcer_, prober_, clock_, threads_,
                                              catalog_, procedures_, muxer_},
                         options_);
        endpoint_.emplace(*uploads_, clock_, log_);
        upload_ = apply();
    }

    media::Upload apply() {
        media::UploadRequest request;
        request.application = model::default_application;
        request.type = "mp4";
        request.cover_type = "jpg";
        return *media::fakes::run(loop_, uploads_->apply(request));
    }

    FakeRequest signed_request(const Sent& sent) {
        const std::string bucket = sent.bucket.empty() ? upload_.bucket : sent.bucket;
        http::RequestHead head;
        head.method = sent.method;
        head.target = "/cos/" + bucket + "/" + encoded_path(sent.key);
        if (!sent.query.empty()) head.target += "?" + sent.query;
        head.headers = sent.headers;
        head.headers.set("Host", "127.0.0.1:8080");
        const Form parameters = *parse_form(sent.query);
        const std::string path = "/" + sent.key;
        const SignedRequest request{sent.method, path, parameters, head.headers};
        const SignOptions options{
            {upload_.keys.secret_id,
             sent.secret_key.empty() ? upload_.keys.secret_key : sent.secret_key},
            signed_at_,
            signed_at_ + std::chrono::minutes(15)};
        head.headers.set("Authorization", sign(request, options));
        head.headers.set("x-cos-security-token", sent.token.empty() ? upload_.token : sent.token);
        return FakeRequest(std::move(head), sent.body);
    }
    static std::string encoded_path(std::string_view key) {
        std::string path;
        for (const char c : key)
            path += c == '/' ? "/" : percent_encode(std::string_view(&c, 1));
        return path;
    }

    http::Response serve(FakeRequest& request) {
        return media::fakes::run(loop_, endpoint_->handle(request));
    }
    http::Response serve(const Sent& sent) {
        FakeRequest request = signed_request(sent);
        return serve(request);
    }
    static std::string body(const http::Response& response) {
        return std::get<std::string>(response.body);
    }
    // "403 AccessDenied"
    static std::string outcome(const http::Response& response) {
        return std::to_string(response.status) + " " + between(body(response), "Code");
    }
    static std::string between(const std::string& xml, const std::string& name) {
        const std::size_t begin = xml.find("<" + name + ">");
        const std::size_t end = xml.find("</" + name + ">");
        if (begin == std::string::npos || end == std::string::npos) return "";
        const std::size_t at = begin + name.size() + 2;
        return xml.substr(at, end - at);
    }
    static std::string md5(std::string_view bytes) { return hex(digest(Algorithm::md5, bytes)); }
    static std::string complete_body(const std::vector<std::string>& parts) {
        std::string xml;
        for (std::size_t i = 0; i < parts.size(); ++i)
            xml += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>&quot;" +
                   md5(parts[i]) + "&quot;</ETag></Part>";
        return "<CompleteMultipartUpload>" + xml + "</CompleteMultipartUpload>";
    }
    std::string start_multipart() {
        return between(body(serve({"POST", upload_.media_key, "uploads="})), "UploadId");
    }

    media::fakes::TemporaryFolder folder_;
    Loop loop_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    TimePoint signed_at_ = clock_.now();
    store::MemoryStore store_{clock_};
    media::fakes::FakeAnnouncer announcer_;
    media::fakes::FakeProber prober_;
    media::fakes::FakeMuxer muxer_;
    media::FileThreads threads_{2};
    media::Catalog catalog_;
    media::NoProcedures procedures_;
    Log log_{Level::error};
    media::LocalUploadsOptions options_;
    std::optional<media::LocalUploads> uploads_;
    std::optional<ObjectEndpoint> endpoint_;
    media::Upload upload_;
};

TEST_F(ObjectEndpointTest, StoresAnObject) {
    const http::Response put = serve({"PUT", upload_.media_key, "", "film"});
    EXPECT_EQ(put.status, 200);
    EXPECT_EQ(put.headers.get("ETag"), "\"" + md5("film") + "\"");
    EXPECT_FALSE(put.headers.get("x-cos-request-id").empty());
    const http::Response head = serve({"HEAD", upload_.media_key});
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.get("ETag"), put.headers.get("ETag"));
    EXPECT_EQ(head.headers.get("Content-Length"), "4");
}

TEST_F(ObjectEndpointTest, TheSequenceOfTheOfficialClientStoresAnObject) {
    const std::vector<std::string> parts = {std::string(1 << 20, 'a'), std::string(1 << 20, 'b'),
                                            "the rest"};
    const std::string key = upload_.media_key;
    const std::string prefix = "uploads=&prefix=" + percent_encode(key);
    EXPECT_EQ(between(body(serve({"GET", "", prefix})), "UploadId"), "");
    const std::string id = start_multipart();
    ASSERT_EQ(id.size(), 32u);
    const std::string list = body(serve({"GET", "", prefix}));
    EXPECT_EQ(between(list, "UploadId"), id);
    EXPECT_EQ(between(list, "Key"), key);
    EXPECT_EQ(between(list, "IsTruncated"), "false");

    for (const int number : {3, 1, 2}) {
        const std::string& part = parts[static_cast<std::size_t>(number - 1)];
        const http::Response put =
            serve({"PUT",
                   key,
                   "partNumber=" + std::to_string(number) + "&uploadId=" + id,
                   part,
                   {{"Content-MD5", base64(digest(Algorithm::md5, part))}}});
        EXPECT_EQ(put.status, 200);
        EXPECT_EQ(put.headers.get("ETag"), "\"" + md5(part) + "\"");
    }
    const std::string page =
        body(serve({"GET", key, "uploadId=" + id + "&max-parts=1&part-number-marker=1"}));
    EXPECT_EQ(between(page, "PartNumber"), "2");
    EXPECT_EQ(between(page, "Size"), std::to_string(1 << 20));
    EXPECT_EQ(between(page, "NextPartNumberMarker"), "2");
    EXPECT_EQ(between(page, "IsTruncated"), "true");

    const http::Response done = serve({"POST", key, "uploadId=" + id, complete_body(parts)});
    EXPECT_EQ(done.status, 200);
    const std::string etag = between(body(done), "ETag");
    EXPECT_TRUE(etag.ends_with("-3&quot;")) << etag;
    EXPECT_EQ(between(body(done), "Key"), key);
    const auto stored = media::fakes::run(loop_, uploads_->head_object(upload_, key));
    EXPECT_EQ(stored->md5, md5(parts[0] + parts[1] + parts[2]));
    EXPECT_EQ(serve({"HEAD", key}).headers.get("ETag"), "\"" + stored->etag + "\"");
}

TEST_F(ObjectEndpointTest, AbortsAMultipart) {
    const std::string query = "uploadId=" + start_multipart();
    serve({"PUT", upload_.media_key, "partNumber=1&" + query, "part"});
    EXPECT_EQ(serve({"DELETE", upload_.media_key, query}).status, 204);
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_EQ(outcome(serve({"DELETE", upload_.media_key, query})), "404 NoSuchUpload");
    EXPECT_EQ(outcome(serve({"GET", upload_.media_key, query})), "404 NoSuchUpload");
    EXPECT_EQ(outcome(serve({"PUT", upload_.media_key, "partNumber=1&" + query, "x"})),
              "404 NoSuchUpload");
    EXPECT_EQ(outcome(serve({"POST", upload_.media_key, query, complete_body({"part"})})),
              "404 NoSuchUpload");
}

TEST_F(ObjectEndpointTest, TakesASignatureInTheQuery) {
    FakeRequest request = signed_request({"PUT", upload_.media_key, "", "film"});
    http::RequestHead head = request.head();
    head.target += "?" + as_query(head.headers.get("Authorization")) +
                   "&x-cos-security-token=" + upload_.token;
    head.headers.set("Authorization", "");
    head.headers.set("x-cos-security-token", "");
    FakeRequest presigned(head, "film");
    EXPECT_EQ(serve(presigned).status, 200);
}

TEST_F(ObjectEndpointTest, RefusesBeforeTheBodyIsRead) {
    const auto refused = [&](FakeRequest request) {
        const std::string result = outcome(serve(request));
        EXPECT_EQ(request.bytes_read(), 0u) << result;
        return result;
    };
    const Sent good{"PUT", upload_.media_key, "", "film"};
    http::RequestHead unsigned_head = signed_request(good).head();
    unsigned_head.headers.set("Authorization", "");
    EXPECT_EQ(refused(FakeRequest(unsigned_head, "film")), "403 AccessDenied");
    unsigned_head.headers.set("Authorization", "Bearer x");
    EXPECT_EQ(refused(FakeRequest(unsigned_head, "film")), "403 AccessDenied");

    Sent sent = good;
    sent.secret_key = "wrong";
    EXPECT_EQ(refused(signed_request(sent)), "403 SignatureDoesNotMatch");
    sent = good;
    sent.token = "wrong";
    EXPECT_EQ(refused(signed_request(sent)), "403 AccessDenied");
    sent = good;
    sent.bucket = "other-1300000001";
    EXPECT_EQ(refused(signed_request(sent)), "404 NoSuchBucket");
    sent = good;
    sent.key = "other.mp4";
    EXPECT_EQ(refused(signed_request(sent)), "403 AccessDenied");
    sent = good;
    sent.headers = {{"Content-MD5", "no digest"}};
    EXPECT_EQ(refused(signed_request(sent)), "400 InvalidDigest");
    sent.headers = {{"Content-MD5", base64("too short")}};
    EXPECT_EQ(refused(signed_request(sent)), "400 InvalidDigest");
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(ObjectEndpointTest, TheKeysOfOneSessionDoNotOpenAnother) {
    const media::Upload other = apply();
    EXPECT_EQ(outcome(serve({"PUT", other.media_key, "", "film"})), "403 AccessDenied");
    EXPECT_EQ(outcome(serve({"POST", other.media_key, "uploads="})), "403 AccessDenied");
    EXPECT_EQ(serve({"PUT", upload_.cover_key, "", "picture"}).status, 200);
}

TEST_F(ObjectEndpointTest, RefusesASignatureOutsideOfItsWindow) {
    const Sent sent{"PUT", upload_.media_key, "", "film"};
    signed_at_ = clock_.now() + std::chrono::minutes(6);
    EXPECT_EQ(outcome(serve(sent)), "403 RequestTimeTooSkewed");
    signed_at_ = clock_.now() - std::chrono::minutes(16);
    const http::Response expired = serve(sent);
    EXPECT_EQ(outcome(expired), "403 AccessDenied");
    EXPECT_EQ(between(body(expired), "Message"), "Request has expired");
    EXPECT_EQ(between(body(expired), "ServerTime"), iso8601(clock_.now()));
}

TEST_F(ObjectEndpointTest, RefusesKeysThatAreUnknownOrHaveExpired) {
    clock_.advance(options_.session_life);
    signed_at_ = clock_.now();
    EXPECT_EQ(outcome(serve({"PUT", upload_.media_key, "", "film"})), "403 InvalidAccessKeyId");
}

TEST_F(ObjectEndpointTest, RefusesABodyThatIsNotWhatWasAnnounced) {
    Sent sent{"PUT", upload_.media_key, "", "film"};
    sent.headers = {{"Content-MD5", base64(digest(Algorithm::md5, "other"))}};
    EXPECT_EQ(outcome(serve(sent)), "400 BadDigest");
    sent.headers = {};
    FakeRequest cut = signed_request(sent);
    cut.break_off(2, {Code::network, "gone"});
    EXPECT_EQ(outcome(serve(cut)), "400 IncompleteBody");
    FakeRequest slow = signed_request(sent);
    slow.break_off(2, {Code::timed_out, "slow"});
    EXPECT_EQ(outcome(serve(slow)), "400 RequestTimeout");
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(ObjectEndpointTest, RefusesWhatIsTooLarge) {
    const ObjectLimits limits{.put_bytes_max = 3};
    endpoint_.emplace(*uploads_, clock_, log_, limits);
    FakeRequest request = signed_request({"PUT", upload_.media_key, "", "film"});
    EXPECT_EQ(outcome(serve(request)), "400 EntityTooLarge");
    EXPECT_EQ(request.bytes_read(), 0u);
}

TEST_F(ObjectEndpointTest, AsksToComeAgainWhenTheDiskIsDownToItsReserve) {
    options_.reserve_bytes = 1001;
    options_.free_bytes = [](const std::string&) -> Result<std::uint64_t> { return 1000; };
    uploads_.emplace(media::Ingest::Ports{store_, announcer_, prober_, clock_, threads_, catalog_,
                                          procedures_, muxer_},
                     options_);
    endpoint_.emplace(*uploads_, clock_, log_);
    EXPECT_EQ(outcome(serve({"PUT", upload_.media_key, "", "film"})), "503 ServiceUnavailable");
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(ObjectEndpointTest, CompletesOnlyWhatWasUploaded) {
    const std::string key = upload_.media_key;
    const std::string query = "uploadId=" + start_multipart();
    serve({"PUT", key, "partNumber=1&" + query, "one"});
    serve({"PUT", key, "partNumber=2&" + query, "two"});
    const auto complete = [&](std::string xml) {
        return outcome(serve({"POST", key, query, std::move(xml)}));
    };
    EXPECT_EQ(complete(complete_body({"one", "other"})), "400 InvalidPart");
    EXPECT_EQ(complete(complete_body({"one", "two", "three"})), "400 InvalidPart");
    EXPECT_EQ(complete(""), "400 MalformedXML");
    EXPECT_EQ(complete("<CompleteMultipartUpload/>"), "400 MalformedXML");
    const std::string part = "<Part><PartNumber>1</PartNumber><ETag>a</ETag></Part>";
    EXPECT_EQ(complete("<CompleteMultipartUpload>" + part + part + "</CompleteMultipartUpload>"),
              "400 InvalidPartOrder");
    EXPECT_EQ(complete(std::string(3 << 20, ' ')), "400 EntityTooLarge");
    Sent sent{"POST", key, query, complete_body({"one", "two"})};
    sent.headers = {{"Content-MD5", base64(digest(Algorithm::md5, "other"))}};
    EXPECT_EQ(outcome(serve(sent)), "400 BadDigest");
    EXPECT_EQ(serve({"POST", key, query, complete_body({"one", "two"})}).status, 200);
}

TEST_F(ObjectEndpointTest, RefusesArgumentsThatAreNotValid) {
    const std::string key = upload_.media_key;
    const std::string id = start_multipart();
    for (const std::string number : {"0", "10001", "-1", "x", "", "1.0"})
        EXPECT_EQ(outcome(serve({"PUT", key, "partNumber=" + number + "&uploadId=" + id, "x"})),
                  "400 InvalidArgument")
            << number;
    EXPECT_EQ(outcome(serve({"GET", key, "uploadId=" + id + "&max-parts=0"})),
              "400 InvalidArgument");
    EXPECT_EQ(outcome(serve({"PUT", key, "partNumber=1&uploadId=" + id + "&uploadid=x", "x"})),
              "400 InvalidArgument");
    EXPECT_EQ(outcome(serve({"HEAD", "a%zz"})), "403 ");  // The key itself may hold a "%".
    http::RequestHead head = signed_request({"PUT", key, "", "x"}).head();
    head.target = "/cos/" + upload_.bucket + "/a%zz";
    FakeRequest broken(head, "x");
    EXPECT_EQ(outcome(serve(broken)), "400 InvalidURI");
}

TEST_F(ObjectEndpointTest, DoesNotDoWhatIsNotAnUpload) {
    const std::string key = upload_.media_key;
    serve({"PUT", key, "", "film"});
    const std::vector<Sent> others = {{"GET", key},
                                      {"DELETE", key},
                                      {"PUT", key, "acl=", "x"},
                                      {"PUT", key, "uploadId=x", "x"},
                                      {"POST", key},
                                      {"POST", key, "restore="},
                                      {"GET", ""},
                                      {"PUT", ""},
                                      {"PATCH", key}};
    for (const Sent& sent : others)
        EXPECT_EQ(outcome(serve(sent)), "501 NotImplemented") << sent.method << sent.query;
    Sent copy{"PUT", key, "", ""};
    copy.headers = {{"x-cos-copy-source", "b/k"}};
    EXPECT_EQ(outcome(serve(copy)), "501 NotImplemented");
    EXPECT_EQ(serve({"HEAD", key}).headers.get("Content-Length"), "4");
}

TEST_F(ObjectEndpointTest, AHeadIsRefusedWithoutABody) {
    const http::Response missing = serve({"HEAD", upload_.media_key});
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(body(missing), "");
}

TEST_F(ObjectEndpointTest, WritesKeysEncodedOnRequest) {
    start_multipart();
    const std::string list = body(serve({"GET", "", "uploads=&encoding-type=url"}));
    EXPECT_EQ(between(list, "Key"), percent_encode(upload_.media_key));
    EXPECT_EQ(between(list, "EncodingType"), "url");
}

TEST_F(ObjectEndpointTest, NamesWhatWasAskedForWithoutLettingItBeMarkup) {
    http::RequestHead head;
    head.method = "GET";
    head.target = "/cos/b/<x>&'\"";
    FakeRequest request(head, "");
    const std::string xml = body(serve(request));
    EXPECT_EQ(between(xml, "Resource"), "/cos/b/&lt;x&gt;&amp;&apos;&quot;");
}

TEST_F(ObjectEndpointTest, AnyPathIsAnsweredWithAClearRefusal) {
    for (const std::string target : {"/cos/", "/cos", "/cos//", "/cos/b", "/cos/b/?", "/cos/b/?&&",
                                     "/cos/b/?=", "/cos/b/%00", "/cos/?uploads"}) {
        http::RequestHead head;
        head.method = "GET";
        head.target = target;
        FakeRequest request(head, "");
        EXPECT_EQ(outcome(serve(request)), "403 AccessDenied") << target;
    }
}

}  // namespace
}  // namespace hookreel::dialect::cos
