// What the writer does besides commits: reads the next entries of a queue into memory, drops what
// is old, and reads the queues when the file is opened.
//
// It runs between two group commits, so memory and disk agree. Threads: the writer's.
#pragma once

#include "store/sqlite/queue_index.h"
#include "store/sqlite/tables.h"

namespace hookreel::store {

class Upkeep {
 public:
    Upkeep(Tables& tables, QueueIndex& index) : tables_(tables), index_(index) {}

    // Reads what is due by now and was given back or delayed, and fills the window when it runs
    // low. Errors: unavailable; internal (the file is damaged).
    Result<void> read(Queue& queue, TimePoint now);

    // As Store::expire and Store::purge.
    Result<int> expire(Queue& queue, TimePoint before, int count_max);
    Result<int> purge(const PurgeLimits& limits);

 private:
    struct Due {
        std::vector<Entry> entries;
        TimePoint next = never;  // Of what was not taken.
    };
    // Entries that are too old, up to the first one that is not.
    struct Aged {
        std::vector<EntryId> entries;
        EntryId stop = ~EntryId(0);
    };
    using Slots = std::map<std::uint64_t, std::uint64_t>;  // By pack.

    Result<void> read_window(Queue& queue, std::uint64_t cursor, std::uint64_t last_pack);
    Result<Due> find_due(const Queue& queue, TimePoint now);
    Result<void> read_letters_of(std::vector<Entry>& entries);
    Result<std::vector<LetterPtr>> letters(std::uint64_t pack);
    Result<Aged> aged_fresh(const Queue& queue, TimePoint before, int count_max, Slots& slots);
    Result<Aged> aged_rows(const Queue& queue, TimePoint before, int count_max);
    Result<void> remove(const Queue& queue, const std::vector<EntryId>& entries, Slots slots);
    Result<int> remove_attempts(TimePoint before, int count_max);
    Result<std::map<std::uint32_t, int>> remove_dead_letters(TimePoint before, int count_max);
    // Runs `work` as one transaction.
    template <class Work>
    auto transact(Work work) -> decltype(work());

    Tables& tables_;
    QueueIndex& index_;
};

}  // namespace hookreel::store
