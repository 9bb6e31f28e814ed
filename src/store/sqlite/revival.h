// What enters a queue again, or late: a retry by hand, and a replay.
//
// An entry that comes back has a row of its own and keeps its age, so that it is handed out before
// what is younger. It runs between two group commits, so memory and disk agree. Threads: the
// writer's.
#pragma once

#include "store/limits.h"
#include "store/searches.h"
#include "store/sqlite/upkeep.h"

namespace hookreel::store {

class Revival {
 public:
    Revival(Tables& tables, QueueIndex& index, const Limits& limits)
        : tables_(tables), index_(index), limits_(limits) {}

    // As Store::retry and Store::replay.
    Result<void> retry(const DeliveryId& id, TimePoint now, Outbox& outbox);
    Result<ReplayStep> replay(const Replay& replay, TimePoint now, Outbox& outbox);

 private:
    // What an entry is now.
    enum class Stage { none, here, delayed, dead, dropped, delivered };
    struct Pack {
        std::uint64_t number = 0;
        std::vector<std::uint32_t> queues;
        bool archived = false;
        std::vector<LetterPtr> letters;
        std::map<std::uint32_t, std::uint64_t> joined;  // Slots by queue.

        bool holds(std::uint32_t queue, unsigned slot) const;
    };
    struct Chosen {
        EntryId entry = 0;
        Stage stage = Stage::none;
        KeyHash key = 0;
    };
    struct Choice {
        std::vector<Chosen> entries;
        std::optional<EntryId> next;  // Where the next step begins.
    };

    Result<std::optional<Pack>> read_pack(std::uint64_t number);
    Result<Stage> stage_of(std::uint32_t queue, const Pack& pack, EntryId entry);
    Result<Choice> choose_dead(const Replay& replay, std::uint32_t queue, EntryId from);
    Result<Choice> choose(const Replay& replay, std::uint32_t queue, EntryId from);
    // Returns how many letters it looked at.
    Result<std::size_t> choose_in(const Replay& replay, std::uint32_t queue, EntryId from,
                                  std::uint64_t number, Choice& choice);
    Result<bool> fits(const Replay& replay, const Letter& letter);
    Result<bool> is_elsewhere(std::uint32_t queue, const Letter& main);
    // How often an entry was handed out that ended.
    Result<int> attempts_of(std::uint32_t queue, const Chosen& chosen);
    Result<void> write(const Queue& queue, const Chosen& chosen, TimePoint now);
    // Brings chosen entries into the queue, on disk and in memory.
    Result<void> enter(Queue& queue, const std::vector<Chosen>& chosen, TimePoint now,
                       Outbox& outbox);

    Tables& tables_;
    QueueIndex& index_;
    const Limits& limits_;
};

}  // namespace hookreel::store
