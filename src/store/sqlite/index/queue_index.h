// What the store keeps of its queues in memory: who holds what, and the next entries to hand out.
//
// A queue may hold millions of entries on disk; in memory are only those that are leased, those
// that came back, and a window of the oldest others. `cursor` says from which pack on the rest lies
// unread on disk. Threads: any, but whoever calls holds `mutex()`; nothing here blocks or does
// input or output.
#pragma once

#include <boost/container/deque.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "store/sqlite/file/tables.h"
#include "store/sqlite/index/key_lines.h"
#include "store/sqlite/index/lease_table.h"
#include "store/sqlite/mail/outbox.h"

namespace hookreel::store {

using HeldList = boost::intrusive::list<Held, boost::intrusive::constant_time_size<false>>;

// A coroutine that waits for an entry, and when it wakes by itself.
struct Sleeper {
    std::shared_ptr<Waiter> waiter;
    TimePoint planned{};
};

// One who watches instead, and when its bell rings by itself.
struct Watch {
    std::shared_ptr<Bell> bell;
    TimePoint planned{};
};

// What the transaction in progress adds to a queue; only the writer touches it.
struct Staged {
    std::uint64_t entries = 0;
    std::uint64_t rows = 0;  // Entries that get a row of their own.
    std::uint64_t dead = 0;
    std::optional<std::size_t> pack;  // The last one of the group that is for this queue.
    bool touched = false;
};

// An entry that is dead already and of which it may still be said what came of its only try.
struct Spent {
    Queue* queue = nullptr;
    EntryId entry = 0;
    int attempts = 0;   // All of them.
    bool kept = false;  // By the archive, as long as that reaches back so far.
    TimePoint until{};
    Claim claim = Claim::none;
    bool confirmed = false;
};

// Made when it is first used: of what many queues never need. Const access is to one that was made.
template <class T>
class OnUse {
 public:
    explicit operator bool() const { return made_ != nullptr; }
    T& operator*() {
        if (!made_) made_ = std::make_unique<T>();
        return *made_;
    }
    T* operator->() { return &**this; }
    const T* operator->() const { return made_.get(); }
    void reset() { made_.reset(); }

 private:
    std::unique_ptr<T> made_;
};

// What is in memory of a queue's entries. A queue that had none since the start goes without.
struct Stock {
    boost::container::deque<Entry> fresh;     // Oldest first; all before `cursor`.
    std::map<EntryId, Entry> again;           // Due once more.
    std::set<EntryId> known;                  // Due, but their letters are on disk.
    std::unordered_set<EntryId> loaded_rows;  // Entries in memory that have a row of their own.
    HeldList leases;                          // By the time at which they run out.
    boost::unordered_flat_map<EntryId, Held*> held;  // All that are leased, claimed or not.
    std::unordered_map<EntryId, TimePoint> spent;    // Dead, and still being sent until then.

    // Of a queue that is ordered by key; null: it is not.
    std::unique_ptr<KeyLines> lines;
    std::unordered_map<EntryId, Entry> aside;  // Parked ones whose letters are in memory.
    std::unordered_map<std::uint64_t, std::weak_ptr<Place>> places;  // Those in memory, by pack.

    bool has_due() const { return !fresh.empty() || !again.empty() || !known.empty(); }
};

struct Queue {
    std::uint32_t number = 0;
    model::QueueId id;
    bool stored = false;  // Whether its row is on disk.

    std::uint64_t entries = 0;  // All of them: waiting, leased, in memory or not.
    std::uint64_t leased = 0;
    std::uint64_t dead = 0;
    std::uint64_t rows = 0;  // Entries that have a row of their own.

    std::uint64_t cursor = 1;     // The first pack that may not be in memory.
    std::uint64_t last_pack = 0;  // The last pack on disk that is for this queue.
    // The first row by due time and entry that is not in memory.
    TimePoint next_due = never;
    EntryId next_entry = 0;

    std::list<Sleeper> sleepers;
    std::vector<Watch> watches;
    bool reading = false;  // Whether a prefetch is under way.
    Staged staged;
    OnUse<Stock> stock;

