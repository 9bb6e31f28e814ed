#include "media/tasks/live_tasks.h"

#include <algorithm>

namespace hookreel::media {

void LiveTasks::put(const model::Task& task) {
    const std::scoped_lock lock(mutex_);
    tasks_.insert_or_assign(task.id, task);
}

void LiveTasks::progress(const model::TaskId& id, std::size_t step, int percent) {
    const std::scoped_lock lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end() || step >= found->second.steps.size()) return;
    std::int64_t& progress = found->second.steps[step].progress;
    progress = std::max<std::int64_t>(progress, std::clamp(percent, 0, 100));
}

void LiveTasks::remove(const model::TaskId& id) {
    const std::scoped_lock lock(mutex_);
    tasks_.erase(id);
}

std::optional<model::Task> LiveTasks::find(const model::TaskId& id) const {
    const std::scoped_lock lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end()) return std::nullopt;
    return found->second;
}

}  // namespace hookreel::media
