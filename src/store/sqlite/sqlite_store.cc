#include "store/sqlite/sqlite_store.h"

#include "base/cancellation.h"
#include "store/sqlite/file/file_lock.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/revival.h"
#include "store/sqlite/writer.h"

namespace hookreel::store {
namespace {

// After so many reads of a long queue that find nothing, what was found before is not held back any
// longer: all that they bring waits behind others of its key.
constexpr int fruitless_reads_max = 64;

Error closed() {
    return {Code::unavailable, "the store is closed"};
}

Error unreadable() {
    return {Code::unavailable, "the store is closed, or its file cannot be used now"};
}

// Suspends the caller until `question` was answered on the reader's thread.
template <class T, class Ask>
Task<Result<T>> answer(Reader& reader, Ask question) {
    const auto start = [&reader, &question](Reply<Result<T>> reply) {
        const Executor loop = reply.loop();
        auto ask = [reply = std::move(reply), question = std::move(question)](
                       Reads* reads, Outbox& outbox) mutable {
            reply.send(outbox, reads != nullptr ? question(*reads) : fail(unreadable()));
        };
        reader.ask(loop, std::move(ask));
    };
    co_return co_await await_reply<Result<T>>(start);
}

// Suspends the caller until `work` was done on the writer's thread, between two groups. It may
// wake others through the outbox.
template <class T, class Work>
Task<Result<T>> done(Writer& writer, Work work) {
    const auto start = [&writer, &work](Reply<Result<T>> reply) {
        const Executor loop = reply.loop();
        auto chore = [reply = std::move(reply), work = std::move(work)](Upkeep* upkeep,
                                                                        Outbox& outbox) mutable {
            reply.send(outbox, upkeep != nullptr ? work(*upkeep, outbox) : fail(unreadable()));
        };
        writer.submit(loop, std::move(chore));
    };
    co_return co_await await_reply<Result<T>>(start);
}

}  // namespace

SqliteStore::SqliteStore(const Clock& clock, Limits limits, FileLock lock)
    : clock_(clock),
      limits_(limits),
      lock_(std::make_unique<FileLock>(std::move(lock))),
      index_(std::make_unique<QueueIndex>()),
      ids_(std::make_unique<Ids>()),
      departures_(std::make_unique<Departures>()) {}

SqliteStore::~SqliteStore() {
    close();
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(SqliteOptions options, const Clock& clock,
                                                       const Log& log) {
    Result<FileLock> lock = FileLock::take(options.path + "-lock");
    if (!lock) return fail(std::move(lock.error()));
    std::unique_ptr<SqliteStore> store(new SqliteStore(clock, options.limits, std::move(*lock)));
    const DatabaseOptions database{.path = options.path, .vfs = options.vfs};
    const WriterOptions writing{database, options.limits, options.probe_interval};
    Result<std::unique_ptr<Writer>> writer =
        Writer::open(writing, clock, log, *store->index_, *store->ids_, *store->departures_);
    if (!writer) return fail(std::move(writer.error()));
    store->writer_ = std::move(*writer);
    for (std::unique_ptr<Reader>* into : {&store->records_, &store->history_}) {
        Result<std::unique_ptr<Reader>> reader =
            Reader::open(database, *store->index_, *store->ids_, *store->departures_);
        if (!reader) return fail(std::move(reader.error()));
        *into = std::move(*reader);
    }
    return store;
}

Task<Result<void>> SqliteStore::commit(Commit commit) {
    const auto start = [this, &commit](Reply<Result<void>> reply) {
        writer_->submit(std::make_unique<PendingCommit>(std::move(commit), std::move(reply)));
    };
    co_return co_await await_reply<Result<void>>(start);
}

Task<Result<std::vector<Published>>> SqliteStore::publish(std::vector<NewEvent> events) {
    using Answer = Result<std::vector<Published>>;
    const auto start = [this, &events](Reply<Answer> reply) {
        Commit commit;
        commit.events = std::move(events);
        writer_->submit(std::make_unique<PendingCommit>(std::move(commit), std::move(reply)));
    };
    co_return co_await await_reply<Answer>(start);
}

Task<Result<std::vector<Lease>>> SqliteStore::lease(model::QueueId id, LeaseOptions options) {
    const Executor loop = co_await asio::this_coro::executor;
    const auto deadline = std::chrono::steady_clock::now() + options.wait;
    std::vector<Lease> leases;
    int fruitless = 0;  // Reads since the last lease.
    while (true) {
        Outbox outbox;
        std::unique_lock lock(index_->mutex());
        if (index_->closed()) co_return fail(closed());
        Queue& queue = index_->queue(id);
        const TimePoint now = clock_.now();
        Taken taken = index_->take(queue, options, now, outbox);
        const auto left = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
        std::shared_ptr<Waiter> waiter;
        Duration nap{0};
        const bool is_empty_handed = leases.empty() && taken.leases.empty();
        if (taken.next == Next::done && is_empty_handed && left > Duration(0)) {
            waiter = std::make_shared<Waiter>(loop);
            nap = std::min(left, std::max(Duration(0), QueueIndex::next_change(queue) - now));
            index_->sleep(queue, {waiter, now + nap});
        }
        lock.unlock();
        outbox.send();
        options.count_max -= static_cast<int>(taken.leases.size());
        fruitless = taken.leases.empty() ? fruitless + 1 : 0;
        std::ranges::move(taken.leases, std::back_inserter(leases));
        if (taken.next == Next::read) {
            if (!leases.empty() && fruitless > fruitless_reads_max) co_return leases;
            const Result<void> read = co_await read_more(queue);
            if (!read && leases.empty()) co_return fail(read.error());
            if (!read) co_return leases;
        } else if (waiter) {
            const Wake wake = co_await waiter->sleep(nap);
            lock.lock();
            index_->leave(queue, waiter, wake, outbox);
            lock.unlock();
            outbox.send();
        } else {
            if (taken.prefetch) prefetch(queue, loop);
            co_return leases;
        }
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return leases;
    }
}

bool SqliteStore::watch(const model::QueueId& id, model::Order order,
                        const std::shared_ptr<Bell>& bell) {
    TimePoint change = never;
    const TimePoint now = clock_.now();
    {
        const std::lock_guard lock(index_->mutex());
        if (index_->closed()) return false;
        Queue& queue = index_->queue(id);
        if (!index_->watch(queue, order, bell, now)) return false;
        change = QueueIndex::next_change(queue);
    }
    if (change != never) Bell::ring_within(bell, change - now);
    return true;
}

Task<Result<void>> SqliteStore::read_more(Queue& queue) {
    return done<void>(*writer_, [this, &queue](Upkeep& upkeep, Outbox&) {
        return upkeep.read(queue, clock_.now());
    });
}

void SqliteStore::prefetch(Queue& queue, const Executor& loop) {
    writer_->submit(loop, [this, &queue](Upkeep* upkeep, Outbox&) {
        // A failure shows in the store's health, and again when somebody must wait for it.
        if (upkeep != nullptr) static_cast<void>(upkeep->read(queue, clock_.now()));
    });
}

Result<void> SqliteStore::renew(Handle handle, Duration hold) {
    Outbox outbox;
    const TimePoint now = clock_.now();
    const bool renewed = [&] {
        const std::lock_guard lock(index_->mutex());
        return !index_->closed() && index_->renew(handle, now + hold, now, outbox);
    }();
    outbox.send();
    if (!renewed) return fail(lease_lost(handle));
    return {};
}

Task<Result<Record>> SqliteStore::get(RecordKey key) {
    return answer<Record>(*records_,
                          [key = std::move(key)](Reads& reads) { return reads.get(key); });
}

Task<Result<std::vector<Record>>> SqliteStore::list(Kind kind, ListOptions options) {
    return answer<std::vector<Record>>(
        *records_,
        [kind, options = std::move(options)](Reads& reads) { return reads.list(kind, options); });
}

Task<Result<QueueCounts>> SqliteStore::count(model::QueueId id) {
    QueueCounts counts;
    std::uint32_t number = 0;
    {
        const std::lock_guard lock(index_->mutex());
        if (index_->closed()) co_return fail(closed());
        Queue* queue = index_->find(id);
        if (queue == nullptr) co_return counts;
        counts = index_->count(*queue, clock_.now());
        number = queue->number;
    }
    if (counts.waiting + counts.leased == 0) co_return counts;
    const Result<TimePoint> oldest = co_await answer<TimePoint>(
        *records_, [number](Reads& reads) { return reads.archive().oldest(number); });
    if (!oldest) co_return fail(oldest.error());
    counts.oldest = *oldest;
    co_return counts;
}

Task<Result<QueueTotals>> SqliteStore::totals() {
    QueueTotals totals;
    std::vector<std::pair<model::QueueId, std::uint32_t>> busy;
    {
        const std::lock_guard lock(index_->mutex());
        if (index_->closed()) co_return fail(closed());
        for (Queue* queue : index_->all()) {
            const QueueCounts counts = index_->count(*queue, clock_.now());
            add(totals, queue->id, counts);
            if (counts.waiting + counts.leased > 0) busy.emplace_back(queue->id, queue->number);
        }
    }
    if (busy.empty()) co_return totals;
    using Oldest = std::vector<TimePoint>;
    const Result<Oldest> oldest = co_await answer<Oldest>(*history_, [&busy](Reads& reads) {
        Oldest found;
        for (const auto& [id, number] : busy)
            found.push_back(reads.archive().oldest(number).value_or(never));
        return Result<Oldest>(std::move(found));
    });
    if (!oldest) co_return fail(oldest.error());
    for (std::size_t i = 0; i < busy.size(); ++i)
        add(totals, busy[i].first, {.oldest = oldest->at(i)});
    co_return totals;
}

void SqliteStore::write_metrics(MetricsText& text) const {
    writer_->write_metrics(text);
    text.gauge("hookreel_store_ready", "1 when commits are being taken.", "", health() ? 1 : 0);
}

Task<Result<Page<Attempt>>> SqliteStore::attempts(AttemptQuery query) {
    return answer<Page<Attempt>>(*history_, [query = std::move(query)](Reads& reads) {
        return reads.log().attempts(query);
    });
}

Task<Result<Page<ArchivedEvent>>> SqliteStore::events(EventQuery query) {
    return answer<Page<ArchivedEvent>>(*history_, [query = std::move(query)](Reads& reads) {
        return reads.archive().events(query);
    });
}

Task<Result<ArchivedEvent>> SqliteStore::event(model::ApplicationId application,
                                               model::EventId id) {
    return answer<ArchivedEvent>(*history_, [application, id = std::move(id)](Reads& reads) {
        return reads.archive().event(application, id);
    });
}

Task<Result<Page<Delivery>>> SqliteStore::deliveries(DeliveryQuery query) {
    return answer<Page<Delivery>>(*history_, [this, query = std::move(query)](Reads& reads) {
        return reads.archive().deliveries(query, clock_.now());
    });
}

Task<Result<Delivery>> SqliteStore::delivery(DeliveryId id) {
    return answer<Delivery>(*history_, [this, id = std::move(id)](Reads& reads) {
        return reads.archive().delivery(id, clock_.now());
    });
}

Task<Result<void>> SqliteStore::retry(DeliveryId id) {
    return done<void>(*writer_, [this, id = std::move(id)](Upkeep& upkeep, Outbox& outbox) {
        return Revival(upkeep.tables(), upkeep.index(), limits_).retry(id, clock_.now(), outbox);
    });
}

Task<Result<ReplayStep>> SqliteStore::replay(Replay replay) {
    return done<ReplayStep>(*writer_,
                            [this, replay = std::move(replay)](Upkeep& upkeep, Outbox& outbox) {
                                return Revival(upkeep.tables(), upkeep.index(), limits_)
                                    .replay(replay, clock_.now(), outbox);
                            });
}

Task<Result<std::vector<DeadLetter>>> SqliteStore::dead_letters(model::QueueId queue,
                                                                int count_max) {
    return answer<std::vector<DeadLetter>>(*history_,
                                           [queue = std::move(queue), count_max](Reads& reads) {
                                               return reads.dead_letters(queue, count_max);
                                           });
}

Task<Result<int>> SqliteStore::expire(model::QueueId id, TimePoint before, int count_max) {
    return done<int>(*writer_, [this, id = std::move(id), before, count_max](Upkeep& upkeep,
                                                                             Outbox& outbox) {
        Queue* queue = [&] {
            const std::lock_guard lock(index_->mutex());
            return index_->find(id);
        }();
        return queue == nullptr ? Result<int>(0) : upkeep.expire(*queue, before, count_max, outbox);
    });
}

Task<Result<int>> SqliteStore::purge(PurgeLimits limits) {
    return done<int>(*writer_, [limits](Upkeep& upkeep, Outbox&) { return upkeep.purge(limits); });
}

Result<void> SqliteStore::health() const {
    {
        const std::lock_guard lock(index_->mutex());
        if (index_->closed()) return fail(closed());
    }
    return writer_->health();
}

void SqliteStore::close() {
    Outbox outbox;
    {
        const std::lock_guard lock(index_->mutex());
        index_->close();
        index_->wake_all(outbox);
    }
    outbox.send();
    if (writer_) writer_->stop();
    if (records_) records_->stop();
    if (history_) history_->stop();
}

}  // namespace hookreel::store
