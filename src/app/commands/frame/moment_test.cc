#include "app/commands/frame/moment.h"

#include <gtest/gtest.h>

namespace hookreel::app::commands {
namespace {

const TimePoint now = parse_time("2026-11-20T21:40:00Z").value();

std::string read(std::string_view text) {
    const Result<TimePoint> time = read_moment(text, now);
    return time ? iso8601(*time) : "invalid";
}

TEST(Moment, IsHowLongAgo) {
    EXPECT_EQ(read("90s"), "2026-11-20T21:38:30Z");
    EXPECT_EQ(read("15m"), "2026-11-20T21:25:00Z");
    EXPECT_EQ(read("2h"), "2026-11-20T19:40:00Z");
    EXPECT_EQ(read("7d"), "2026-11-13T21:40:00Z");
    EXPECT_EQ(read("0s"), "2026-11-20T21:40:00Z");
}

TEST(Moment, IsASpanBeforeIt) {
    EXPECT_EQ(read_span("500ms").value(), Duration(500));
    EXPECT_EQ(read_span("0.5s").value(), Duration(500));
    EXPECT_EQ(read_span("1.5h").value(), std::chrono::minutes(90));
    EXPECT_TRUE(read_span("5").error().detail.contains("15m"));
}

TEST(Moment, IsATime) {
    EXPECT_EQ(read("2026-11-20T21:40:06.123Z"), "2026-11-20T21:40:06Z");
    EXPECT_EQ(read("2026-11-20T23:40:06+02:00"), "2026-11-20T21:40:06Z");
}

TEST(Moment, IsNothingElse) {
    for (const char* text : {"", "h", "-1h", "nanh", "5", "5w", "yesterday", "99999999999999999d",
                             "99999999d", "2026-11-20"})
        EXPECT_EQ(read(text), "invalid") << text;
    EXPECT_TRUE(read_moment("soon", now).error().detail.contains("15m"));
}

TEST(Moment, IsToldToTheApiInUtc) {
    EXPECT_EQ(api_moment("2026-11-20T23:40:06+02:00", now).value(), "2026-11-20T21:40:06.000Z");
    EXPECT_EQ(api_moment("", now).value(), "");
    EXPECT_EQ(api_moment("soon", now).error().code, Code::invalid);
}

}  // namespace
}  // namespace hookreel::app::commands
