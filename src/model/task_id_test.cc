#include "model/task_id.h"

#include <gtest/gtest.h>

namespace hookreel::model {
namespace {

const TimePoint noon = parse_time("2026-03-02T12:00:00Z").value();
constexpr std::string_view digits = "0123456789abcdef0123";

TEST(TaskId, HasTheFormOfThePlatform) {
    const TaskId id = make_task_id("Procedure", noon, digits);
    EXPECT_EQ(word_of(id.text()), "1300000001-Procedure-");
    EXPECT_TRUE(id.text().ends_with("0123456789abcdef0123t0")) << id.text();
    EXPECT_EQ(id.text().size(), std::string("1300000001-Procedure-").size() + 32 + 2);
}

TEST(TaskId, SortsTheNewestFirst) {
    const TaskId earlier = make_task_id("Pull", noon, digits);
    const TaskId later = make_task_id("Pull", noon + Duration(1), digits);
    EXPECT_LT(later.text(), earlier.text());
    EXPECT_LT(later.text(), "1300000001-Pull-" + time_digits(noon));
    EXPECT_LT("1300000001-Pull-" + time_digits(noon), earlier.text());
}

TEST(TaskId, TellsWhenTheTaskWasMade) {
    const TaskId id = make_task_id("EditMedia", noon, digits);
    EXPECT_TRUE(tells_time(id, noon));
    EXPECT_FALSE(tells_time(id, noon + Duration(1)));
    // As earlier builds made them.
    EXPECT_FALSE(tells_time(TaskId("1300000001-Pull-00112233445566778899aabbccddeefft0"), noon));
    for (const char* other : {"", "-", "a-b-", "steps"})
        EXPECT_FALSE(tells_time(TaskId(other), noon)) << other;
}

}  // namespace
}  // namespace hookreel::model
