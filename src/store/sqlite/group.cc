#include "store/sqlite/group.h"

#include <bit>

namespace hookreel::store {
namespace {

// A pack is read as a whole, so it must not be large; and a large one costs no less per byte.
constexpr std::size_t pack_bytes_max = 128 * 1024;
// So many numbers of packs are reserved with one write.
constexpr std::uint64_t reserve_step = 65'536;

bool contains(const std::vector<Queue*>& queues, const Queue* queue) {
    return std::ranges::find(queues, queue) != queues.end();
}

std::int64_t milliseconds(TimePoint time) {
    return time.time_since_epoch().count();
}

}  // namespace

Group::Group(Tables& tables, QueueIndex& index, Ids& ids, Departures& departures,
             const Limits& limits, const Sequence& sequence)
    : tables_(tables),
      index_(index),
      ids_(ids),
      departures_(departures),
      limits_(limits),
      sequence_(sequence) {}

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
    std::vector<IdDigest> digests;
    for (const NewEvent& event : commit.events)
        digests.push_back(event.body ? id_digest(event.application, event.id) : IdDigest{});
    {
        const std::lock_guard lock(index_.mutex());
        if (Result<void> result = reserve(commit); !result) return result;
        if (Result<void> result = claim(commit, now); !result) return result;
        for (std::size_t i = 0; i < digests.size(); ++i) {
            const EntryId entry = stage(commit.events[i], now);
            if (commit.events[i].body) stage_id(digests[i], entry, now);
        }
    }
    for (AttemptPtr& attempt : commit.attempts)
        stage(std::move(attempt));
    if (Result<void> result = write_records(commit); !result) return result;
    if (commit.written) written_.push_back(std::move(commit.written));
    return {};
}

Result<std::vector<Published>> Group::publish(std::vector<NewEvent> events, TimePoint now) {
    Commit commit;
    commit.events = std::move(events);
    if (Result<void> result = check(commit, limits_); !result)
        return fail(std::move(result.error()));
    std::vector<Published> published;
    std::vector<NewEvent> fresh;
    std::vector<IdDigest> digests;
    boost::unordered_flat_set<IdDigest, IdHash> among_these;
    for (NewEvent& event : commit.events) {
        const IdDigest digest = id_digest(event.application, event.id);
        Result<bool> known = seen(digest);
        if (!known) return fail(std::move(known.error()));
        const bool is_new = !*known && among_these.insert(digest).second;
        published.push_back(is_new ? Published::stored : Published::duplicate);
        if (!is_new) continue;
        fresh.push_back(std::move(event));
        digests.push_back(digest);
    }
    commit.events = std::move(fresh);
    const std::lock_guard lock(index_.mutex());
    if (Result<void> result = reserve(commit); !result) return fail(std::move(result.error()));
    for (std::size_t i = 0; i < digests.size(); ++i)
        stage_id(digests[i], stage(commit.events[i], now), now);
    return published;
}

Result<bool> Group::seen(const IdDigest& digest) {
    if (staged_ids_.contains(digest)) return true;
    Result<bool> known = ids_.known(digest, tables_.id_page);
    if (!known) fault_ = known.error();
    return known;
}

void Group::stage_id(const IdDigest& digest, EntryId entry, TimePoint now) {
    staged_ids_.insert(digest);
    new_ids_.number = ids_.next_row();
    new_ids_.latest = now;
    new_ids_.last_pack = std::max(new_ids_.last_pack, pack_of(entry));
    new_ids_.ids.push_back({digest, entry});
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
    const std::size_t words_before = last_words_.size();
    Result<void> result = claim_all(commit, now);
    if (result) return result;
    for (std::size_t i = before; i < endings_.size(); ++i)
        index_.release(*endings_[i].held);
    endings_.resize(before);
    for (std::size_t i = words_before; i < last_words_.size(); ++i)
        last_words_[i].spent->claim = Claim::none;
    last_words_.resize(words_before);
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
        if (held != nullptr)
            endings_.push_back({.kind = Ending::Kind::confirm, .held = held});
        else if (Spent* spent = index_.claim_spent(handle, Claim::confirm, now))
            last_words_.push_back({.spent = spent, .reason = {}});
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
    for (Bury& bury : commit.buries)
        if (Result<void> result = claim(bury, now); !result) return result;
    for (Spend& spend : commit.spends) {
        Held* held = index_.claim(spend.handle, Claim::other, now);
        if (held == nullptr) return fail(lease_lost(spend.handle));
        endings_.push_back({.kind = Ending::Kind::spend,
                            .held = held,
                            .attempts = held->entry.attempts,
                            .due = now,
                            .reason = cut(std::move(spend.reason), limits_.note_bytes_max)});
    }
    return {};
}

