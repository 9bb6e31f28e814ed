#include <fmt/format.h>

#include "api/resources/endpoint_json.h"
#include "api/resources/filter_json.h"
#include "api/resources/operations.h"

namespace hookreel::api {
namespace {

// A replay in steps, as far as one request goes: the caller goes on with the cursor. Without one
// there is nothing to be replayed.
Task<Answer<Reply>> replay_steps(Call& call, std::optional<store::Replay> wanted,
                                 std::string_view action) {
    constexpr int events_max = 10'000;
    store::Replay replay = wanted.value_or(store::Replay());
    int total = 0;
    while (wanted) {
        replay.count_max = 1000;
        store::Replay step = replay;
        const Result<store::ReplayStep> done = co_await call.with.store.replay(std::move(step));
        if (!done) co_return refuse_search(done.error());
        total += done->replayed;
        replay.cursor = done->next;
        if (replay.cursor.empty() || total >= events_max) break;
    }
    store::Commit with = audited(call, {action, call.id(), fmt::format("{} events", total)});
    const Result<void> noted = co_await call.with.store.commit(std::move(with));
    if (!noted) co_return refuse(noted.error());
    const Reply rest = page(call, {}, replay.cursor);
    json::object body = json::parse(rest.body).as_object();
    body.erase("items");
    body["replayed"] = total;
    co_return reply(json::value(std::move(body)));
}

// What the endpoint does not want is not sent to it, whatever is asked for. None: nothing fits
// both.
Answer<std::optional<store::Replay>> replay_of(const Call& call, const model::Endpoint& endpoint,
                                               store::Replay::Which which) {
    if (const Answer<void> fine = check_enabled(endpoint); !fine)
        return std::unexpected(fine.error());
    const Answer<std::string> from = cursor(call);
    if (!from) return std::unexpected(from.error());
    const Fields fields = call.fields();
    store::Replay replay;
    replay.queue = endpoint.queue;
    replay.application = endpoint.application;
    const Answer<store::Span> wanted = span(fields);
    if (!wanted) return std::unexpected(wanted.error());
    replay.span = *wanted;
    replay.cursor = *from;
    replay.which = which;
    std::optional<model::EventFilter> filter = narrowed(endpoint.filter, fields);
    if (!filter) return std::nullopt;
    replay.filter = std::move(*filter);
    return replay;
}

}  // namespace

Task<Answer<Reply>> replay_endpoint(Call& call) {
    const Answer<store::Endpoints::Pointer> endpoint = meant_endpoint(call);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    call.application = (*endpoint)->application;
    const std::string state = call.fields().text_or("state", "dead");
    Answer<std::optional<store::Replay>> replay =
        replay_of(call, **endpoint, parse_enum<store::Replay::Which>(state).value());
    if (!replay) co_return std::unexpected(replay.error());
    co_return co_await replay_steps(call, std::move(*replay), "endpoint.replayed");
}

// Everything that the endpoint should have got since then and has not.
Task<Answer<Reply>> recover_endpoint(Call& call) {
    const Answer<store::Endpoints::Pointer> endpoint = meant_endpoint(call);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    call.application = (*endpoint)->application;
    Answer<std::optional<store::Replay>> replay =
        replay_of(call, **endpoint, store::Replay::Which::failed);
    if (!replay) co_return std::unexpected(replay.error());
    co_return co_await replay_steps(call, std::move(*replay), "endpoint.recovered");
}

namespace {

model::Payload sample(const Call& call, const Fields& fields) {
    model::CustomEvent custom;
    custom.type = fields.text_or("type", "endpoint.test");
    custom.key = call.id();
    custom.data = R"({"message":"This is a test of this endpoint."})";
    if (const std::optional<Fields> data = fields.object("data")) {
        custom.data = json::serialize(data->all());
        return custom;
    }
    const model::EventType* known = find_type(call.with.catalogue, custom.type);
    const bool is_about_this_one = custom.type == "endpoint.test";
    return known == nullptr || is_about_this_one ? model::Payload(custom) : known->example;
}

// Data of one's own under a type of the server's own is a trial that only a token which may publish
// it may make: the event is kept, and a replay may bring it to others.
Answer<void> check_sample(const Call& call, const Fields& fields) {
    const std::string type = fields.text_or("type", "endpoint.test");
    if (!fields.has("data") || !is_reserved(call.with.catalogue, type) ||
        call.caller.scopes.has(Scope::admin))
        return {};
    return refuse(403, "forbidden",
                  fmt::format("\"{}\" is a type of the server's own: only a token with the scope "
                              "admin may test it with data of its own.",
                              type));
}

}  // namespace

// A real event for this endpoint alone: the sample of its type, or one of our own.
Task<Answer<Reply>> test_endpoint(Call& call) {
    const Answer<store::Endpoints::Pointer> endpoint = meant_endpoint(call);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    call.application = (*endpoint)->application;
    // To a paused one it would go when the pause is over, and tell nothing of the receiver.
    if (const Answer<void> fine = check_sent_to(**endpoint); !fine)
        co_return std::unexpected(fine.error());
    const Fields fields = call.fields();
    if (const Answer<void> fine = check_sample(call, fields); !fine)
        co_return std::unexpected(fine.error());
    const model::Event event = model::make_event((*endpoint)->application, call.now,
                                                 sample(call, fields), call.request.trace);
    store::NewEvent stored = call.with.announcer.announce(event);
    stored.entries.clear();
    stored.entries.push_back({(*endpoint)->queue, nullptr, TimePoint{}});

    store::Commit commit = audited(call, {"endpoint.tested", call.id(), stored.type});
    commit.events.push_back(std::move(stored));
    const Result<void> done = co_await call.with.store.commit(std::move(commit));
    if (!done) co_return refuse(done.error());
    store::DeliveryQuery query;
    query.queue = (*endpoint)->queue;
    query.event = event.id;
    query.count_max = 1;
    const Result<store::Page<store::Delivery>> found =
        co_await call.with.store.deliveries(std::move(query));
    json::object body{{"event", event.id.text()}, {"delivery", nullptr}};
    if (found && !found->items.empty()) body["delivery"] = found->items.front().id.text();
    co_return reply(json::value(std::move(body)));
}

Task<Answer<Reply>> endpoint_statistics(Call& call) {
    const Answer<store::Endpoints::Pointer> endpoint = meant_endpoint(call);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    const Result<store::QueueCounts> counts = co_await call.with.store.count((*endpoint)->queue);
    if (!counts) co_return refuse(counts.error());
    json::object body;
    body["endpoint"] = (*endpoint)->id.text();
    body["state"] = name((*endpoint)->state);
    body["waiting"] = counts->waiting;
    body["sending"] = counts->leased;
    body["dead"] = counts->dead;
    body["oldest"] = time_text(counts->oldest);
    body["failing_since"] = time_text((*endpoint)->failing_since);
    co_return reply(json::value(std::move(body)));
}

}  // namespace hookreel::api
