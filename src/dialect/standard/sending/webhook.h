// Writes the requests of Standard Webhooks: the neutral body as it is, signed.
//
// Threads: any.
#pragma once

#include "delivery/ports.h"
#include "dialect/standard/signing/signature.h"

namespace hookreel::dialect::standard {

class WebhookRenderer final : public delivery::Renderer {
 public:
    // Errors: invalid (a secret).
    Result<http::ClientRequest> render(const model::Endpoint& endpoint, const store::Lease& lease,
                                       TimePoint now) const override;
};

// What a request of this dialect carries.
struct Content {
    std::string id;  // The same in every attempt.
    std::string type;
    std::string body;
};
// A POST with the webhook-* fields. Errors: as render.
Result<http::ClientRequest> signed_post(const model::Endpoint& endpoint, Content content,
                                        TimePoint now);

// Ten sends over three days, those that the specification gives as its example, with up to 10 % of
// each delay on top, so that what failed together does not come back together. 20 s for an answer:
// the specification asks for 15 to 30, and a slow receiver holds one slot that long. Success is
// 2xx; Retry-After and 410 are followed.
model::Schedule schedule();

}  // namespace hookreel::dialect::standard
