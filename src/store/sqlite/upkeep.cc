#include "store/sqlite/upkeep.h"

#include <algorithm>

namespace hookreel::store {
namespace {

// So much is read ahead at once.
constexpr std::size_t read_entries = 256;
constexpr std::size_t read_bytes = 1024 * 1024;
// Keys of delayed entries that are read in one step; each takes about half a microsecond.
constexpr std::size_t read_keys_max = 16'384;
// Entries that are read one by one.
constexpr std::size_t read_known_max = 32;
// Packs that one step of the purge looks at.
constexpr int purge_packs_max = 2000;

std::int64_t milliseconds(TimePoint time) {
    return time.time_since_epoch().count();
}

TimePoint time_of(std::int64_t milliseconds) {
    return TimePoint(Duration(milliseconds));
}

Error entry_without_event() {
    return {Code::internal, "the database holds an entry without its event"};
}

}  // namespace

Result<void> Upkeep::read(Queue& queue, TimePoint now) {
    std::unique_lock lock(index_.mutex());
    Stock& stock = *queue.stock;  // From here on it is made, also for readers without the lock.
    const EntryId told_before = stock.lines ? stock.lines->told_before : KeyLines::all;
    const bool due = queue.next_due <= now;
    const bool low = queue.unread() && stock.fresh.size() < QueueIndex::window_low;
    const std::uint64_t cursor = queue.cursor;
    const std::uint64_t last_pack = queue.last_pack;
    const std::size_t ahead = index_.read_ahead();
    std::vector<EntryId> known;
    for (EntryId entry : stock.known) {
        if (known.size() >= read_known_max) break;
        known.push_back(entry);
    }
    queue.reading = false;
    lock.unlock();
    Result<void> result;
    if (told_before != KeyLines::all) result = read_keys(queue, told_before);
    if (result && due) result = read_due(queue, now);
    if (result && !known.empty()) result = read_known(queue, std::move(known));
    if (result && low) result = read_window(queue, {cursor, last_pack, ahead});
    return result;
}

Result<void> Upkeep::read_keys(Queue& queue, EntryId from) {
    Blockers found{.from = from, .end = KeyLines::all, .entries = {}};
    Rows rows = tables_.row_keys.query(queue.number, from, read_keys_max);
    while (rows.next())
        found.entries.emplace_back(rows.number(1), rows.number(0));
    if (Result<void> result = rows.result(); !result) return result;
    if (found.entries.size() == read_keys_max) found.end = found.entries.back().second + 1;
    const std::lock_guard lock(index_.mutex());
    QueueIndex::fill_keys(queue, found);
    return {};
}

// Together with what may be asked for next: other entries of the same packs.
Result<void> Upkeep::read_known(Queue& queue, std::vector<EntryId> wanted) {
    Known known;
    std::optional<std::uint64_t> last;
    for (EntryId entry : wanted) {
        if (last == pack_of(entry)) continue;
        last = pack_of(entry);
        if (Result<void> result = find_known(queue, *last, known); !result) return result;
    }
    const std::lock_guard lock(index_.mutex());
    index_.fill_known(queue, std::move(known.entries), known.places);
    // What is not on disk any more is not waited for.
    for (EntryId entry : wanted)
        queue.stock->known.erase(entry);
    return {};
}

Result<void> Upkeep::find_known(Queue& queue, std::uint64_t pack, Known& known) {
    const Result<std::vector<LetterPtr>> letters = this->letters(pack);
    if (!letters) return fail(letters.error());
    std::uint64_t slots = 0;
    TimePoint stored{};
    {
        Rows rows = tables_.fresh_slots.query(queue.number, pack);
        if (rows.next()) slots = rows.number(0), stored = time_of(rows.integer(1));
        if (Result<void> result = rows.result(); !result) return result;
    }
    for (unsigned slot = 0; slot < letters->size(); ++slot) {
        const EntryId entry = entry_id(pack, slot);
        const LetterPtr& letter = letters->at(slot);
        Place place{.queue = &queue,
                    .pack = pack,
                    .fresh = slots,
                    .leaving = 0,
                    .holders = Place::Holders::several,
                    .kept = letter->kept(),
                    .stored = stored};
        Tries tries;
        if ((slots & slot_bit(entry)) == 0) {
            Rows rows = tables_.row_of.query(queue.number, entry);
            if (!rows.next()) continue;
            tries = read_tries(rows.integer(0));
            place.fresh = 0;
        }
        known.entries.push_back({.id = entry,
                                 .attempts = tries.now,
                                 .earlier = tries.earlier,
                                 .letter = letter,
                                 .place = {}});
        known.places.push_back(place);
    }
    return {};
}

Result<void> Upkeep::read_window(Queue& queue, const Ahead& ahead) {
    std::vector<Packful> packs;
    std::uint64_t next = ahead.last_pack + 1;
    std::size_t entries = 0;
    std::size_t bytes = 0;
    Rows rows = tables_.fresh_from.query(queue.number, ahead.cursor);
    while (rows.next()) {
        if (entries >= ahead.entries || bytes >= read_bytes) {
            next = rows.number(0);
            break;
        }
        Result<Packful> packful = read_packful(queue, rows);
        if (!packful) return fail(std::move(packful.error()));
        bytes += rows.bytes(3).size();
        entries += static_cast<std::size_t>(
            std::ranges::count_if(packful->letters, [](const auto& letter) { return !!letter; }));
        packs.push_back(std::move(*packful));
    }
    if (Result<void> result = rows.result(); !result) return result;
    const std::lock_guard lock(index_.mutex());
    index_.fill(queue, std::move(packs), next);
    return {};
}

// Nobody that is in the way leaves meanwhile: that is up to this thread.
Result<Packful> Upkeep::read_packful(Queue& queue, Rows& rows) {
    const auto holders =
        rows.integer(2) == sizeof(std::uint32_t) ? Place::Holders::one : Place::Holders::several;
    const bool kept = rows.integer(5) >= 0;
    Packful packful{.place = {&queue, rows.number(0), rows.number(1), 0, holders, kept,
                              time_of(rows.integer(4))},
                    .letters = {}};
    const std::string_view bytes = rows.bytes(3);
    {
        std::unique_lock lock(index_.mutex());
        if (index_.skims(queue)) {
            lock.unlock();
            Result<std::vector<KeyHash>> keys = hookreel::store::read_keys(bytes);
            if (!keys) return fail(std::move(keys.error()));
            packful.keys = std::move(*keys);
            lock.lock();
            packful.behind = QueueIndex::behind(queue, packful.place, packful.keys);
        }
    }
    Result<std::vector<LetterPtr>> letters =
        read_letters(bytes, packful.place.fresh & ~packful.behind);
    if (!letters) return fail(std::move(letters.error()));
    packful.letters = std::move(*letters);
    return packful;
}

Result<void> Upkeep::read_due(Queue& queue, TimePoint now) {
    DueRow first;
    {
        const std::lock_guard lock(index_.mutex());
        first = {queue.next_due, queue.next_entry};
    }
    Result<Due> found = find_due(queue, first, now);
    if (!found) return fail(std::move(found.error()));
    if (Result<void> result = read_letters_of(found->entries); !result) return result;
    const std::lock_guard lock(index_.mutex());
    index_.fill_due(queue, std::move(found->entries), found->next);
    return {};
}

Result<Upkeep::Due> Upkeep::find_due(const Queue& queue, DueRow first, TimePoint now) {
    Due due;
    Rows rows = tables_.rows_by_due.query(queue.number, milliseconds(first.due), first.entry);
    while (rows.next()) {
        const EntryId entry = rows.number(0);
        if (queue.stock->loaded_rows.contains(entry)) continue;
        const TimePoint at{Duration(rows.integer(2))};
        if (at > now || due.entries.size() >= read_entries) {
            due.next = {at, entry};
            break;
        }
        const Tries tries = read_tries(rows.integer(1));
        due.entries.push_back({.id = entry,
                               .attempts = tries.now,
                               .earlier = tries.earlier,
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

Result<int> Upkeep::expire(Queue& queue, TimePoint before, int count_max, Outbox& outbox) {
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

    std::vector<std::uint64_t> kept = fresh->kept;
    kept.insert(kept.end(), rows->kept.begin(), rows->kept.end());
    const Result<void> removed = transact(tables_.database, [&]() -> Result<void> {
        if (Result<void> result = keep_dropped(queue, aged, kept); !result) return result;
        return remove(queue, aged, std::move(slots));
    });
    if (!removed) return fail(removed.error());
    const std::lock_guard lock(index_.mutex());
    for (EntryId entry : aged)
        if (std::ranges::binary_search(rows->entries, entry)) --queue.rows;
    index_.drop(queue, std::unordered_set<EntryId>(aged.begin(), aged.end()), outbox);
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
        if (!letters->empty() && letters->front()->kept()) aged.kept.push_back(pack);
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
            if (!of_pack.empty() && of_pack.front()->kept()) aged.kept.push_back(pack);
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

// So that they are not taken for delivered ones.
Result<void> Upkeep::keep_dropped(const Queue& queue, const std::vector<EntryId>& entries,
                                  const std::vector<std::uint64_t>& kept) {
    for (EntryId entry : entries) {
        const std::uint64_t pack = pack_of(entry);
        if (pack < index_.archive_floor() || std::ranges::find(kept, pack) == kept.end()) continue;
        if (Result<void> result = tables_.put_ended.run(entry, queue.number, 0); !result)
            return result;
    }
    return {};
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
        if (result) result = free_pack(tables_, {pack}, index_.archive_floor());
        if (!result) return result;
    }
    return {};
}

Result<int> Upkeep::purge(const PurgeLimits& limits) {
    Database& database = tables_.database;
    const Result<int> attempts = transact(
        database, [&] { return remove_attempts(limits.attempts_before, limits.count_max); });
    if (!attempts) return attempts;
    const Result<std::map<std::uint32_t, int>> dead = transact(database, [&] {
        return remove_dead_letters(limits.dead_letters_before, limits.count_max);
    });
    if (!dead) return fail(dead.error());
    int removed = *attempts;
    {
        const std::lock_guard lock(index_.mutex());
        for (const auto& [number, count] : *dead) {
            index_.remove_dead(number, static_cast<std::uint64_t>(count));
            removed += count;
        }
    }
    const Result<int> events = remove_events(limits.events_before, limits.count_max);
    if (!events) return events;
    const Result<int> ids =
        ids_.purge(tables_, limits.ids_before, index_.archive_floor(), limits.count_max);
    if (!ids) return ids;
    return removed + *events + *ids;
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
    Result<void> result = tables_.delete_attempts.run(last);
    if (result) result = tables_.delete_attempt_pages.run(last);
    if (!result) return fail(std::move(result.error()));
    return count;
}

Result<std::map<std::uint32_t, int>> Upkeep::remove_dead_letters(TimePoint before, int count_max) {
    std::map<std::uint32_t, int> counts;
    std::vector<std::pair<std::uint32_t, EntryId>> entries;
    std::uint64_t last = 0;
    {
        Rows rows = tables_.old_dead_letters.query(count_max);
        while (rows.next() && TimePoint(Duration(rows.integer(2))) < before) {
            last = rows.number(0);
            entries.emplace_back(static_cast<std::uint32_t>(rows.integer(1)), rows.number(3));
            ++counts[entries.back().first];
        }
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    if (counts.empty()) return counts;
    Result<void> result = tables_.delete_dead_letters.run(last);
    for (const auto& [queue, entry] : entries)
        if (result) result = remove_dead_entry(queue, entry);
    if (!result) return fail(std::move(result.error()));
    return counts;
}

Result<void> Upkeep::remove_dead_entry(std::uint32_t queue, EntryId entry) {
    bool kept = false;
    {
        Rows rows = tables_.pack_queues.query(pack_of(entry));
        kept = rows.next() && rows.integer(1) >= 0;
    }
    if (kept && pack_of(entry) >= index_.archive_floor())
        return tables_.put_ended.run(entry, queue, 0);
    return free_pack(tables_, {pack_of(entry)}, index_.archive_floor());
}

// Moves the beginning of the archive over the packs that are too old.
Result<int> Upkeep::remove_events(TimePoint before, int count_max) {
    int count = 0;
    int looked = 0;
    std::uint64_t floor = index_.archive_floor();
    std::vector<std::uint64_t> old;
    {
        Rows rows = tables_.packs_from.query(floor);
        for (; looked < purge_packs_max && rows.next(); ++looked) {
            if (TimePoint(Duration(rows.integer(2))) >= before) break;
            const int events = static_cast<int>(std::max<std::int64_t>(rows.integer(1), 0));
            if (count > 0 && count + events > count_max) break;
            count += events;
            floor = rows.number(0) + 1;
            if (rows.integer(1) >= 0) old.push_back(rows.number(0));
        }
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    if (floor == index_.archive_floor()) return 0;
    const Result<void> removed = transact(tables_.database, [&]() -> Result<void> {
        Result<void> result = tables_.keep_archive_floor.run(floor);
        for (std::uint64_t pack : old)
            if (result) result = free_pack(tables_, {pack}, floor);
        return result;
    });
    if (!removed) return fail(removed.error());
    index_.set_archive_floor(floor);
    return count;
}

}  // namespace hookreel::store
