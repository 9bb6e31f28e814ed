#include "base/async.h"

#include <gtest/gtest.h>

#include <thread>

namespace hookreel {
namespace {

Task<void> wait_long(int* ended) {
    co_await sleep_for(std::chrono::hours(1));
    ++*ended;
}

Task<void> cancel_and_join(TaskGroup* group, std::size_t* left) {
    group->cancel();
    co_await group->join();
    *left = group->size();
}

TEST(TaskGroup, CancelsAndWaitsForItsTasks) {
    Loop loop;
    TaskGroup group(loop.get_executor());
    TaskGroup outer(loop.get_executor());
    int ended = 0;
    std::size_t left = 99;
    for (int i = 0; i < 3; ++i)
        group.spawn(wait_long(&ended));
    outer.spawn(cancel_and_join(&group, &left));
    loop.run();
    EXPECT_EQ(ended, 3);
    EXPECT_EQ(left, 0u);
}

TEST(TaskGroup, StartsNothingAfterCancel) {
    Loop loop;
    TaskGroup group(loop.get_executor());
    int ended = 0;
    group.cancel();
    group.spawn(wait_long(&ended));
    loop.run();
    EXPECT_EQ(group.size(), 0u);
    EXPECT_EQ(ended, 0);
}

Task<void> ask_another_thread(std::thread* other, std::thread::id* continued_on, int* answer) {
    auto start = [other](std::move_only_function<void(int)> done) {
        *other = std::thread([done = std::move(done)]() mutable { done(42); });
    };
    *answer = co_await await_callback<int>(start);
    *continued_on = std::this_thread::get_id();
}

TEST(AwaitCallback, ContinuesOnTheCallersLoop) {
    Loop loop;
    TaskGroup group(loop.get_executor());
    std::thread other;
    std::thread::id continued_on;
    int answer = 0;
    group.spawn(ask_another_thread(&other, &continued_on, &answer));
    loop.run();
    other.join();
    EXPECT_EQ(answer, 42);
    EXPECT_EQ(continued_on, std::this_thread::get_id());
}

}  // namespace
}  // namespace hookreel
