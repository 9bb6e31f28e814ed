// What delivery needs from outside: somebody who writes the request, somebody who carries it, and
// somebody who keeps an endpoint's health.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/async.h"
#include "base/clock.h"
#include "delivery/rules/health.h"
#include "http/client/client.h"
#include "model/endpoint.h"
#include "store/store.h"

namespace hookreel::delivery {

// Shared with whoever keeps the endpoints. Never null.
using EndpointPtr = std::shared_ptr<const model::Endpoint>;
inline EndpointPtr share(model::Endpoint endpoint) {
    return std::make_shared<const model::Endpoint>(std::move(endpoint));
}

// How a leased event becomes a request: the dialect's business. Threads: any.
class Renderer {
 public:
    virtual ~Renderer() = default;
    // Called once per attempt, so that what has a lifetime (time stamps, signatures) is fresh. The
    // sender adds the endpoint's URL unless one is set, its own headers, time-outs, TLS and the
    // limit of the answer. An error is final: the event goes to the dead letters with its detail.
    virtual Result<http::ClientRequest> render(const model::Endpoint& endpoint,
                                               const store::Lease& lease, TimePoint now) const = 0;

    // How many events one request may carry.
    virtual std::size_t batch_max() const { return 1; }
    // One request for 1 to batch_max() events of the endpoint, which share its outcome. Errors: as
    // render, for all of them.
    virtual Result<http::ClientRequest> render_batch(const model::Endpoint& endpoint,
                                                     std::span<const store::Lease> leases,
                                                     TimePoint now) const {
        return render(endpoint, leases.front(), now);
    }
};

// Who renders, by the dialect of the endpoint. What it points to outlives it.
using Renderers = std::map<std::string, const Renderer*, std::less<>>;

// Carries a request to the receiver. Threads: the sender's loop.
class Transport {
 public:
    virtual ~Transport() = default;
    // Errors: as http::Client::send. A task that is cancelled returns soon.
    virtual Task<Result<http::ClientResponse>> send(http::ClientRequest request) = 0;
    // The head with which it would be sent: request line and fields, each with its line end.
    virtual std::string head(const http::ClientRequest& request) const = 0;
};

// Makes durable what was found of an endpoint. Threads: any.
class Overseer {
 public:
    virtual ~Overseer() = default;
    // What it changes comes back by Sender::set. What it could not write is found again.
    virtual Task<void> record(model::EndpointId id, Finding finding) = 0;
};

}  // namespace hookreel::delivery