    bool unread() const { return cursor <= last_pack; }
};

enum class Next {
    done,  // All that is due and was asked for is there.
    read   // More is due, on disk: read and come again.
};

struct Taken {
    std::vector<Lease> leases;
    Next next = Next::done;
    // Whether the window runs low and is to be filled before somebody must wait for it.
    bool prefetch = false;
};

// Entries that were read from disk for a queue.
struct Packful {
    Place place;
    std::vector<LetterPtr> letters;  // Null: not read.
    std::uint64_t behind = 0;        // Slots that were not read, because others of their keys
    std::vector<KeyHash> keys{};     // go first; with the keys of all slots.
};

// Entries that block their keys: those on disk from one on, and before another.
struct Blockers {
    EntryId from = 0;
    EntryId end = 0;
    std::vector<std::pair<KeyHash, EntryId>> entries;
};

// A row on disk and when it is due.
struct DueRow {
    TimePoint due = never;
    EntryId entry = 0;

    auto operator<=>(const DueRow&) const = default;
};

// What memory knows of an entry beyond the file.
struct Glimpse {
    bool leased = false;
    bool in_memory = false;
    std::optional<int> attempts;  // All of them.
};

// What becomes of the entry of a lease that ends.
enum class Ended { gone, later };

class QueueIndex {
 public:
    static constexpr std::size_t window_entries = 1024;
    static constexpr std::size_t window_low = 64;
    // Of the bodies that are kept from their publishing on, all queues together.
    static constexpr std::size_t kept_bytes_max = 8 * 1024 * 1024;

    std::mutex& mutex() { return mutex_; }

    // The queue of that name; made when it is new.
    Queue& queue(const model::QueueId& id);
    Queue* find(const model::QueueId& id);
    std::vector<Queue*> all();

    // How many entries of a queue are read ahead; few when much is in memory already.
    std::size_t read_ahead() const { return kept_bytes_ < kept_bytes_max ? 256 : 32; }

    // Whether of what is behind others of its key only the keys are to be read: memory is full.
    bool skims(const Queue& queue) const {
        return is_by_key(queue) && kept_bytes_ >= kept_bytes_max;
    }
    // The slots of a pack on disk that wait and are behind others.
    static std::uint64_t behind(const Queue& queue, const Place& place,
                                const std::vector<KeyHash>& keys);

    // For those who lease.
    Taken take(Queue& queue, const LeaseOptions& options, TimePoint now, Outbox& outbox);
    bool renew(Handle handle, TimePoint until, TimePoint now, Outbox& outbox);
    QueueCounts count(Queue& queue, TimePoint now);
    // When something may become due by itself.
    static TimePoint next_change(const Queue& queue);
    void sleep(Queue& queue, Sleeper sleeper);
    // Ends a sleep. One that was rung for entries and does not take them rings for the next one.
    void leave(Queue& queue, const std::shared_ptr<Waiter>& waiter, Wake wake, Outbox& outbox);
    // Has the bell rung at the next change. Whether something may be due already: then it is not.
    bool watch(Queue& queue, model::Order order, const std::shared_ptr<Bell>& bell, TimePoint now);
    // So many of those who wait, and all who watch, must look: there are entries, or an earlier
    // time to wake.
    static void wake(Queue& queue, std::size_t count, Outbox& outbox);
    void wake_all(Outbox& outbox);
    bool closed() const { return closed_; }
    void close() { closed_ = true; }

