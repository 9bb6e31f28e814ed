#include "model/queue.h"

#include <gtest/gtest.h>

#include <set>

namespace hookreel::model {
namespace {

TEST(TaskQueue, IsOneForEachPriorityAndLength) {
    EXPECT_EQ(task_queue().text(), "tasks");
    EXPECT_EQ(task_queue(0, JobLength::quick).text(), "tasks/quick");
    EXPECT_EQ(task_queue(10, JobLength::slow).text(), "tasks/10");
    EXPECT_EQ(task_queue(-3, JobLength::quick).text(), "tasks/-3/quick");
    EXPECT_EQ(task_queue(0, JobLength::outside).text(), "external/parts");
    EXPECT_EQ(task_queue(7, JobLength::outside).text(), "external/7/parts");
    EXPECT_EQ(task_queue(99), task_queue(10));
    EXPECT_EQ(task_queue(-99), task_queue(-10));
    EXPECT_EQ(pull_queue().text(), "pulls");
    EXPECT_EQ(external_queue(7).text(), "external/7");
}

TEST(TaskQueues, AreInOrderOfUrgency) {
    const std::vector<QueueId> queues = task_queues();
    ASSERT_EQ(queues.size(), 42u);
    EXPECT_EQ(queues.front(), task_queue(10, JobLength::quick));
    EXPECT_EQ(queues[1], task_queue(10, JobLength::slow));
    EXPECT_EQ(queues[20], task_queue(0, JobLength::quick));
    EXPECT_EQ(queues[21], task_queue(0, JobLength::slow));
    EXPECT_EQ(queues.back(), task_queue(-10, JobLength::slow));
    EXPECT_EQ(std::set<QueueId>(queues.begin(), queues.end()).size(), queues.size());
    EXPECT_EQ(pull_queues().front(), pull_queue(10));
    EXPECT_EQ(external_queues().size(), 21u);
    EXPECT_EQ(outside_queues().size(), 21u);
    EXPECT_EQ(outside_queues().front(), task_queue(10, JobLength::outside));
}

}  // namespace
}  // namespace hookreel::model
