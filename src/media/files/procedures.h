// Whoever knows the procedures of applications: work that is done on every file that names one.
//
// A file and the tasks that its procedure makes are one commit, so that the event of the file can
// name them. Threads: any loop.
#pragma once

#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "model/media.h"
#include "store/store.h"

namespace hookreel::media {

struct ProcedureRequest {
    model::ApplicationId application;
    model::FileId file;
    std::string name;
    std::string session_context;
    std::int64_t priority = 0;
    std::string trace;  // Of whoever asks, as trace_text has it; or empty.
};

// Tasks that exist as soon as what they consist of is committed.
struct PreparedTask {
    model::TaskId id;  // Empty: only a review is asked for.
    std::vector<store::Put> puts;
    std::vector<store::NewEvent> events;
    model::TaskId review{};  // Empty: no review is asked for.
};

class Procedures {
 public:
    virtual ~Procedures() = default;
    // Errors: not_found (no such procedure), unavailable.
    virtual Task<Result<PreparedTask>> prepare(ProcedureRequest request) = 0;
};

// Knows none. For tests of what comes without a procedure.
class NoProcedures final : public Procedures {
 public:
    Task<Result<PreparedTask>> prepare(ProcedureRequest) override {
        co_return fail(Code::not_found, "there are no procedures");
    }
};

}  // namespace hookreel::media
