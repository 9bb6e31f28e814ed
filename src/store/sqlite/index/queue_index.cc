#include "store/sqlite/index/queue_index.h"

#include <bit>

namespace hookreel::store {

Queue& QueueIndex::queue(const model::QueueId& id) {
    std::unique_ptr<Queue>& queue = queues_[id];
    if (!queue) {
        queue = std::make_unique<Queue>();
        queue->number = ++last_number_;
        queue->id = id;
        numbered_[queue->number] = queue.get();
    }
    return *queue;
}

Queue* QueueIndex::find(const model::QueueId& id) {
    const auto found = queues_.find(id);
    return found == queues_.end() ? nullptr : found->second.get();
}

Queue* QueueIndex::find(std::uint32_t number) {
    const auto found = numbered_.find(number);
    return found == numbered_.end() ? nullptr : found->second;
}

std::vector<std::uint32_t> QueueIndex::busy_queues() const {
    std::vector<std::uint32_t> busy;
    for (const auto& [number, queue] : numbered_)
        if (queue->entries > 0) busy.push_back(number);
    return busy;
}

std::vector<Queue*> QueueIndex::all() {
    std::vector<Queue*> all;
    for (const auto& [id, queue] : queues_)
        all.push_back(queue.get());
    return all;
}

Taken QueueIndex::take(Queue& queue, const LeaseOptions& options, TimePoint now, Outbox& outbox) {
    Stock& stock = *queue.stock;
    Taken taken;
    settle(queue, now);
    arrange(queue, options.order);
    // Of many that are due at once, the earliest due ones come first, by age among themselves.
    const bool rows_due = queue.next_due <= now;
    if (rows_due && stock.again.size() < window_low) {
        taken.next = Next::read;
        return taken;
    }
    if (options.only) {
        std::optional<Entry> entry = pick(queue, *options.only);
        const Turn turn = entry ? this->turn(queue, *entry) : Turn::waits;
        if (turn == Turn::goes)
            taken.leases.push_back(lend(queue, std::move(*entry), now + options.hold, now));
        if (turn == Turn::unknown) taken.next = Next::read;
        return taken;
    }
    while (std::ssize(taken.leases) < options.count_max) {
        std::optional<Entry> entry = pop(queue);
        if (!entry) {
            if (queue.unread() || !stock.known.empty()) taken.next = Next::read;
            break;
        }
        const Turn turn = this->turn(queue, *entry);
        if (turn == Turn::unknown) {
            taken.next = Next::read;
            break;
        }
        if (turn == Turn::waits) continue;
        taken.leases.push_back(lend(queue, std::move(*entry), now + options.hold, now));
    }
    const bool low = queue.unread() && stock.fresh.size() < window_low;
    if ((low || rows_due) && !queue.reading) {
        queue.reading = true;
        taken.prefetch = taken.next == Next::done;
    }
    const bool is_awaited = !queue.sleepers.empty() || !queue.watches.empty();
    if (is_awaited && !taken.leases.empty()) {
        if (!stock.fresh.empty() || !stock.again.empty()) wake(queue, 1, outbox);
        wake_for_change(queue, outbox);
    }
    return taken;
}

// Takes back what ran out.
void QueueIndex::settle(Queue& queue, TimePoint now) {
    if (!queue.stock) return;
    Stock& stock = *queue.stock;
    while (!stock.leases.empty() && stock.leases.front().until <= now) {
        Held& held = stock.leases.front();
        held.unlink();
        Entry entry = leases_.end(held, TimePoint{});
        --queue.leased;
        const EntryId id = entry.id;
        stock.held.erase(id);
        stock.again.emplace(id, std::move(entry));
    }
}

std::optional<Entry> QueueIndex::pop(Queue& queue) {
    Stock& stock = *queue.stock;
    const bool from_again =
        !stock.again.empty() &&
        (stock.fresh.empty() || stock.again.begin()->first < stock.fresh.front().id);
    if (!stock.known.empty()) {
        // Its letter must be read before anything younger is handed out.
        const EntryId first = *stock.known.begin();
        if ((stock.again.empty() || first < stock.again.begin()->first) &&
            (stock.fresh.empty() || first < stock.fresh.front().id))
            return {};
    }
    if (from_again) {
        // What lies unread on disk may be older.
        const EntryId first = stock.again.begin()->first;
        if (stock.fresh.empty() && queue.unread() && pack_of(first) >= queue.cursor) return {};
        return std::move(stock.again.extract(stock.again.begin()).mapped());
    }
    if (stock.fresh.empty()) return {};
    Entry entry = std::move(stock.fresh.front());
    stock.fresh.pop_front();
    return entry;
}

// The entry of one event, if it is in memory and due.
std::optional<Entry> QueueIndex::pick(Queue& queue, const model::EventId& event) {
    Stock& stock = *queue.stock;
    const auto again = std::ranges::find_if(
        stock.again, [&](const auto& item) { return item.second.letter->id == event; });
    if (again != stock.again.end()) return std::move(stock.again.extract(again).mapped());
    const auto fresh = std::ranges::find_if(
        stock.fresh, [&](const Entry& entry) { return entry.letter->id == event; });
    if (fresh == stock.fresh.end()) return {};
    Entry entry = std::move(*fresh);
    stock.fresh.erase(fresh);
    return entry;
}

void QueueIndex::arrange(Queue& queue, model::Order order) {
    Stock& stock = *queue.stock;
    if (order == model::Order::none) {
        if (!stock.lines) return;
        for (EntryId entry : stock.lines->dissolve())
            release(queue, entry);
        stock.lines.reset();
        stock.places.clear();
        return;
    }
    if (stock.lines) return;
    stock.lines = std::make_unique<KeyLines>();
    for (const auto& [entry, held] : stock.held)
        stock.lines->block(key_hash(held->entry.letter->key), entry);
    for (const Entry& entry : stock.fresh)
        if (entry.place) stock.places[entry.place->pack] = entry.place;
    for (const auto& [id, entry] : stock.again) {
        stock.lines->block(key_hash(entry.letter->key), id);
        if (entry.place) stock.places[entry.place->pack] = entry.place;
    }
    for (const auto& [id, held] : stock.held)
        if (held->entry.place) stock.places[held->entry.place->pack] = held->entry.place;
    if (queue.rows == 0) stock.lines->told_before = KeyLines::all;
}

QueueIndex::Turn QueueIndex::turn(Queue& queue, Entry& entry) {
    Stock& stock = *queue.stock;
    if (!stock.lines) return Turn::goes;
    const EntryId id = entry.id;
    const KeyHash key = key_hash(entry.letter->key);
    const bool is_behind = stock.lines->blocked(key, id);
    if (!is_behind && key != 0 && !stock.lines->knows(id)) {
        stock.again.emplace(id, std::move(entry));
        return Turn::unknown;
    }
    if (!is_behind) {
        stock.lines->block(key, id);
        return Turn::goes;
    }
    stock.lines->park(key, id);
    // Attempts that ended by time are known nowhere else.
    if (kept_bytes_ < kept_bytes_max || (entry.place && entry.attempts > 0)) {
        stock.aside.insert_or_assign(id, std::move(entry));
    } else {
        forget(entry);
    }
    return Turn::waits;
}

void QueueIndex::release(Queue& queue, EntryId entry) {
    if (auto aside = queue.stock->aside.extract(entry))
        queue.stock->again.emplace(entry, std::move(aside.mapped()));
    else
        queue.stock->known.insert(entry);
}

// One Place per pack in memory. Only where single entries are read a second one could come up.
std::shared_ptr<Place> QueueIndex::share(Queue& queue, const Place& place) {
    Stock& stock = *queue.stock;
    if (!stock.lines) return std::make_shared<Place>(place);
    if (stock.places.size() > 4096 && stock.places.size() > 2 * stock.held.size())
        std::erase_if(stock.places, [](const auto& item) { return item.second.expired(); });
    std::weak_ptr<Place>& known = stock.places[place.pack];
    if (std::shared_ptr<Place> shared = known.lock()) return shared;
    std::shared_ptr<Place> made = std::make_shared<Place>(place);
    known = made;
    return made;
}

Lease QueueIndex::lend(Queue& queue, Entry entry, TimePoint until, TimePoint now) {
    auto held = std::make_unique<Held>();
    held->entry = std::move(entry);
    held->queue = &queue;
    held->until = until;
    ++held->entry.attempts;
    Held& out = leases_.add(std::move(held), now);
    insert(out);
    queue.stock->held.emplace(out.entry.id, &out);
    ++queue.leased;
    const Letter& letter = *out.entry.letter;
    return {.handle = out.handle,
            .queue = queue.id,
            .event = letter.id,
            .type = letter.type,
            .key = letter.key,
            .time = letter.time,
            .attempt = out.entry.attempts,
            .until = until,
            .body = letter.body,
            .trace = letter.trace,
            .stored = out.entry.place ? out.entry.place->stored : TimePoint{},
            .earlier = out.entry.earlier};
}

void QueueIndex::insert(Held& held) {
    // Holds of one queue are mostly equal, so its place is mostly the last one.
    HeldList& leases = held.queue->stock->leases;
    auto at = leases.end();
    while (at != leases.begin() && std::prev(at)->until > held.until)
        --at;
    leases.insert(at, held);
}

TimePoint QueueIndex::next_change(const Queue& queue) {
    if (!queue.stock || queue.stock->leases.empty()) return queue.next_due;
    return std::min(queue.next_due, queue.stock->leases.front().until);
}

void QueueIndex::sleep(Queue& queue, Sleeper sleeper) {
    queue.sleepers.push_back(std::move(sleeper));
}

void QueueIndex::leave(Queue& queue, const std::shared_ptr<Waiter>& waiter, Wake wake_of,
                       Outbox& outbox) {
    const std::size_t slept = std::erase_if(
        queue.sleepers, [&](const Sleeper& sleeper) { return sleeper.waiter == waiter; });
    if (slept == 0 && wake_of == Wake::cancelled) wake(queue, 1, outbox);
}

bool QueueIndex::watch(Queue& queue, model::Order order, const std::shared_ptr<Bell>& bell,
                       TimePoint now) {
    std::erase_if(queue.watches, [&](const Watch& watch) { return watch.bell == bell; });
    settle(queue, now);
    const bool by_key = order == model::Order::key;
    const bool is_arranged = queue.entries == 0 || by_key == is_by_key(queue);
    const bool has_due =
        queue.unread() || queue.next_due <= now || (queue.stock && queue.stock->has_due());
    if (!is_arranged || has_due) return false;
    queue.watches.push_back({bell, next_change(queue)});
    return true;
}

void QueueIndex::wake(Queue& queue, std::size_t count, Outbox& outbox) {
    for (Watch& watch : queue.watches)
        outbox.ring(std::move(watch.bell));
    queue.watches.clear();
    for (; count > 0 && !queue.sleepers.empty(); --count) {
        outbox.ring(std::move(queue.sleepers.front().waiter));
        queue.sleepers.pop_front();
    }
}

void QueueIndex::wake_for_change(Queue& queue, Outbox& outbox) {
    const TimePoint change = next_change(queue);
    const auto is_too_late = [change](const auto& waiting) { return waiting.planned > change; };
    const bool wakes = !queue.sleepers.empty() && std::ranges::all_of(queue.sleepers, is_too_late);
    if (wakes || std::ranges::any_of(queue.watches, is_too_late)) wake(queue, wakes, outbox);
}

void QueueIndex::wake_all(Outbox& outbox) {
    for (const auto& [id, queue] : queues_)
        wake(*queue, queue->sleepers.size(), outbox);
}

bool QueueIndex::renew(Handle handle, TimePoint until, TimePoint now, Outbox& outbox) {
    Held* held = leases_.find(handle);
    if (held == nullptr || held->claim != Claim::none || held->until <= now) return false;
    held->unlink();
    held->until = until;
    insert(*held);
    wake_for_change(*held->queue, outbox);
    return true;
}

QueueCounts QueueIndex::count(Queue& queue, TimePoint now) {
    settle(queue, now);
    return {.waiting = queue.entries - queue.leased, .leased = queue.leased, .dead = queue.dead};
}

Held* QueueIndex::claim(Handle handle, Claim claim, TimePoint now) {
    Held* held = leases_.find(handle);
    if (held == nullptr || held->claim != Claim::none || held->until <= now) return nullptr;
    held->unlink();
    held->claim = claim;
    return held;
}

const Queue* QueueIndex::confirmable(Handle handle, TimePoint now) {
    const Held* held = leases_.find(handle);
    if (held == nullptr) {
        const auto spent = spent_.find(handle);
        if (spent == spent_.end()) return leases_.confirmed(handle, now);
        const bool live = now < spent->second.until && spent->second.claim != Claim::other;
        return live ? spent->second.queue : nullptr;
    }
    const bool live = held->claim == Claim::none && now < held->until;
    return live || held->claim == Claim::confirm ? held->queue : nullptr;
}

void QueueIndex::release(Held& held) {
    held.claim = Claim::none;
    insert(held);
}

Spent* QueueIndex::claim_spent(Handle handle, Claim claim, TimePoint now) {
    const auto found = spent_.find(handle);
    if (found == spent_.end()) return nullptr;
    Spent& spent = found->second;
    if (spent.claim != Claim::none || spent.confirmed || spent.until <= now) return nullptr;
    spent.claim = claim;
    return &spent;
}

// Handles grow, so those that ran out are mostly in front.
void QueueIndex::spend(Handle handle, Spent spent, TimePoint now) {
    while (!spent_.empty() && spent_.begin()->second.until <= now) {
        const Spent& over = spent_.begin()->second;
        over.queue->stock->spent.erase(over.entry);
        spent_.erase(spent_.begin());
    }
    spent.queue->stock->spent[spent.entry] = spent.until;
    spent_[handle] = spent;
}

void QueueIndex::conclude(Spent& spent, Claim claim) {
    spent.queue->stock->spent.erase(spent.entry);
    spent.claim = Claim::none;
    spent.confirmed = claim == Claim::confirm;
    if (claim != Claim::confirm) spent.until = {};
}

void QueueIndex::unspend(Queue& queue, EntryId entry) {
    if (!queue.stock || queue.stock->spent.erase(entry) == 0) return;
    std::erase_if(spent_, [&](const auto& item) {
        return item.second.queue == &queue && item.second.entry == entry;
    });
}

void QueueIndex::end(Held& held, TimePoint confirmed_until, Ended how, Outbox& outbox) {
    Queue& queue = *held.queue;
    const Entry entry = leases_.end(held, confirmed_until);
    --queue.leased;
    queue.stock->held.erase(entry.id);
    if (!entry.place) queue.stock->loaded_rows.erase(entry.id);
    forget(entry);
    if (!queue.stock->lines || how == Ended::later) return;
    if (const auto next = queue.stock->lines->leave(key_hash(entry.letter->key), entry.id)) {
        release(queue, *next);
        wake(queue, 1, outbox);
    }
}

void QueueIndex::append(Queue& queue, const Place& place, const std::vector<LetterPtr>& letters) {
    const bool room = queue.stock->fresh.size() < window_entries && kept_bytes_ < kept_bytes_max;
    const bool keeps = room && !queue.unread();
    queue.last_pack = std::max(queue.last_pack, place.pack);
    queue.entries += static_cast<std::uint64_t>(std::popcount(place.fresh));
    if (!keeps) return;
    std::vector<Packful> packs;
    packs.push_back({place, letters});
    const bool reading = queue.reading;
    fill(queue, std::move(packs), place.pack + 1);
    queue.reading = reading;
}

void QueueIndex::delay(Queue& queue, DueRow row, KeyHash key) {
    const DueRow next{queue.next_due, queue.next_entry};
    if (row < next) {
        queue.next_due = row.due;
        queue.next_entry = row.entry;
    }
    if (is_by_key(queue)) queue.stock->lines->block(key, row.entry);
}

std::uint64_t QueueIndex::behind(const Queue& queue, const Place& place,
                                 const std::vector<KeyHash>& keys) {
    std::uint64_t slots = 0;
    for (unsigned slot = 0; slot < keys.size(); ++slot)
        if (is_behind(queue, entry_id(place.pack, slot), keys[slot])) slots |= slot_bit(slot);
    return slots & place.fresh;
}

// Of an entry on disk that was behind others when its pack was read. Nobody leaves before it is
// parked; but the queue may have lost its order.
void QueueIndex::leave_behind(Queue& queue, KeyHash key, EntryId entry) {
    if (is_by_key(queue))
        queue.stock->lines->park(key, entry);
    else
        queue.stock->known.insert(entry);
}

void QueueIndex::fill(Queue& queue, std::vector<Packful> packs, std::uint64_t cursor) {
    for (Packful& packful : packs) {
        const std::shared_ptr<Place> place = share(queue, packful.place);
        for (unsigned slot = 0; slot < packful.letters.size(); ++slot) {
            const EntryId id = entry_id(place->pack, slot);
            if ((packful.behind & slot_bit(id)) != 0) leave_behind(queue, packful.keys[slot], id);
            if ((place->fresh & ~packful.behind & slot_bit(id)) == 0) continue;
            queue.stock->fresh.push_back(
                {.id = id, .letter = std::move(packful.letters[slot]), .place = place});
            enter(queue.stock->fresh.back());
        }
    }
    queue.cursor = cursor;
    queue.reading = false;
}

void QueueIndex::fill_due(Queue& queue, std::vector<Entry> entries, DueRow next) {
    for (Entry& entry : entries) {
        const EntryId id = entry.id;
        enter(entry);
        queue.stock->loaded_rows.insert(id);
        queue.stock->again.emplace(id, std::move(entry));
    }
    queue.next_due = next.due;
    queue.next_entry = next.entry;
}

void QueueIndex::fill_known(Queue& queue, std::vector<Entry> entries,
                            const std::vector<Place>& places) {
    Stock& stock = *queue.stock;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        Entry& entry = entries[i];
        const EntryId id = entry.id;
        const bool wanted = stock.known.erase(id) > 0;
        const bool parked = !wanted && stock.lines && kept_bytes_ < kept_bytes_max &&
                            stock.lines->parked(key_hash(entry.letter->key), id) &&
                            !stock.aside.contains(id);
        if (!wanted && !parked) continue;
        if (places[i].fresh != 0) entry.place = share(queue, places[i]);
        enter(entry);
        if (wanted)
            stock.again.emplace(id, std::move(entry));
        else
            stock.aside.emplace(id, std::move(entry));
    }
}

