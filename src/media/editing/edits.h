// New files that are made of files of the library: asked for, made by workers, put into the
// library.
//
// An edit waits among the slow steps of its priority (media/tasks/tasks.h), and is done by the same
// workers. Its end, the new file and the event are one commit, together with the confirm of the
// lease: one event, never two. Threads: any loop.
#pragma once

#include "base/async.h"
#include "base/result.h"
#include "model/edit.h"

namespace hookreel::media {

// Pieces of a cut, and items of all tracks of a composition together.
inline constexpr std::size_t edit_items_max = 500;
inline constexpr std::size_t tracks_of_a_type_max = 10;

class Edits {
 public:
    virtual ~Edits() = default;

    // Errors: not_found (a source; the detail is its id), conflict (the session id was used within
    // 3 days), invalid (nothing to do, too many items or tracks), unavailable.
    virtual Task<Result<model::TaskId>> create(model::EditRequest request) = 0;
    // With the progress of the moment. Errors: not_found.
    virtual Task<Result<model::Edit>> find(model::ApplicationId application, model::TaskId id) = 0;
};

}  // namespace hookreel::media
