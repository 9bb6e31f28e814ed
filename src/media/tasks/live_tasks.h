// Tasks as they are at the moment: their progress, which is not worth a commit.
//
// In memory only; the store has the last word. Threads: any.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "model/task.h"

namespace hookreel::media {

class LiveTasks {
 public:
    void put(const model::Task& task);
    // Progress never falls, and unknown tasks are ignored.
    void progress(const model::TaskId& id, std::size_t step, int percent);
    void remove(const model::TaskId& id);
    std::optional<model::Task> find(const model::TaskId& id) const;

 private:
    mutable std::mutex mutex_;
    std::map<model::TaskId, model::Task> tasks_;
};

}  // namespace hookreel::media
