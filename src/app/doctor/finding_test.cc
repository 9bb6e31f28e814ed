#include "app/doctor/finding.h"

#include <gtest/gtest.h>

namespace hookreel::app::doctor {
namespace {

const Findings some = {{"sync", Outcome::ok, "2 ms", ""},
                       {"free space", Outcome::warning, "little", "make room"}};

TEST(Finding, StandsInATableWithWhatToDo) {
    const client::Terminal plain({}, 1);
    EXPECT_EQ(lines(some, plain),
              (std::vector<std::string>{"sync        ok       2 ms", "free space  warning  little",
                                        "            → make room"}));
}

TEST(Finding, IsToldToPrograms) {
    const json::object told = to_json(some);
    EXPECT_EQ(told.at("ok"), true);
    EXPECT_EQ(told.at("findings").at(1).at("outcome"), "warning");
    EXPECT_EQ(told.at("findings").at(1).at("advice"), "make room");
}

TEST(Finding, FailsOnlyWhenSomethingFailed) {
    EXPECT_FALSE(has_failed(some));
    EXPECT_TRUE(has_failed({{"sync", Outcome::failed, "no", "look"}}));
}

}  // namespace
}  // namespace hookreel::app::doctor
