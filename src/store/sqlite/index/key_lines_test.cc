#include "store/sqlite/index/key_lines.h"

#include <gtest/gtest.h>

namespace hookreel::store {
namespace {

using Entries = std::vector<EntryId>;
constexpr KeyHash a = 11;
constexpr KeyHash b = 12;

TEST(KeyLines, LetTheNextOneGoWhenTheFirstIsGone) {
    KeyLines lines;
    lines.block(a, 1);
    EXPECT_TRUE(lines.blocked(a, 2));
    EXPECT_FALSE(lines.blocked(b, 2));
    EXPECT_FALSE(lines.blocked(a, 1));
    EXPECT_FALSE(lines.blocked(a, 0));
    lines.park(a, 300);
    lines.park(a, 3);
    lines.park(a, 2);
    EXPECT_TRUE(lines.parked(a, 3));
    EXPECT_EQ(lines.leave(a, 1), 2u);
    EXPECT_TRUE(lines.blocked(a, 3));
    EXPECT_EQ(lines.leave(a, 2), 3u);
    EXPECT_EQ(lines.leave(a, 3), 300u);
    EXPECT_EQ(lines.leave(a, 300), std::nullopt);
    EXPECT_FALSE(lines.blocked(a, 400));
}

TEST(KeyLines, HoldBackWhileAnotherOlderOneIsThere) {
    KeyLines lines;
    lines.block(a, 1);
    lines.block(a, 2);
    lines.park(a, 3);
    EXPECT_EQ(lines.leave(a, 2), std::nullopt);
    EXPECT_EQ(lines.leave(a, 1), 3u);
}

TEST(KeyLines, KnowNoKeyOfEventsWithoutOne) {
    KeyLines lines;
    lines.block(0, 1);
    EXPECT_FALSE(lines.blocked(0, 2));
    EXPECT_EQ(lines.leave(0, 1), std::nullopt);
}

TEST(KeyLines, LoseEntriesWhoseKeyIsNotKnown) {
    KeyLines lines;
    lines.block(a, 1);
    lines.park(a, 2);
    lines.park(a, 3);
    lines.block(b, 4);
    lines.park(b, 5);
    EXPECT_EQ(lines.leave({1, 2, 5}), Entries{3});
    EXPECT_FALSE(lines.parked(b, 5));
    EXPECT_EQ(lines.leave(b, 4), std::nullopt);
}

TEST(KeyLines, GiveUpTheirOrder) {
    KeyLines lines;
    lines.block(a, 1);
    lines.park(a, 2);
    lines.park(a, 3);
    EXPECT_EQ(lines.dissolve(), (Entries{2, 3}));
    EXPECT_EQ(lines.leave(a, 1), std::nullopt);
}

}  // namespace
}  // namespace hookreel::store
