#include "store/sqlite/index/key_lines.h"

#include <bit>

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
    parked_[{key, pack_of(entry)}] |= slot_bit(entry);
}

bool KeyLines::parked(KeyHash key, EntryId entry) const {
    const auto found = parked_.find({key, pack_of(entry)});
    return found != parked_.end() && (found->second & slot_bit(entry)) != 0;
}

void KeyLines::unpark(KeyHash key, EntryId entry) {
    const auto found = parked_.find({key, pack_of(entry)});
    if (found == parked_.end()) return;
    found->second &= ~slot_bit(entry);
    if (found->second == 0) parked_.erase(found);
}

std::optional<EntryId> KeyLines::leave(KeyHash key, EntryId entry) {
    if (key == 0) return std::nullopt;
    unpark(key, entry);
    if (blockers_.erase({key, entry}) == 0) return std::nullopt;
    return next(key);
}

std::optional<EntryId> KeyLines::next(KeyHash key) {
    const auto first = parked_.lower_bound({key, 0});
    if (first == parked_.end() || first->first.first != key) return std::nullopt;
    const auto slot = static_cast<unsigned>(std::countr_zero(first->second));
    const EntryId entry = entry_id(first->first.second, slot);
    if (blocked(key, entry)) return std::nullopt;
    unpark(key, entry);
    blockers_.insert({key, entry});
    return entry;
}

std::vector<EntryId> KeyLines::leave(const std::unordered_set<EntryId>& entries) {
    std::map<std::uint64_t, std::uint64_t> gone;  // Slots by pack.
    for (EntryId entry : entries)
        gone[pack_of(entry)] |= slot_bit(entry);
    for (auto place = parked_.begin(); place != parked_.end();) {
        if (const auto found = gone.find(place->first.second); found != gone.end())
            place->second &= ~found->second;
        place = place->second == 0 ? parked_.erase(place) : std::next(place);
    }
    std::set<KeyHash> keys;
    std::erase_if(blockers_, [&](const auto& place) {
        if (!entries.contains(place.second)) return false;
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
    for (const auto& [place, slots] : parked_)
        for (std::uint64_t left = slots; left != 0; left &= left - 1)
            all.push_back(entry_id(place.second, static_cast<unsigned>(std::countr_zero(left))));
    parked_.clear();
    return all;
}

}  // namespace hookreel::store
