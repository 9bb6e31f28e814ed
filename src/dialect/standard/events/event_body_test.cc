#include "dialect/standard/events/event_body.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "dialect/standard/events/examples.h"
#include "model/application.h"

namespace hookreel::dialect::standard {
namespace {

const MediaUrls urls{"http://127.0.0.1:8080/media"};

std::string body_of(model::Payload payload) {
    return event_body({model::EventId("e1"), model::default_application,
                       parse_time("2026-11-20T21:40:06.123Z").value(), std::move(payload)},
                      urls);
}

TEST(EventBody, HasTheMembersInTheOrderOfTheContract) {
    EXPECT_EQ(body_of(model::CustomEvent{"order.paid", "customer 7", R"({"n":1})"}),
              R"({"type":"order.paid","timestamp":"2026-11-20T21:40:06.123Z","id":"e1",)"
              R"("key":"customer 7","data":{"n":1}})");
    EXPECT_EQ(body_of(model::CustomEvent{"order.paid", "", "null"}),
              R"({"type":"order.paid","timestamp":"2026-11-20T21:40:06.123Z","id":"e1",)"
              R"("data":null})");
}

TEST(EventBody, KeepsTheDataOfAnApplicationAsItIs) {
    for (const char* data : {"{ \"a\" : 1.0e2 }", "[1,2]", "\"text\"", "0", "{}"}) {
        const std::string body = body_of(model::CustomEvent{"a", "k", data});
        EXPECT_EQ(data_of(body), data);
        EXPECT_TRUE(parse_json(body));
    }
    EXPECT_EQ(data_of(body_of(model::CustomEvent{"a", "", ""})), "null");
}

TEST(EventBody, FindsItsDataBehindAnyKey) {
    for (const char* key : {"\",\"data\":", "\\", "\\\",\"data\":{", "a\nb", "\xC3\xA9", "\xFF"}) {
        const std::string body = body_of(model::CustomEvent{"a", key, R"({",\"data\":":2})"});
        EXPECT_EQ(data_of(body), R"({",\"data\":":2})") << body;
        EXPECT_TRUE(parse_json(body)) << body;
    }
    EXPECT_EQ(data_of(""), "");
    EXPECT_EQ(data_of("{}"), "");
    EXPECT_EQ(data_of("{\"a\":1,\"data\":"), "");
}

TEST(EventBody, TellsOfAnUpload) {
    model::FileUploaded payload = uploaded_example();
    payload.asset.name = "a \"b\"\n";
    payload.procedure_task = model::TaskId("t1");
    payload.review_task = model::TaskId("r1");
    const json::value body = parse_json(body_of(payload)).value();
    EXPECT_EQ(body.at("key").as_string(), payload.asset.id.text());
    const json::value& asset = body.at("data").at("asset");
    EXPECT_EQ(asset.at("id").as_string(), payload.asset.id.text());
    EXPECT_EQ(asset.at("name"), "a \"b\"\n");
    EXPECT_EQ(asset.at("url").as_string(), urls.of(payload.asset.path));
    EXPECT_EQ(asset.at("cover_url"), nullptr);
    EXPECT_EQ(asset.at("expires_at"), nullptr);
    EXPECT_EQ(asset.at("size_bytes"), 7700180);
    EXPECT_EQ(asset.at("media").at("duration_seconds"), 60.2);
    EXPECT_EQ(asset.at("media").at("video").at(0).at("hdr"), nullptr);
    EXPECT_EQ(body.at("data").at("task_id"), "t1");
    EXPECT_EQ(body.at("data").at("review_task_id"), "r1");
}

TEST(EventBody, TellsOfATaskAndItsSteps) {
    model::ProcedureChanged payload = processed_example();
    const auto with_becomes = [&payload](std::string file) {
        std::get<model::TranscodeWork>(payload.task.steps[0].work).becomes =
            model::FileId(std::move(file));
        return parse_json(body_of(payload)).value();
    };
    EXPECT_EQ(with_becomes("39").at("data").at("task").at("steps").at(0).at("new_asset_id"), "39");
    const json::value body = with_becomes("");
    EXPECT_EQ(body.at("data").at("task").at("steps").at(0).at("new_asset_id"), nullptr);
    const json::value& task = body.at("data").at("task");
    EXPECT_EQ(task.at("status"), "finished");
    EXPECT_EQ(task.at("finished_at"), "2026-11-20T21:40:06.123Z");
    const json::array& steps = task.at("steps").as_array();
    ASSERT_EQ(steps.size(), 4u);
    EXPECT_EQ(steps[0].at("rendition").at("template_id"), "10");
    EXPECT_EQ(steps[0].at("error"), nullptr);
    EXPECT_EQ(steps[1].at("kind"), "cover");
    EXPECT_EQ(steps[1].at("pictures").at(0).at("time_seconds"), 3.5);
    EXPECT_EQ(steps[2].at("status"), "failed");
    EXPECT_EQ(steps[2].at("error").at("code"), "invalid_time_offset");
    EXPECT_EQ(steps[2].at("findings"), nullptr);
    EXPECT_EQ(steps[3].at("kind"), "content_analysis");
    EXPECT_EQ(steps[3].at("template_id"), "10");
    EXPECT_EQ(steps[3].at("findings").at(0).at("Type"), "Tag");
    EXPECT_EQ(task.at("source_url"), nullptr);
    EXPECT_EQ(body.at("data").at("asset").at("renditions").at(0).at("url"),
              steps[0].at("rendition").at("url"));
}

TEST(EventBody, TellsOfAPullThatWorkedAndOneThatFailed) {
    const json::value worked = parse_json(body_of(pulled_example())).value();
    EXPECT_EQ(worked.at("data").at("pull").at("status"), "succeeded");
    EXPECT_EQ(worked.at("data").at("pull").at("error"), nullptr);
    EXPECT_EQ(worked.at("data").at("asset").at("id"), worked.at("key"));

    model::MediaPulled payload = pulled_example();
    payload.asset.reset();
    payload.pull.failure = model::Failure::download_not_accessible;
    payload.pull.message = "status 404";
    const json::value failed = parse_json(body_of(payload)).value();
    EXPECT_EQ(failed.at("data").at("pull").at("status"), "failed");
    EXPECT_EQ(failed.at("data").at("pull").at("error").at("code"), "unreachable_source");
    EXPECT_EQ(failed.at("data").at("asset"), nullptr);
}

TEST(EventBody, TellsOfADeletion) {
    EXPECT_TRUE(body_of(model::MediaDeleted{model::FileId("7"), {}})
                    .ends_with(R"("key":"7","data":{"asset":{"id":"7"},"all":true,"parts":[]}})"));
    EXPECT_TRUE(body_of(model::MediaDeleted{
                            model::FileId("7"),
                            {{model::PartKind::original, 0}, {model::PartKind::transcodes, 10}}})
                    .ends_with(R"("all":false,"parts":[{"kind":"original","template_id":null},)"
                               R"({"kind":"transcodes","template_id":"10"}]}})"));
}

TEST(EventBody, TellsOfAnEndpointWithoutTheSecretsInItsUrl) {
    model::EndpointTold told = told_example(model::EndpointTold::failing);
    told.url = "https://a.example/hook?token=secret";
    told.reason = "bad \xFF answer";
    const std::string text = body_of(told);
    EXPECT_FALSE(text.contains("secret"));
    const json::value data = parse_json(text).value().at("data");
    EXPECT_EQ(data.at("endpoint").at("url"), "https://a.example/hook");
    EXPECT_EQ(data.at("failing_percent"), 70);
    EXPECT_EQ(data.at("reason"), "bad \xEF\xBF\xBD answer");
    const std::string enabled = body_of(told_example(model::EndpointTold::enabled));
    EXPECT_TRUE(enabled.contains(R"("failing_since":null)"));
}

}  // namespace
}  // namespace hookreel::dialect::standard
