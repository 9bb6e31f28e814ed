#include "delivery/overseer.h"

#include "model/event.h"

namespace hookreel::delivery {
namespace {

using Kind = Finding::Kind;

Result<void> apply(const Finding& finding, model::Endpoint& endpoint) {
    if (endpoint.state == model::EndpointState::disabled)
        return fail(Code::conflict, "the endpoint is disabled already");
    endpoint.failing_since = finding.failing_since;
    endpoint.warned_percent = finding.percent;
    if (finding.kind != Kind::disabled) return {};
    endpoint.state = model::EndpointState::disabled;
    endpoint.state_reason = finding.reason;
    return {};
}

model::EndpointTold told(const model::Endpoint& endpoint, const Finding& finding) {
    const auto type = finding.kind == Kind::disabled ? model::EndpointTold::disabled
                                                     : model::EndpointTold::failing;
    return {.type = std::string(type),
            .endpoint = endpoint.id,
            .url = endpoint.url,
            .percent = finding.percent,
            .failing_since = finding.failing_since,
            .reason = finding.reason};
}

}  // namespace

Task<void> EndpointOverseer::record(model::EndpointId id, Finding finding) {
    const store::Endpoints::Pointer endpoint = needs_.endpoints.find(id);
    if (!endpoint) co_return;
    const bool is_told = finding.kind == Kind::warning || finding.kind == Kind::disabled;
    store::Commit with;
    if (is_told) {
        const model::Event event =
            model::make_event(endpoint->application, needs_.clock.now(), told(*endpoint, finding));
        with.events.push_back(needs_.announcer.announce(event));
        needs_.log.warning(
            finding.kind == Kind::disabled ? "endpoint disabled" : "endpoint keeps failing",
            {{"endpoint", id.text()}, {"percent", finding.percent}, {"reason", finding.reason}});
    }
    auto edit = [finding](model::Endpoint& stored) { return apply(finding, stored); };
    const auto changed =
        co_await needs_.endpoints.change(std::move(id), std::move(edit), std::move(with));
    if (!changed && changed.error().code != Code::conflict)
        needs_.log.warning("the health of an endpoint could not be written",
                           {{"endpoint", endpoint->id.text()}, {"error", changed.error().detail}});
}

}  // namespace hookreel::delivery
