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
#include "store/searches.h"
#include "store/store.h"
#include "store/waiter.h"

namespace hookreel::store {

class MemoryStore : public Store {
 public:
    explicit MemoryStore(const Clock& clock, Limits limits = {});

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

 private:
    // An event that was stored.
    struct Happened {
        std::uint64_t number = 0;  // In the order of storing.
        TimePoint stored{};
        ArchivedEvent event;  // Without a body when the archive does not keep it.
        std::string trace;
    };
    using HappenedPtr = std::shared_ptr<const Happened>;

    // An event in one queue.
    struct Entry {
        std::uint64_t number = 0;
        HappenedPtr happened;
        model::QueueId queue;
        Body body;
        TimePoint due{};
        bool fresh = false;  // Due since it was stored, and neither given back nor replayed.
        int attempts = 0;    // How often it was handed out since it entered its queue last,
        int earlier = 0;     // and before that.
        Handle handle{};     // Of the last handing-out.
        TimePoint until{};
        std::string reason;  // Why it is dead,
        TimePoint buried{};  // and since when.

        const ArchivedEvent& event() const { return happened->event; }
        CursorPlace age() const { return {happened->number, number}; }
        bool leased(TimePoint now) const { return now < until; }
        bool ready(TimePoint now) const { return !leased(now) && due <= now; }
    };
    struct Queue {
        std::vector<Entry> entries;               // Oldest first.
        model::Order order = model::Order::none;  // As was asked last.
        std::vector<std::shared_ptr<Waiter>> waiters;
        std::vector<std::shared_ptr<Bell>> bells;
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
    using EventName = std::pair<model::ApplicationId, model::EventId>;
    // What a replay may bring into its queue.
    struct Candidate {
        HappenedPtr happened;
        std::optional<Entry> ended;  // Absent: it never was in the queue.
    };

    Result<void> check_versions(const Commit& commit) const;
    Result<void> check_handles(const Commit& commit, TimePoint now);
    // Whether the handle may be confirmed: it is out, or was confirmed before it ran out.
    bool confirmable(Handle handle, const Queue* only, TimePoint now);
    Result<void> check_lengths(const std::vector<NewEvent>& events) const;
    void apply(Commit commit, TimePoint now);
    void append(NewEvent event, TimePoint now);
    void insert(Entry entry);
    std::optional<Place> find(Handle handle, TimePoint now);
    // The dead entry that was spent under the handle and of which it may still be said what came of
    // it; else null.
    Entry* find_spent(Handle handle, TimePoint now);
    // Takes the entry to the dead letters.
    Entry& kill(const Place& place, std::string reason, TimePoint now);
    // Takes the entry out of its queue.
    Entry remove(const Place& place);
    void keep_delivered(Entry entry);
    void keep_dropped(Entry entry);
    bool archived(const Happened& happened) const;
    std::vector<Lease> take(const model::QueueId& id, const LeaseOptions& options, TimePoint now);
    // What a lease with these options may take, oldest first.
    std::vector<Entry*> due(const model::QueueId& id, const LeaseOptions& options, TimePoint now);
    Lease lend(Entry& entry, Duration hold, TimePoint now);
    // When the next entry may become due by itself.
    TimePoint next_change(const Queue& queue, TimePoint now) const;
    void wake_all();
    Result<void> open() const;
    QueueCounts counts_of(const model::QueueId& queue, TimePoint now);

    std::vector<Delivery> all_deliveries(TimePoint now);
    Result<void> enter_again(std::vector<Entry>& ended, std::size_t index);
    std::map<CursorPlace, Candidate> candidates(const Replay& replay) const;
    Result<void> replay_one(const Replay& replay, const Candidate& candidate);
    int purge_attempts(const PurgeLimits& limits);
    int purge_dead(const PurgeLimits& limits);
    int purge_events(const PurgeLimits& limits);
    int purge_ids(const PurgeLimits& limits);

    const Clock& clock_;
    const Limits limits_;
    mutable std::mutex mutex_;
    bool closed_ = false;
    std::map<RecordKey, Record> records_;
    std::map<model::QueueId, Queue> queues_;
    std::map<Handle, Confirmed> confirmed_;
    std::map<std::uint64_t, AttemptPtr> attempts_;
    std::map<std::uint64_t, HappenedPtr> archive_;
    std::map<EventName, TimePoint> ids_;  // That were seen, and when.
    std::vector<Entry> dead_;             // By burial.
    std::vector<Entry> delivered_;        // That the archive keeps.
    std::vector<Entry> dropped_;          // The same.
    std::uint64_t last_handle_ = 0;
    std::uint64_t last_number_ = 0;
};

}  // namespace hookreel::store
