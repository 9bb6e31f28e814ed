#include "delivery/classify.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

using Success = model::Success;
using std::chrono::seconds;

model::Schedule three_sends(Success success) {
    return {.timeout = seconds(5), .delays = {seconds(10), seconds(60)}, .success = success};
}

Result<http::ClientResponse> status(int number) {
    return http::ClientResponse{.status = number, .headers = {}, .body = {}};
}

struct Case {
    Success success;
    int attempt;
    Result<http::ClientResponse> answer;
    Outcome expected;
};

TEST(Classify, FollowsTheSchedule) {
    const auto lost = fail(Code::network, "reset: closed before the answer");
    const std::vector<Case> cases = {
        {Success::any_answer, 1, status(200), Delivered{}},
        {Success::any_answer, 1, status(404), Delivered{}},
        {Success::any_answer, 3, status(503), Delivered{}},
        {Success::any_answer, 1, lost, Retry{seconds(10)}},
        {Success::any_answer, 2, lost, Retry{seconds(60)}},
        {Success::any_answer, 3, lost,
         Dead{"3 sends failed, the last with: reset: closed before the answer"}},
        {Success::any_answer, 9, lost,
         Dead{"9 sends failed, the last with: reset: closed before the answer"}},
        {Success::exactly_200, 1, status(200), Delivered{}},
        {Success::exactly_200, 1, status(204), Retry{seconds(10)}},
        {Success::exactly_200, 3, status(301), Dead{"3 sends failed, the last with: status 301"}},
        {Success::any_2xx, 1, status(204), Delivered{}},
        {Success::any_2xx, 1, status(299), Delivered{}},
        {Success::any_2xx, 1, status(300), Retry{seconds(10)}},
        {Success::any_2xx, 2, status(199), Retry{seconds(60)}},
        {Success::any_2xx, 1, fail(Code::timed_out, "timeout: 5 s"), Retry{seconds(10)}},
    };
    for (const Case& c : cases)
        EXPECT_EQ(outcome(three_sends(c.success), c.attempt, c.answer), c.expected)
            << "attempt " << c.attempt << ", " << failure(three_sends(c.success), c.answer);
}

TEST(Classify, GivesUpAtOnceWhenTheScheduleHasOneSend) {
    const model::Schedule once{.delays = {}, .success = Success::exactly_200};
    EXPECT_EQ(outcome(once, 1, status(500)),
              Outcome(Dead{"1 send failed, the last with: status 500"}));
}

TEST(Classify, NeverBuriesASendThatTheStopCut) {
    const auto cut = fail(Code::cancelled, "stopping");
    EXPECT_EQ(outcome(three_sends(Success::any_answer), 3, cut), Outcome(Retry{}));
}

TEST(Classify, NamesWhereTheFaultLies) {
    const model::Schedule schedule = three_sends(Success::exactly_200);
    EXPECT_EQ(fault(schedule, status(200)), Fault::none);
    EXPECT_EQ(fault(schedule, status(500)), Fault::receiver);
    EXPECT_EQ(fault(schedule, fail(Code::timed_out, "timeout: 5 s")), Fault::receiver);
    EXPECT_EQ(fault(schedule, fail(Code::network, "connect: refused")), Fault::receiver);
    EXPECT_EQ(fault(schedule, fail(Code::protocol, "protocol: no HTTP")), Fault::receiver);
    EXPECT_EQ(fault(schedule, fail(Code::denied, "address: 10.0.0.1")), Fault::address);
    EXPECT_EQ(fault(schedule, fail(Code::network, "dns: server failure")), Fault::ours);
    EXPECT_EQ(fault(schedule, fail(Code::unavailable, "too many open files")), Fault::ours);
    EXPECT_EQ(fault(schedule, fail(Code::cancelled, "stopping")), Fault::stopping);
}

TEST(Classify, ToldFailuresAreEmptyOnlyWhenDelivered) {
    const model::Schedule schedule = three_sends(Success::exactly_200);
    EXPECT_EQ(failure(schedule, status(200)), "");
    EXPECT_EQ(failure(schedule, status(418)), "status 418");
    EXPECT_EQ(failure(schedule, fail(Code::network, "tls: expired")), "tls: expired");
}

}  // namespace
}  // namespace hookreel::delivery
