#include "delivery/ledger.h"

#include <gtest/gtest.h>

#include "model/application.h"
#include "store/memory/memory_store.h"

namespace hookreel::delivery {
namespace {

using namespace std::chrono_literals;

const model::QueueId queue("endpoint/a");

struct Bench {
    Loop loop;
    SystemClock clock;
    store::MemoryStore store{clock};
    Log log{Level::error, -1};
    Counters counters;
    std::function<void()> unblocked = [] {};
    Ledger ledger{loop.get_executor(),    store, log, counters, Pauses{1ms, 1ms},
                  [this] { unblocked(); }};

    Task<std::vector<store::Lease>> publish_and_lease(int count) {
        store::Commit commit;
        for (int i = 0; i < count; ++i)
            commit.events.push_back({.id = model::EventId(fmt::format("event{}", i)),
                                     .application = model::default_application,
                                     .type = "media.uploaded",
                                     .key = {},
                                     .time = clock.now(),
                                     .entries = {{queue, std::make_shared<std::string>("{}")}}});
        (void)co_await store.commit(std::move(commit));
        const store::LeaseOptions options{.count_max = count};
        auto leases = co_await store.lease(queue, options);
        co_return std::move(*leases);
    }

    void run(Task<void> scene) {
        asio::co_spawn(loop, std::move(scene), [](const std::exception_ptr& exception) {
            if (exception) std::rethrow_exception(exception);
        });
        loop.run_for(60s);
    }
};

Settlement delivered(const store::Lease& lease) {
    store::Attempt attempt{.event = lease.event,
                           .queue = queue,
                           .type = {},
                           .url = {},
                           .outcome = "delivered",
                           .error = {}};
    return {lease.handle, Delivered{}, store::share(std::move(attempt))};
}

TEST(Ledger, WritesTheOthersWhenOneLeaseWasLost) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const auto leases = co_await b.publish_and_lease(7);
        store::Commit lose;
        lose.give_backs.push_back({leases[4].handle, 1h});
        (void)co_await b.store.commit(std::move(lose));
        for (const store::Lease& lease : leases)
            b.ledger.add(delivered(lease));
        co_await b.ledger.stop();
        const auto counts = co_await b.store.count(queue);
        EXPECT_EQ(counts->waiting, 1u);
        EXPECT_EQ(counts->leased + counts->dead, 0u);
        const auto attempts = co_await b.store.attempts({.queue = queue, .event = {}});
        EXPECT_EQ(attempts->items.size(), 7u);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.lost.value(), 1u);
}

// After a commit of many the ledger gathers more; what came meanwhile is written, also at the end.
TEST(Ledger, WritesWhatCameWhileItGathered) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        constexpr int busy = 64;
        constexpr int late = 6;
        const auto leases = co_await b.publish_and_lease(busy + late);
        for (int i = 0; i < busy; ++i)
            b.ledger.add(delivered(leases[static_cast<std::size_t>(i)]));
        for (auto counts = co_await b.store.count(queue); counts->leased > late;
             counts = co_await b.store.count(queue))
            co_await asio::post(use_task);
        for (int i = busy; i < busy + late; ++i)
            b.ledger.add(delivered(leases[static_cast<std::size_t>(i)]));
        co_await b.ledger.stop();
        const auto counts = co_await b.store.count(queue);
        EXPECT_EQ(counts->waiting + counts->leased + counts->dead, 0u);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.counters.lost.value(), 0u);
}

TEST(Ledger, GivesUpWhenTheServerStopsAndTheStoreIsClosed) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const auto leases = co_await b.publish_and_lease(1);
        b.store.close();
        b.ledger.add(delivered(leases[0]));
        co_await b.ledger.stop();
        EXPECT_TRUE(b.ledger.blocked());
    };
    bench.run(scene(bench));
}

// Whoever begins to send again looks at every endpoint, so that must not happen at each commit.
TEST(Ledger, StaysBlockedUntilHalfIsWritten) {
    Bench bench;
    int times = 0;
    const auto scene = [](Bench& b, int* called) -> Task<void> {
        const auto leases = co_await b.publish_and_lease(1);
        const store::Handle handle = leases[0].handle;
        int left = 2 * 4096;
        const auto fill = [&b, &left, handle] {
            for (; left > 0 && !b.ledger.blocked(); --left)
                b.ledger.add({handle, Delivered{}, {}});
        };
        b.unblocked = [called, &fill] {
            ++*called;
            fill();
        };
        fill();
        co_await b.ledger.stop();
        EXPECT_EQ(left, 0);
    };
    bench.run(scene(bench, &times));
    EXPECT_EQ(times, 2);
}

TEST(Ledger, IsBlockedWhileTooMuchWaits) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const auto leases = co_await b.publish_and_lease(1);
        for (int i = 0; i < 4096; ++i)
            b.ledger.add({leases[0].handle, Retry{}, {}});
        EXPECT_TRUE(b.ledger.blocked());
        co_await b.ledger.stop();
        EXPECT_FALSE(b.ledger.blocked());
    };
    bench.run(scene(bench));
}

}  // namespace
}  // namespace hookreel::delivery
