#include "store/sqlite/sqlite_store.h"

#include "store/sqlite/file_lock.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/writer.h"

namespace hookreel::store {
namespace {

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

// Suspends the caller until `work` was done on the writer's thread, between two groups.
template <class T, class Work>
Task<Result<T>> done(Writer& writer, Work work) {
    const auto start = [&writer, &work](Reply<Result<T>> reply) {
        const Executor loop = reply.loop();
        auto chore = [reply = std::move(reply), work = std::move(work)](Upkeep* upkeep,
                                                                        Outbox& outbox) mutable {
            reply.send(outbox, upkeep != nullptr ? work(*upkeep) : fail(unreadable()));
        };
        writer.submit(loop, std::move(chore));
    };
    co_return co_await await_reply<Result<T>>(start);
}

}  // namespace

SqliteStore::SqliteStore(const Clock& clock, FileLock lock)
    : clock_(clock),
      lock_(std::make_unique<FileLock>(std::move(lock))),
      index_(std::make_unique<QueueIndex>()) {}

SqliteStore::~SqliteStore() {
    close();
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(SqliteOptions options, const Clock& clock,
                                                       const Log& log) {
    Result<FileLock> lock = FileLock::take(options.path + "-lock");
    if (!lock) return fail(std::move(lock.error()));
    std::unique_ptr<SqliteStore> store(new SqliteStore(clock, std::move(*lock)));
    const DatabaseOptions database{.path = options.path, .vfs = options.vfs};
    const WriterOptions writing{database, options.limits, options.probe_interval};
    Result<std::unique_ptr<Writer>> writer = Writer::open(writing, clock, log, *store->index_);
    if (!writer) return fail(std::move(writer.error()));
    store->writer_ = std::move(*writer);
    for (std::unique_ptr<Reader>* into : {&store->records_, &store->history_}) {
        Result<std::unique_ptr<Reader>> reader = Reader::open(database);
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

Task<Result<std::vector<Lease>>> SqliteStore::lease(model::QueueId id, LeaseOptions options) {
    const Executor loop = co_await asio::this_coro::executor;
    const auto deadline = std::chrono::steady_clock::now() + options.wait;
    std::vector<Lease> leases;
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
        if (taken.next == Next::done && taken.leases.empty() && left > Duration(0)) {
            waiter = std::make_shared<Waiter>(loop);
            nap = std::min(left, std::max(Duration(0), QueueIndex::next_change(queue) - now));
            index_->sleep(queue, {waiter, now + nap});
        }
        lock.unlock();
        outbox.send();
        options.count_max -= static_cast<int>(taken.leases.size());
        std::ranges::move(taken.leases, std::back_inserter(leases));
        if (taken.next == Next::read) {
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
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) co_return leases;
    }
}

Task<Result<void>> SqliteStore::read_more(Queue& queue) {
    return done<void>(*writer_,
                      [this, &queue](Upkeep& upkeep) { return upkeep.read(queue, clock_.now()); });
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
    const std::lock_guard lock(index_->mutex());
    if (index_->closed()) co_return fail(closed());
    Queue* queue = index_->find(id);
    co_return queue == nullptr ? QueueCounts{} : index_->count(*queue, clock_.now());
}

Task<Result<Page<Attempt>>> SqliteStore::attempts(AttemptQuery filter) {
    return answer<Page<Attempt>>(
        *history_, [filter = std::move(filter)](Reads& reads) { return reads.attempts(filter); });
}

Task<Result<std::vector<DeadLetter>>> SqliteStore::dead_letters(model::QueueId queue,
                                                                int count_max) {
    return answer<std::vector<DeadLetter>>(*history_,
                                           [queue = std::move(queue), count_max](Reads& reads) {
                                               return reads.dead_letters(queue, count_max);
                                           });
}

Task<Result<int>> SqliteStore::expire(model::QueueId id, TimePoint before, int count_max) {
    return done<int>(*writer_, [this, id = std::move(id), before, count_max](Upkeep& upkeep) {
        Queue* queue = [&] {
            const std::lock_guard lock(index_->mutex());
            return index_->find(id);
        }();
        return queue == nullptr ? Result<int>(0) : upkeep.expire(*queue, before, count_max);
    });
}

Task<Result<int>> SqliteStore::purge(PurgeLimits limits) {
    return done<int>(*writer_, [limits](Upkeep& upkeep) { return upkeep.purge(limits); });
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
