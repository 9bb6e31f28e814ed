#include "store/sqlite/index/key_lines.h"

#include <gtest/gtest.h>

#include <random>

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

TEST(KeyLines, SayNothingOfWhatIsYoungerThanWhatTheyWereTold) {
    KeyLines lines;
    EXPECT_FALSE(lines.knows(0));
    lines.told_before = 7;
    EXPECT_TRUE(lines.knows(6));
    EXPECT_FALSE(lines.knows(7));
    lines.told_before = KeyLines::all;
    EXPECT_TRUE(lines.knows(1'000'000));
}

// Beside a model that keeps all in plain sight.
TEST(KeyLines, DoAsAPlainModelDoes) {
    std::mt19937 random(7);
    KeyLines lines;
    std::set<std::pair<KeyHash, EntryId>> blockers;
    std::set<std::pair<KeyHash, EntryId>> parked;
    for (int step = 0; step < 20'000; ++step) {
        const KeyHash key = 1 + random() % 5;
        const EntryId entry = 1 + random() % 400;
        const auto oldest = blockers.lower_bound({key, 0});
        const bool is_behind =
            oldest != blockers.end() && oldest->first == key && oldest->second < entry;
        ASSERT_EQ(lines.blocked(key, entry), is_behind);
        ASSERT_EQ(lines.parked(key, entry), parked.contains({key, entry}));
        const unsigned what = random() % 3;
        if (what == 0 && !parked.contains({key, entry})) {
            lines.block(key, entry);
            blockers.insert({key, entry});
        } else if (what == 1 && is_behind) {
            lines.park(key, entry);
            blockers.erase({key, entry});
            parked.insert({key, entry});
        } else if (what == 2) {
            parked.erase({key, entry});
            std::optional<EntryId> expected;
            const auto first = [&] { return parked.lower_bound({key, 0}); };
            if (blockers.erase({key, entry}) > 0 && first() != parked.end() &&
                first()->first == key) {
                const auto left = blockers.lower_bound({key, 0});
                const bool is_next =
                    left == blockers.end() || left->first != key || left->second > first()->second;
                if (is_next) expected = first()->second;
            }
            ASSERT_EQ(lines.leave(key, entry), expected);
            if (!expected) continue;
            parked.erase({key, *expected});
            blockers.insert({key, *expected});
        }
    }
}

}  // namespace
}  // namespace hookreel::store
