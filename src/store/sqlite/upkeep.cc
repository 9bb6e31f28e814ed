#include "store/sqlite/upkeep.h"

#include <algorithm>

namespace hookreel::store {
namespace {

// So much is read ahead at once.
constexpr std::size_t read_entries = 256;
constexpr std::size_t read_bytes = 1024 * 1024;

Error entry_without_event() {
    return {Code::internal, "the database holds an entry without its event"};
}

}  // namespace

template <class Work>
auto Upkeep::transact(Work work) -> decltype(work()) {
    if (Result<void> result = tables_.database.begin(); !result)
        return fail(std::move(result.error()));
    auto done = work();
    if (!done) {
        tables_.database.rollback();
        return done;
    }
    if (Result<void> result = tables_.database.commit(); !result)
        return fail(std::move(result.error()));
    return done;
}

Result<void> Upkeep::read(Queue& queue, TimePoint now) {
    std::unique_lock lock(index_.mutex());
    const bool due = queue.next_due <= now;
    const bool low = queue.unread() && queue.fresh.size() < QueueIndex::window_low;
    const std::uint64_t cursor = queue.cursor;
    const std::uint64_t last_pack = queue.last_pack;
    queue.reading = false;
    lock.unlock();
    if (due) {
        Result<Due> found = find_due(queue, now);
        if (!found) return fail(std::move(found.error()));
        if (Result<void> result = read_letters_of(found->entries); !result) return result;
        lock.lock();
        index_.fill_due(queue, std::move(found->entries), found->next);
        lock.unlock();
    }
    return low ? read_window(queue, cursor, last_pack) : Result<void>{};
}

Result<void> Upkeep::read_window(Queue& queue, std::uint64_t cursor, std::uint64_t last_pack) {
    std::vector<Packful> packs;
    std::uint64_t next = last_pack + 1;
    std::size_t entries = 0;
    std::size_t bytes = 0;
    Rows rows = tables_.fresh_from.query(queue.number, cursor);
    while (rows.next()) {
        if (entries >= read_entries || bytes >= read_bytes) {
            next = rows.number(0);
            break;
        }
        const auto holders = rows.integer(2) == sizeof(std::uint32_t) ? Place::Holders::one
                                                                      : Place::Holders::several;
        auto place =
            std::make_shared<Place>(Place{&queue, rows.number(0), rows.number(1), 0, holders});
        Result<std::vector<LetterPtr>> letters = read_letters(rows.bytes(3));
        if (!letters) return fail(std::move(letters.error()));
        bytes += rows.bytes(3).size();
        entries += letters->size();
        packs.push_back({std::move(place), std::move(*letters)});
    }
    if (Result<void> result = rows.result(); !result) return result;
    const std::lock_guard lock(index_.mutex());
    index_.fill(queue, std::move(packs), next);
    return {};
}

Result<Upkeep::Due> Upkeep::find_due(const Queue& queue, TimePoint now) {
    Due due;
    Rows rows = tables_.rows_by_due.query(queue.number);
    while (rows.next()) {
        const EntryId entry = rows.number(0);
        if (queue.loaded_rows.contains(entry)) continue;
        const TimePoint at{Duration(rows.integer(2))};
        if (at > now || due.entries.size() >= read_entries) {
            due.next = at;
            break;
        }
        due.entries.push_back({.id = entry,
                               .attempts = static_cast<int>(rows.integer(1)),
                               .letter = {},
                               .place = {}});
    }
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return due;
}

Result<void> Upkeep::read_letters_of(std::vector<Entry>& entries) {
    std::ranges::sort(entries, {}, &Entry::id);
    std::uint64_t pack = 0;
    std::vector<LetterPtr> of_pack;
    for (Entry& entry : entries) {
        if (pack != pack_of(entry.id)) {
            pack = pack_of(entry.id);
            Result<std::vector<LetterPtr>> read = letters(pack);
            if (!read) return fail(std::move(read.error()));
            of_pack = std::move(*read);
        }
        if (slot_of(entry.id) >= of_pack.size()) return fail(entry_without_event());
        entry.letter = of_pack[slot_of(entry.id)];
    }
    return {};
}

Result<std::vector<LetterPtr>> Upkeep::letters(std::uint64_t pack) {
    Rows rows = tables_.pack_letters.query(pack);
    if (rows.next()) return read_letters(rows.bytes(0));
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return fail(Code::internal, "the database holds an entry without its pack");
}

Result<int> Upkeep::expire(Queue& queue, TimePoint before, int count_max) {
    Slots slots;
    Result<Aged> fresh = aged_fresh(queue, before, count_max, slots);
    if (!fresh) return fail(std::move(fresh.error()));
    Result<Aged> rows = aged_rows(queue, before, count_max);
    if (!rows) return fail(std::move(rows.error()));
    std::vector<EntryId> aged;
    std::ranges::merge(fresh->entries, rows->entries, std::back_inserter(aged));
    const EntryId stop = std::min(fresh->stop, rows->stop);
    aged.erase(std::ranges::lower_bound(aged, stop), aged.end());
    if (std::ssize(aged) > count_max) aged.resize(static_cast<std::size_t>(count_max));
    if (aged.empty()) return 0;

    const Result<void> removed =
        transact([&]() -> Result<void> { return remove(queue, aged, std::move(slots)); });
    if (!removed) return fail(removed.error());
    const std::lock_guard lock(index_.mutex());
    for (EntryId entry : aged)
        if (std::ranges::binary_search(rows->entries, entry)) --queue.rows;
    index_.drop(queue, std::unordered_set<EntryId>(aged.begin(), aged.end()));
    return static_cast<int>(aged.size());
}

Result<Upkeep::Aged> Upkeep::aged_fresh(const Queue& queue, TimePoint before, int count_max,
                                        Slots& slots) {
    Aged aged;
    Rows rows = tables_.fresh_from.query(queue.number, 0);
    while (std::ssize(aged.entries) < count_max && rows.next()) {
        const std::uint64_t pack = rows.number(0);
        const std::uint64_t fresh = rows.number(1);
        const Result<std::vector<LetterPtr>> letters = read_letters(rows.bytes(3));
        if (!letters) return fail(letters.error());
        slots[pack] = fresh;
        for (unsigned slot = 0; slot < letters->size(); ++slot) {
            if ((fresh & slot_bit(slot)) == 0) continue;
            if ((*letters)[slot]->time >= before) {
                aged.stop = entry_id(pack, slot);
                return aged;
            }
            aged.entries.push_back(entry_id(pack, slot));
        }
    }
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return aged;
}

Result<Upkeep::Aged> Upkeep::aged_rows(const Queue& queue, TimePoint before, int count_max) {
    Aged aged;
    std::uint64_t pack = 0;
    std::vector<LetterPtr> of_pack;
    Rows rows = tables_.rows_from.query(queue.number);
    while (std::ssize(aged.entries) < count_max && rows.next()) {
        const EntryId entry = rows.number(0);
        if (pack != pack_of(entry)) {
            pack = pack_of(entry);
            Result<std::vector<LetterPtr>> read = letters(pack);
            if (!read) return fail(std::move(read.error()));
            of_pack = std::move(*read);
        }
        if (slot_of(entry) >= of_pack.size()) return fail(entry_without_event());
        if (of_pack[slot_of(entry)]->time >= before) {
            aged.stop = entry;
            break;
        }
        aged.entries.push_back(entry);
    }
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return aged;
}

Result<void> Upkeep::remove(const Queue& queue, const std::vector<EntryId>& entries, Slots slots) {
    Slots before = slots;
    for (EntryId entry : entries) {
        const auto found = slots.find(pack_of(entry));
        if (found != slots.end() && (found->second & slot_bit(entry)) != 0) {
            found->second &= ~slot_bit(entry);
            continue;
        }
        if (Result<void> result = tables_.delete_row.run(queue.number, entry); !result)
            return result;
        before.try_emplace(pack_of(entry), 0);
    }
    for (const auto& [pack, fresh] : before) {
        const auto left = slots.find(pack);
        if (left != slots.end() && left->second == fresh) continue;
        Result<void> result;
        if (left != slots.end() && left->second == 0)
            result = tables_.delete_fresh.run(queue.number, pack);
        else if (left != slots.end())
            result = tables_.update_fresh.run(queue.number, pack, left->second);
        if (result) result = free_pack(tables_, pack);
        if (!result) return result;
    }
    return {};
}

Result<int> Upkeep::purge(const PurgeLimits& limits) {
    const Result<int> attempts =
        transact([&] { return remove_attempts(limits.attempts_before, limits.count_max); });
    if (!attempts) return attempts;
    const Result<std::map<std::uint32_t, int>> dead =
        transact([&] { return remove_dead_letters(limits.dead_letters_before, limits.count_max); });
    if (!dead) return fail(dead.error());
    int removed = *attempts;
    const std::lock_guard lock(index_.mutex());
    for (const auto& [number, count] : *dead) {
        index_.remove_dead(number, static_cast<std::uint64_t>(count));
        removed += count;
    }
    return removed;
}

Result<int> Upkeep::remove_attempts(TimePoint before, int count_max) {
    int count = 0;
    std::uint64_t last = 0;
    {
        Rows rows = tables_.old_attempts.query();
        while (rows.next() && TimePoint(Duration(rows.integer(1))) < before) {
            const int more = static_cast<int>(rows.integer(2));
            if (count > 0 && count + more > count_max) break;
            count += more;
            last = rows.number(0);
        }
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    if (count == 0) return 0;
    if (Result<void> result = tables_.delete_attempts.run(last); !result)
        return fail(std::move(result.error()));
    return count;
}

Result<std::map<std::uint32_t, int>> Upkeep::remove_dead_letters(TimePoint before, int count_max) {
    std::map<std::uint32_t, int> counts;
    std::uint64_t last = 0;
    {
        Rows rows = tables_.old_dead_letters.query(count_max);
        while (rows.next() && TimePoint(Duration(rows.integer(2))) < before) {
            last = rows.number(0);
            ++counts[static_cast<std::uint32_t>(rows.integer(1))];
        }
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    if (counts.empty()) return counts;
    if (Result<void> result = tables_.delete_dead_letters.run(last); !result)
        return fail(std::move(result.error()));
    return counts;
}

}  // namespace hookreel::store
