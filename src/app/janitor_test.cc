#include "app/janitor.h"

#include <gtest/gtest.h>

#include <optional>

#include "store/memory/memory_store.h"

namespace hookreel::app {
namespace {

template <class T>
T run(Loop& loop, Task<T> task) {
    std::optional<T> result;
    asio::co_spawn(loop, std::move(task),
                   [&](const std::exception_ptr&, T value) { result = std::move(value); });
    loop.restart();
    loop.run();
    return std::move(*result);
}

Task<bool> clean(store::Store& store, PulledQueue queue, TimePoint now, const Log& log) {
    std::vector<PulledQueue> queues{std::move(queue)};
    co_await clean_once(store, std::move(queues), Retention{}, now, log);
    co_return true;
}

std::uint64_t waiting(Loop& loop, store::Store& store, const model::QueueId& queue) {
    return run(loop, store.count(queue))->waiting;
}

TEST(Janitor, DropsWhatNobodyPulledInTime) {
    Loop loop;
    ManualClock clock{parse_time("2026-03-02T08:00:00Z").value()};
    store::MemoryStore store{clock};
    const Log log(Level::error);
    const model::QueueId queue = model::QueueId("queue/1/app");
    store::Commit commit;
    commit.events.push_back({.id = model::EventId("e"),
                             .application = model::ApplicationId(1),
                             .type = "a.b",
                             .time = clock.now(),
                             .body = std::make_shared<const std::string>("{}"),
                             .entries = {{queue, nullptr, {}}}});
    ASSERT_TRUE(run(loop, store.commit(std::move(commit))));

    const PulledQueue kept{queue, std::chrono::days(7)};
    run(loop, clean(store, kept, clock.now() + std::chrono::days(6), log));
    EXPECT_EQ(waiting(loop, store, queue), 1u);
    run(loop, clean(store, {queue, Duration(0)}, clock.now() + std::chrono::days(99), log));
    EXPECT_EQ(waiting(loop, store, queue), 1u);
    run(loop, clean(store, kept, clock.now() + std::chrono::days(8), log));
    EXPECT_EQ(waiting(loop, store, queue), 0u);
}

}  // namespace
}  // namespace hookreel::app
