#include "store/held_lease.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "store/memory/memory_store.h"

namespace hookreel::store {
namespace {

class HeldLease : public testing::Test {
 protected:
    HeldLease() {
        Commit commit;
        NewEvent event{.id = model::EventId("e1"), .type = "t"};
        event.entries.push_back({queue_, std::make_shared<const std::string>("{}")});
        commit.events.push_back(std::move(event));
        EXPECT_TRUE(run(store_.commit(std::move(commit))));
        lease_ = run(store_.lease(queue_, {.hold = Duration(60'000)}))->front();
    }

    // Throws what the task throws.
    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        std::exception_ptr thrown;
        asio::co_spawn(loop_, std::move(task), [&](std::exception_ptr error, T value) {
            thrown = error;
            result = std::move(value);
        });
        loop_.restart();
        loop_.run();
        if (thrown) std::rethrow_exception(thrown);
        return std::move(*result);
    }
    std::optional<Error> hold(Task<void> work, Duration every = Duration(1)) {
        return run(
            work_on_lease(store_, lease_.handle, {Duration(60'000), every}, std::move(work)));
    }

    Loop loop_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    MemoryStore store_{clock_};
    const model::QueueId queue_{"q"};
    Lease lease_;
};

Task<void> nothing() {
    co_return;
}

// Until somebody cancels it.
Task<void> endless(bool* was_cancelled) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await sleep_for(std::chrono::hours(1));
    *was_cancelled = true;
}

// Lets 59 s go by, and time for a renewal, three times.
Task<void> three_minutes(ManualClock* clock) {
    for (int i = 0; i < 3; ++i) {
        clock->advance(std::chrono::seconds(59));
        co_await sleep_for(Duration(20));
    }
}

Task<void> throwing() {
    co_await sleep_for(Duration(1));
    throw std::runtime_error("a fault");
}

TEST_F(HeldLease, EndsWithTheWork) {
    EXPECT_EQ(hold(nothing(), std::chrono::hours(1)), std::nullopt);
}

TEST_F(HeldLease, IsRenewedWhileTheWorkGoesOn) {
    EXPECT_EQ(hold(three_minutes(&clock_)), std::nullopt);
    EXPECT_TRUE(store_.renew(lease_.handle, Duration(1)));
}

TEST_F(HeldLease, ThatIsLostStopsTheWorkAndSaysWhy) {
    clock_.advance(std::chrono::seconds(61));
    bool was_cancelled = false;
    const std::optional<Error> lost = hold(endless(&was_cancelled));
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->code, Code::lease_lost);
    EXPECT_TRUE(was_cancelled);
}

TEST_F(HeldLease, IsLetGoWhenTheWorkThrows) {
    EXPECT_THROW((void)hold(throwing(), std::chrono::hours(1)), std::runtime_error);
}

}  // namespace
}  // namespace hookreel::store
