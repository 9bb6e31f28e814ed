#include "store/sqlite/revival.h"

namespace hookreel::store {
namespace {

// What one step of a replay looks at, besides the events that it brings back.
constexpr int step_packs_max = 1000;
constexpr std::size_t step_letters_max = 20'000;

std::int64_t milliseconds(TimePoint time) {
    return time.time_since_epoch().count();
}

std::unexpected<Error> no_delivery(const DeliveryId& id) {
    return fail(Code::not_found, "no delivery " + id.text());
}

}  // namespace

bool Revival::Pack::holds(std::uint32_t queue, unsigned slot) const {
    if (slot >= letters.size()) return false;
    if (std::ranges::find(queues, queue) != queues.end()) return true;
    const auto found = joined.find(queue);
    return found != joined.end() && (found->second & slot_bit(slot)) != 0;
}

Result<std::optional<Revival::Pack>> Revival::read_pack(std::uint64_t number) {
    Pack pack{.number = number};
    {
        Rows rows = tables_.pack_queues.query(number);
        if (!rows.next()) {
            if (Result<void> result = rows.result(); !result)
                return fail(std::move(result.error()));
            return std::nullopt;
        }
        pack.queues = read_numbers(rows.bytes(0));
        pack.archived = rows.integer(1) >= 0 && number >= index_.archive_floor();
    }
    {
        Rows rows = tables_.joined_queues.query(number);
        while (rows.next())
            pack.joined[static_cast<std::uint32_t>(rows.integer(0))] = rows.number(1);
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    Rows rows = tables_.pack_letters.query(number);
    rows.next();
    Result<std::vector<LetterPtr>> letters = read_letters(rows.bytes(0));
    if (!letters) return fail(std::move(letters.error()));
    pack.letters = std::move(*letters);
    return pack;
}

Result<Revival::Stage> Revival::stage_of(std::uint32_t queue, const Pack& pack, EntryId entry) {
    if (!pack.holds(queue, slot_of(entry))) return Stage::none;
    {
        Rows rows = tables_.row_of.query(queue, entry);
        if (rows.next()) return Stage::delayed;
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    {
        Rows rows = tables_.fresh_slots.query(queue, pack.number);
        if (rows.next() && (rows.number(0) & slot_bit(entry)) != 0) return Stage::here;
    }
    {
        Rows rows = tables_.dead_letter_of.query(queue, entry);
        if (rows.next()) return Stage::dead;
    }
    if (!pack.archived) return Stage::none;
    Rows rows = tables_.ended_of.query(entry, queue);
    return rows.next() && rows.integer(0) == 0 ? Stage::dropped : Stage::delivered;
}

Result<void> Revival::retry(const DeliveryId& id, TimePoint now, Outbox& outbox) {
    const Result<CursorPlace> place = read_delivery_id(id);
    if (!place) return fail(place.error());
    const EntryId entry = place->minor;
    Queue* queue = nullptr;
    Glimpse glimpse;
    {
        const std::lock_guard lock(index_.mutex());
        if (place->major <= std::numeric_limits<std::uint32_t>::max())
            queue = index_.find(static_cast<std::uint32_t>(place->major));
        if (queue != nullptr) glimpse = index_.glimpse(*queue, entry, now);
    }
    if (queue == nullptr) return no_delivery(id);
    if (glimpse.leased) return fail(delivery_is_sent(id));
    const Result<std::optional<Pack>> pack = read_pack(pack_of(entry));
    if (!pack) return fail(pack.error());
    if (!*pack) return no_delivery(id);
    const Result<Stage> stage = stage_of(queue->number, **pack, entry);
    if (!stage) return fail(stage.error());
    if (*stage == Stage::none || *stage == Stage::dropped) return no_delivery(id);
    if (*stage == Stage::here || glimpse.in_memory) return {};
    return enter(*queue, {{entry, *stage, key_hash((*pack)->letters[slot_of(entry)]->key)}}, now,
                 outbox);
}

Result<int> Revival::attempts_of(std::uint32_t queue, const Chosen& chosen) {
    if (chosen.stage != Stage::dead && chosen.stage != Stage::delivered) return 0;
    Rows rows = chosen.stage == Stage::dead ? tables_.dead_letter_of.query(queue, chosen.entry)
                                            : tables_.ended_of.query(chosen.entry, queue);
    if (rows.next()) return static_cast<int>(rows.integer(0));
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return 1;  // Delivered with the first one, of which nothing is kept.
}

Result<void> Revival::write(const Queue& queue, const Chosen& chosen, TimePoint now) {
    const std::uint32_t number = queue.number;
    const EntryId entry = chosen.entry;
    if (chosen.stage == Stage::delayed) {
        std::int64_t tries = 0;
        TimePoint due{};
        {
            Rows rows = tables_.row_of.query(number, entry);
            if (rows.next()) {
                tries = rows.integer(0);
                due = TimePoint(Duration(rows.integer(1)));
            }
        }
        return tables_.put_row.run(number, entry, tries, milliseconds(std::min(due, now)),
                                   chosen.key);
    }
    const Result<int> earlier = attempts_of(number, chosen);
    if (!earlier) return fail(earlier.error());
    Result<void> result;
    if (chosen.stage == Stage::dead) result = tables_.delete_dead_letter.run(number, entry);
    if (chosen.stage == Stage::delivered || chosen.stage == Stage::dropped)
        result = tables_.delete_ended.run(entry, number);
    if (chosen.stage == Stage::none)
        result = tables_.join.run(pack_of(entry), number, slot_bit(entry));
    if (!result) return result;
    return tables_.put_row.run(number, entry, write_tries({.now = 0, .earlier = *earlier}),
                               milliseconds(now), chosen.key);
}

Result<void> Revival::enter(Queue& queue, const std::vector<Chosen>& chosen, TimePoint now,
                            Outbox& outbox) {
    const bool moves_only = chosen.size() == 1 && chosen.front().stage == Stage::delayed;
    if (!moves_only && queue.entries + chosen.size() > limits_.queue_entries_max)
        return fail(queue_full(queue.id, limits_));
    const Result<void> done = transact(tables_.database, [&]() -> Result<void> {
        Result<void> result;
        if (!queue.stored) result = tables_.insert_queue.run(queue.number, queue.id.text());
        for (const Chosen& each : chosen)
            if (result) result = write(queue, each, now);
        return result;
    });
    if (!done) return done;
    const std::lock_guard lock(index_.mutex());
    queue.stored = true;
    for (const Chosen& each : chosen) {
        if (each.stage != Stage::delayed) {
            ++queue.entries;
            ++queue.rows;
        }
        if (each.stage == Stage::dead) {
            --queue.dead;
            index_.unspend(queue, each.entry);
        }
        index_.delay(queue, {now, each.entry}, each.key);
    }
    QueueIndex::wake(queue, chosen.size(), outbox);
    return {};
}

Result<ReplayStep> Revival::replay(const Replay& replay, TimePoint now, Outbox& outbox) {
    const auto cursor = read_cursor(replay.cursor);
    if (!cursor) return fail(cursor.error());
    Queue* queue = nullptr;
    std::uint64_t room = 0;
    {
        const std::lock_guard lock(index_.mutex());
        queue = &index_.queue(replay.queue);
        room = limits_.queue_entries_max - std::min(queue->entries, limits_.queue_entries_max);
    }
    constexpr EntryId largest = std::numeric_limits<std::int64_t>::max();
    const EntryId from = *cursor ? std::min((*cursor)->major, largest) : 0;
    Result<Choice> choice = replay.which == Replay::Which::dead
                                ? choose_dead(replay, queue->number, from)
                                : choose(replay, queue->number, from);
    if (!choice) return fail(std::move(choice.error()));
    if (choice->entries.size() > room) {
        if (room == 0) return fail(queue_full(replay.queue, limits_));
        choice->next = choice->entries[room].entry;
        choice->entries.resize(room);
    }
    if (!choice->entries.empty())
        if (Result<void> result = enter(*queue, choice->entries, now, outbox); !result)
            return fail(std::move(result.error()));
    ReplayStep step{.replayed = static_cast<int>(choice->entries.size()), .next = {}};
    if (choice->next) step.next = write_cursor({.major = *choice->next});
    return step;
}

Result<Revival::Choice> Revival::choose_dead(const Replay& replay, std::uint32_t queue,
                                             EntryId from) {
    Choice choice;
    std::vector<EntryId> dead;
    {
        Rows rows = tables_.dead_from.query(queue, from, step_packs_max + 1);
        while (rows.next())
            dead.push_back(rows.number(0));
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    std::optional<Pack> pack;
    for (std::size_t i = 0; i < dead.size(); ++i) {
        if (i == step_packs_max || std::ssize(choice.entries) >= replay.count_max) {
            choice.next = dead[i];
            break;
        }
        if (!pack || pack->number != pack_of(dead[i])) {
            Result<std::optional<Pack>> read = read_pack(pack_of(dead[i]));
            if (!read) return fail(std::move(read.error()));
            pack = std::move(*read);
        }
        if (!pack || slot_of(dead[i]) >= pack->letters.size()) continue;
        const Letter& letter = *pack->letters[slot_of(dead[i])];
        const Result<bool> wanted = fits(replay, letter);
        if (!wanted) return fail(wanted.error());
        if (*wanted) choice.entries.push_back({dead[i], Stage::dead, key_hash(letter.key)});
    }
    return choice;
}

Result<Revival::Choice> Revival::choose(const Replay& replay, std::uint32_t queue, EntryId from) {
    Choice choice;
    std::vector<std::pair<std::uint64_t, TimePoint>> packs;  // With their earliest event.
    {
        const Result<std::uint64_t> first =
            first_pack_since(tables_.pack_high, pack_of(from), replay.span.since);
        if (!first) return fail(first.error());
        Rows rows = tables_.pack_lows.query(*first, step_packs_max + 1);
        while (rows.next())
            packs.emplace_back(rows.number(0), TimePoint(Duration(rows.integer(1))));
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    std::size_t looked = 0;
    for (std::size_t i = 0; i < packs.size() && !choice.next; ++i) {
        const auto& [pack, low] = packs[i];
        if (i == step_packs_max || looked >= step_letters_max) {
            choice.next = entry_id(pack, 0);
            break;
        }
        if (low >= replay.span.until) continue;
        const Result<std::size_t> letters = choose_in(replay, queue, from, pack, choice);
        if (!letters) return fail(letters.error());
        looked += *letters;
    }
    return choice;
}

Result<std::size_t> Revival::choose_in(const Replay& replay, std::uint32_t queue, EntryId from,
                                       std::uint64_t number, Choice& choice) {
    using Which = Replay::Which;
    const Which which = replay.which;
    const bool failed = which == Which::failed || which == Which::all;
    const bool delivered = which == Which::delivered || which == Which::all;
    const bool missing = which == Which::missing || failed;
    const Result<std::optional<Pack>> pack = read_pack(number);
    if (!pack) return fail(pack.error());
    for (unsigned slot = 0; *pack && slot < (*pack)->letters.size(); ++slot) {
        const EntryId entry = entry_id(number, slot);
        if (entry < from) continue;
        const Letter& letter = *(*pack)->letters[slot];
        const Result<bool> wanted = fits(replay, letter);
        if (!wanted) return fail(wanted.error());
        if (!*wanted) continue;
        const bool was_here = (*pack)->holds(queue, slot);
        if (!was_here && (letter.role != Letter::Role::main || !(*pack)->archived)) continue;
        const Result<Stage> stage = stage_of(queue, **pack, entry);
        if (!stage) return fail(stage.error());
        const bool chosen = (*stage == Stage::dead && failed) ||
                            (*stage == Stage::delivered && delivered) ||
                            (*stage == Stage::dropped && missing) || (!was_here && missing);
        if (!chosen) continue;
        if (!was_here) {
            const Result<bool> elsewhere = is_elsewhere(queue, letter);
            if (!elsewhere) return fail(elsewhere.error());
            if (*elsewhere) continue;
        }
        if (std::ssize(choice.entries) >= replay.count_max) {
            choice.next = entry;
            break;
        }
        choice.entries.push_back({entry, *stage, key_hash(letter.key)});
    }
    return *pack ? (*pack)->letters.size() : 0;
}

// By what the archive says of the event, where it does.
Result<bool> Revival::fits(const Replay& replay, const Letter& letter) {
    if (letter.application != replay.application || !within(replay.span, letter.time)) return false;
    Body body = letter.body;
    if (letter.role == Letter::Role::extra && !replay.filter.data.empty()) {
        Rows rows = tables_.pack_letters.query(pack_of(letter.main));
        if (rows.next()) {
            const Result<LetterPtr> main = read_letter(rows.bytes(0), slot_of(letter.main));
            if (!main) return fail(main.error());
            body = (*main)->body;
        }
    }
    return store::fits(replay.filter, letter.type, letter.key, *body);
}

// Whether the event is or was in the queue in other words.
Result<bool> Revival::is_elsewhere(std::uint32_t queue, const Letter& main) {
    for (EntryId extra : main.extras) {
        Rows rows = tables_.pack_queues.query(pack_of(extra));
        if (!rows.next()) continue;
        const std::vector<std::uint32_t> queues = read_numbers(rows.bytes(0));
        if (std::ranges::find(queues, queue) != queues.end()) return true;
    }
    return false;
}

}  // namespace hookreel::store
