#include <fmt/format.h>

#include "api/resources/filter_json.h"
#include "api/resources/operations.h"
#include "api/resources/queue_filling.h"
#include "model/queue.h"

namespace hookreel::api {
namespace {

store::Consumers::Name name_of(const Call& call) {
    return {call.application, Fields(call.path).text_or("name", "")};
}

Task<Answer<json::object>> told(const Call& call, store::Consumers::Pointer consumer) {
    model::QueueId queue = model::consumer_queue(consumer->application, consumer->name);
    const Result<store::QueueCounts> counts = co_await call.with.store.count(std::move(queue));
    if (!counts) co_return refuse(counts.error());
    json::object object;
    object["name"] = consumer->name;
    object["application"] = consumer->application.value();
    write_filter(consumer->filter, object);
    object["order"] = name(consumer->order);
    object["created"] = time_text(consumer->created);
    object["waiting"] = counts->waiting;
    object["leased"] = counts->leased;
    object["oldest"] = time_text(counts->oldest);
    co_return object;
}

Task<Answer<Reply>> answer(const Call& call, store::Consumers::Pointer consumer, int status) {
    Answer<json::object> object = co_await told(call, std::move(consumer));
    if (!object) co_return std::unexpected(std::move(object.error()));
    Reply made = reply(json::value(std::move(*object)));
    made.status = status;
    co_return made;
}

// From when on a queue has events; nothing: only those to come.
std::optional<TimePoint> position(const std::string& text) {
    if (text == "latest" || text == "now") return std::nullopt;
    return text == "earliest" ? TimePoint{} : parse_time(text).value_or(TimePoint{});
}

Task<Answer<Reply>> create(Call& call) {
    model::Consumer consumer;
    consumer.name = name_of(call).name;
    consumer.application = call.application;
    consumer.created = call.now;
    if (const Answer<void> fine = check_filter(call.fields(), call.with.catalogue); !fine)
        co_return std::unexpected(fine.error());
    read_filter(call.fields(), consumer.filter);
    consumer.order = parse_enum<model::Order>(call.fields().text_or("order", "none")).value();
    store::Commit with = audited(call, {"queue.created", consumer.name, ""});
    Result<store::Consumers::Pointer> created = co_await create_filled(
        call.with.store, call.with.consumers, std::move(consumer),
        position(call.fields().text_or("start", "earliest")), std::move(with));
    if (!created) co_return refuse(created.error());
    co_return co_await answer(call, std::move(*created), 201);
}

Task<Answer<Reply>> change(Call& call, store::Consumers::Pointer before) {
    const Fields fields = call.fields();
    if (fields.has("start"))
        co_return refuse_field({"start", "is for a new queue; this one exists: use seek"});
    const std::string order = fields.text_or("order", name(before->order));
    if (order != name(before->order))
        co_return refuse_field(
            {"order", "of a queue cannot be changed: delete the queue and make it again"});
    if (const Answer<void> fine = check_filter(fields, call.with.catalogue); !fine)
        co_return std::unexpected(fine.error());
    const auto edit = [fields](model::Consumer& consumer) -> Result<void> {
        read_filter(fields, consumer.filter);
        return {};
    };
    store::Commit with = audited(call, {"queue.changed", before->name, ""});
    Result<store::Consumers::Pointer> changed =
        co_await call.with.consumers.change(name_of(call), edit, std::move(with));
    if (!changed) co_return refuse(changed.error());
    co_return co_await answer(call, std::move(*changed), 200);
}

}  // namespace

Task<Answer<Reply>> list_queues(Call& call) {
    const Answer<std::string> from = cursor(call);
    if (!from) co_return std::unexpected(from.error());
    std::vector<store::Consumers::Pointer> all = call.with.consumers.of(call.application);
    std::erase_if(all, [&](const auto& consumer) { return consumer->name <= *from; });
    json::array items;
    const std::size_t most = static_cast<std::size_t>(limit(call));
    for (std::size_t i = 0; i < all.size() && i < most; ++i) {
        Answer<json::object> object = co_await told(call, all[i]);
        if (!object) co_return std::unexpected(std::move(object.error()));
        items.push_back(std::move(*object));
    }
    co_return page(call, std::move(items), all.size() > most ? all[most - 1]->name : "");
}

Task<Answer<Reply>> get_queue(Call& call) {
    store::Consumers::Pointer consumer = call.with.consumers.find(name_of(call));
    if (!consumer) co_return not_found("queue");
    co_return co_await answer(call, std::move(consumer), 200);
}

Task<Answer<Reply>> put_queue(Call& call) {
    store::Consumers::Pointer before = call.with.consumers.find(name_of(call));
    if (before) co_return co_await change(call, std::move(before));
    co_return co_await create(call);
}

// Emptied before and after: what came in between goes too.
Task<Answer<Reply>> delete_queue(Call& call) {
    const store::Consumers::Name name = name_of(call);
    if (!call.with.consumers.find(name)) co_return not_found("queue");
    const model::QueueId queue = model::consumer_queue(call.application, name.name);
    Result<int> dropped = co_await drop_before(call.with.store, queue, never);
    if (!dropped) co_return refuse(dropped.error());
    store::Commit with = audited(call, {"queue.deleted", name.name, ""});
    Result<void> removed = co_await call.with.consumers.remove(name, std::move(with));
    if (!removed) co_return refuse(removed.error());
    dropped = co_await drop_before(call.with.store, queue, never);
    if (!dropped) co_return refuse(dropped.error());
    co_return Reply{};
}

// Drops what is older than the position, and brings back what is newer and does not wait.
Task<Answer<Reply>> seek_queue(Call& call) {
    store::Consumers::Pointer consumer = call.with.consumers.find(name_of(call));
    if (!consumer) co_return not_found("queue");
    const std::string to = call.fields().text_or("to", "");
    const std::optional<TimePoint> since = position(to);
    const model::QueueId queue = model::consumer_queue(call.application, consumer->name);
    const Result<int> dropped = co_await drop_before(call.with.store, queue, since.value_or(never));
    if (!dropped) co_return refuse(dropped.error());
    json::object told{{"dropped", *dropped}, {"replayed", 0}};
    if (since) {
        store::Replay replay;
        replay.queue = queue;
        replay.application = call.application;
        replay.filter = consumer->filter;
        replay.span.since = *since;
        replay.which = store::Replay::Which::all;
        const Result<int> replayed = co_await replay_all(call.with.store, std::move(replay));
        if (!replayed) co_return refuse(replayed.error());
        told["replayed"] = *replayed;
    }
    store::Commit with = audited(call, {"queue.sought", consumer->name, "to " + to});
    const Result<void> noted = co_await call.with.store.commit(std::move(with));
    if (!noted) co_return refuse(noted.error());
    co_return reply(told);
}

}  // namespace hookreel::api
