#include "app/doctor/clocks.h"

#include <gtest/gtest.h>

namespace hookreel::app::doctor {
namespace {

const TimePoint now = parse_time("2026-11-20T21:40:06Z").value();

TEST(Clocks, CannotBeInAnotherAge) {
    EXPECT_EQ(judge_clock(now, Keeper::synchronised).outcome, Outcome::ok);
    EXPECT_EQ(judge_clock(now, Keeper::unknown).outcome, Outcome::ok);
    EXPECT_EQ(judge_clock(now, Keeper::nobody).outcome, Outcome::warning);
    EXPECT_EQ(judge_clock(TimePoint{}, Keeper::synchronised).outcome, Outcome::failed);
    EXPECT_EQ(judge_clock(never, Keeper::synchronised).outcome, Outcome::failed);
}

TEST(Clocks, OfTwoMachinesAreComparedBySignatures) {
    const auto beside = [](std::string_view date) {
        return judge_peer_clock("the server", date, now).outcome;
    };
    EXPECT_EQ(beside("Fri, 20 Nov 2026 21:40:06 GMT"), Outcome::ok);
    EXPECT_EQ(beside("Fri, 20 Nov 2026 21:40:02 GMT"), Outcome::ok);
    EXPECT_EQ(beside("Fri, 20 Nov 2026 21:41:00 GMT"), Outcome::warning);
    EXPECT_EQ(beside("Fri, 20 Nov 2026 21:35:05 GMT"), Outcome::failed);
    EXPECT_EQ(beside("Fri, 20 Nov 2026 21:45:07 GMT"), Outcome::failed);
    EXPECT_EQ(beside("yesterday"), Outcome::ok);
}

}  // namespace
}  // namespace hookreel::app::doctor