    // For the writer. A claimed lease does not run out until it is ended or released. Null when
    // the lease is lost, or claimed already.
    Held* claim(Handle handle, Claim claim, TimePoint now);
    // The queue of a handle that may be confirmed, also of one that was confirmed before; else
    // null.
    const Queue* confirmable(Handle handle, TimePoint now);
    void release(Held& held);
    // The same for one that was spent and is not confirmed.
    Spent* claim_spent(Handle handle, Claim claim, TimePoint now);
    // An entry whose lease ended is spent from now on.
    void spend(Handle handle, Spent spent, TimePoint now);
    // It is known what came of it.
    static void conclude(Spent& spent, Claim claim);
    // It entered its queue again, so it is nobody's any more.
    void unspend(Queue& queue, EntryId entry);
    // Ends a lease whose entry leaves memory.
    void end(Held& held, TimePoint confirmed_until, Ended how, Outbox& outbox);
    // A pack was stored: `place.fresh` of it are due now.
    void append(Queue& queue, const Place& place, const std::vector<LetterPtr>& letters);
    // A row was stored that is due then, and is not in memory.
    void delay(Queue& queue, DueRow row, KeyHash key);
    void fill(Queue& queue, std::vector<Packful> packs, std::uint64_t cursor);
    void fill_due(Queue& queue, std::vector<Entry> entries, DueRow next);
    // Letters of entries that were `known`, and what else of their packs is parked. A place without
    // slots stands for rows.
    void fill_known(Queue& queue, std::vector<Entry> entries, const std::vector<Place>& places);
    // Rows that block their keys. What is older than their end can be ordered then.
    static void fill_keys(Queue& queue, const Blockers& rows);
    // Forgets entries that were dropped, leased or not.
    void drop(Queue& queue, const std::unordered_set<EntryId>& entries, Outbox& outbox);
    Glimpse glimpse(Queue& queue, EntryId entry, TimePoint now);
    // Whether it is kept in the order of keys now.
    static bool is_by_key(const Queue& queue) { return queue.stock && queue.stock->lines; }
    // Whether an older entry of its key is in the way.
    static bool is_behind(const Queue& queue, EntryId entry, KeyHash key) {
        return is_by_key(queue) && queue.stock->lines->blocked(key, entry);
    }
    Queue* find(std::uint32_t number);
    // Those that hold something.
    std::vector<std::uint32_t> busy_queues() const;
    // Packs before it are no more in the archive.
    std::uint64_t archive_floor() const { return archive_floor_.load(); }
    void set_archive_floor(std::uint64_t floor) { archive_floor_ = floor; }
    // Dead letters of the queue of that number were removed.
    void remove_dead(std::uint32_t number, std::uint64_t count);
    // Forgets everything but who waits, and starts from what the file has.
    void restore(std::uint64_t boot, const std::vector<StoredQueue>& queues);

 private:
    void settle(Queue& queue, TimePoint now);
    // The oldest entry in memory that may be handed out, or none.
    std::optional<Entry> pop(Queue& queue);
    std::optional<Entry> pick(Queue& queue, const model::EventId& event);
    // Keeps the queue in the order that is asked for.
    void arrange(Queue& queue, model::Order order);
    // goes: the entry is the first of its key. waits: it is not, and was parked. unknown: more of
    // the disk must be read first; it is in memory still.
    enum class Turn { goes, waits, unknown };
    Turn turn(Queue& queue, Entry& entry);
    void release(Queue& queue, EntryId entry);
    static void leave_behind(Queue& queue, KeyHash key, EntryId entry);
    std::shared_ptr<Place> share(Queue& queue, const Place& place);
    Lease lend(Queue& queue, Entry entry, TimePoint until, TimePoint now);
    // Into the leases of its queue, by time.
    static void insert(Held& held);
    // When all would sleep past the next change, or one who watches would hear of it too late.
    static void wake_for_change(Queue& queue, Outbox& outbox);
    void enter(const Entry& entry) { kept_bytes_ += entry.letter->bytes(); }
    void forget(const Entry& entry) { kept_bytes_ -= entry.letter->bytes(); }

    std::mutex mutex_;
    std::unordered_map<model::QueueId, std::unique_ptr<Queue>> queues_;
    std::unordered_map<std::uint32_t, Queue*> numbered_;
    std::atomic<std::uint64_t> archive_floor_ = 1;
    LeaseTable leases_{0};
    std::map<Handle, Spent> spent_;
    std::size_t kept_bytes_ = 0;
    std::uint32_t last_number_ = 0;
    bool closed_ = false;
};

}  // namespace hookreel::store
