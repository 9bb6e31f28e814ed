#include "dialect/standard/sending/webhook.h"

#include <fmt/format.h>

namespace hookreel::dialect::standard {

Result<http::ClientRequest> WebhookRenderer::render(const model::Endpoint& endpoint,
                                                    const store::Lease& lease,
                                                    TimePoint now) const {
    return signed_post(endpoint, {lease.event.text(), "application/json", *lease.body}, now);
}

Result<http::ClientRequest> signed_post(const model::Endpoint& endpoint, Content content,
                                        TimePoint now) {
    Result<std::string> signed_by = signatures(endpoint.secrets, {content.id, now, content.body});
    if (!signed_by) return fail(std::move(signed_by.error()));

    http::ClientRequest request;
    request.method = "POST";
    request.headers.add("content-type", std::move(content.type));
    request.headers.add("webhook-id", std::move(content.id));
    request.headers.add("webhook-timestamp", fmt::format_int(unix_seconds(now)).c_str());
    if (!signed_by->empty()) request.headers.add("webhook-signature", std::move(*signed_by));
    if (!endpoint.origin.empty()) request.headers.add("webhook-request-origin", endpoint.origin);
    request.body = std::move(content.body);
    return request;
}

model::Schedule schedule() {
    using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
    return {.connect_timeout = seconds(5),
            .timeout = seconds(20),
            .delays = {seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10),
                       hours(14), hours(20), hours(24)},
            .jitter_percent = 10,
            .success = model::Success::any_2xx,
            .follows_answer = model::Switch::on};
}

}  // namespace hookreel::dialect::standard
