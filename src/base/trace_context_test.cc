#include "base/trace_context.h"

#include <gtest/gtest.h>

namespace hookreel {
namespace {

constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TraceContext read(std::string_view parent, std::string_view state = "") {
    return read_trace({parent}, {state});
}

TEST(TraceContext, ReadsWhatItWrites) {
    const TraceContext context = read(good, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    EXPECT_EQ(context.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(context.span_id, "00f067aa0ba902b7");
    EXPECT_TRUE(context.is_sampled());
    EXPECT_EQ(context.state, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    EXPECT_EQ(traceparent(context), good);
    EXPECT_EQ(parse_trace_text(trace_text(context)), context);
    EXPECT_EQ(trace_text({}), "");
    EXPECT_FALSE(parse_trace_text("").exists());
}

TEST(TraceContext, IgnoresAMalformedParent) {
    for (const std::string_view bad :
         {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
          "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
          "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-011"})
        EXPECT_FALSE(read(bad, "a=1").exists()) << bad;
    EXPECT_FALSE(read_trace({good, good}, {}).exists());
    EXPECT_FALSE(read_trace({}, {"a=1"}).exists());
}

TEST(TraceContext, TakesWhatItKnowsOfALaterVersion) {
    const std::string later =
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff-what-the-future-brings";
    const TraceContext context = read(later);
    EXPECT_EQ(context.span_id, "00f067aa0ba902b7");
    EXPECT_EQ(context.flags, 3);
}

TEST(TraceContext, LeavesOutAMalformedState) {
    for (const std::string_view bad : {"a", "A=1", "a=1,a=2", "a=b=c", "=1", "a=", "a@=1", "@b=1"})
        EXPECT_EQ(read(good, bad).state, "") << bad;
    EXPECT_TRUE(read(good, "a").exists());
    EXPECT_EQ(read(good, " a=1 , ,b/c*d_e-f=x y,tenant@system=2,").state,
              "a=1,b/c*d_e-f=x y,tenant@system=2");
    EXPECT_EQ(read_trace({good}, {"a=1", "b=2"}).state, "a=1,b=2");
    std::string many;
    for (int i = 0; i < 33; ++i)
        many += "k" + std::to_string(i) + "=1,";
    EXPECT_EQ(read(good, many).state, "");
}

TEST(TraceContext, ShortensALongState) {
    const std::string large = "large=" + std::string(200, 'x');
    std::string list = large;
    for (int i = 0; i < 10; ++i)
        list += ",k" + std::to_string(i) + "=" + std::string(50, 'x');
    const std::string kept = read(good, list).state;
    EXPECT_LE(kept.size(), 512u);
    EXPECT_FALSE(kept.contains("large"));
    EXPECT_TRUE(kept.starts_with("k0=")) << kept;
    EXPECT_FALSE(kept.contains("k9="));
}

TEST(TraceContext, GoesOnWithNewSpansInOneTrace) {
    const TraceContext parent = read(good, "a=1");
    const TraceContext child = child_of(parent);
    EXPECT_EQ(child.trace_id, parent.trace_id);
    EXPECT_NE(child.span_id, parent.span_id);
    EXPECT_EQ(child.state, "a=1");
    const TraceContext root = child_of({});
    EXPECT_EQ(read(traceparent(root)), root);
    EXPECT_TRUE(root.is_sampled());
    EXPECT_NE(child_of({}).trace_id, root.trace_id);
}

}  // namespace
}  // namespace hookreel
