// The store without a disk: the fake for tests, and the specification that every store is compared
// with.
//
// Plain lists that are walked from the start, because that is easy to believe. Nothing survives its
// destruction. Threads: any, one lock for all.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "store/limits.h"
#include "store/store.h"
#include "store/waiter.h"

namespace hookreel::store {

class MemoryStore final : public Store {
 public:
    explicit MemoryStore(const Clock& clock, Limits limits = {});

    Task<Result<void>> commit(Commit commit) override;
    Task<Result<std::vector<Lease>>> lease(model::QueueId queue, LeaseOptions options) override;
    Result<void> renew(Handle handle, Duration hold) override;
    Task<Result<Record>> get(RecordKey key) override;
    Task<Result<std::vector<Record>>> list(Kind kind, ListOptions options) override;
    Task<Result<QueueCounts>> count(model::QueueId queue) override;
    Task<Result<Page<Attempt>>> attempts(AttemptQuery filter) override;
    Task<Result<std::vector<DeadLetter>>> dead_letters(model::QueueId queue,
                                                       int count_max) override;
    Task<Result<int>> expire(model::QueueId queue, TimePoint before, int count_max) override;
    Task<Result<int>> purge(PurgeLimits limits) override;
    Result<void> health() const override;
    void close() override;

 private:
    // One place of one event in one queue.
    struct Entry {
        NewEvent event;  // Without its entries.
        Body body;
        TimePoint due{};
        int attempts = 0;  // How often it was handed out.
        Handle handle{};   // Of the last handing-out.
        TimePoint until{};

        bool leased(TimePoint now) const { return now < until; }
        bool ready(TimePoint now) const { return !leased(now) && due <= now; }
    };
    struct Queue {
        std::vector<Entry> entries;  // Oldest first.
        std::vector<std::shared_ptr<Waiter>> waiters;
    };
    struct Place {
        Queue* queue = nullptr;
        std::size_t index = 0;
    };
    // A lease that was confirmed, and until when a repeated confirm succeeds.
    struct Confirmed {
        const Queue* queue = nullptr;
        TimePoint until{};
    };

    Result<void> check_versions(const Commit& commit) const;
    Result<void> check_handles(const Commit& commit, TimePoint now);
    // Whether the handle may be confirmed: it is out, or was confirmed before it ran out.
    bool confirmable(Handle handle, const Queue* only, TimePoint now);
    Result<void> check_lengths(const Commit& commit) const;
    void apply(Commit commit, TimePoint now);
    void append(NewEvent event);
    std::optional<Place> find(Handle handle, TimePoint now);
    void remove(const Place& place);
    std::vector<Lease> take(const model::QueueId& id, const LeaseOptions& options, TimePoint now);
    // When the next entry may become due by itself.
    TimePoint next_change(const Queue& queue, TimePoint now) const;
    void wake_all();
    Result<void> open() const;

    const Clock& clock_;
    const Limits limits_;
    mutable std::mutex mutex_;
    bool closed_ = false;
    std::map<RecordKey, Record> records_;
    std::map<model::QueueId, Queue> queues_;
    std::map<Handle, Confirmed> confirmed_;
    std::vector<Attempt> attempts_;         // Oldest first.
    std::vector<DeadLetter> dead_letters_;  // Oldest first.
    std::uint64_t last_handle_ = 0;
};

}  // namespace hookreel::store
