// The store of one node: records, queues and the attempt log in one SQLite file.
//
// One thread writes, with one sync for everything that waits (group commit); two read. Leases and
// the next entries of each queue are in memory, so leasing costs no disk, and after a restart all
// that was leased is due again under new handles. A full disk or a failed sync stops acknowledging
// at once; see health(). The file is described in docs/formats/store.md. Threads: any.
#pragma once

#include <memory>
#include <string>

#include "base/log.h"
#include "base/metrics.h"
#include "store/limits.h"
#include "store/store.h"

namespace hookreel::store {

class Departures;
class FileLock;
class Ids;
class QueueIndex;
class Reader;
class Writer;
struct Queue;

struct SqliteOptions {
    std::string path;  // Of the database; "-wal", "-shm" and "-lock" lie beside it.
    Limits limits;
    std::string vfs;                // Of SQLite; empty: the operating system's.
    Duration probe_interval{1000};  // Between two looks whether a failed disk works again.
};

class SqliteStore final : public Store {
 public:
    // Opens the file, or creates it in a folder that exists. `clock` and `log` must outlive the
    // store. Errors: conflict (another server has it), invalid (another program's file, or a later
    // version's), unavailable.
    static Result<std::unique_ptr<SqliteStore>> open(SqliteOptions options, const Clock& clock,
                                                     const Log& log);
    ~SqliteStore() override;

    Task<Result<void>> commit(Commit commit) override;
    Task<Result<std::vector<Published>>> publish(std::vector<NewEvent> events) override;
    Task<Result<std::vector<Lease>>> lease(model::QueueId queue, LeaseOptions options) override;
    bool watch(const model::QueueId& queue, model::Order order,
               const std::shared_ptr<Bell>& bell) override;
    Result<void> renew(Handle handle, Duration hold) override;
    Task<Result<Record>> get(RecordKey key) override;
    Task<Result<std::vector<Record>>> list(Kind kind, ListOptions options) override;
    Task<Result<QueueCounts>> count(model::QueueId queue) override;
    Task<Result<QueueTotals>> totals() override;
    Task<Result<Page<Attempt>>> attempts(AttemptQuery query) override;
    Task<Result<Page<ArchivedEvent>>> events(EventQuery query) override;
    Task<Result<ArchivedEvent>> event(model::ApplicationId application, model::EventId id) override;
    Task<Result<Page<Delivery>>> deliveries(DeliveryQuery query) override;
    Task<Result<Delivery>> delivery(DeliveryId id) override;
    Task<Result<void>> retry(DeliveryId id) override;
    Task<Result<ReplayStep>> replay(Replay replay) override;
    Task<Result<std::vector<DeadLetter>>> dead_letters(model::QueueId queue,
                                                       int count_max) override;
    Task<Result<int>> expire(model::QueueId queue, TimePoint before, int count_max) override;
    Task<Result<int>> purge(PurgeLimits limits) override;
    Result<void> health() const override;
    void close() override;

    void write_metrics(MetricsText& text) const;

 private:
    SqliteStore(const Clock& clock, Limits limits, FileLock lock);
    // Has the writer read the next entries of the queue.
    Task<Result<void>> read_more(Queue& queue);
    // The same, without waiting for it.
    void prefetch(Queue& queue, const Executor& loop);

    const Clock& clock_;
    const Limits limits_;
    std::unique_ptr<FileLock> lock_;
    std::unique_ptr<QueueIndex> index_;
    std::unique_ptr<Ids> ids_;
    std::unique_ptr<Departures> departures_;
    std::unique_ptr<Writer> writer_;
    std::unique_ptr<Reader> records_;
    std::unique_ptr<Reader> history_;  // Whose searches may be long.
};

}  // namespace hookreel::store
