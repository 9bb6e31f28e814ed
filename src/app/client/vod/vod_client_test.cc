#include "app/client/vod/vod_client.h"

#include <gtest/gtest.h>

#include "app/client/vod/event_text.h"
#include "app/client/vod/fake_platform_test.h"
#include "app/client/vod/media_task.h"

namespace hookreel::app::client {
namespace {

http::ClientResponse answer(std::string body) {
    return {.status = 200, .headers = {}, .body = std::move(body)};
}

TEST(VodClient, SignsCallsAndNamesTheApplication) {
    PlatformBench bench;
    bench.platform.expect("DescribeEventConfig", {{"Mode", "PUSH"}, {"RequestId", "r"}});
    const auto scene = [](PlatformBench& b) -> Task<void> {
        const Result<json::object> settings = co_await b.vod.call("DescribeEventConfig");
        EXPECT_TRUE(settings);
        EXPECT_EQ(settings->at("Mode").as_string(), "PUSH");
    };
    bench.run(scene(bench));
    ASSERT_EQ(bench.platform.calls.size(), 1u);
    EXPECT_EQ(bench.platform.calls[0].second, (json::value{{"SubAppId", 7}}));
}

TEST(VodClient, TellsErrorsOfTheApiByTheirCode) {
    const auto error = [](std::string_view code) {
        return read_answer(
                   answer(fmt::format(R"({{"Response":{{"Error":{{"Code":"{}","Message":"m"}}}}}})",
                                      code)))
            .error();
    };
    EXPECT_EQ(error("ResourceNotFound"), (Error{Code::not_found, "ResourceNotFound: m"}));
    EXPECT_EQ(error("AuthFailure.SignatureFailure").code, Code::denied);
    EXPECT_EQ(error("InvalidParameterValue.FileId").code, Code::invalid);
    EXPECT_EQ(error("InternalError").code, Code::internal);
    EXPECT_EQ(error("RequestLimitExceeded").code, Code::unavailable);
    EXPECT_EQ(api_code(error("InvalidParameterValue.FileId")), "InvalidParameterValue.FileId");
}

TEST(VodClient, RefusesWhatIsNoAnswerOfTheApi) {
    for (const char* body :
         {"", "hello", "[]", "{}", R"({"Response":7})", R"({"Response":{"Error":"no"}})"})
        EXPECT_EQ(read_answer(answer(body)).error().code, Code::protocol) << body;
    http::ClientResponse missing = answer(R"({"Response":{}})");
    missing.status = 404;
    EXPECT_EQ(read_answer(missing).error().code, Code::protocol);
}

TEST(VodClient, FindsNoApiCodeInOtherErrors) {
    EXPECT_EQ(api_code({Code::network, "connect: refused"}), "");
    EXPECT_EQ(api_code({Code::network, ""}), "");
    EXPECT_EQ(api_code({Code::protocol, "The answer is not one: x"}), "");
}

TEST(VodClient, AdvisesWhatToDoNext) {
    Account account{http::parse_url("http://127.0.0.1:8080").value(), {}, {}};
    EXPECT_EQ(advice({Code::network, "connect: refused"}, account),
              "Is `hookreel serve` running at 127.0.0.1:8080? Name another server with --server or "
              "HOOKREEL_SERVER.");
    const Error unknown{Code::denied, "AuthFailure.SecretIdNotFound: no such id"};
    EXPECT_NE(advice(unknown, account).find("HOOKREEL_SECRET_ID"), std::string::npos);
    account.keys = {"id", "key"};
    EXPECT_NE(advice(unknown, account).find("is not the server"), std::string::npos);
    EXPECT_NE(advice({Code::denied, "AuthFailure.SignatureExpire: late"}, account).find("clock"),
              std::string::npos);
    EXPECT_EQ(advice({Code::invalid, "InvalidParameterValue: x"}, account), "");
}

json::object task(std::string_view status, std::string_view step, int progress) {
    json::object result = {{"Status", step}, {"Progress", progress}};
    json::object one = {{"Type", "Transcode"}, {"TranscodeTask", result}};
    json::object procedure = {{"MediaProcessResultSet", json::array{one}}};
    return {{"Status", status}, {"ProcedureTask", procedure}};
}

TEST(MediaTask, WentWellWhenItsServicesDid) {
    const auto of = [](std::string_view status) {
        const json::object result = {{"Type", "Tag"}, {"TagTask", {{"Status", status}}}};
        return json::object{{"MediaProcessResultSet", json::array()},
                            {"AiAnalysisResultSet", json::array{result}}};
    };
    EXPECT_TRUE(succeeded(of("SUCCESS")));
    EXPECT_FALSE(succeeded(of("FAIL")));
    EXPECT_FALSE(succeeded({{"MediaProcessResultSet", json::array()}}));
}

TEST(MediaTask, IsWatchedToItsEnd) {
    PlatformBench bench;
    bench.platform.expect("ProcessMedia", {{"TaskId", "t1"}});
    bench.platform.expect("DescribeTaskDetail", task("PROCESSING", "PROCESSING", 40));
    bench.platform.expect("DescribeTaskDetail", task("FINISH", "SUCCESS", 100));
    const auto scene = [](PlatformBench& b) -> Task<void> {
        ProcessOrder order{"f1", {10}, 1.5};
        const Result<std::string> id = co_await process_media(b.vod, std::move(order));
        EXPECT_EQ(id.value(), "t1");
        std::vector<int> seen;
        std::vector<StepState> states;
        const auto on_progress = [&](int percent, const json::object& task) {
            seen.push_back(percent);
            for (StepState& state : step_states(task))
                states.push_back(std::move(state));
        };
        const Result<json::object> done = co_await await_task(b.vod, *id, on_progress);
        EXPECT_TRUE(done);
        EXPECT_TRUE(succeeded(*done));
        EXPECT_EQ(seen, (std::vector{40, 100}));
        const std::vector<StepState> expected = {{"Transcode 0", "PROCESSING"},
                                                 {"Transcode 0", "SUCCESS"}};
        EXPECT_EQ(states, expected);
    };
    bench.run(scene(bench));
    constexpr std::string_view expected = R"({
        "FileId": "f1", "SubAppId": 7,
        "MediaProcessTask": {
            "TranscodeTaskSet": [{"Definition": 10}],
            "CoverBySnapshotTaskSet": [
                {"Definition": 10, "PositionType": "Time", "PositionValue": 1.5}]}})";
    EXPECT_EQ(bench.platform.calls[0].second, parse_json(expected).value());
}

