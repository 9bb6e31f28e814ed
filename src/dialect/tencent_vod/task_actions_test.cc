// DescribeTasks and ManageTask: the tasks of an application as a whole.
#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using media::AgendaKind;
using media::AgendaQuery;

class TaskActionsTest : public ApiTest {
 protected:
    static media::AgendaEntry entry() {
        media::AgendaEntry entry;
        entry.id = model::TaskId("1300000001-Procedure-475b7237438a39560b9879a4556cb177t2");
        entry.file = model::FileId("3701925921299637010");
        entry.status = model::TaskStatus::finish;
        entry.created = at("2026-03-02T08:11:00Z");
        entry.begun = at("2026-03-02T08:11:02Z");
        entry.finished = at("2026-03-02T08:11:40Z");
        return entry;
    }
};

TEST_F(TaskActionsTest, ListAsTheFixtureDoes) {
    agenda_.page->entries.push_back(entry());
    const json::value asked = fixture("DescribeTasks.request.json");
    expect_fixture(call("DescribeTasks", asked), "DescribeTasks.response.json");
    ASSERT_TRUE(agenda_.query);
    EXPECT_EQ(agenda_.query->application, model::default_application);
    EXPECT_EQ(agenda_.query->status, model::TaskStatus::finish);
    EXPECT_EQ(agenda_.query->count_max, 10u);
    EXPECT_EQ(agenda_.query->field, AgendaQuery::Field::created);
    EXPECT_EQ(agenda_.query->order, AgendaQuery::Order::newest_first);
}

TEST_F(TaskActionsTest, NameEachKindAndLeaveOpenTimesEmpty) {
    for (const AgendaKind kind :
         {AgendaKind::cut, AgendaKind::composition, AgendaKind::pull, AgendaKind::external}) {
        media::AgendaEntry one = entry();
        one.kind = kind;
        one.status = model::TaskStatus::waiting;
        one.begun = one.finished = {};
        if (kind == AgendaKind::external) one.external_kind = "generate_video";
        agenda_.page->entries.push_back(one);
    }
    agenda_.page->next = "cd-1-x";
    const json::object response = call("DescribeTasks");
    std::string types;
    for (const json::value& task : response.at("TaskSet").as_array()) {
        types += std::string(task.at("TaskType").as_string()) + " ";
        EXPECT_EQ(task.at("FinishTime"), "");
        EXPECT_EQ(task.at("BeginProcessTime"), "");
        EXPECT_EQ(task.at("Status"), "WAITING");
    }
    EXPECT_EQ(types, "EditMedia ComposeMedia PullUpload AigcVideoTask ");
    EXPECT_EQ(response.at("ScrollToken"), "cd-1-x");
}

TEST_F(TaskActionsTest, PassOnWhatIsAskedFor) {
    call("DescribeTasks", std::string(R"({"FileId":"5","Limit":100,"ScrollToken":"t",
         "Sort":{"Field":"FinishTime","Order":"Asc"},
         "CreateTime":{"After":"2026-03-01T00:00:00Z"},
         "FinishTime":{"Before":"2026-03-02T00:00:00Z"}})"));
    ASSERT_TRUE(agenda_.query);
    EXPECT_EQ(agenda_.query->file, model::FileId("5"));
    EXPECT_EQ(agenda_.query->count_max, 100u);
    EXPECT_EQ(agenda_.query->cursor, "t");
    EXPECT_EQ(agenda_.query->field, AgendaQuery::Field::finished);
    EXPECT_EQ(agenda_.query->order, AgendaQuery::Order::oldest_first);
    EXPECT_EQ(agenda_.query->created.from, at("2026-03-01T00:00:00Z"));
    EXPECT_EQ(agenda_.query->finished.to, at("2026-03-02T00:00:00Z"));
}

TEST_F(TaskActionsTest, RefuseBadQueries) {
    for (const char* status : {"ABORTED", "waiting", "DONE"})
        EXPECT_EQ(code("DescribeTasks", json::serialize(json::object{{"Status", status}})),
                  "InvalidParameterValue.Status");
    for (const char* body :
         {R"({"Limit":0})", R"({"Limit":101})", R"({"Sort":{"Field":"Name","Order":"Asc"}})",
          R"({"Sort":{"Field":"CreateTime","Order":"Up"}})", R"({"CreateTime":{"After":"soon"}})",
          R"({"FinishTime":{"Before":"2026"}})"})
        EXPECT_EQ(code("DescribeTasks", body), "InvalidParameterValue") << body;
    EXPECT_FALSE(agenda_.query);
    agenda_.page = fail(Code::invalid, "no cursor");
    EXPECT_EQ(code("DescribeTasks", R"({"ScrollToken":"x"})"), "InvalidParameterValue");
}

TEST_F(TaskActionsTest, AbortWhatWaits) {
    const std::string body = R"({"TaskId":"t1","OperationType":"Abort"})";
    EXPECT_EQ(code("ManageTask", body), "none");
    EXPECT_EQ(agenda_.aborted, model::TaskId("t1"));
    agenda_.done = fail(Code::conflict, "PROCESSING");
    const json::object refused = call("ManageTask", body);
    EXPECT_EQ(code_of(refused), "FailedOperation");
    EXPECT_TRUE(
        std::string_view(refused.at("Error").at("Message").as_string()).contains("PROCESSING"));
    agenda_.done = fail(Code::conflict, "");
    EXPECT_EQ(code("ManageTask", body), "FailedOperation");
    agenda_.done = fail(Code::not_found, "");
    EXPECT_EQ(code("ManageTask", body), "InvalidParameterValue.TaskId");
}

TEST_F(TaskActionsTest, KnowNoOtherOperation) {
    EXPECT_EQ(code("ManageTask", R"({"TaskId":"t1","OperationType":"Pause"})"),
              "InvalidParameterValue.InvalidOperationType");
    EXPECT_EQ(code("ManageTask", R"({"TaskId":"t1"})"), "MissingParameter");
    EXPECT_EQ(code("ManageTask", R"({"OperationType":"Abort"})"), "MissingParameter");
    EXPECT_FALSE(agenda_.aborted);
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
