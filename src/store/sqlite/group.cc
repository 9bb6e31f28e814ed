#include "store/sqlite/group.h"

#include <bit>

namespace hookreel::store {
namespace {

// A pack is read as a whole, so it must not be large; and a large one costs no less per byte.
constexpr std::size_t pack_bytes_max = 128 * 1024;
constexpr int page_attempts_max = 64;

bool contains(const std::vector<Queue*>& queues, const Queue* queue) {
    return std::ranges::find(queues, queue) != queues.end();
}

std::int64_t milliseconds(TimePoint time) {
    return time.time_since_epoch().count();
}

}  // namespace

Group::Group(Tables& tables, QueueIndex& index, const Limits& limits, std::uint64_t next_pack)
    : tables_(tables), index_(index), limits_(limits), next_pack_(next_pack) {}

Result<void> Group::begin() {
    if (begun_) return {};
    Result<void> result = tables_.database.begin();
    begun_ = result.has_value();
    if (!result) fault_ = result.error();
    return result;
}

Result<void> Group::add(Commit& commit, TimePoint now) {
    if (Result<void> result = check(commit, limits_); !result) return result;
    if (Result<void> result = check_versions(commit); !result) return result;
    {
        const std::lock_guard lock(index_.mutex());
        if (Result<void> result = reserve(commit); !result) return result;
        if (Result<void> result = claim(commit, now); !result) return result;
        for (NewEvent& event : commit.events)
            stage(event, now);
    }
    for (Attempt& attempt : commit.attempts)
        stage(attempt);
    return write_records(commit);
}

Result<void> Group::check_versions(const Commit& commit) {
    for (const Put& put : commit.puts) {
        if (!put.expected_version) continue;
        if (Result<void> result = begin(); !result) return result;
        Rows rows = tables_.record_version.query(static_cast<int>(put.key.kind), put.key.id);
        const std::uint64_t version = rows.next() ? rows.number(0) : 0;
        if (Result<void> result = rows.result(); !result) {
            fault_ = result.error();
            return result;
        }
        if (version != *put.expected_version) return fail(version_conflict(put, version));
    }
    return {};
}

// Makes sure that no queue grows over its limit.
Result<void> Group::reserve(const Commit& commit) {
    std::size_t reserved = 0;
    for (const NewEvent& event : commit.events) {
        for (const NewEntry& entry : event.entries) {
            Queue& queue = touch(index_.queue(entry.queue));
            if (queue.entries + queue.staged.entries >= limits_.queue_entries_max) {
                unreserve(commit, reserved);
                return fail(queue_full(entry.queue, limits_));
            }
            ++queue.staged.entries;
            ++reserved;
        }
    }
    return {};
}

void Group::unreserve(const Commit& commit, std::size_t entries) {
    for (const NewEvent& event : commit.events)
        for (const NewEntry& entry : event.entries)
            if (entries > 0) {
                --index_.queue(entry.queue).staged.entries;
                --entries;
            }
}

Result<void> Group::claim(Commit& commit, TimePoint now) {
    const std::size_t before = endings_.size();
    Result<void> result = claim_all(commit, now);
    if (result) return result;
    for (std::size_t i = before; i < endings_.size(); ++i)
        index_.release(*endings_[i].held);
    endings_.resize(before);
    std::size_t entries = 0;
    for (const NewEvent& event : commit.events)
        entries += event.entries.size();
    unreserve(commit, entries);
    return result;
}

Result<void> Group::claim_all(Commit& commit, TimePoint now) {
    for (Handle handle : commit.confirms) {
        const Queue* queue = index_.confirmable(handle, now);
        if (queue == nullptr || (commit.confirms_of && queue->id != *commit.confirms_of))
            return fail(lease_lost(handle));
        // Null: it was confirmed before, which is as good.
        Held* held = index_.claim(handle, Claim::confirm, now);
        if (held != nullptr) endings_.push_back({.kind = Ending::Kind::confirm, .held = held});
    }
    for (const GiveBack& back : commit.give_backs) {
        Held* held = index_.claim(back.handle, Claim::other, now);
        if (held == nullptr) return fail(lease_lost(back.handle));
        const int untried = back.tried == GiveBack::Tried::yes ? 0 : 1;
        endings_.push_back({.kind = Ending::Kind::give_back,
                            .held = held,
                            .attempts = held->entry.attempts - untried,
                            .due = now + back.delay});
    }
    for (Bury& bury : commit.buries) {
        Held* held = index_.claim(bury.handle, Claim::other, now);
        if (held == nullptr) return fail(lease_lost(bury.handle));
        endings_.push_back({.kind = Ending::Kind::bury,
                            .held = held,
                            .attempts = held->entry.attempts,
                            .due = now,
                            .reason = cut(std::move(bury.reason), limits_.note_bytes_max)});
    }
    return {};
}

Result<void> Group::write_records(const Commit& commit) {
    if (commit.puts.empty() && commit.removes.empty()) return {};
    Result<void> result = begin();
    for (const Put& put : commit.puts)
        if (result)
            result =
                tables_.put_record.run(static_cast<int>(put.key.kind), put.key.id, Blob{put.value});
    for (const RecordKey& key : commit.removes)
        if (result) result = tables_.remove_record.run(static_cast<int>(key.kind), key.id);
    if (!result) fault_ = result.error();
    return result;
}

Queue& Group::touch(Queue& queue) {
    if (!queue.staged.touched) touched_.push_back(&queue);
    queue.staged.touched = true;
    return queue;
}

// Entries with the same body become one letter, as far as no queue gets its entries out of order.
void Group::stage(NewEvent& event, TimePoint now) {
    std::vector<NewEntry>& left = event.entries;
    while (!left.empty()) {
        Body body = left.front().body;
        std::vector<Queue*> queues;
        std::vector<Queue*> passed;  // Those with an earlier entry that is left for later.
        std::vector<TimePoint> dues;
        std::erase_if(left, [&](const NewEntry& entry) {
            Queue* queue = &index_.queue(entry.queue);
            if (entry.body != body || contains(queues, queue) || contains(passed, queue)) {
                passed.push_back(queue);
                return false;
            }
            queues.push_back(queue);
            dues.push_back(entry.due);
            return true;
        });
        if (!body) body = std::make_shared<const std::string>();
        Letter letter{event.id, event.application, {}, {}, event.time, std::move(body)};
        letter.type = left.empty() ? std::move(event.type) : event.type;
        letter.key = left.empty() ? std::move(event.key) : event.key;
        stage_letter(std::make_shared<const Letter>(std::move(letter)), queues, dues, now);
    }
}

void Group::stage_letter(LetterPtr letter, const std::vector<Queue*>& queues,
                         const std::vector<TimePoint>& dues, TimePoint now) {
    StagedPack& pack = pack_for(queues, letter->bytes());
    const auto slot = static_cast<unsigned>(pack.letters.size());
    for (std::size_t i = 0; i < queues.size(); ++i) {
        if (dues[i] > now) {
            pack.later.push_back({i, slot, dues[i]});
            ++queues[i]->staged.rows;
        } else {
            pack.fresh[i] |= slot_bit(slot);
        }
    }
    append_letter(pack.bytes, *letter);
    pack.letters.push_back(std::move(letter));
}

// The pack that a letter for these queues goes into: the last one of each of them, so that the
// order of every queue is kept, or a new one.
Group::StagedPack& Group::pack_for(const std::vector<Queue*>& queues, std::size_t bytes) {
    const std::optional<std::size_t> last = queues.front()->staged.pack;
    if (last) {
        StagedPack& pack = packs_[*last];
        const bool is_last_of_all = std::ranges::all_of(
            queues, [&](const Queue* queue) { return queue->staged.pack == last; });
        if (is_last_of_all && pack.queues == queues && pack.letters.size() < pack_slots_max &&
            pack.bytes.size() + bytes <= pack_bytes_max)
            return pack;
    }
    for (Queue* queue : queues)
        queue->staged.pack = packs_.size();
    StagedPack& pack = packs_.emplace_back();
    pack.number = next_pack_++;
    pack.queues = queues;
    pack.fresh.resize(queues.size());
    return pack;
}

void Group::stage(Attempt& attempt) {
    if (pages_.empty() || pages_.back().count == page_attempts_max) pages_.emplace_back();
    attempt = cut(std::move(attempt), limits_);
    AttemptPage& page = pages_.back();
    append_attempt(page.bytes, attempt);
    page.latest = std::max(page.latest, attempt.at);
    ++page.count;
}

Result<void> Group::store() {
    if (!begun_ && packs_.empty() && endings_.empty() && pages_.empty()) return {};
    Result<void> result = begin();
    if (result) result = write();
    if (result) result = tables_.database.commit();
    if (!result) tables_.database.rollback();
    return result;
}

Result<void> Group::write() {
    for (const Queue* queue : touched_)
        if (!queue->stored)
            if (Result<void> result = tables_.insert_queue.run(queue->number, queue->id.text());
                !result)
                return result;
    if (Result<void> result = write_packs(); !result) return result;
    if (Result<void> result = write_endings(); !result) return result;
    if (Result<void> result = write_places(); !result) return result;
    for (std::uint64_t pack : maybe_unheld_)
        if (Result<void> result = free_pack(tables_, pack); !result) return result;
    return write_pages();
}

Result<void> Group::write_packs() {
    for (const StagedPack& pack : packs_) {
        std::vector<std::uint32_t> numbers;
        for (const Queue* queue : pack.queues)
            numbers.push_back(queue->number);
        const std::string queues = write_numbers(numbers);
        Result<void> result = tables_.insert_pack.run(pack.number, Blob{queues}, Blob{pack.bytes});
        for (std::size_t i = 0; result && i < numbers.size(); ++i)
            if (pack.fresh[i] != 0)
                result = tables_.insert_fresh.run(numbers[i], pack.number, pack.fresh[i]);
        for (const Later& later : pack.later)
            if (result)
                result =
                    tables_.put_row.run(numbers[later.queue], entry_id(pack.number, later.slot), 0,
                                        milliseconds(later.due));
        if (!result) return result;
    }
    return {};
}

Result<void> Group::write_endings() {
    for (const Ending& ending : endings_)
        if (Result<void> result = write_ending(ending); !result) return result;
    return {};
}

Result<void> Group::write_ending(const Ending& ending) {
    const Entry& entry = ending.held->entry;
    Queue& queue = touch(*ending.held->queue);
    if (entry.place) {
        if (entry.place->leaving == 0) places_.push_back(entry.place.get());
        entry.place->leaving |= slot_bit(entry.id);
    }
    if (ending.kind == Ending::Kind::give_back) {
        if (entry.place) ++queue.staged.rows;
        return tables_.put_row.run(queue.number, entry.id, ending.attempts,
                                   milliseconds(ending.due));
    }
    if (!entry.place) {
        maybe_unheld_.push_back(pack_of(entry.id));
        if (Result<void> result = tables_.delete_row.run(queue.number, entry.id); !result)
            return result;
    }
    if (ending.kind == Ending::Kind::confirm) return {};
    const Letter& letter = *entry.letter;
    return tables_.insert_dead_letter.run(queue.number, letter.id.text(), letter.type,
                                          ending.attempts, milliseconds(ending.due), ending.reason,
                                          Blob{*letter.body});
}

// One row per pack that lost slots, however many they are.
Result<void> Group::write_places() {
    for (const Place* place : places_) {
        const Queue& queue = *place->queue;
        const std::uint64_t left = place->fresh & ~place->leaving;
        if (left != 0) {
            if (Result<void> result = tables_.update_fresh.run(queue.number, place->pack, left);
                !result)
                return result;
            continue;
        }
        Result<void> result = tables_.delete_fresh.run(queue.number, place->pack);
        // The common case needs no look at who else holds the pack.
        const bool only_holder =
            place->holders == Place::Holders::one && queue.rows == 0 && queue.staged.rows == 0;
        if (result && only_holder) result = tables_.delete_pack.run(place->pack);
        if (!result) return result;
        if (!only_holder) maybe_unheld_.push_back(place->pack);
    }
    return {};
}

Result<void> Group::write_pages() {
    for (const AttemptPage& page : pages_)
        if (Result<void> result = tables_.insert_attempts.run(milliseconds(page.latest), page.count,
                                                              Blob{page.bytes});
            !result)
            return result;
    return {};
}

void Group::apply(Outbox& outbox) {
    const std::lock_guard lock(index_.mutex());
    for (Place* place : places_)
        place->fresh &= ~std::exchange(place->leaving, 0);
    places_.clear();  // A place may go with the last lease of it.
    for (Ending& ending : endings_)
        apply(ending, outbox);
    for (StagedPack& pack : packs_)
        apply(pack, outbox);
    // Without a transaction, no row was written for a queue that a refused commit named.
    for (Queue* queue : touched_)
        queue->stored |= begun_;
    forget();
}

void Group::apply(Ending& ending, Outbox& outbox) {
    Queue& queue = *ending.held->queue;
    const bool had_row = !ending.held->entry.place;
    const TimePoint until = ending.held->until;
    const bool confirmed = ending.kind == Ending::Kind::confirm;
    index_.end(*ending.held, confirmed ? until : TimePoint{});
    if (ending.kind == Ending::Kind::give_back) {
        if (!had_row) ++queue.rows;
        index_.delay(queue, ending.due);
        index_.wake(queue, 1, outbox);
        return;
    }
    if (had_row) --queue.rows;
    --queue.entries;
    if (ending.kind == Ending::Kind::bury) ++queue.dead;
}

void Group::apply(StagedPack& pack, Outbox& outbox) {
    for (std::size_t i = 0; i < pack.queues.size(); ++i) {
        if (pack.fresh[i] == 0) continue;
        Queue& queue = *pack.queues[i];
        const auto holders =
            pack.queues.size() == 1 ? Place::Holders::one : Place::Holders::several;
        index_.append(
            queue, std::make_shared<Place>(Place{&queue, pack.number, pack.fresh[i], 0, holders}),
            pack.letters);
        index_.wake(queue, static_cast<std::size_t>(std::popcount(pack.fresh[i])), outbox);
    }
    for (const Later& later : pack.later) {
        Queue& queue = *pack.queues[later.queue];
        ++queue.entries;
        ++queue.rows;
        index_.delay(queue, later.due);
        index_.wake(queue, 1, outbox);
    }
}

void Group::abandon() {
    const std::lock_guard lock(index_.mutex());
    for (Ending& ending : endings_)
        index_.release(*ending.held);
    forget();
}

void Group::forget() {
    for (Place* place : places_)
        place->leaving = 0;
    for (Queue* queue : touched_)
        queue->staged = {};
}

}  // namespace hookreel::store
