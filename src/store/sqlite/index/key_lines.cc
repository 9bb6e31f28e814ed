#include "store/sqlite/index/key_lines.h"

#include <algorithm>
#include <bit>
#include <map>

namespace hookreel::store {
namespace {

unsigned first_slot(std::uint64_t slots) {
    return static_cast<unsigned>(std::countr_zero(slots));
}

}  // namespace

void KeyLines::block(KeyHash key, EntryId entry) {
    if (key == 0) return;
    const auto [oldest, is_first] = oldest_.try_emplace(key, entry);
    if (is_first || oldest->second == entry) return;
    others_.insert({key, std::max(oldest->second, entry)});
    oldest->second = std::min(oldest->second, entry);
}

bool KeyLines::blocked(KeyHash key, EntryId entry) const {
    if (key == 0) return false;
    const auto oldest = oldest_.find(key);
    return oldest != oldest_.end() && oldest->second < entry;
}

bool KeyLines::unblock(KeyHash key, EntryId entry) {
    const auto oldest = oldest_.find(key);
    if (oldest == oldest_.end()) return false;
    if (oldest->second != entry) return others_.erase({key, entry}) > 0;
    const auto second = others_.lower_bound({key, 0});
    if (second == others_.end() || second->first != key) {
        oldest_.erase(oldest);
    } else {
        oldest->second = second->second;
        others_.erase(second);
    }
    return true;
}

KeyLines::Line::iterator KeyLines::place(Line& line, std::uint64_t pack) {
    return std::ranges::lower_bound(line, pack, {}, &Parked::pack);
}

void KeyLines::park(KeyHash key, EntryId entry) {
    unblock(key, entry);
    Line& line = parked_[key];
    // They mostly come up in the order of their age.
    const auto at = line.empty() || line.back().pack < pack_of(entry) ? line.end()
                                                                      : place(line, pack_of(entry));
    if (at != line.end() && at->pack == pack_of(entry))
        at->slots |= slot_bit(entry);
    else
        line.insert(at, Parked{pack_of(entry), slot_bit(entry)});
}

bool KeyLines::parked(KeyHash key, EntryId entry) const {
    const auto line = parked_.find(key);
    if (line == parked_.end()) return false;
    const auto at = std::ranges::lower_bound(line->second, pack_of(entry), {}, &Parked::pack);
    return at != line->second.end() && at->pack == pack_of(entry) &&
           (at->slots & slot_bit(entry)) != 0;
}

void KeyLines::unpark(KeyHash key, EntryId entry) {
    const auto line = parked_.find(key);
    if (line == parked_.end()) return;
    const auto at = place(line->second, pack_of(entry));
    if (at == line->second.end() || at->pack != pack_of(entry)) return;
    at->slots &= ~slot_bit(entry);
    if (at->slots == 0) line->second.erase(at);
    if (line->second.empty()) parked_.erase(line);
}

std::optional<EntryId> KeyLines::leave(KeyHash key, EntryId entry) {
    if (key == 0) return std::nullopt;
    unpark(key, entry);
    if (!unblock(key, entry)) return std::nullopt;
    return next(key);
}

std::optional<EntryId> KeyLines::next(KeyHash key) {
    const auto line = parked_.find(key);
    if (line == parked_.end()) return std::nullopt;
    const Parked& first = line->second.front();
    const EntryId entry = entry_id(first.pack, first_slot(first.slots));
    if (blocked(key, entry)) return std::nullopt;
    unpark(key, entry);
    block(key, entry);
    return entry;
}

std::vector<EntryId> KeyLines::leave(const std::unordered_set<EntryId>& entries) {
    std::map<std::uint64_t, std::uint64_t> gone;  // Slots by pack.
    for (EntryId entry : entries)
        gone[pack_of(entry)] |= slot_bit(entry);
    for (auto& [key, line] : parked_) {
        for (Parked& parked : line)
            if (const auto found = gone.find(parked.pack); found != gone.end())
                parked.slots &= ~found->second;
        const auto left = std::ranges::remove(line, std::uint64_t(0), &Parked::slots);
        line.erase(left.begin(), left.end());
    }
    erase_if(parked_, [](const auto& item) { return item.second.empty(); });
    std::vector<std::pair<KeyHash, EntryId>> blockers;
    const auto collect = [&](const auto& blocker) {
        if (entries.contains(blocker.second)) blockers.emplace_back(blocker.first, blocker.second);
    };
    std::ranges::for_each(oldest_, collect);
    std::ranges::for_each(others_, collect);
    for (const auto& [key, entry] : blockers)
        unblock(key, entry);
    std::set<KeyHash> keys;
    for (const auto& [key, entry] : blockers)
        keys.insert(key);
    std::vector<EntryId> free;
    for (KeyHash key : keys)
        if (const std::optional<EntryId> entry = next(key)) free.push_back(*entry);
    return free;
}

std::vector<EntryId> KeyLines::dissolve() {
    std::vector<EntryId> all_parked;
    for (const auto& [key, line] : parked_)
        for (const Parked& parked : line)
            for (std::uint64_t left = parked.slots; left != 0; left &= left - 1)
                all_parked.push_back(entry_id(parked.pack, first_slot(left)));
    parked_.clear();
    return all_parked;
}

}  // namespace hookreel::store
