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

Task<void> wait_for(Timer* timer, int* ended) {
    co_await timer->async_wait(use_result);
    ++*ended;
}

// The task ends between the call and its effect, so that nobody is left who could be told.
TEST(TaskGroup, MayBeCancelledOutsideOfItsLoopWhileATaskEnds) {
    Loop loop;
    TaskGroup group(loop.get_executor());
    Timer timer(loop.get_executor(), std::chrono::hours(1));
    int ended = 0;
    group.spawn(wait_for(&timer, &ended));
    loop.poll();
    timer.cancel();
    group.cancel();
    loop.run();
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(group.size(), 0u);
}

TEST(TaskGroup, MayBeCancelledBeforeItsLoopRuns) {
    Loop loop;
    TaskGroup group(loop.get_executor());
    int ended = 0;
    group.spawn(wait_long(&ended));
    group.cancel();
    loop.run();
    EXPECT_EQ(ended, 1);
}

TEST(TaskGroup, MayBeCancelledByAnotherThread) {
    Loop loop;
    TaskGroup group(loop.get_executor());
    int ended = 0;
    for (int i = 0; i < 3; ++i)
        group.spawn(wait_long(&ended));
    std::thread other([&group] { group.cancel(); });
    loop.run();
    other.join();
    EXPECT_EQ(ended, 3);
}

TEST(TaskGroup, MayBeGoneWhenItsCancelTakesEffect) {
    Loop loop;
    int ended = 0;
    {
        TaskGroup group(loop.get_executor());
        group.cancel();
        group.spawn(wait_long(&ended));
    }
    loop.run();
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
