// One group commit: the commits of many callers in one transaction, with one sync.
//
// Each commit is checked in full before anything of it is written, so one that is refused leaves no
// trace and its neighbours go on. What cannot be refused any more is collected and written at the
// end in as few rows as possible. Only a fault of the disk fails the group as a whole. Threads: the
// writer's.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <optional>

#include "store/limits.h"
#include "store/sqlite/file/departures.h"
#include "store/sqlite/file/log_page.h"
#include "store/sqlite/file/tables.h"
#include "store/sqlite/index/ids.h"
#include "store/sqlite/index/queue_index.h"

namespace hookreel::store {

class Group {
 public:
    Group(Tables& tables, QueueIndex& index, Ids& ids, Departures& departures, const Limits& limits,
          const Sequence& sequence);

    // Takes a commit in, or says why not. Errors: as Store::commit.
    Result<void> add(Commit& commit, TimePoint now);
    // Takes in those events whose ids are new. Errors: as Store::publish.
    Result<std::vector<Published>> publish(std::vector<NewEvent> events, TimePoint now);
    // The fault that fails the whole group, if there was one.
    const std::optional<Error>& fault() const { return fault_; }

    // Makes everything durable. Errors: unavailable, and then nothing has happened.
    Result<void> store();
    // After store: brings the index up to date and wakes those who wait.
    void apply(Outbox& outbox);
    // Instead of apply: the leases that were claimed are held on.
    void abandon();
    const Sequence& sequence() const { return sequence_; }

 private:
    // An entry that starts with a row of its own, because it is due later.
    struct Later {
        std::size_t queue = 0;  // Its index in the pack's queues.
        unsigned slot = 0;
        TimePoint due{};
    };
    struct StagedPack {
        std::uint64_t number = 0;
        std::vector<Queue*> queues;
        std::vector<std::uint64_t> fresh;  // Per queue, the slots that are due now.
        std::vector<LetterPtr> letters;
        std::vector<Later> later;
        std::string bytes;
        bool kept = false;  // By the archive.
        int events = 0;     // Of the archive.
        TimePoint stored{};
        TimePoint low = never;  // Of the events' times.
        TimePoint high{};
    };
    // Entries of one event with the same words.
    struct Draft {
        Body body;
        std::vector<Queue*> queues;
        std::vector<TimePoint> dues;
    };
    struct Staged {
        EntryId entry = 0;
        std::size_t pack = 0;   // Index into the packs.
        std::size_t begin = 0;  // Of the letter, in the bytes of the pack.
    };
    // What happens to an entry that was leased.
    struct Ending {
        enum class Kind { confirm, give_back, bury, spend } kind = Kind::confirm;
        Held* held = nullptr;
        int attempts = 0;  // That count from now on, since it entered its queue last.
        TimePoint due{};   // Of a give back; of a bury or a spend, now.
        std::string reason{};
    };
    // What is known at last of an entry that was spent before.
    struct LastWord {
        Spent* spent = nullptr;
        std::string reason;  // Why it is dead; of no meaning for a confirm.
        bool was_dead = false;
    };

    Result<void> begin();
    Result<void> check_versions(const Commit& commit);
    Result<void> reserve(const Commit& commit);
    void unreserve(const Commit& commit, std::size_t entries);
    Result<void> claim(Commit& commit, TimePoint now);
    Result<void> claim_all(Commit& commit, TimePoint now);
    Result<void> claim(Bury& bury, TimePoint now);
    Result<void> write_records(const Commit& commit);
    // Returns the letter that the archive shows; 0: it keeps none.
    EntryId stage(NewEvent& event, TimePoint now);
    Draft draft(std::vector<NewEntry>& left, const Body& body);
    Staged stage_letter(Letter letter, const Draft& draft, TimePoint now);
    std::size_t pack_for(const std::vector<Queue*>& queues, std::size_t bytes, bool kept);
    void stage_id(const IdDigest& digest, EntryId entry, TimePoint now);
    Result<bool> seen(const IdDigest& digest);
    void stage(AttemptPtr attempt);
    Queue& touch(Queue& queue);

    Result<void> write();
    Result<void> write_packs();
    Result<void> write_pack(StagedPack& pack);
    Result<void> write_ids();
    Result<void> write_endings();
    Result<void> write_ending(const Ending& ending);
    Result<void> write_last_words();
    Result<void> write(LastWord& word);
    Result<void> write_places();
    Result<void> write_pages();
    void apply(StagedPack& pack, Outbox& outbox);
    void apply(Ending& ending, Outbox& outbox);
    void forget();
    bool archived(const Entry& entry) const;

    Tables& tables_;
    QueueIndex& index_;
    Ids& ids_;
    Departures& departures_;
    const Limits& limits_;
    Sequence sequence_;
    bool begun_ = false;
    std::optional<Error> fault_;
    std::vector<StagedPack> packs_;
    std::vector<Ending> endings_;
    std::vector<LastWord> last_words_;
    std::vector<LogPage> pages_;
    std::optional<std::size_t> unheard_pack_;  // The last one that is for no queue.
    IdRow new_ids_;
    boost::unordered_flat_set<IdDigest, IdHash> staged_ids_;
    std::vector<Queue*> touched_;
    std::vector<Place*> places_;                  // Those with slots that leave.
    std::vector<std::uint64_t> maybe_unheld_;     // Packs to look at when all else is written.
    std::vector<std::function<void()>> written_;  // Of the commits that were taken in.
};

}  // namespace hookreel::store
