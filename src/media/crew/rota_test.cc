#include "media/crew/rota.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace hookreel::media {
namespace {

// Serves the queues that have something so many times; returns which had it, in order.
std::vector<std::size_t> served(Rota& rota, const std::vector<std::size_t>& full, int times) {
    std::vector<std::size_t> queues;
    for (int i = 0; i < times; ++i) {
        const std::vector<std::size_t> order = rota.order();
        const auto found = std::ranges::find_first_of(order, full);
        rota.serve(*found);
        queues.push_back(*found);
    }
    return queues;
}

TEST(Rota, ServesTheFirstQueueThatHasSomething) {
    Rota rota(5);
    EXPECT_EQ(rota.order(), (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(served(rota, {1, 3}, 3), (std::vector<std::size_t>{1, 1, 1}));
    EXPECT_EQ(served(rota, {3}, 2), (std::vector<std::size_t>{3, 3}));
}

TEST(Rota, GivesEveryEighthLeaseToOneQueueAfterTheOther) {
    Rota rota(5);
    const std::vector<std::size_t> queues = served(rota, {0, 2, 4}, 48);
    std::vector<std::size_t> turns;
    for (std::size_t i = 0; i < queues.size(); ++i) {
        if (i % 8 == 7)
            turns.push_back(queues[i]);
        else
            EXPECT_EQ(queues[i], 0u) << i;
    }
    EXPECT_EQ(turns, (std::vector<std::size_t>{0, 2, 4, 0, 2, 4}));
}

TEST(Rota, ServesEachOfNQueuesWithinEightNLeases) {
    constexpr std::size_t queues = 42;
    std::vector<std::size_t> all(queues);
    for (std::size_t i = 0; i < queues; ++i)
        all[i] = i;
    Rota rota(queues);
    std::map<std::size_t, std::size_t> last;
    const std::vector<std::size_t> order = served(rota, all, 8 * queues * 3);
    for (std::size_t i = 0; i < order.size(); ++i) {
        EXPECT_LE(i - last[order[i]], 8 * queues);
        last[order[i]] = i;
    }
    EXPECT_EQ(last.size(), queues);
}

}  // namespace
}  // namespace hookreel::media
