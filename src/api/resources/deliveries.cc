#include <fmt/format.h>

#include <algorithm>

#include "api/resources/endpoint_json.h"
#include "api/resources/operations.h"
#include "api/resources/queue_names.h"
#include "base/text.h"

namespace hookreel::api {
namespace {

using Held = model::Standing::Held;

// Whether an earlier event of its key is all that a due delivery waits for. What holds its whole
// endpoint comes first.
bool is_held_by_key(const store::Delivery& delivery, const model::Standing& standing,
                    TimePoint now) {
    const bool holds_all = standing.held == Held::paused || standing.held == Held::breaker;
    return delivery.is_behind && delivery.due <= now && !holds_all;
}

// What keeps a delivery that is due from being sent; null: nothing that is known.
json::value held_by(const store::Delivery& delivery, const model::Standing& standing,
                    TimePoint now) {
    if (is_held_by_key(delivery, standing, now)) return "key";
    const TimePoint until = std::max(standing.until, now);
    const bool is_due = delivery.due != never && delivery.due <= until;
    return is_due && standing.held != Held::no ? json::value(name(standing.held)) : nullptr;
}

// When the next attempt begins at the earliest, which is never in the past; never: nobody knows, or
// there is none.
TimePoint next_attempt(const store::Delivery& delivery, const model::Standing& standing,
                       TimePoint now) {
    if (delivery.due == never || is_held_by_key(delivery, standing, now)) return never;
    return std::max({delivery.due, standing.until, now});
}

// `standing` is that of its endpoint.
json::object delivery_json(const store::Delivery& delivery, const model::Standing& standing,
                           TimePoint now) {
    json::object object;
    object["id"] = delivery.id.text();
    object["event"] = delivery.event.text();
    object["type"] = delivery.type;
    object["key"] = delivery.key;
    object["application"] = delivery.application.value();
    object["queue"] = public_name(delivery.queue);
    const std::optional<model::EndpointId> endpoint = endpoint_of(delivery.queue);
    object["endpoint"] = endpoint ? json::value(endpoint->text()) : json::value(nullptr);
    object["time"] = time_text(delivery.time);
    object["state"] = name(delivery.state);
    object["attempts"] = delivery.attempts;
    object["next_attempt"] = time_text(next_attempt(delivery, standing, now));
    object["held_by"] = held_by(delivery, standing, now);
    const bool is_dead = delivery.state == store::DeliveryState::dead;
    object["reason"] = is_dead ? std::string_view(delivery.reason) : std::string_view();
    return object;
}

// One word for what went wrong, of those that the definition lists; empty when nothing did.
std::string_view error_class(const store::Attempt& attempt) {
    if (attempt.error.empty()) return "";
    if (attempt.error.starts_with("status ")) return "http_status";
    return std::string_view(attempt.error).substr(0, attempt.error.find(':'));
}

json::object attempt_json(const store::Attempt& attempt) {
    json::object object;
    object["event"] = attempt.event.text();
    object["type"] = attempt.type;
    object["application"] = attempt.application.value();
    object["queue"] = public_name(attempt.queue);
    const std::optional<model::EndpointId> endpoint = endpoint_of(attempt.queue);
    object["endpoint"] = endpoint ? json::value(endpoint->text()) : json::value(nullptr);
    object["number"] = attempt.number;
    object["at"] = time_text(attempt.at);
    object["duration_ms"] = attempt.took.count();
    object["url"] = attempt.url;
    object["status"] = attempt.status == 0 ? json::value(nullptr) : json::value(attempt.status);
    object["outcome"] = attempt.outcome;
    object["error_class"] = error_class(attempt);
    object["error"] = attempt.error;
    object["request_head"] = attempt.request_head;
    object["response_head"] = attempt.response_head;
    object["response_body"] = attempt.response_body;
    return object;
}

// A response is what a stranger sent: only text can be told in JSON.
json::object readable(json::object object) {
    for (const std::string_view name :
         {"error", "request_head", "response_head", "response_body"}) {
        json::value& text = object[name];
        if (!is_utf8(std::string_view(text.as_string())))
            text = "(" + std::to_string(text.as_string().size()) + " bytes that are no UTF-8 text)";
    }
    return object;
}

// The queue that a search is limited to: by endpoint, or by queue.
std::optional<model::QueueId> queue_of(const Call& call) {
    const Fields query = call.parameters();
    std::optional<std::string> name = query.text("endpoint");
    if (!name) name = query.text("queue");
    if (!name) return std::nullopt;
    return queue_named(call.application, *name);
}

std::optional<model::EventId> event_of(const Call& call) {
    const std::optional<std::string> id = call.parameters().text("event");
    return id ? std::optional(model::EventId(*id)) : std::nullopt;
}

model::Standing standing_of(const model::Standings& known, const store::Delivery& delivery) {
    const std::optional<model::EndpointId> endpoint = endpoint_of(delivery.queue);
    const auto found = endpoint ? known.find(*endpoint) : known.end();
    return found == known.end() ? model::Standing{} : found->second;
}

Task<Answer<Reply>> search(Call& call, std::optional<store::DeliveryState> state) {
    const Answer<std::string> from = cursor(call);
    if (!from) co_return std::unexpected(from.error());
    const Answer<store::Span> wanted = span(call.parameters());
    if (!wanted) co_return std::unexpected(wanted.error());
    store::DeliveryQuery query;
    query.application = call.application;
    query.queue = queue_of(call);
    query.event = event_of(call);
    query.state = state;
    query.type = call.parameters().text_or("type", "");
    query.span = *wanted;
    query.cursor = *from;
    query.count_max = limit(call);
    const Result<store::Page<store::Delivery>> found =
        co_await call.with.store.deliveries(std::move(query));
    if (!found) co_return refuse_search(found.error());
    std::vector<model::EndpointId> endpoints;
    for (const store::Delivery& delivery : found->items)
        if (const auto endpoint = endpoint_of(delivery.queue)) endpoints.push_back(*endpoint);
    std::ranges::sort(endpoints);
    const auto [rest, end] = std::ranges::unique(endpoints);
    endpoints.erase(rest, end);
    const model::Standings known = co_await standings(call, std::move(endpoints));
    json::array items;
    for (const store::Delivery& delivery : found->items)
        items.push_back(delivery_json(delivery, standing_of(known, delivery), call.now));
    co_return page(call, std::move(items), found->next);
}

Task<Reply> told(const Call& call, store::Delivery delivery) {
    std::vector<model::EndpointId> endpoints;
    if (const auto endpoint = endpoint_of(delivery.queue)) endpoints.push_back(*endpoint);
    const model::Standings known = co_await standings(call, std::move(endpoints));
    co_return reply(delivery_json(delivery, standing_of(known, delivery), call.now));
}

// The delivery that is meant, when the caller may know of it.
Task<Answer<store::Delivery>> delivery_of(Call& call) {
    store::DeliveryId id(call.id());
    Result<store::Delivery> found = co_await call.with.store.delivery(std::move(id));
    if (!found && found.error().code != Code::not_found && found.error().code != Code::invalid)
        co_return refuse(found.error());
    if (!found || !call.caller.may_touch(found->application)) co_return not_found("delivery");
    if (call.parameters().has("application") && found->application != call.application)
        co_return not_found("delivery");
    call.application = found->application;
    co_return std::move(*found);
}

Task<Answer<Reply>> search_log(Call& call, store::AttemptQuery query) {
    const Answer<std::string> from = cursor(call);
    if (!from) co_return std::unexpected(from.error());
    query.cursor = *from;
    query.count_max = limit(call);
    const Result<store::Page<store::Attempt>> found =
        co_await call.with.store.attempts(std::move(query));
    if (!found) co_return refuse_search(found.error());
    json::array items;
    for (const store::Attempt& attempt : found->items)
        items.push_back(readable(attempt_json(attempt)));
    co_return page(call, std::move(items), found->next);
}

}  // namespace

Task<Answer<Reply>> search_deliveries(Call& call) {
    const std::optional<std::string> text = call.parameters().text("state");
    std::optional<store::DeliveryState> state;
    if (text) state = parse_enum<store::DeliveryState>(*text).value();
    co_return co_await search(call, state);
}

Task<Answer<Reply>> search_dead_letters(Call& call) {
    co_return co_await search(call, store::DeliveryState::dead);
}

Task<Answer<Reply>> get_delivery(Call& call) {
    const Answer<store::Delivery> delivery = co_await delivery_of(call);
    if (!delivery) co_return std::unexpected(delivery.error());
    co_return co_await told(call, *delivery);
}

Task<Answer<Reply>> list_delivery_attempts(Call& call) {
    const Answer<store::Delivery> delivery = co_await delivery_of(call);
    if (!delivery) co_return std::unexpected(delivery.error());
    store::AttemptQuery query;
    query.queue = delivery->queue;
    query.event = delivery->event;
    co_return co_await search_log(call, std::move(query));
}

namespace {

// Whether somebody would send it: else it would only die again. The callback of an application is
// no endpoint of the API, and always there.
Answer<void> check_receiver(const Call& call, const store::Delivery& delivery) {
    const std::optional<model::EndpointId> id = endpoint_of(delivery.queue);
    if (!id || !is_api_endpoint(*id)) return {};
    const store::Endpoints::Pointer endpoint = call.with.endpoints.find(*id);
    if (!endpoint)
        return refuse(409, "conflict", fmt::format("The endpoint {} was removed.", id->text()));
    return check_enabled(*endpoint);
}

}  // namespace

// Made due now. Its sender hears of it at once.
Task<Answer<Reply>> retry_delivery(Call& call) {
    const Answer<store::Delivery> delivery = co_await delivery_of(call);
    if (!delivery) co_return std::unexpected(delivery.error());
    const Answer<void> fine = check_receiver(call, *delivery);
    if (!fine) co_return std::unexpected(fine.error());
    const Result<void> done = co_await call.with.store.retry(delivery->id);
    if (!done) co_return refuse(done.error());
    if (call.with.retried) call.with.retried(*delivery);
    store::Commit with = audited(call, {"delivery.retried", call.id(), delivery->event.text()});
    const Result<void> noted = co_await call.with.store.commit(std::move(with));
    if (!noted) co_return refuse(noted.error());
    const Result<store::Delivery> now = co_await call.with.store.delivery(delivery->id);
    co_return co_await told(call, now ? *now : *delivery);
}

Task<Answer<Reply>> search_attempts(Call& call) {
    const Fields parameters = call.parameters();
    const Answer<store::Span> wanted = span(parameters);
    if (!wanted) co_return std::unexpected(wanted.error());
    store::AttemptQuery query;
    query.application = call.application;
    query.queue = queue_of(call);
    query.event = event_of(call);
    query.type = parameters.text_or("type", "");
    query.outcome = parameters.text_or("outcome", "");
    query.status = static_cast<int>(parameters.integer_or("status", 0));
    query.span = *wanted;
    co_return co_await search_log(call, std::move(query));
}

}  // namespace hookreel::api
