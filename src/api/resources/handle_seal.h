// Handles of leases as callers see them: bound to the queue that they are of.
//
// A seal of the queue's name goes with each number, so a handle of another queue or application is
// refused without asking the store. The key lives as long as the process, as leases do. Threads:
// any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"
#include "store/store.h"

namespace hookreel::api {

class HandleSeal {
 public:
    HandleSeal();

    std::string text(store::Handle handle, const model::QueueId& queue) const;
    // None when the text is no handle of this queue.
    std::optional<store::Handle> open(std::string_view text, const model::QueueId& queue) const;

 private:
    std::string seal(std::string_view number, const model::QueueId& queue) const;

    const std::string key_;
};

}  // namespace hookreel::api
