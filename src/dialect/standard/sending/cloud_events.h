// Writes events as CloudEvents 1.0 over HTTP: structured, binary or batched, spliced from the
// neutral body. Signed like Standard Webhooks, over whatever the body is.
//
// Attributes: `type` is the neutral name, `subject` the key, `source` the application. Threads:
// any.
#pragma once

#include "delivery/ports.h"

namespace hookreel::dialect::standard {

class CloudEventsRenderer final : public delivery::Renderer {
 public:
    enum class Mode { structured, binary, batched };

    explicit CloudEventsRenderer(Mode mode) : mode_(mode) {}

    // Errors: invalid (a secret), internal (what is stored is no neutral body).
    Result<http::ClientRequest> render(const model::Endpoint& endpoint, const store::Lease& lease,
                                       TimePoint now) const override;
    std::size_t batch_max() const override;
    Result<http::ClientRequest> render_batch(const model::Endpoint& endpoint,
                                             std::span<const store::Lease> leases,
                                             TimePoint now) const override;

 private:
    Mode mode_;
};

// Where events of an application come from, for the attribute `source`.
std::string event_source(model::ApplicationId application);

// An attribute as the value of a header field: blanks, quotes, percent signs and what is not
// printable ASCII become %XX (HTTP binding 1.0.2, 3.1.3.2).
std::string header_value(std::string_view attribute);

}  // namespace hookreel::dialect::standard