Result<void> Group::claim(Bury& bury, TimePoint now) {
    std::string reason = cut(std::move(bury.reason), limits_.note_bytes_max);
    const int untried = bury.tried == GiveBack::Tried::yes ? 0 : 1;
    if (Held* held = index_.claim(bury.handle, Claim::other, now))
        endings_.push_back({.kind = Ending::Kind::bury,
                            .held = held,
                            .attempts = held->entry.attempts - untried,
                            .due = now,
                            .reason = std::move(reason)});
    else if (Spent* spent = index_.claim_spent(bury.handle, Claim::other, now))
        last_words_.push_back({.spent = spent, .reason = std::move(reason)});
    else
        return fail(lease_lost(bury.handle));
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
EntryId Group::stage(NewEvent& event, TimePoint now) {
    using Role = Letter::Role;
    const Body neutral = event.body ? event.body : std::make_shared<const std::string>();
    for (NewEntry& entry : event.entries)
        if (!entry.body) entry.body = neutral;
    std::vector<Draft> drafts;
    if (event.body) drafts.push_back(draft(event.entries, event.body));
    while (!event.entries.empty())
        drafts.push_back(draft(event.entries, Body(event.entries.front().body)));
    Letter letter{.id = event.id,
                  .application = event.application,
                  .type = std::move(event.type),
                  .key = std::move(event.key),
                  .time = event.time,
                  .body = {},
                  .trace = std::move(event.trace)};
    std::optional<Staged> main;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        Letter each = i + 1 == drafts.size() ? std::move(letter) : letter;
        each.body = drafts[i].body;
        each.role = !event.body ? Role::plain : main ? Role::extra : Role::main;
        if (main) each.main = main->entry;
        if (each.role == Role::main) each.extras.resize(drafts.size() - 1);
        const Staged staged = stage_letter(std::move(each), drafts[i], now);
        if (!event.body) continue;
        if (main)
            name_extra(packs_[main->pack].bytes, main->begin, i - 1, staged.entry);
        else
            main = staged;
    }
    return main ? main->entry : 0;
}

// Takes the entries with that body, but for those of a queue that has an earlier one left.
Group::Draft Group::draft(std::vector<NewEntry>& left, const Body& body) {
    Draft draft{.body = body, .queues = {}, .dues = {}};
    std::vector<Queue*> passed;  // Those with an earlier entry that is left for later.
    std::erase_if(left, [&](const NewEntry& entry) {
        Queue* queue = &index_.queue(entry.queue);
        if (entry.body != body || contains(draft.queues, queue) || contains(passed, queue)) {
            passed.push_back(queue);
            return false;
        }
        draft.queues.push_back(queue);
        draft.dues.push_back(entry.due);
        return true;
    });
    return draft;
}

Group::Staged Group::stage_letter(Letter letter, const Draft& draft, TimePoint now) {
    const std::size_t index = pack_for(draft.queues, letter.bytes(), letter.kept());
    StagedPack& pack = packs_[index];
    const auto slot = static_cast<unsigned>(pack.letters.size());
    const std::size_t begin = pack.bytes.size();
    for (std::size_t i = 0; i < draft.queues.size(); ++i) {
        if (draft.dues[i] > now) {
            pack.later.push_back({i, slot, draft.dues[i]});
            ++draft.queues[i]->staged.rows;
        } else {
            pack.fresh[i] |= slot_bit(slot);
        }
    }
    pack.stored = now;
    pack.low = std::min(pack.low, letter.time);
    pack.high = std::max(pack.high, letter.time);
    pack.events += letter.role == Letter::Role::main ? 1 : 0;
    append_letter(pack.bytes, letter);
    letter.extras.clear();
    pack.letters.push_back(std::make_shared<const Letter>(std::move(letter)));
    return {entry_id(pack.number, slot), index, begin};
}

// The pack that a letter for these queues goes into: the last one of each of them, so that the
// order of every queue is kept, or a new one.
std::size_t Group::pack_for(const std::vector<Queue*>& queues, std::size_t bytes, bool kept) {
    const std::optional<std::size_t> last =
        queues.empty() ? unheard_pack_ : queues.front()->staged.pack;
    if (last) {
        const StagedPack& pack = packs_[*last];
        const bool is_last_of_all = std::ranges::all_of(
            queues, [&](const Queue* queue) { return queue->staged.pack == last; });
        if (is_last_of_all && pack.queues == queues && pack.kept == kept &&
            pack.letters.size() < pack_slots_max && pack.bytes.size() + bytes <= pack_bytes_max)
            return *last;
    }
    for (Queue* queue : queues)
        queue->staged.pack = packs_.size();
    if (queues.empty()) unheard_pack_ = packs_.size();
    StagedPack& pack = packs_.emplace_back();
    pack.number = sequence_.next_pack++;
    pack.queues = queues;
    pack.fresh.resize(queues.size());
    pack.kept = kept;
    return packs_.size() - 1;
}

