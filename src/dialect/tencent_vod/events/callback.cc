#include "dialect/tencent_vod/events/callback.h"

#include "dialect/tencent_vod/events/render_event.h"
#include "http/url.h"

namespace hookreel::dialect::tencent_vod {

Result<http::ClientRequest> CallbackRenderer::render(const model::Endpoint& endpoint,
                                                     const store::Lease& lease,
                                                     TimePoint now) const {
    Result<http::Url> url = http::parse_url(endpoint.url);
    if (!url) return fail(std::move(url.error()));
    http::ClientRequest request;
    request.method = "POST";
    request.url = std::move(*url);
    request.headers.add("Content-Type", "application/json");
    const std::string_view sign_key =
        endpoint.secrets.empty() ? std::string_view() : endpoint.secrets.front().value;
    request.body = callback_body(*lease.body, sign_key, now);
    return request;
}

}  // namespace hookreel::dialect::tencent_vod
