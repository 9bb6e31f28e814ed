// Writes normal callbacks in the dialect of their endpoint. Threads: any.
#pragma once

#include "delivery/ports.h"

namespace hookreel::app {

class CallbackRenderer final : public delivery::Renderer {
 public:
    // Errors: invalid (the endpoint's URL).
    Result<http::ClientRequest> render(const model::Endpoint& endpoint, const store::Lease& lease,
                                       TimePoint now) const override;
};

}  // namespace hookreel::app