void QueueIndex::fill_keys(Queue& queue, const Blockers& rows) {
    // Another step may have come in between, or another order.
    if (!is_by_key(queue) || queue.stock->lines->told_before != rows.from) return;
    for (const auto& [key, entry] : rows.entries)
        queue.stock->lines->block(key, entry);
    queue.stock->lines->told_before = rows.end;
}

Glimpse QueueIndex::glimpse(Queue& queue, EntryId entry, TimePoint now) {
    settle(queue, now);
    if (!queue.stock) return {};
    Stock& stock = *queue.stock;
    if (const auto held = stock.held.find(entry); held != stock.held.end())
        return {.leased = true, .in_memory = true, .attempts = held->second->entry.all_attempts()};
    if (const auto again = stock.again.find(entry); again != stock.again.end())
        return {.in_memory = true, .attempts = again->second.all_attempts()};
    if (const auto aside = stock.aside.find(entry); aside != stock.aside.end())
        return {.in_memory = true, .attempts = aside->second.all_attempts()};
    const auto spent = stock.spent.find(entry);
    return {.leased = spent != stock.spent.end() && now < spent->second,
            .in_memory = stock.loaded_rows.contains(entry) || stock.known.contains(entry)};
}

void QueueIndex::drop(Queue& queue, const std::unordered_set<EntryId>& entries, Outbox& outbox) {
    Stock& stock = *queue.stock;
    const auto leaves = [&](const Entry& entry) {
        if (!entries.contains(entry.id)) return false;
        if (entry.place) entry.place->fresh &= ~slot_bit(entry.id);
        forget(entry);
        return true;
    };
    const auto left = std::ranges::remove_if(stock.fresh, leaves);
    stock.fresh.erase(left.begin(), left.end());
    std::erase_if(stock.again, [&](const auto& item) { return leaves(item.second); });
    std::erase_if(stock.aside, [&](const auto& item) { return leaves(item.second); });
    std::erase_if(stock.known, [&](EntryId entry) { return entries.contains(entry); });
    std::erase_if(stock.loaded_rows, [&](EntryId entry) { return entries.contains(entry); });
    for (auto it = stock.leases.begin(); it != stock.leases.end();) {
        Held& held = *it++;
        if (!leaves(held.entry)) continue;
        held.unlink();
        stock.held.erase(held.entry.id);
        leases_.end(held, TimePoint{});
        --queue.leased;
    }
    queue.entries -= entries.size();
    if (!stock.lines) return;
    // A place that is in memory for a neighbour only must not bring a parked one back.
    for (EntryId entry : entries)
        if (const auto found = stock.places.find(pack_of(entry)); found != stock.places.end())
            if (const std::shared_ptr<Place> place = found->second.lock())
                place->fresh &= ~slot_bit(entry);
    for (EntryId free : stock.lines->leave(entries)) {
        release(queue, free);
        wake(queue, 1, outbox);
    }
}

void QueueIndex::remove_dead(std::uint32_t number, std::uint64_t count) {
    if (Queue* queue = find(number)) queue->dead -= count;
}

void QueueIndex::restore(std::uint64_t boot, const std::vector<StoredQueue>& stored) {
    for (const auto& [id, queue] : queues_) {
        queue->entries = queue->leased = queue->dead = queue->rows = 0;
        queue->cursor = 1;
        queue->last_pack = 0;
        queue->next_due = never;
        queue->next_entry = 0;
        queue->stock.reset();
        queue->reading = false;
        queue->staged = {};
    }
    leases_.reset(boot);
    spent_.clear();
    kept_bytes_ = 0;
    for (const StoredQueue& from : stored) {
        Queue& to = queue(model::QueueId(from.name));
        to.number = from.number;
        to.stored = true;
        to.entries = from.entries;
        to.rows = from.rows;
        to.dead = from.dead;
        to.cursor = from.first_pack;
        to.last_pack = from.last_pack;
        to.next_due = from.next_due;
        last_number_ = std::max(last_number_, from.number);
    }
    numbered_.clear();
    for (const auto& [id, queue] : queues_)
        numbered_[queue->number] = queue.get();
}

}  // namespace hookreel::store