void Group::stage(AttemptPtr attempt) {
    if (pages_.empty() || pages_.back().full()) pages_.emplace_back();
    pages_.back().append(cut(std::move(attempt), limits_));
}

Result<void> Group::store() {
    if (!begun_ && packs_.empty() && endings_.empty() && last_words_.empty() && pages_.empty() &&
        new_ids_.ids.empty())
        return {};
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
    if (Result<void> result = write_last_words(); !result) return result;
    if (Result<void> result = write_places(); !result) return result;
    if (Result<void> result = departures_.write(tables_); !result) return result;
    for (std::uint64_t pack : maybe_unheld_)
        if (Result<void> result = free_pack(tables_, {pack}, index_.archive_floor()); !result)
            return result;
    if (Result<void> result = write_ids(); !result) return result;
    return write_pages();
}

Result<void> Group::write_packs() {
    if (sequence_.next_pack > sequence_.pack_reserve) {
        sequence_.pack_reserve = sequence_.next_pack + reserve_step;
        if (Result<void> result = tables_.keep_pack_reserve.run(sequence_.pack_reserve); !result)
            return result;
    }
    for (StagedPack& pack : packs_)
        if (Result<void> result = write_pack(pack); !result) return result;
    return {};
}

Result<void> Group::write_pack(StagedPack& pack) {
    std::vector<std::uint32_t> numbers;
    for (const Queue* queue : pack.queues)
        numbers.push_back(queue->number);
    const std::string queues = write_numbers(numbers);
    sequence_.high = std::max(sequence_.high, pack.high);
    Result<void> result = tables_.insert_pack.run(
        pack.number, Blob{queues}, pack.kept ? pack.events : -1, milliseconds(pack.stored),
        milliseconds(pack.low), milliseconds(sequence_.high), Blob{pack.bytes});
    for (std::size_t i = 0; result && i < numbers.size(); ++i)
        if (pack.fresh[i] != 0)
            result = tables_.insert_fresh.run(numbers[i], pack.number, pack.fresh[i]);
    for (const Later& later : pack.later)
        if (result)
            result = tables_.put_row.run(numbers[later.queue], entry_id(pack.number, later.slot), 0,
                                         milliseconds(later.due),
                                         key_hash(pack.letters[later.slot]->key));
    return result;
}

Result<void> Group::write_ids() {
    if (new_ids_.ids.empty()) return {};
    const std::string page = hookreel::store::write_ids(new_ids_.ids);
    return tables_.insert_id_row.run(new_ids_.number, milliseconds(new_ids_.latest),
                                     new_ids_.last_pack, Blob{page});
}

bool Group::archived(const Entry& entry) const {
    return entry.letter->kept() && pack_of(entry.id) >= index_.archive_floor();
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
        const std::int64_t tries = write_tries({ending.attempts, entry.earlier});
        return tables_.put_row.run(queue.number, entry.id, tries, milliseconds(ending.due),
                                   key_hash(entry.letter->key));
    }
    if (!entry.place) {
        if (!archived(entry)) maybe_unheld_.push_back(pack_of(entry.id));
        if (Result<void> result = tables_.delete_row.run(queue.number, entry.id); !result)
            return result;
    }
    if (ending.kind == Ending::Kind::bury || ending.kind == Ending::Kind::spend) {
        ++queue.staged.dead;
        return tables_.insert_dead_letter.run(queue.number, entry.id,
                                              entry.earlier + ending.attempts,
                                              milliseconds(ending.due), ending.reason);
    }
    if (entry.all_attempts() == 1 || !archived(entry)) return {};
    return tables_.put_ended.run(entry.id, queue.number, entry.all_attempts());
}

Result<void> Group::write_last_words() {
    for (LastWord& word : last_words_)
        if (Result<void> result = write(word); !result) return result;
    return {};
}

// Nothing is left to say of one that was purged meanwhile.
Result<void> Group::write(LastWord& word) {
    const Spent& spent = *word.spent;
    const std::uint32_t queue = spent.queue->number;
    {
        Rows rows = tables_.dead_letter_of.query(queue, spent.entry);
        word.was_dead = rows.next();
        if (Result<void> result = rows.result(); !result) return result;
    }
    if (!word.was_dead) return {};
    if (spent.claim != Claim::confirm)
        return tables_.update_dead_letter.run(queue, spent.entry, word.reason);
    const std::uint64_t pack = pack_of(spent.entry);
    const bool is_archived = spent.kept && pack >= index_.archive_floor();
    if (!is_archived) maybe_unheld_.push_back(pack);
    Result<void> result = tables_.delete_dead_letter.run(queue, spent.entry);
    if (result && is_archived && spent.attempts != 1)
        result = tables_.put_ended.run(spent.entry, queue, spent.attempts);
    return result;
}

