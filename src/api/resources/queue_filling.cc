#include "api/resources/queue_filling.h"

#include <fmt/format.h>

#include "model/queue.h"
#include "store/typed_records.h"

namespace hookreel::api {
namespace {

constexpr std::string_view filling_prefix = "queue-filling/";
constexpr int step_count = 1000;

struct Filling {
    model::ApplicationId application;
    std::string name;
    TimePoint since{};
};
template <class V>
void fields(V& v, Of<Filling, V> f) {
    v("application", f.application);
    v("name", f.name);
    v("since", f.since);
}

store::RecordKey record_key(const Filling& filling) {
    return {store::Kind::server,
            fmt::format("{}{}/{}", filling_prefix, filling.application.value(), filling.name)};
}

Task<Result<void>> fill(store::Store& store, store::Consumers::Pointer consumer, Filling filling) {
    if (consumer) {
        store::Replay replay;
        replay.queue = model::consumer_queue(consumer->application, consumer->name);
        replay.application = consumer->application;
        replay.filter = consumer->filter;
        replay.span.since = filling.since;
        replay.which = store::Replay::Which::missing;
        Result<int> replayed = co_await replay_all(store, std::move(replay));
        if (!replayed) co_return fail(std::move(replayed.error()));
    }
    store::Commit commit;
    commit.removes.push_back(record_key(filling));
    co_return co_await store.commit(std::move(commit));
}

}  // namespace

Task<Result<int>> replay_all(store::Store& store, store::Replay replay) {
    int total = 0;
    replay.count_max = step_count;
    for (;;) {
        store::Replay step = replay;
        Result<store::ReplayStep> done = co_await store.replay(std::move(step));
        if (!done) co_return fail(std::move(done.error()));
        total += done->replayed;
        if (done->next.empty()) co_return total;
        replay.cursor = done->next;
    }
}

Task<Result<int>> drop_before(store::Store& store, model::QueueId queue, TimePoint before) {
    int total = 0;
    for (int dropped = step_count; dropped == step_count; total += dropped) {
        Result<int> step = co_await store.expire(queue, before, step_count);
        if (!step) co_return fail(std::move(step.error()));
        dropped = *step;
    }
    co_return total;
}

Task<Result<store::Consumers::Pointer>> create_filled(store::Store& store,
                                                      store::Consumers& consumers,
                                                      model::Consumer consumer,
                                                      std::optional<TimePoint> since,
                                                      store::Commit with) {
    Filling filling{consumer.application, consumer.name, since.value_or(TimePoint{})};
    if (since) with.puts.push_back({record_key(filling), to_json_text(filling), std::nullopt});
    Result<store::Consumers::Pointer> created =
        co_await consumers.create(std::move(consumer), std::move(with));
    if (!created || !since) co_return created;
    Result<void> filled = co_await fill(store, *created, std::move(filling));
    if (!filled) co_return fail(std::move(filled.error()));
    co_return created;
}

Task<Result<void>> finish_fillings(store::Store& store, const store::Consumers& consumers) {
    auto cut =
        co_await store::load_all<Filling>(store, store::Kind::server, std::string(filling_prefix));
    if (!cut) co_return fail(std::move(cut.error()));
    for (auto& record : *cut) {
        store::Consumers::Pointer consumer =
            consumers.find({record.value.application, record.value.name});
        Result<void> filled = co_await fill(store, std::move(consumer), std::move(record.value));
        if (!filled) co_return filled;
    }
    co_return Result<void>();
}

}  // namespace hookreel::api
