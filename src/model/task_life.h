// When a task is over, who hears of it, and how long it is remembered then.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "base/clock.h"
#include "model/task.h"

namespace hookreel::model {

constexpr bool is_over(TaskStatus status) {
    return status == TaskStatus::finish || status == TaskStatus::aborted;
}

// Whether nothing of it is left to be done.
inline bool are_steps_over(const Task& task) {
    return std::ranges::none_of(
        task.steps, [](const Step& step) { return step.status == StepStatus::processing; });
}

// How a step ended.
inline void end_step(Step& step, Failure failure, std::string message, TimePoint now) {
    step.failure = failure;
    step.status = failure == Failure::none ? StepStatus::success : StepStatus::fail;
    step.message = std::move(message);
    step.progress = 100;
    step.finished = now;
    if (step.begun == TimePoint{}) step.begun = now;
}

// The task after the end of a step: finished, when that was the last one.
inline void end_if_over(Task& task, TimePoint now) {
    if (!are_steps_over(task)) return;
    task.status = TaskStatus::finish;
    task.finished = now;
}

// Whether somebody wants to hear that a step of it ended.
constexpr bool must_tell(const Task& task) {
    return task.notify == NotifyMode::change ||
           (task.notify == NotifyMode::finish && task.status == TaskStatus::finish);
}

// Tasks are found for so long (Tencent DescribeTasks, DescribeTaskDetail).
inline constexpr Duration task_memory = std::chrono::days(3);

}  // namespace hookreel::model