Result<void> Group::write_places() {
    for (const Place* place : places_) {
        const Queue& queue = *place->queue;
        const std::uint64_t left = place->fresh & ~place->leaving;
        departures_.add({queue.number, place->pack}, left == 0 ? all_slots : place->leaving);
        if (left != 0 || (place->kept && place->pack >= index_.archive_floor())) continue;
        // The common case needs no look at who else holds the pack.
        const bool only_holder = place->holders == Place::Holders::one && !place->kept &&
                                 queue.rows == 0 && queue.staged.rows == 0 && queue.dead == 0 &&
                                 queue.staged.dead == 0;
        if (!only_holder)
            maybe_unheld_.push_back(place->pack);
        else if (Result<void> result = tables_.delete_pack.run(place->pack); !result)
            return result;
    }
    return {};
}

Result<void> Group::write_pages() {
    for (const LogPage& page : pages_) {
        const std::uint64_t number = sequence_.next_log_page++;
        sequence_.log_high = std::max(sequence_.log_high, page.latest());
        const std::string marks = page.marks();
        Result<void> result = tables_.insert_attempts.run(
            number, page.count(), milliseconds(page.earliest()), milliseconds(sequence_.log_high),
            milliseconds(page.latest()), Blob{marks});
        if (result)
            result = tables_.insert_attempt_page.run(number, static_cast<int>(LogForm::differences),
                                                     Blob{page.bytes()});
        if (!result) return result;
    }
    return {};
}

void Group::apply(Outbox& outbox) {
    for (const std::function<void()>& written : written_)
        written();
    if (!new_ids_.ids.empty()) ids_.add(std::move(new_ids_));
    departures_.keep();
    const std::lock_guard lock(index_.mutex());
    for (Place* place : places_)
        place->fresh &= ~std::exchange(place->leaving, 0);
    places_.clear();  // A place may go with the last lease of it.
    for (Ending& ending : endings_)
        apply(ending, outbox);
    for (const LastWord& word : last_words_) {
        if (word.was_dead && word.spent->claim == Claim::confirm) --word.spent->queue->dead;
        QueueIndex::conclude(*word.spent, word.spent->claim);
    }
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
    const bool comes_back = ending.kind == Ending::Kind::give_back;
    const EntryId entry = ending.held->entry.id;
    const int attempts = ending.held->entry.earlier + ending.attempts;
    const KeyHash key = comes_back ? key_hash(ending.held->entry.letter->key) : 0;
    const Handle handle = ending.held->handle;
    const bool kept = ending.held->entry.letter->kept();
    index_.end(*ending.held, confirmed ? until : TimePoint{},
               comes_back ? Ended::later : Ended::gone, outbox);
    if (comes_back) {
        if (!had_row) ++queue.rows;
        index_.delay(queue, {ending.due, entry}, key);
        index_.wake(queue, 1, outbox);
        return;
    }
    if (had_row) --queue.rows;
    --queue.entries;
    if (ending.kind == Ending::Kind::confirm) return;
    ++queue.dead;
    if (ending.kind == Ending::Kind::spend)
        index_.spend(handle, {&queue, entry, attempts, kept, until}, ending.due);
}

void Group::apply(StagedPack& pack, Outbox& outbox) {
    const auto holders = pack.queues.size() == 1 ? Place::Holders::one : Place::Holders::several;
    for (std::size_t i = 0; i < pack.queues.size(); ++i) {
        if (pack.fresh[i] == 0) continue;
        Queue& queue = *pack.queues[i];
        index_.append(queue,
                      {&queue, pack.number, pack.fresh[i], 0, holders, pack.kept, pack.stored},
                      pack.letters);
        index_.wake(queue, static_cast<std::size_t>(std::popcount(pack.fresh[i])), outbox);
    }
    for (const Later& later : pack.later) {
        Queue& queue = *pack.queues[later.queue];
        ++queue.entries;
        ++queue.rows;
        index_.delay(queue, {later.due, entry_id(pack.number, later.slot)},
                     key_hash(pack.letters[later.slot]->key));
        index_.wake(queue, 1, outbox);
    }
}

void Group::abandon() {
    departures_.abandon();
    const std::lock_guard lock(index_.mutex());
    for (Ending& ending : endings_)
        index_.release(*ending.held);
    for (const LastWord& word : last_words_)
        word.spent->claim = Claim::none;
    forget();
}

void Group::forget() {
    for (Place* place : places_)
        place->leaving = 0;
    for (Queue* queue : touched_)
        queue->staged = {};
}

}  // namespace hookreel::store
