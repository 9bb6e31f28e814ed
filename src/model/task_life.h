// When a task is over, and how long it is remembered then.
#pragma once

#include "base/clock.h"
#include "model/task.h"

namespace hookreel::model {

constexpr bool is_over(TaskStatus status) {
    return status == TaskStatus::finish || status == TaskStatus::aborted;
}

// Tasks are found for so long (Tencent DescribeTasks, DescribeTaskDetail).
inline constexpr Duration task_memory = std::chrono::days(3);

}  // namespace hookreel::model
