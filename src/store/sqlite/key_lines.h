// Who stands behind whom in a queue that is ordered by key.
//
// The oldest entry of a key goes first. Once it was handed out or delayed it blocks its key, and
// younger ones of the key that come up are parked here, as two numbers each, until it is gone.
// Keys are hashes: two keys that share one wait for each other, which harms nothing. Threads: one
// at a time.
#pragma once

#include <set>
#include <unordered_set>

#include "store/sqlite/pack.h"

namespace hookreel::store {

class KeyLines {
 public:
    // Whether the queue's delayed entries on disk were told to `block`.
    bool complete = false;

    void block(KeyHash key, EntryId entry);
    // Whether an older one of the key is in the way.
    bool blocked(KeyHash key, EntryId entry) const;
    void park(KeyHash key, EntryId entry);
    bool parked(KeyHash key, EntryId entry) const { return parked_.contains({key, entry}); }
    // The entry is gone. Returns the one that may go now; it blocks its key from here on.
    std::optional<EntryId> leave(KeyHash key, EntryId entry);
    // The same for entries whose key is not known.
    std::vector<EntryId> leave(const std::unordered_set<EntryId>& entries);
    // All that are parked, who are then no more.
    std::vector<EntryId> dissolve();
    std::size_t waiting() const { return parked_.size(); }

 private:
    using Places = std::set<std::pair<KeyHash, EntryId>>;

    std::optional<EntryId> next(KeyHash key);

    Places blockers_;
    Places parked_;
};

}  // namespace hookreel::store
