// Who stands behind whom in a queue that is ordered by key.
//
// The oldest entry of a key goes first. Once it was handed out or delayed it blocks its key, and
// younger ones of the key that come up are parked here, as a bit each, until it is gone.
// Keys are hashes: two keys that share one wait for each other, which harms nothing. Threads: one
// at a time.
#pragma once

#include <map>
#include <set>
#include <unordered_set>

#include "store/sqlite/file/pack.h"

namespace hookreel::store {

class KeyLines {
 public:
    // Whether the queue's delayed entries on disk were told to `block`.
    bool complete = false;

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
    std::optional<EntryId> next(KeyHash key);
    void unpark(KeyHash key, EntryId entry);

    std::set<std::pair<KeyHash, EntryId>> blockers_;
    std::map<std::pair<KeyHash, std::uint64_t>, std::uint64_t> parked_;  // Slots by key and pack.
};

}  // namespace hookreel::store
