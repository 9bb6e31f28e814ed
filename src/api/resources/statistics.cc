#include "api/resources/operations.h"
#include "model/queue.h"

namespace hookreel::api {
namespace {

struct Totals {
    store::QueueCounts counts;
    std::uint64_t queues = 0;

    json::object told(std::string_view leased) const {
        json::object object;
        object["count"] = queues;
        object["waiting"] = counts.waiting;
        object[leased] = counts.leased;
        object["dead"] = counts.dead;
        object["oldest"] = time_text(counts.oldest);
        return object;
    }
};

Task<Result<void>> add(store::Store& store, Totals& totals, model::QueueId queue) {
    const Result<store::QueueCounts> counts = co_await store.count(std::move(queue));
    if (!counts) co_return fail(counts.error());
    totals.queues += 1;
    totals.counts.waiting += counts->waiting;
    totals.counts.leased += counts->leased;
    totals.counts.dead += counts->dead;
    totals.counts.oldest = std::min(totals.counts.oldest, counts->oldest);
    co_return Result<void>();
}

}  // namespace

Task<Answer<Reply>> get_statistics(Call& call) {
    Totals endpoints, queues;
    std::array<std::uint64_t, 3> states{};
    for (const store::Endpoints::Pointer& endpoint : call.with.endpoints.of(call.application)) {
        states[static_cast<std::size_t>(endpoint->state)] += 1;
        const Result<void> done = co_await add(call.with.store, endpoints, endpoint->queue);
        if (!done) co_return refuse(done.error());
    }
    for (const store::Consumers::Pointer& consumer : call.with.consumers.of(call.application)) {
        model::QueueId queue = model::consumer_queue(consumer->application, consumer->name);
        const Result<void> done = co_await add(call.with.store, queues, std::move(queue));
        if (!done) co_return refuse(done.error());
    }
    json::object told = endpoints.told("sending");
    for (std::size_t i = 0; i < states.size(); ++i)
        told[name(static_cast<model::EndpointState>(i))] = states[i];
    json::object body;
    body["application"] = call.application.value();
    body["endpoints"] = std::move(told);
    body["queues"] = queues.told("leased");
    co_return reply(json::value(std::move(body)));
}

}  // namespace hookreel::api
