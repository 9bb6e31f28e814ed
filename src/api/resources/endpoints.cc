#include <fmt/format.h>

#include "api/resources/endpoint_json.h"
#include "api/resources/operations.h"
#include "base/random.h"
#include "model/queue.h"
#include "model/secrets.h"

namespace hookreel::api {
namespace {

model::Secret::Algorithm algorithm_of(const Fields& fields) {
    const std::string text = fields.text_or("algorithm", "v1");
    return parse_enum<model::Secret::Algorithm>(text).value();
}

void keep_rate(model::Endpoint& endpoint, double allowed) {
    if (allowed == 0) return;
    const bool faster = endpoint.rate_per_second == 0 || endpoint.rate_per_second > allowed;
    if (faster) endpoint.rate_per_second = allowed;
}

using Edit = std::function<Result<void>(model::Endpoint&)>;

// Changes the endpoint that is meant and answers it. `news` is what others must hear of it, in
// the same commit.
Task<Answer<store::Endpoints::Pointer>> change(Call& call, std::string_view action, Edit edit,
                                               std::optional<model::EndpointTold> news = {}) {
    const Answer<store::Endpoints::Pointer> before = meant_endpoint(call);
    if (!before) co_return std::unexpected(before.error());
    call.application = (*before)->application;
    const TimePoint now = call.now;
    model::Endpoint after = **before;
    const bool is_fine = edit(after).has_value();
    const std::string detail = is_fine ? changed_members(**before, after) : "";
    Edit stamped = [edit = std::move(edit), now](model::Endpoint& endpoint) -> Result<void> {
        Result<void> done = edit(endpoint);
        endpoint.updated = now;
        return done;
    };
    store::Commit with = audited(call, {action, call.id(), detail});
    if (news) {
        const model::Event event =
            model::make_event(call.application, now, std::move(*news), call.request.trace);
        with.events.push_back(call.with.announcer.announce(event));
    }
    Result<store::Endpoints::Pointer> changed =
        co_await call.with.endpoints.change((*before)->id, std::move(stamped), std::move(with));
    if (!changed) co_return refuse(changed.error());
    co_return std::move(*changed);
}

// The rate that the receiver of an endpoint allows, 0 for any. One without an origin is not asked.
Task<Answer<double>> permitted_rate(Call& call, const model::Endpoint& endpoint) {
    if (endpoint.origin.empty()) co_return 0.0;
    if (!call.with.handshake) co_return refuse_field({"origin", "is not for this server"});
    const Result<double> allowed = co_await call.with.handshake->ask(endpoint);
    if (!allowed) co_return refuse_field({"origin", allowed.error().detail});
    co_return *allowed;
}

// The same for an endpoint as the fields would change it. What was permitted already stays so.
Task<Answer<double>> rate_after(Call& call, const Fields& fields) {
    const Answer<store::Endpoints::Pointer> before = meant_endpoint(call);
    if (!before) co_return std::unexpected(before.error());
    model::Endpoint after = **before;
    const Answer<void> fine = read_endpoint(fields, call.with, after);
    if (!fine) co_return std::unexpected(fine.error());
    const bool same = after.origin == (*before)->origin && after.url == (*before)->url &&
                      after.rate_per_second == (*before)->rate_per_second;
    if (same) co_return 0.0;
    co_return co_await permitted_rate(call, after);
}

Task<Reply> told(const Call& call, store::Endpoints::Pointer endpoint) {
    std::vector<model::EndpointId> ids{endpoint->id};
    const model::Standings known = co_await standings(call, std::move(ids));
    const auto found = known.find(endpoint->id);
    const model::Standing* standing = found == known.end() ? nullptr : &found->second;
    co_return reply(json::value(endpoint_json(*endpoint, standing, view_of(call.caller))));
}

Task<Answer<Reply>> change_state(Call& call, std::string_view action, model::EndpointState state) {
    const std::string reason = call.fields().text_or("reason", "");
    const Answer<store::Endpoints::Pointer> before = meant_endpoint(call);
    if (!before) co_return std::unexpected(before.error());
    const bool was_disabled = (*before)->state == model::EndpointState::disabled;
    std::optional<model::EndpointTold> news;
    if (was_disabled && state == model::EndpointState::enabled)
        news = model::EndpointTold{.type = std::string(model::EndpointTold::enabled),
                                   .endpoint = (*before)->id,
                                   .url = (*before)->url,
                                   .failing_since = never,
                                   .reason = reason};
    Edit edit = [state, reason, was_disabled](model::Endpoint& endpoint) -> Result<void> {
        if ((endpoint.state == model::EndpointState::disabled) != was_disabled)
            return fail(Code::conflict, "It was disabled or enabled just now; ask again.");
        endpoint.state = state;
        endpoint.state_reason = reason;
        if (state == model::EndpointState::enabled) {
            endpoint.failing_since = never;
            endpoint.warned_percent = 0;
        }
        return {};
    };
    const Answer<store::Endpoints::Pointer> changed =
        co_await change(call, action, std::move(edit), std::move(news));
    if (!changed) co_return std::unexpected(changed.error());
    co_return co_await told(call, *changed);
}

}  // namespace

Task<Answer<Reply>> list_endpoints(Call& call) {
    const Answer<std::string> from = cursor(call);
    if (!from) co_return std::unexpected(from.error());
    const std::string state = call.parameters().text_or("state", "");
    std::vector<store::Endpoints::Pointer> shown;
    std::vector<model::EndpointId> ids;
    std::string next;
    for (const store::Endpoints::Pointer& endpoint : call.with.endpoints.of(call.application)) {
        if (endpoint->id.text() <= *from) continue;
        if (!state.empty() && name(endpoint->state) != state) continue;
        if (shown.size() == static_cast<std::size_t>(limit(call))) {
            next = shown.back()->id.text();
            break;
        }
        shown.push_back(endpoint);
        ids.push_back(endpoint->id);
    }
    const model::Standings known = co_await standings(call, std::move(ids));
    json::array items;
    for (const store::Endpoints::Pointer& endpoint : shown) {
        const auto found = known.find(endpoint->id);
        const model::Standing* standing = found == known.end() ? nullptr : &found->second;
        items.push_back(endpoint_json(*endpoint, standing, view_of(call.caller)));
    }
    co_return page(call, std::move(items), next);
}

Task<Answer<Reply>> create_endpoint(Call& call) {
    model::Endpoint endpoint;
    const Answer<void> fine = read_endpoint(call.fields(), call.with, endpoint);
    if (!fine) co_return std::unexpected(fine.error());
    const Answer<double> rate = co_await permitted_rate(call, endpoint);
    if (!rate) co_return std::unexpected(rate.error());
    keep_rate(endpoint, *rate);
    endpoint.id = model::EndpointId("ep_" + random_alphanumeric(20));
    endpoint.application = call.application;
    endpoint.queue = model::endpoint_queue(endpoint.id);
    endpoint.created = endpoint.updated = call.now;
    if (endpoint.secrets.empty())
        endpoint.secrets.push_back(model::make_secret(algorithm_of(call.fields())));
    if (call.fields().text_or("state", "enabled") == "paused")
        endpoint.state = model::EndpointState::paused;
    store::Commit with =
        audited(call, {"endpoint.created", endpoint.id.text(), shown_url(endpoint)});
    const Result<store::Endpoints::Pointer> created =
        co_await call.with.endpoints.create(std::move(endpoint), std::move(with));
    if (!created) co_return refuse(created.error());
    json::object body = endpoint_json(**created, nullptr, View::whole);
    body["secret"] = verification_key((*created)->secrets.front());
    Reply made = reply(json::value(std::move(body)));
    made.headers.set("Location", fmt::format("{}/endpoints/{}", api_prefix, (*created)->id.text()));
    co_return made;
}

Task<Answer<Reply>> get_endpoint(Call& call) {
    const Answer<store::Endpoints::Pointer> endpoint = meant_endpoint(call);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    co_return co_await told(call, *endpoint);
}

Task<Answer<Reply>> change_endpoint(Call& call) {
    const Services& with = call.with;
    const Fields fields = call.fields();
    const Answer<double> rate = co_await rate_after(call, fields);
    if (!rate) co_return std::unexpected(rate.error());
    std::optional<Problem> refused;
    Edit edit = [&refused, &with, fields, rate](model::Endpoint& endpoint) -> Result<void> {
        Answer<void> fine = read_endpoint(fields, with, endpoint);
        keep_rate(endpoint, *rate);
        if (fine) return {};
        refused = std::move(fine.error());
        return fail(Code::invalid, refused->detail);
    };
    const Answer<store::Endpoints::Pointer> changed =
        co_await change(call, "endpoint.changed", std::move(edit));
    if (refused) co_return std::unexpected(*refused);
    if (!changed) co_return std::unexpected(changed.error());
    co_return co_await told(call, *changed);
}

// What waits for it becomes dead letters, once its sender has heard.
Task<Answer<Reply>> delete_endpoint(Call& call) {
    const Answer<store::Endpoints::Pointer> endpoint = meant_endpoint(call);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    call.application = (*endpoint)->application;
    store::Commit with = audited(call, {"endpoint.deleted", call.id(), shown_url(**endpoint)});
    const Result<void> removed =
        co_await call.with.endpoints.remove((*endpoint)->id, std::move(with));
    if (!removed) co_return refuse(removed.error());
    co_return Reply{};
}

Task<Answer<Reply>> pause_endpoint(Call& call) {
    co_return co_await change_state(call, "endpoint.paused", model::EndpointState::paused);
}

Task<Answer<Reply>> resume_endpoint(Call& call) {
    co_return co_await change_state(call, "endpoint.resumed", model::EndpointState::enabled);
}

Task<Answer<Reply>> get_endpoint_secrets(Call& call) {
    const Answer<store::Endpoints::Pointer> endpoint = meant_endpoint(call);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    co_return reply(json::object{{"secrets", secrets_json(**endpoint, call.now)}});
}

// The new secret signs at once, beside the old ones, which end after a while.
Task<Answer<Reply>> rotate_secret(Call& call) {
    const Fields fields = call.fields();
    model::Secret secret = model::make_secret(algorithm_of(fields));
    if (const std::optional<std::string> given = fields.text("secret")) {
        secret.value = *given;
        if (const auto key = model::signing_key(secret); !key)
            co_return refuse_field({"secret", key.error().detail});
    }
    model::Rotation rotation{secret, call.now};
    rotation.overlap = fields.seconds("keep_old_seconds").value_or(rotation.overlap);
    Edit edit = [rotation](model::Endpoint& endpoint) -> Result<void> {
        endpoint.secrets = model::rotated(std::move(endpoint.secrets), rotation);
        return {};
    };
    const Answer<store::Endpoints::Pointer> changed =
        co_await change(call, "endpoint.secret_rotated", std::move(edit));
    if (!changed) co_return std::unexpected(changed.error());
    json::object body{{"secret", verification_key(secret)},
                      {"secrets", secrets_json(**changed, call.now)}};
    co_return reply(body);
}

}  // namespace hookreel::api
