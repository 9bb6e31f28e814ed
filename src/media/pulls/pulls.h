// Files that are fetched from addresses: asked for, fetched by workers, put into the library.
//
// A pull waits in the queue of its priority; its worker holds a lease and renews it while bytes
// come, so a worker that dies loses it to the next one, which goes on where the last checkpoint
// was. Higher priorities are fetched first, the oldest of each first (media/crew/rota.h). The
// pull's end, the asset and the event are one commit, together with the confirm of the lease.
// Threads: any loop.
#pragma once

#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "model/pull.h"

namespace hookreel::media {

class Pulls {
 public:
    virtual ~Pulls() = default;

    // Errors: invalid (the detail begins with "url", "type", "cover_url", "cover_type" or "name"),
    // conflict (the session id was used within 3 days), unavailable.
    virtual Task<Result<model::TaskId>> create(model::PullRequest request) = 0;
    // With the progress of the moment. Errors: not_found.
    virtual Task<Result<model::Pull>> find(model::ApplicationId application, model::TaskId id) = 0;
};

}  // namespace hookreel::media
