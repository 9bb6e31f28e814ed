#include "store/sqlite/queue_index.h"

#include <bit>

namespace hookreel::store {

Queue& QueueIndex::queue(const model::QueueId& id) {
    std::unique_ptr<Queue>& queue = queues_[id];
    if (!queue) {
        queue = std::make_unique<Queue>();
        queue->number = ++last_number_;
        queue->id = id;
    }
    return *queue;
}

Queue* QueueIndex::find(const model::QueueId& id) {
    const auto found = queues_.find(id);
    return found == queues_.end() ? nullptr : found->second.get();
}

Taken QueueIndex::take(Queue& queue, const LeaseOptions& options, TimePoint now, Outbox& outbox) {
    Taken taken;
    settle(queue, now);
    if (queue.next_due <= now) {
        taken.next = Next::read;
        return taken;
    }
    while (std::ssize(taken.leases) < options.count_max) {
        std::optional<Entry> entry = pop(queue);
        if (!entry) {
            if (queue.unread()) taken.next = Next::read;
            break;
        }
        taken.leases.push_back(lend(queue, std::move(*entry), now + options.hold, now));
    }
    if (queue.unread() && queue.fresh.size() < window_low && !queue.reading) {
        queue.reading = true;
        taken.prefetch = taken.next == Next::done;
    }
    if (!queue.sleepers.empty() && !taken.leases.empty()) {
        if (!queue.fresh.empty() || !queue.again.empty()) wake(queue, 1, outbox);
        wake_for_change(queue, outbox);
    }
    return taken;
}

// Takes back what ran out.
void QueueIndex::settle(Queue& queue, TimePoint now) {
    while (!queue.leases.empty() && queue.leases.front().until <= now) {
        Held& held = queue.leases.front();
        held.unlink();
        Entry entry = leases_.end(held, TimePoint{});
        --queue.leased;
        const EntryId id = entry.id;
        queue.again.emplace(id, std::move(entry));
    }
}

std::optional<Entry> QueueIndex::pop(Queue& queue) {
    const bool from_again =
        !queue.again.empty() &&
        (queue.fresh.empty() || queue.again.begin()->first < queue.fresh.front().id);
    if (from_again) {
        // What lies unread on disk may be older.
        const EntryId first = queue.again.begin()->first;
        if (queue.fresh.empty() && queue.unread() && pack_of(first) >= queue.cursor) return {};
        return std::move(queue.again.extract(queue.again.begin()).mapped());
    }
    if (queue.fresh.empty()) return {};
    Entry entry = std::move(queue.fresh.front());
    queue.fresh.pop_front();
    return entry;
}

Lease QueueIndex::lend(Queue& queue, Entry entry, TimePoint until, TimePoint now) {
    auto held = std::make_unique<Held>();
    held->entry = std::move(entry);
    held->queue = &queue;
    held->until = until;
    ++held->entry.attempts;
    Held& out = leases_.add(std::move(held), now);
    insert(out);
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
            .body = letter.body};
}

void QueueIndex::insert(Held& held) {
    // Holds of one queue are mostly equal, so its place is mostly the last one.
    HeldList& leases = held.queue->leases;
    auto at = leases.end();
    while (at != leases.begin() && std::prev(at)->until > held.until)
        --at;
    leases.insert(at, held);
}

