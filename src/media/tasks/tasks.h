// Work on files of the library: asked for, done by workers, reported.
//
// A task waits in the queue of its priority; its worker holds a lease and renews it while ffmpeg
// runs, so a worker that dies loses it to the next one. Higher priorities are done first, in each
// of them quick work before slow, and of these the oldest first; media/crew/rota.h says why nobody
// waits for ever. The task's last state and its event are one commit, together with the confirm of
// the lease: one event, never two. Threads: any loop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "base/trace_context.h"
#include "media/files/procedures.h"
#include "model/task.h"

namespace hookreel::media {

struct TaskRequest {
    model::ApplicationId application;
    model::FileId file;
    // Instead of a file of the library; then all works are those of services.
    std::optional<model::ForeignFile> foreign{};
    std::vector<model::Work> works;  // At least one.
    std::int64_t priority = 0;       // -10 to 10, larger first.
    model::NotifyMode notify = model::NotifyMode::finish;
    // Works that were named one by one, or by a procedure: their session ids are apart, and stay
    // taken for 3 and for 7 days (Tencent open point 18).
    enum class Origin { works, procedure } origin = Origin::works;
    std::string session_id;  // Not empty: a repeat is refused.
    std::string session_context;
    TraceContext trace{};  // Of whoever asks; its event goes on with it.
    // What transcodes make: parts of the file, or files of the library of their own.
    enum class Makes { parts, files } makes = Makes::parts;
    std::vector<PreparedTask> together{};  // Other tasks that are there with this one.
};

class Tasks {
 public:
    virtual ~Tasks() = default;

    // Errors: not_found (the file), conflict (the session id was used), invalid (no work),
    // unavailable.
    virtual Task<Result<model::TaskId>> create(TaskRequest request) = 0;
    // With the progress of the moment. Errors: not_found.
    virtual Task<Result<model::Task>> find(model::ApplicationId application, model::TaskId id) = 0;
};

}  // namespace hookreel::media
