// What delivery needs from outside: somebody who writes the request, and somebody who carries it.
#pragma once

#include "base/async.h"
#include "base/clock.h"
#include "http/client/client.h"
#include "model/endpoint.h"
#include "store/store.h"

namespace hookreel::delivery {

// How a leased event becomes a request: the dialect's business. Threads: any.
class Renderer {
 public:
    virtual ~Renderer() = default;
    // Called once per attempt, so that what has a lifetime (time stamps, signatures) is fresh. The
    // sender sets the timeout and the limit of the answer. An error is final: the event goes to
    // the dead letters with its detail.
    virtual Result<http::ClientRequest> render(const model::Endpoint& endpoint,
                                               const store::Lease& lease, TimePoint now) const = 0;
};

// Carries a request to the receiver. Threads: the sender's loop.
class Transport {
 public:
    virtual ~Transport() = default;
    // Errors: as http::Client::send. A task that is cancelled returns soon.
    virtual Task<Result<http::ClientResponse>> send(http::ClientRequest request) = 0;
};

}  // namespace hookreel::delivery
