#include "http/deadline_sweep.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace hookreel::http {
namespace {

class DeadlineSweepTest : public testing::Test {
 protected:
    Loop loop_{1};
    std::optional<DeadlineSweep> sweep_{loop_.get_executor()};
    std::vector<int> expired_;
};

TEST_F(DeadlineSweepTest, CallsWhatIsDueInOrder) {
    Deadline second(*sweep_, [this] { expired_.push_back(2); });
    Deadline first(*sweep_, [this] { expired_.push_back(1); });
    Deadline never(*sweep_, [this] { expired_.push_back(0); });
    second.set(Duration(40));
    first.set(Duration(5));
    never.set(Duration(20));
    never.clear();
    loop_.run();
    EXPECT_EQ((std::vector{1, 2}), expired_);
}

TEST_F(DeadlineSweepTest, FollowsADeadlineThatMoves) {
    Deadline later(*sweep_, [this] { expired_.push_back(1); });
    Deadline marker(*sweep_, [this] { expired_.push_back(2); });
    later.set(Duration(5));
    marker.set(Duration(20));
    later.set(Duration(40));
    loop_.run();
    EXPECT_EQ((std::vector{2, 1}), expired_);
    later.set(Duration(1));
    loop_.restart();
    loop_.run();
    EXPECT_EQ((std::vector{2, 1, 1}), expired_);
}

TEST_F(DeadlineSweepTest, LetsACallDestroyOthersAndSetItself) {
    std::vector<std::unique_ptr<Deadline>> others;
    std::optional<Deadline> first;
    first.emplace(*sweep_, [&] {
        others.clear();
        if (expired_.empty()) first->set(Duration(1));
        expired_.push_back(1);
    });
    for (int i = 0; i < 10; ++i)
        others.push_back(std::make_unique<Deadline>(*sweep_, [this] { expired_.push_back(9); }));
    const auto now = std::chrono::steady_clock::now();
    first->set(Duration(5), now);
    for (auto& other : others)
        other->set(Duration(5), now);
    loop_.run();
    EXPECT_EQ((std::vector{1, 1}), expired_);
}

TEST_F(DeadlineSweepTest, KeepsTheLoopOnlyWhileSomebodyIsLeft) {
    {
        Deadline hour(*sweep_, [this] { expired_.push_back(1); });
        hour.set(Duration(3'600'000));
    }
    loop_.run();
    EXPECT_TRUE(expired_.empty());
}

TEST_F(DeadlineSweepTest, MayEndBeforeItsDeadlines) {
    Deadline left(*sweep_, [this] { expired_.push_back(1); });
    left.set(Duration(1));
    sweep_.reset();
    loop_.run();
    EXPECT_TRUE(expired_.empty());
}

}  // namespace
}  // namespace hookreel::http
