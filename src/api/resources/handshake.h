// Asks a receiver whether it wants to be called, before an endpoint with an origin is kept
// (CloudEvents' abuse protection). How that is done is a dialect's business.
#pragma once

#include "base/async.h"
#include "base/result.h"
#include "model/endpoint.h"

namespace hookreel::api {

class Handshake {
 public:
    virtual ~Handshake() = default;
    // How many requests a second the receiver allows; 0: as fast as it goes. Errors: denied (it
    // does not want them), invalid (the origin), and those of a request that failed. Threads: any
    // loop.
    virtual Task<Result<double>> ask(model::Endpoint endpoint) = 0;
};

}  // namespace hookreel::api
