// Who stands behind whom in a queue that is ordered by key.
//
// The oldest entry of a key goes first. Once it was handed out or delayed it blocks its key, and
// younger ones of the key that come up are parked here, as a bit each, until it is gone.
// Of a queue on disk its delayed entries are told oldest first; of entries that are younger than
// those told so far nothing can be said yet.
// Keys are hashes: two keys that share one wait for each other, which harms nothing. Threads: one
// at a time.
#pragma once

#include <boost/container/devector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <set>
#include <unordered_set>

#include "store/sqlite/file/pack.h"

namespace hookreel::store {

class KeyLines {
 public:
    static constexpr EntryId all = ~EntryId(0);
    // The queue's delayed entries on disk before this one were told to `block`.
    EntryId told_before = 0;

    // Whether it can be said who is in the way of the entry.
    bool knows(EntryId entry) const { return entry < told_before; }
    void block(KeyHash key, EntryId entry);
    // Whether an older one of the key is in the way.
    bool blocked(KeyHash key, EntryId entry) const;
    void park(KeyHash key, EntryId entry);
    bool parked(KeyHash key, EntryId entry) const;
    // The entry is gone. Returns the one that may go now; it blocks its key from here on.
    std::optional<EntryId> leave(KeyHash key, EntryId entry);
    // The same for entries whose key is not known.
    std::vector<EntryId> leave(const std::unordered_set<EntryId>& entries);
    // All that are parked, who are then no more.
    std::vector<EntryId> dissolve();

 private:
    // Those of one pack.
    struct Parked {
        std::uint64_t pack = 0;
        std::uint64_t slots = 0;
    };
    using Line = boost::container::devector<Parked>;  // Oldest first, none without slots.

    // Whether it was in the way.
    bool unblock(KeyHash key, EntryId entry);
    std::optional<EntryId> next(KeyHash key);
    void unpark(KeyHash key, EntryId entry);
    // The first of the line that is not of an earlier pack.
    static Line::iterator place(Line& line, std::uint64_t pack);

    // Most keys have one blocker: the oldest is here, the others there.
    boost::unordered_flat_map<KeyHash, EntryId> oldest_;
    std::set<std::pair<KeyHash, EntryId>> others_;
    boost::unordered_flat_map<KeyHash, Line> parked_;
};

}  // namespace hookreel::store
