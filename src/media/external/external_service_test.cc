#include "media/external/external_service.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "http/server/server.h"
#include "http/testing.h"

namespace hookreel::media {
namespace {

Question question() {
    Question asked;
    asked.id = "1300000001-ReviewAudioVideo-1t0";
    asked.kind = "review_audio_video";
    asked.application = model::ApplicationId(1300000001);
    asked.input = R"({"FileId":"7","Definition":10})";
    asked.session_context = "a \"quoted\" word";
    asked.deadline = parse_time("2026-11-28T07:00:00Z").value();
    return asked;
}

TEST(Question, SaysEverythingInOneObject) {
    Question asked = question();
    EXPECT_EQ(parse_json(question_text(asked)).value(),
              json::value({{"id", "1300000001-ReviewAudioVideo-1t0"},
                           {"kind", "review_audio_video"},
                           {"application", 1300000001},
                           {"input", {{"FileId", "7"}, {"Definition", 10}}},
                           {"file", nullptr},
                           {"session_context", "a \"quoted\" word"},
                           {"deadline", "2026-11-28T07:00:00.000Z"}}));
    asked.file = Question::File{"7", "Lecture", "http://h/media/7.mp4", "ab", 12, 1.5};
    EXPECT_EQ(parse_json(question_text(asked)).value().at("file"),
              json::value({{"id", "7"},
                           {"name", "Lecture"},
                           {"url", "http://h/media/7.mp4"},
                           {"md5", "ab"},
                           {"size_bytes", 12},
                           {"duration_seconds", 1.5}}));
}

TEST(Reply, OfWorkThatGoesOnSaysHowFarAndWhenToAskAgain) {
    const Reply reply =
        read_reply(202, R"({"status":"processing","progress":40,"ask_again_seconds":9})").value();
    EXPECT_EQ(reply.state, Reply::State::processing);
    EXPECT_EQ(reply.progress, 40);
    EXPECT_EQ(reply.ask_again, std::chrono::seconds(9));
}

TEST(Reply, IsHeldToItsLimits) {
    const Reply early =
        read_reply(200, R"({"status":"processing","progress":-5,"ask_again_seconds":0})").value();
    EXPECT_EQ(early.progress, 0);
    EXPECT_EQ(early.ask_again, std::chrono::seconds(1));
    const Reply late =
        read_reply(200, R"({"status":"processing","progress":500,"ask_again_seconds":99999})")
            .value();
    EXPECT_EQ(late.progress, 99);
    EXPECT_EQ(late.ask_again, std::chrono::seconds(600));
    EXPECT_EQ(read_reply(200, R"({"status":"processing"})")->ask_again, std::chrono::seconds(5));
}

TEST(Reply, OfFinishedWorkHasAnObject) {
    const Reply reply = read_reply(200, R"({"status":"finished","output":{"a":1}})").value();
    EXPECT_EQ(reply.state, Reply::State::finished);
    EXPECT_EQ(read_reply(200, R"({"status":"finished","output":[1]})")->output, "[1]");
    EXPECT_EQ(reply.output, R"({"a":1})");
}

TEST(Reply, OfFailedWorkSaysWhyInTheWordsOfTheWire) {
    const Reply reply = read_reply(200, R"({"status":"failed","error":"InvalidInput",)"
                                        R"("message":"no such definition"})")
                            .value();
    EXPECT_EQ(reply.state, Reply::State::failed);
    EXPECT_EQ(reply.failure, model::Failure::invalid_input);
    EXPECT_EQ(reply.message, "no such definition");
    EXPECT_EQ(read_reply(200, R"({"status":"failed"})")->failure, model::Failure::internal_error);
}

TEST(Reply, KeepsWhatIsSaidBesideAnUnknownError) {
    const Result<Reply> reply =
        read_reply(200, R"({"status":"failed","error":"Whatever","message":"no GPU"})");
    ASSERT_FALSE(reply);
    EXPECT_TRUE(reply.error().detail.ends_with("its message: no GPU")) << reply.error().detail;
}

TEST(Reply, ThatIsNotOfTheContractIsRefused) {
    for (const char* body :
         {"", "[]", "{", R"({"status":7})", R"({"status":"done"})", R"({"status":"finished"})",
          R"({"status":"finished","output":"x"})", R"({"status":"failed","error":"Whatever"})",
          R"({"status":"failed","error":""})"}) {
        const Result<Reply> reply = read_reply(200, body);
        ASSERT_FALSE(reply) << body;
        EXPECT_EQ(reply.error().code, Code::invalid) << body;
    }
}

TEST(Reply, ByStatusEndsTheWorkOrAsksForAnotherTry) {
    for (const int status : {400, 401, 404, 410, 422})
        EXPECT_EQ(read_reply(status, "").error().code, Code::invalid) << status;
    for (const int status : {204, 302, 408, 425, 429, 500, 502, 503, 504})
        EXPECT_EQ(read_reply(status, "").error().code, Code::unavailable) << status;
}

TEST(Reply, CutsALongMessageBetweenCharacters) {
    std::string message;
    for (int i = 0; i < 400; ++i)
        message += "\xE2\x82\xAC";  // 3 bytes each.
    const Result<Reply> reply =
        read_reply(200, R"({"status":"failed","message":")" + message + R"("})");
    EXPECT_EQ(reply->message.size(), 999u);
}

TEST(HttpExternalService, AsksTheUrlOfTheKindAndProvesWhoItIs) {
    http::LoopThread thread;
    Log log(Level::error);
    std::string seen;
    http::Server server(
        {&thread.loop}, {},
        [&seen](http::Request& request) -> Task<http::Response> {
            Result<std::string> body = co_await request.read_all(10'000);
            seen = fmt::format("{} {} {}", request.head().path(),
                               request.head().headers.get("Proof"), *body);
            co_return http::Response{200, {}, R"({"status":"processing","progress":7})"};
        },
        log);
    thread.call([&] { ASSERT_TRUE(server.start()); });
    http::ClientOptions options;
    ASSERT_TRUE(options.rules.allow("127.0.0.0/8"));
    auto client = std::make_unique<http::Client>(thread.loop, options);
    const std::string base = fmt::format("http://127.0.0.1:{}", server.port());
    HttpExternalService service(
        *client, {{"review_audio_video", base + "/review"}},
        [](std::string id, std::string body) -> Result<http::ClientRequest> {
            http::ClientRequest request;
            request.method = "POST";
            request.headers.set("Proof", "of " + id);
            request.body = std::move(body);
            return request;
        });
    EXPECT_TRUE(service.serves("review_audio_video"));
    EXPECT_FALSE(service.serves("generate_image"));
    EXPECT_EQ(thread.run(service.ask(question()))->progress, 7);
    EXPECT_EQ(seen, "/review of 1300000001-ReviewAudioVideo-1t0 " + question_text(question()));
    Question other = question();
    other.kind = "generate_image";
    EXPECT_EQ(thread.run(service.ask(other)).error().code, Code::not_found);
    thread.call([&client] { client.reset(); });
    thread.run(server.stop(Duration(100)));
}

TEST(HttpExternalService, TakesTheStarForEveryOtherKind) {
    http::LoopThread thread;
    auto client = std::make_unique<http::Client>(thread.loop, http::ClientOptions{});
    HttpExternalService service(*client, {{"*", "http://127.0.0.1:1/"}}, nullptr);
    EXPECT_TRUE(service.serves("generate_video"));
    thread.call([&client] { client.reset(); });
}

}  // namespace
}  // namespace hookreel::media
