// The actions around events: settings, pull, confirm, state.
#include <fmt/format.h>

#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

class EventActionsTest : public ApiTest {
 protected:
    void pull_mode() {
        EXPECT_EQ(
            code_of(call("ModifyEventConfig", fixture("ModifyEventConfig.pull.request.json"))),
            "none");
    }

    std::vector<std::string> pull_handles() {
        std::vector<std::string> handles;
        for (const json::value& event : call("PullEvents").at("EventSet").as_array())
            handles.emplace_back(event.at("EventHandle").as_string());
        return handles;
    }

    json::object confirm(const std::vector<std::string>& handles) {
        return call("ConfirmEvents",
                    json::object{{"EventHandles", json::array(handles.begin(), handles.end())}});
    }
};

TEST_F(EventActionsTest, ConfigIsThatOfANewApplicationAtFirst) {
    const json::object config =
        call("DescribeEventConfig", fixture("DescribeEventConfig.request.json"));
    EXPECT_EQ(config.at("Mode"), "PUSH");
    EXPECT_EQ(config.at("NotificationUrl"), "");
    EXPECT_EQ(config.at("UploadMediaCompleteEventSwitch"), "OFF");
}

TEST_F(EventActionsTest, ConfigIsChangedAsTheFixtures) {
    expect_fixture(call("ModifyEventConfig", fixture("ModifyEventConfig.request.json")),
                   "ModifyEventConfig.response.json");
    expect_fixture(call("DescribeEventConfig"), "DescribeEventConfig.response.json");
    EXPECT_EQ(applications_.find(model::default_application)->events.sign_key,
              "abcDEF0123456789abcDEF0123456789");

    EXPECT_EQ(
        code_of(call("ModifyEventConfig", fixture("ModifyEventConfig.clear-url.request.json"))),
        "none");
    pull_mode();
    expect_fixture(call("DescribeEventConfig"), "DescribeEventConfig.pull.response.json");
}

