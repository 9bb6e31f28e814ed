#include "app/client/native/native_client.h"

#include <gtest/gtest.h>

#include "app/client/native/fake_api_test.h"

namespace hookreel::app::client {
namespace {

http::ClientResponse answer(int status, std::string body) {
    return {.status = status, .headers = {}, .body = std::move(body)};
}

http::ClientResponse problem(int status, std::string_view kind, std::string_view more = "") {
    return answer(status, fmt::format(R"({{"type":"urn:hookreel:problem:{}","title":"t",)"
                                      R"("status":{},"detail":"d","instance":"i"{}}})",
                                      kind, status, more));
}

TEST(NativeClient, SendsTokenPathQueryAndBody) {
    ApiBench bench;
    bench.api.expect(201, R"({"id":"e1"})");
    const auto scene = [](ApiBench& b) -> Task<void> {
        NativeCall call{"POST", {"endpoints", "a b"}, {{"type", "media.*"}, {"state", ""}}, {}};
        call.body = json::value{{"url", "http://x/"}};
        const Result<json::object> made = co_await b.native.object(std::move(call));
        EXPECT_TRUE(made);
        EXPECT_EQ(made->at("id").as_string(), "e1");
    };
    bench.run(scene(bench));
    ASSERT_EQ(bench.api.calls.size(), 1u);
    EXPECT_EQ(bench.api.calls[0].method, "POST");
    EXPECT_EQ(bench.api.calls[0].target, "/api/v1/endpoints/a%20b?type=media.%2A&application=7");
    EXPECT_EQ(bench.api.calls[0].authorization, "Bearer token");
    EXPECT_EQ(bench.api.calls[0].body, R"({"url":"http://x/"})");
}

TEST(NativeClient, ReadsListsToTheirEndOrToTheLimit) {
    ApiBench bench;
    bench.api.expect(200, R"({"items":[{"n":1}],"next_cursor":"c+1"})");
    bench.api.expect(200, R"({"items":[],"next_cursor":"c2"})");
    bench.api.expect(200, R"({"items":[{"n":2}],"next_cursor":null})");
    bench.api.expect(200, R"({"items":[{"n":1}],"next_cursor":"c1"})");
    const auto scene = [](ApiBench& b) -> Task<void> {
        NativeCall call{.path = {"deliveries"}};
        NativeCall again = call;
        const auto all = co_await b.native.list(std::move(call), 5);
        EXPECT_EQ(all.value().size(), 2u);
        const auto one = co_await b.native.list(std::move(again), 1);
        EXPECT_EQ(one.value().size(), 1u);
    };
    bench.run(scene(bench));
    ASSERT_EQ(bench.api.calls.size(), 4u);
    EXPECT_EQ(bench.api.calls[0].target, "/api/v1/deliveries?limit=5&application=7");
    EXPECT_EQ(bench.api.calls[1].target, "/api/v1/deliveries?limit=4&cursor=c%2B1&application=7");
    EXPECT_EQ(bench.api.calls[3].target, "/api/v1/deliveries?limit=1&application=7");
}

TEST(NativeClient, HasNothingToSayOfAnEmptyAnswer) {
    EXPECT_EQ(read_native_answer(answer(204, "")).value(), json::value(nullptr));
}

TEST(NativeClient, TellsRefusalsByTheirKind) {
    const auto error = [](int status, std::string_view kind) {
        return read_native_answer(problem(status, kind)).error();
    };
    EXPECT_EQ(error(404, "not-found"), (Error{Code::not_found, "not-found: d"}));
    EXPECT_EQ(error(400, "invalid-request").code, Code::invalid);
    EXPECT_EQ(error(401, "unauthorized").code, Code::denied);
    EXPECT_EQ(error(403, "forbidden").code, Code::denied);
    EXPECT_EQ(error(409, "conflict").code, Code::conflict);
    EXPECT_EQ(error(413, "too-large").code, Code::too_large);
    EXPECT_EQ(error(429, "too-many-requests").code, Code::unavailable);
    EXPECT_EQ(error(503, "unavailable").code, Code::unavailable);
    EXPECT_EQ(error(500, "internal").code, Code::internal);
    EXPECT_EQ(problem_kind(error(409, "conflict")), "conflict");
    EXPECT_EQ(problem_kind({Code::network, "connect: refused"}), "");
}

TEST(NativeClient, NamesEachFieldThatIsWrong) {
    const auto refused =
        read_native_answer(problem(400, "invalid-request",
                                   R"(,"errors":[{"field":"url","detail":"is missing"},)"
                                   R"({"field":"keys","detail":"is no array"}])"));
    EXPECT_EQ(refused.error().detail, "invalid-request: url is missing; keys is no array");
}

TEST(NativeClient, RefusesWhatIsNoAnswerOfTheNativeApi) {
    EXPECT_EQ(read_native_answer(answer(200, "<html>")).error().code, Code::protocol);
    EXPECT_EQ(read_native_answer(answer(404, "{}")).error().code, Code::protocol);
    EXPECT_EQ(read_native_answer(answer(404, "")).error().code, Code::protocol);
    EXPECT_EQ(read_native_answer(answer(500, R"({"type":"about:blank"})")).error().code,
              Code::protocol);
    http::ClientResponse cut = answer(200, "{}");
    cut.body_is_whole = false;
    EXPECT_EQ(read_native_answer(cut).error().code, Code::too_large);
}

TEST(NativeClient, KnowsAServerThatIsNotReadyYet) {
    EXPECT_EQ(read_native_answer(answer(503, "starting")).error(),
              (Error{Code::unavailable, "the server is not ready yet"}));
}

TEST(NativeClient, AdvisesWhatToDoNext) {
    NativeAccount account{http::parse_url("http://127.0.0.1:8080").value(), {}, {}};
    const Error unknown{Code::denied, "unauthorized: The token is unknown, or over."};
    EXPECT_TRUE(advice(unknown, account).contains("HOOKREEL_API_TOKEN"));
    account.token = "t";
    EXPECT_TRUE(advice(unknown, account).contains("does not know this token"));
    const Error none{Code::denied, "unauthorized: … start it with --api-token TOKEN …"};
    EXPECT_EQ(advice(none, account), "");
    EXPECT_TRUE(advice({Code::denied, "forbidden: x"}, account).contains("scope"));
    EXPECT_EQ(advice({Code::network, "connect: refused"}, account), "");
}

}  // namespace
}  // namespace hookreel::app::client
