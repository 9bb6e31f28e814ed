// What the writer does besides commits: reads the next entries of a queue into memory, drops what
// is old, and reads the queues when the file is opened.
//
// It runs between two group commits, so memory and disk agree. Threads: the writer's.
#pragma once

#include "store/sqlite/file/tables.h"
#include "store/sqlite/index/ids.h"
#include "store/sqlite/index/queue_index.h"

namespace hookreel::store {

// Runs `work`, which returns a Result, as one transaction.
template <class Work>
auto transact(Database& database, Work work) -> decltype(work()) {
    if (Result<void> result = database.begin(); !result) return fail(std::move(result.error()));
    auto done = work();
    if (!done) {
        database.rollback();
        return done;
    }
    if (Result<void> result = database.commit(); !result) return fail(std::move(result.error()));
    return done;
}

class Upkeep {
 public:
    Upkeep(Tables& tables, QueueIndex& index, Ids& ids)
        : tables_(tables), index_(index), ids_(ids) {}

    // Reads what is due by now and was given back or delayed, and fills the window when it runs
    // low. Errors: unavailable; internal (the file is damaged).
    Result<void> read(Queue& queue, TimePoint now);

    // As Store::expire and Store::purge.
    Result<int> expire(Queue& queue, TimePoint before, int count_max, Outbox& outbox);
    Result<int> purge(const PurgeLimits& limits);

    Tables& tables() { return tables_; }
    QueueIndex& index() { return index_; }

 private:
    struct Due {
        std::vector<Entry> entries;
        DueRow next;  // That was not taken.
    };
    // Entries that are too old, up to the first one that is not.
    struct Aged {
        std::vector<EntryId> entries;
        EntryId stop = ~EntryId(0);
        std::vector<std::uint64_t> kept;  // Packs of the archive among them.
    };
    struct Known {
        std::vector<Entry> entries;
        std::vector<Place> places;  // Of each entry; without slots: it has a row.
    };
    using Slots = std::map<std::uint64_t, std::uint64_t>;  // By pack.

    // From which pack on, and how much.
    struct Ahead {
        std::uint64_t cursor = 0;
        std::uint64_t last_pack = 0;
        std::size_t entries = 0;
    };
    Result<void> read_window(Queue& queue, const Ahead& ahead);
    Result<void> read_due(Queue& queue, TimePoint now);
    Result<Due> find_due(const Queue& queue, DueRow first, TimePoint now);
    Result<void> read_keys(Queue& queue, EntryId from);
    // The row is one of `fresh_from`.
    Result<Packful> read_packful(Queue& queue, Rows& rows);
    Result<void> read_known(Queue& queue, std::vector<EntryId> wanted);
    Result<void> find_known(Queue& queue, std::uint64_t pack, Known& known);
    Result<void> read_letters_of(std::vector<Entry>& entries);
    Result<std::vector<LetterPtr>> letters(std::uint64_t pack);
    Result<Aged> aged_fresh(const Queue& queue, TimePoint before, int count_max, Slots& slots);
    Result<Aged> aged_rows(const Queue& queue, TimePoint before, int count_max);
    Result<void> remove(const Queue& queue, const std::vector<EntryId>& entries, Slots slots);
    Result<void> keep_dropped(const Queue& queue, const std::vector<EntryId>& entries,
                              const std::vector<std::uint64_t>& kept);
    Result<int> remove_attempts(TimePoint before, int count_max);
    Result<std::map<std::uint32_t, int>> remove_dead_letters(TimePoint before, int count_max);
    Result<void> remove_dead_entry(std::uint32_t queue, EntryId entry);
    Result<int> remove_events(TimePoint before, int count_max);

    Tables& tables_;
    QueueIndex& index_;
    Ids& ids_;
};

}  // namespace hookreel::store