TEST(MediaTask, OfAnEditIsWatchedToo) {
    PlatformBench bench;
    const json::object output = {{"FileId", "42"}};
    for (const auto& [status, progress] : {std::pair("PROCESSING", 40), std::pair("FINISH", 100)})
        bench.platform.expect("DescribeTaskDetail",
                              {{"Status", status},
                               {"ProcedureTask", nullptr},
                               {"EditMediaTask", json::object{{"Status", status},
                                                              {"ErrCode", 0},
                                                              {"Progress", progress},
                                                              {"Output", output}}}});
    const auto scene = [](PlatformBench& b) -> Task<void> {
        std::vector<int> seen;
        const auto on_progress = [&](int percent, const json::object&) { seen.push_back(percent); };
        const Result<json::object> done = co_await await_task(b.vod, "t1", on_progress);
        EXPECT_TRUE(done);
        EXPECT_TRUE(succeeded(*done));
        EXPECT_EQ(seen, (std::vector{40, 100}));
    };
    bench.run(scene(bench));
}

TEST(MediaTask, SucceedsOnlyWhenEachStepDid) {
    EXPECT_FALSE(succeeded(json::object()));
    EXPECT_FALSE(succeeded(task("FINISH", "FAIL", 100).at("ProcedureTask").as_object()));
}

}  // namespace
}  // namespace hookreel::app::client
