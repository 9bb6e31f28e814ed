#include "store/sqlite/key_lines.h"

namespace hookreel::store {

void KeyLines::block(KeyHash key, EntryId entry) {
    if (key != 0) blockers_.insert({key, entry});
}

bool KeyLines::blocked(KeyHash key, EntryId entry) const {
    if (key == 0) return false;
    const auto oldest = blockers_.lower_bound({key, 0});
    return oldest != blockers_.end() && oldest->first == key && oldest->second < entry;
}

void KeyLines::park(KeyHash key, EntryId entry) {
    blockers_.erase({key, entry});
    parked_.insert({key, entry});
}

std::optional<EntryId> KeyLines::leave(KeyHash key, EntryId entry) {
    if (key == 0) return std::nullopt;
    parked_.erase({key, entry});
    if (blockers_.erase({key, entry}) == 0) return std::nullopt;
    return next(key);
}

std::optional<EntryId> KeyLines::next(KeyHash key) {
    const auto first = parked_.lower_bound({key, 0});
    if (first == parked_.end() || first->first != key || blocked(key, first->second))
        return std::nullopt;
    const EntryId entry = first->second;
    parked_.erase(first);
    blockers_.insert({key, entry});
    return entry;
}

std::vector<EntryId> KeyLines::leave(const std::unordered_set<EntryId>& entries) {
    const auto gone = [&](const auto& place) { return entries.contains(place.second); };
    std::set<KeyHash> keys;
    std::erase_if(parked_, gone);
    std::erase_if(blockers_, [&](const auto& place) {
        if (!gone(place)) return false;
        keys.insert(place.first);
        return true;
    });
    std::vector<EntryId> free;
    for (KeyHash key : keys)
        if (const std::optional<EntryId> entry = next(key)) free.push_back(*entry);
    return free;
}

std::vector<EntryId> KeyLines::dissolve() {
    std::vector<EntryId> all;
    for (const auto& [key, entry] : parked_)
        all.push_back(entry);
    parked_.clear();
    return all;
}

}  // namespace hookreel::store
