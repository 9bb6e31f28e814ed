#include "delivery/rules/classify.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

using model::Success;
using std::chrono::seconds;

model::Schedule three_sends(Success success) {
    return {.timeout = seconds(5), .delays = {seconds(10), seconds(60)}, .success = success};
}

Answer status(int number) {
    return http::ClientResponse{.status = number, .headers = {}, .body = {}};
}

struct Case {
    Success success;
    int attempt;
    Answer answer;
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
        EXPECT_EQ(outcome(three_sends(c.success), {.attempt = c.attempt}, c.answer), c.expected)
            << "attempt " << c.attempt << ", " << failure(three_sends(c.success), c.answer);
}

TEST(Classify, GivesUpAtOnceWhenTheScheduleHasOneSend) {
    const model::Schedule once{.delays = {}, .success = Success::exactly_200};
    EXPECT_EQ(outcome(once, {}, status(500)),
              Outcome(Dead{"1 send failed, the last with: status 500"}));
}

TEST(Classify, NeverBuriesASendThatTheStopCut) {
    const auto cut = fail(Code::cancelled, "stopping");
    EXPECT_EQ(outcome(three_sends(Success::any_answer), {.attempt = 3}, cut),
              Outcome(Retry{Duration(0), Retry::Counted::no}));
}

TEST(Classify, UsesUpNoAttemptForAFaultOfOurs) {
    for (const Answer& answer : {Answer(fail(Code::network, "ours: no name server answers")),
                                 Answer(fail(Code::network, "proxy: refused")),
                                 Answer(fail(Code::unavailable, "ours: too many open files"))}) {
        const model::Schedule schedule = three_sends(Success::any_2xx);
        EXPECT_EQ(verdict(schedule, answer), Verdict::ours);
        EXPECT_EQ(outcome(schedule, {.attempt = 3}, answer),
                  Outcome(Retry{seconds(1), Retry::Counted::no}));
        EXPECT_EQ(outcome(schedule, {.attempt = 3, .own_faults = 4}, answer),
                  Outcome(Retry{seconds(16), Retry::Counted::no}));
    }
}

TEST(Classify, TakesAnEndpointAtItsWordWhereTheScheduleSaysSo) {
    model::Schedule schedule = three_sends(Success::any_2xx);
    EXPECT_EQ(verdict(schedule, status(410)), Verdict::refused);
    http::ClientResponse busy{.status = 503, .headers = {{"Retry-After", "15"}}, .body = {}};
    EXPECT_EQ(outcome(schedule, {}, busy), Outcome(Retry{seconds(10)}));
    schedule.follows_answer = model::Switch::on;
    EXPECT_EQ(verdict(schedule, status(410)), Verdict::gone);
    EXPECT_EQ(outcome(schedule, {}, status(410)), Outcome(Dead{"the endpoint answered 410 Gone"}));
    EXPECT_EQ(outcome(schedule, {}, busy), Outcome(Retry{seconds(15)}));
}

TEST(Classify, SeesOverload) {
    const model::Schedule schedule = three_sends(Success::exactly_200);
    for (const int number : {429, 502, 503, 504})
        EXPECT_EQ(verdict(schedule, status(number)), Verdict::overloaded) << number;
    for (const int number : {204, 301, 400, 404, 410, 500, 501})
        EXPECT_EQ(verdict(schedule, status(number)), Verdict::refused) << number;
    EXPECT_EQ(verdict(schedule, fail(Code::timed_out, "timeout: 5 s")), Verdict::overloaded);
    EXPECT_EQ(verdict(schedule, status(200)), Verdict::taken);
}

TEST(Classify, NamesCauseAndFault) {
    const model::Schedule schedule = three_sends(Success::exactly_200);
    const std::vector<std::tuple<Answer, Cause, Fault>> cases = {
        {status(200), Cause::none, Fault::none},
        {status(500), Cause::http_status, Fault::receiver},
        {fail(Code::timed_out, "timeout: 5 s"), Cause::timeout, Fault::receiver},
        {fail(Code::network, "connect: refused"), Cause::connect, Fault::receiver},
        {fail(Code::network, "tls: expired"), Cause::tls, Fault::receiver},
        {fail(Code::network, "something new"), Cause::reset, Fault::receiver},
        {fail(Code::protocol, "protocol: no HTTP"), Cause::protocol, Fault::receiver},
        {fail(Code::invalid, "the field \"a\" cannot be sent"), Cause::request, Fault::receiver},
        {fail(Code::denied, "address: 10.0.0.1"), Cause::address, Fault::address},
        {fail(Code::network, "dns: no such name"), Cause::dns, Fault::receiver},
        {fail(Code::network, "ours: no name server answers"), Cause::ours, Fault::ours},
        {fail(Code::timed_out, "proxy: no answer"), Cause::proxy, Fault::ours},
        {fail(Code::unavailable, "too many open files"), Cause::ours, Fault::ours},
        {fail(Code::cancelled, "stopping"), Cause::stopping, Fault::stopping},
    };
    for (const auto& [answer, why, whose] : cases) {
        EXPECT_EQ(cause(schedule, answer), why) << failure(schedule, answer);
        EXPECT_EQ(fault(why), whose) << failure(schedule, answer);
    }
}

TEST(Classify, ToldFailuresAreEmptyOnlyWhenDelivered) {
    const model::Schedule schedule = three_sends(Success::exactly_200);
    EXPECT_EQ(failure(schedule, status(200)), "");
    EXPECT_EQ(failure(schedule, status(418)), "status 418");
    EXPECT_EQ(failure(schedule, fail(Code::network, "dns: no such name")), "dns: no such name");
    // What has no class of its own gets one.
    EXPECT_EQ(failure(schedule, fail(Code::cancelled, "cut")), "stopping: cut");
    EXPECT_EQ(failure(schedule, fail(Code::internal, "no idea")), "ours: no idea");
    EXPECT_EQ(failure(schedule, fail(Code::network, "tls: expired")), "tls: expired");
}

}  // namespace
}  // namespace hookreel::delivery