TEST_F(EventActionsTest, ConfigWarnsOfAUrlThatCanNeverBeCalled) {
    callback_trouble_ = [](std::string_view url) {
        return url.find("10.") == std::string_view::npos ? "" : "refused: " + std::string(url);
    };
    remake();
    const auto warning = [&](const std::string& action, const std::string& body) {
        const http::Response answer = serve(signed_head(action, body, keys_), body);
        EXPECT_EQ(code_of(response_of(answer)), "none");
        return std::string(answer.headers.get(warning_header));
    };
    EXPECT_EQ(warning("ModifyEventConfig", R"({"NotificationUrl":"http://10.0.0.1/"})"),
              "refused: http://10.0.0.1/");
    EXPECT_EQ(warning("DescribeEventConfig", "{}"), "refused: http://10.0.0.1/");
    EXPECT_EQ(warning("ModifyEventConfig", R"({"NotificationUrl":"http://192.0.2.10/"})"), "");
    EXPECT_EQ(warning("DescribeEventConfig", "{}"), "");
}

TEST_F(EventActionsTest, ConfigKeepsWhatIsNotNamedAndClearsWhatIsEmpty) {
    call("ModifyEventConfig", fixture("ModifyEventConfig.request.json"));
    EXPECT_EQ(code("ModifyEventConfig", R"({"Mode":"PULL"})"), "none");
    const auto& events = [&]() -> const model::EventSettings& {
        return applications_.find(model::default_application)->events;
    };
    EXPECT_EQ(events().notification_url, "http://192.0.2.10:8080/vod");
    EXPECT_EQ(events().upload_complete, model::Switch::on);
    EXPECT_EQ(code("ModifyEventConfig", R"({"NotificationUrl":"","SignKey":""})"), "none");
    EXPECT_EQ(events().notification_url, "");
    EXPECT_EQ(events().sign_key, "");
    EXPECT_EQ(events().mode, model::Mode::pull);
}

TEST_F(EventActionsTest, ConfigRefusesBadValuesAndChangesNothing) {
    for (const char* body :
         {R"({"Mode":"PUSH ","NotificationUrl":"http://192.0.2.1/"})", R"({"Mode":""})",
          R"({"Mode":"pull"})", R"({"UploadMediaCompleteEventSwitch":"on"})",
          R"({"DeleteMediaCompleteEventSwitch":"YES"})",
          R"({"PersistenceCompleteEventSwitch":"1"})", R"({"NotificationUrl":"ftp://x/"})",
          R"({"NotificationUrl":"nonsense"})", R"({"NotificationUrl":"http://u:p@x/"})",
          R"({"SignKey":"with space"})", R"({"SignKey":"0123456789012345678901234567890123"})",
          R"({"Mode":"PULL","SignKey":"-"})", R"({"Mode":5})"})
        EXPECT_EQ(code("ModifyEventConfig", body), "InvalidParameter") << body;
    EXPECT_EQ(applications_.find(model::default_application)->events, model::EventSettings{});
}

TEST_F(EventActionsTest, ConfigIsNotChangedWhenTheStoreCannotKeepIt) {
    store_.close();
    EXPECT_EQ(code("ModifyEventConfig", R"({"Mode":"PULL"})"), "InternalError");
    EXPECT_EQ(applications_.find(model::default_application)->events.mode, model::Mode::push);
}

TEST_F(EventActionsTest, PullAnswersAsTheFixtureWithNullsShown) {
    pull_mode();
    announce(fixture_upload_event());
    announce(fixture_task_event());
    json::object response = call("PullEvents", fixture("PullEvents.subapp.request.json"));
    json::object wanted = fixture("PullEvents.response.json").at("Response").as_object();
    for (std::size_t i = 0; i < 2; ++i) {
        json::value& handle = response.at("EventSet").at(i).at("EventHandle");
        EXPECT_TRUE(store::parse_handle(handle.as_string()));
        handle = wanted.at("EventSet").at(i).at("EventHandle");
    }
    expect_fixture(response, "PullEvents.response.json");
}

TEST_F(EventActionsTest, PullAnswersResourceNotFoundWhenNothingComes) {
    pull_wait_ = Duration(5);
    remake();
    expect_fixture(call("PullEvents", fixture("PullEvents.request.json")),
                   "PullEvents.empty.error.json");
}

TEST_F(EventActionsTest, PullHandsOutSixteenAtMostAndTheOldestFirst) {
    pull_mode();
    for (int i = 0; i < 20; ++i) {
        model::Event event = fixture_task_event();
        event.id = model::EventId(fmt::format("e{}", i));
        event.time += std::chrono::seconds(i);
        std::get<model::ProcedureChanged>(event.payload).task.session_id = fmt::to_string(i);
        announce(event);
    }
    const json::object first = call("PullEvents");
    ASSERT_EQ(first.at("EventSet").as_array().size(), 16u);
    for (std::size_t i = 0; i < 16; ++i)
        EXPECT_EQ(
            first.at("EventSet").at(i).at("ProcedureStateChangeEvent").at("SessionId").as_string(),
            fmt::to_string(i));
    EXPECT_EQ(call("PullEvents").at("EventSet").as_array().size(), 4u);
}

TEST_F(EventActionsTest, ConfirmEndsAnEventAndAnUnconfirmedOneComesAgain) {
    pull_mode();
    announce(fixture_upload_event());
    announce(fixture_task_event());
    const std::vector<std::string> handles = pull_handles();
    ASSERT_EQ(handles.size(), 2u);
    expect_fixture(confirm({handles[0]}), "ConfirmEvents.response.json");
    EXPECT_EQ(code("PullEvents"), "ResourceNotFound");

    clock_.advance(model::reel_lease);
    expect_fixture(confirm({handles[1]}), "ConfirmEvents.expired-or-unknown-handle.error.json");
    const std::vector<std::string> again = pull_handles();
    ASSERT_EQ(again.size(), 1u);
    EXPECT_NE(again[0], handles[1]);
    EXPECT_EQ(code_of(confirm({handles[1]})), "InvalidParameterValue");
    EXPECT_EQ(code_of(confirm(again)), "none");
}

TEST_F(EventActionsTest, ConfirmTakesARepeatWithinTheLease) {
    pull_mode();
    announce(fixture_task_event());
    const std::vector<std::string> handles = pull_handles();
    EXPECT_EQ(code_of(confirm({handles[0], handles[0]})), "none");
    EXPECT_EQ(code_of(confirm(handles)), "none");
}

TEST_F(EventActionsTest, ConfirmIsAllOrNothing) {
    pull_mode();
    announce(fixture_task_event());
    const std::vector<std::string> handles = pull_handles();
    EXPECT_EQ(code_of(confirm({handles[0], "12345"})), "InvalidParameterValue");
    clock_.advance(model::reel_lease);
    EXPECT_EQ(pull_handles().size(), 1u);
}

TEST_F(EventActionsTest, ConfirmRefusesWhatIsNoHandle) {
    expect_fixture(call("ConfirmEvents"), "ConfirmEvents.missing-handles.error.json");
    for (const char* handle :
         {"", "-1", "abc", "1.0", "99999999999999999999999999", "1 ", "01", "00"})
        EXPECT_EQ(code_of(confirm({handle})), "InvalidParameterValue") << handle;
    EXPECT_EQ(code_of(confirm({})), "InvalidParameterValue");
    EXPECT_EQ(code_of(confirm(std::vector<std::string>(17, "1"))), "InvalidParameterValue");
}

TEST_F(EventActionsTest, ConfirmCannotEndWhatWasHandedToSomebodyElse) {
    store::Commit commit;
    store::NewEvent work{
        model::EventId("e"), model::default_application, "work", "k", clock_.now(), {}, {}};
    work.entries.push_back(
        {model::task_queue(), std::make_shared<const std::string>("{}"), TimePoint{}});
    commit.events.push_back(std::move(work));
    ASSERT_TRUE(run(store_.commit(std::move(commit))));
    const auto leases = run(store_.lease(model::task_queue(), {}));
    ASSERT_TRUE(leases);
    ASSERT_EQ(leases->size(), 1u);
    EXPECT_EQ(code_of(confirm({store::text(leases->front().handle)})), "InvalidParameterValue");
    EXPECT_EQ(run(store_.count(model::task_queue()))->leased, 1u);
}

TEST_F(EventActionsTest, StateCountsWhatCouldBePulledNow) {
    pull_mode();
    announce(fixture_upload_event());
    announce(fixture_task_event());
    expect_fixture(call("DescribeEventsState", fixture("DescribeEventsState.request.json")),
                   "DescribeEventsState.response.json");
    EXPECT_EQ(pull_handles().size(), 2u);
    EXPECT_EQ(call("DescribeEventsState").at("CountOfEventsToPull"), 0);
    clock_.advance(model::reel_lease);
    EXPECT_EQ(call("DescribeEventsState").at("CountOfEventsToPull"), 2);
}

TEST_F(EventActionsTest, AnnouncingGoesToTheReelInPullModeOnly) {
    EXPECT_TRUE(announcer_.announce(fixture_task_event()).entries.empty());
    call("ModifyEventConfig", fixture("ModifyEventConfig.request.json"));
    const store::NewEvent pushed = announcer_.announce(fixture_task_event());
    ASSERT_EQ(pushed.entries.size(), 1u);
    const model::Endpoint endpoint =
        callback_endpoint(*applications_.find(model::default_application));
    EXPECT_EQ(pushed.entries[0].queue, endpoint.queue);
    EXPECT_EQ(endpoint.url, "http://192.0.2.10:8080/vod");
    EXPECT_EQ(endpoint.secrets.at(0).value, "abcDEF0123456789abcDEF0123456789");
    pull_mode();
    const store::NewEvent pulled = announcer_.announce(fixture_task_event());
    ASSERT_EQ(pulled.entries.size(), 1u);
    EXPECT_EQ(pulled.entries[0].queue, model::reel_queue(model::default_application));
    EXPECT_EQ(pulled.type, model::ProcedureChanged::type);

    model::Event foreign = fixture_task_event();
    foreign.application = model::ApplicationId(7);
    EXPECT_TRUE(announcer_.announce(foreign).entries.empty());
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
