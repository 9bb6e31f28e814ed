// Writes the requests of the normal callback for the sender.
#pragma once

#include "delivery/ports.h"

namespace hookreel::dialect::tencent_vod {

// POST with a JSON body and nothing a naive receiver could stumble over (open point 7). Threads:
// any.
class CallbackRenderer final : public delivery::Renderer {
 public:
    Result<http::ClientRequest> render(const model::Endpoint& endpoint, const store::Lease& lease,
                                       TimePoint now) const override;
};

}  // namespace hookreel::dialect::tencent_vod
