#include "dialect/tencent_vod/events/callback.h"

#include "dialect/tencent_vod/events/render_event.h"

namespace hookreel::dialect::tencent_vod {

Result<http::ClientRequest> CallbackRenderer::render(const model::Endpoint& endpoint,
                                                     const store::Lease& lease,
                                                     TimePoint now) const {
    http::ClientRequest request;
    request.method = "POST";
    request.headers.add("Content-Type", "application/json");
    const std::string_view sign_key =
        endpoint.secrets.empty() ? std::string_view() : endpoint.secrets.front().value;
    request.needs = http::ClientRequest::Needs::head;  // Status and body are ignored: spec b.3.
    request.body = callback_body(*lease.body, sign_key, now);
    return request;
}

}  // namespace hookreel::dialect::tencent_vod