TimePoint QueueIndex::next_change(const Queue& queue) {
    return queue.leases.empty() ? queue.next_due
                                : std::min(queue.next_due, queue.leases.front().until);
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

void QueueIndex::wake(Queue& queue, std::size_t count, Outbox& outbox) {
    for (; count > 0 && !queue.sleepers.empty(); --count) {
        outbox.ring(std::move(queue.sleepers.front().waiter));
        queue.sleepers.pop_front();
    }
}

void QueueIndex::wake_for_change(Queue& queue, Outbox& outbox) {
    const TimePoint change = next_change(queue);
    const bool all_too_late = std::ranges::all_of(
        queue.sleepers, [&](const Sleeper& sleeper) { return sleeper.planned > change; });
    if (all_too_late) wake(queue, 1, outbox);
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
    if (held == nullptr) return leases_.confirmed(handle, now);
    const bool live = held->claim == Claim::none && now < held->until;
    return live || held->claim == Claim::confirm ? held->queue : nullptr;
}

void QueueIndex::release(Held& held) {
    held.claim = Claim::none;
    insert(held);
}

void QueueIndex::end(Held& held, TimePoint confirmed_until) {
    Queue& queue = *held.queue;
    const Entry entry = leases_.end(held, confirmed_until);
    --queue.leased;
    if (!entry.place) queue.loaded_rows.erase(entry.id);
    forget(entry);
}

void QueueIndex::append(Queue& queue, std::shared_ptr<Place> place,
                        const std::vector<LetterPtr>& letters) {
    const std::uint64_t pack = place->pack;
    const bool room = queue.fresh.size() < window_entries && kept_bytes_ < kept_bytes_max;
    const bool keeps = room && !queue.unread();
    queue.last_pack = std::max(queue.last_pack, pack);
    queue.entries += static_cast<std::uint64_t>(std::popcount(place->fresh));
    if (!keeps) return;
    for (unsigned slot = 0; slot < letters.size(); ++slot) {
        const EntryId id = entry_id(pack, slot);
        if ((place->fresh & slot_bit(id)) == 0) continue;
        queue.fresh.push_back({id, 0, letters[slot], place});
        enter(queue.fresh.back());
    }
    queue.cursor = pack + 1;
}

void QueueIndex::delay(Queue& queue, TimePoint due) {
    queue.next_due = std::min(queue.next_due, due);
}

void QueueIndex::fill(Queue& queue, std::vector<Packful> packs, std::uint64_t cursor) {
    for (Packful& packful : packs) {
        for (unsigned slot = 0; slot < packful.letters.size(); ++slot) {
            const EntryId id = entry_id(packful.place->pack, slot);
            if ((packful.place->fresh & slot_bit(id)) == 0) continue;
            queue.fresh.push_back({id, 0, std::move(packful.letters[slot]), packful.place});
            enter(queue.fresh.back());
        }
    }
    queue.cursor = cursor;
    queue.reading = false;
}

void QueueIndex::fill_due(Queue& queue, std::vector<Entry> entries, TimePoint next_due) {
    for (Entry& entry : entries) {
        const EntryId id = entry.id;
        enter(entry);
        queue.loaded_rows.insert(id);
        queue.again.emplace(id, std::move(entry));
    }
    queue.next_due = next_due;
}

void QueueIndex::drop(Queue& queue, const std::unordered_set<EntryId>& entries) {
    const auto leaves = [&](const Entry& entry) {
        if (!entries.contains(entry.id)) return false;
        if (entry.place) entry.place->fresh &= ~slot_bit(entry.id);
        queue.loaded_rows.erase(entry.id);
        forget(entry);
        return true;
    };
    std::erase_if(queue.fresh, leaves);
    std::erase_if(queue.again, [&](const auto& item) { return leaves(item.second); });
    for (auto it = queue.leases.begin(); it != queue.leases.end();) {
        Held& held = *it++;
        if (!leaves(held.entry)) continue;
        held.unlink();
        leases_.end(held, TimePoint{});
        --queue.leased;
    }
    queue.entries -= entries.size();
}

void QueueIndex::remove_dead(std::uint32_t number, std::uint64_t count) {
    for (const auto& [id, queue] : queues_)
        if (queue->number == number) queue->dead -= count;
}

void QueueIndex::restore(std::uint64_t boot, const std::vector<StoredQueue>& stored) {
    for (const auto& [id, queue] : queues_) {
        queue->entries = queue->leased = queue->dead = queue->rows = 0;
        queue->cursor = 1;
        queue->last_pack = 0;
        queue->next_due = never;
        queue->fresh.clear();
        queue->again.clear();
        queue->loaded_rows.clear();
        queue->leases.clear();
        queue->reading = false;
        queue->staged = {};
    }
    leases_.reset(boot);
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
}

}  // namespace hookreel::store
