// Work that is longer than a lease: the lease is renewed while the work goes on.
//
// Threads: one loop, the caller's.
#pragma once

#include <optional>

#include "base/async.h"
#include "store/store.h"

namespace hookreel::store {

struct Renewal {
    Duration hold;   // Each time for so long.
    Duration every;  // Well under `hold`.
};

// Does the work. Returns nothing when it ended by itself or with its caller, and why the lease is
// not ours any more when it could not be renewed: then the work was cancelled, and has ended too.
// What the work throws is thrown here.
Task<std::optional<Error>> work_on_lease(Store& store, Handle handle, Renewal renewal,
                                         Task<void> work);

}  // namespace hookreel::store
