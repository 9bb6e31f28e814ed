#include "store/sqlite/index/queue_index.h"

#include <gtest/gtest.h>

namespace hookreel::store {
namespace {

// What a sender and the figures ask of an endpoint's queue that has nothing to do.
TEST(QueueIndex, KeepsNoStockForAQueueThatIsOnlyWatched) {
    QueueIndex index;
    Queue& queue = index.queue(model::QueueId("endpoint/a"));
    const TimePoint now{};
    for (const model::Order order : {model::Order::none, model::Order::key})
        EXPECT_TRUE(index.watch(queue, order, nullptr, now));
    EXPECT_EQ(index.count(queue, now).waiting, 0u);
    EXPECT_FALSE(index.glimpse(queue, entry_id(1, 0), now).in_memory);
    EXPECT_EQ(QueueIndex::next_change(queue), never);
    index.unspend(queue, entry_id(1, 0));
    EXPECT_FALSE(queue.stock);
    EXPECT_LE(sizeof(Queue), 224u);
}

}  // namespace
}  // namespace hookreel::store
