#include "base/clock.h"

#include <gtest/gtest.h>

namespace hookreel {
namespace {

TEST(Clock, WritesTimesInUtc) {
    const TimePoint time = from_unix_seconds(1772439022) + Duration(45);
    EXPECT_EQ(iso8601(time), "2026-03-02T08:10:22Z");
    EXPECT_EQ(rfc3339(time), "2026-03-02T08:10:22.045Z");
    EXPECT_EQ(iso8601(never), "9999-12-31T23:59:59Z");
}

TEST(Clock, ReadsWhatItWrites) {
    EXPECT_EQ(parse_time("2026-03-02T08:10:22Z").value(), from_unix_seconds(1772439022));
    EXPECT_EQ(parse_time("9999-12-31T23:59:59Z").value(), never);
    EXPECT_EQ(parse_time("2026-03-02T08:10:22.045Z").value(),
              from_unix_seconds(1772439022) + Duration(45));
}

TEST(Clock, ReadsOffsets) {
    EXPECT_EQ(parse_time("2026-03-02T16:10:22+08:00").value(), from_unix_seconds(1772439022));
    EXPECT_EQ(parse_time("2026-03-02T05:10:22-03:00").value(), from_unix_seconds(1772439022));
}

TEST(Clock, RefusesWhatIsNoTime) {
    for (const char* text :
         {"", "2026-03-02", "2026-03-02 08:10:22", "2026-13-02T08:10:22Z", "2026-02-30T08:10:22Z",
          "2026-03-02T25:10:22Z", "2026-03-02T08:10:22", "2026-03-02T08:10:22.Z",
          "2026-03-02T08:10:22+8", "-026-03-02T08:10:22Z"})
        EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace hookreel
