#include "store/sqlite/archive_search.h"

#include <bit>

namespace hookreel::store {
namespace {

// What one page of an answer looks at.
constexpr int packs_max = 1000;
constexpr std::uint64_t newest_pack = (std::uint64_t(1) << 57) - 1;

TimePoint time_at(const Rows& rows, int column) {
    return TimePoint(Duration(rows.integer(column)));
}

Result<std::optional<std::uint64_t>> first_number(Rows rows) {
    if (rows.next()) return rows.number(0);
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return std::nullopt;
}

ArchivedEvent archived_event(const Letter& letter) {
    return {letter.id, letter.application, letter.type, letter.key, letter.time, letter.body};
}

EntryId last_entry(std::uint64_t pack) {
    return entry_id(pack, pack_slots_max - 1);
}

}  // namespace

ArchiveSearch::ArchiveSearch(Database& database, QueueIndex& index, const Ids& ids)
    : database_(database), index_(index), ids_(ids) {}

Result<Page<ArchivedEvent>> ArchiveSearch::events(const EventQuery& query) {
    const auto cursor = read_cursor(query.cursor);
    if (!cursor) return fail(cursor.error());
    const EntryId from = *cursor ? (*cursor)->major : 0;
    const Result<std::uint64_t> first = first_pack_since(
        pack_high_, std::max(pack_of(from), index_.archive_floor()), query.span.since);
    if (!first) return fail(first.error());
    Page<ArchivedEvent> answer;
    int looked = 0;
    Rows rows = archive_.query(*first, packs_max + 1);
    while (rows.next()) {
        const std::uint64_t pack = rows.number(0);
        if (++looked > packs_max) {
            answer.next = write_cursor({.major = entry_id(pack, 0)});
            break;
        }
        if (time_at(rows, 1) >= query.span.until) continue;
        const Result<std::vector<LetterPtr>> letters = read_letters(rows.bytes(2));
        if (!letters) return fail(letters.error());
        for (unsigned slot = 0; slot < letters->size(); ++slot) {
            const Letter& letter = *letters->at(slot);
            const EntryId entry = entry_id(pack, slot);
            if (entry < from || letter.role != Letter::Role::main) continue;
            ArchivedEvent event = archived_event(letter);
            if (!fits(query, event)) continue;
            if (answer.items.size() >= page_size(query.count_max)) {
                answer.next = write_cursor({.major = entry});
                return answer;
            }
            answer.items.push_back(std::move(event));
        }
    }
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return answer;
}

Result<std::vector<EntryId>> ArchiveSearch::main_letters(model::ApplicationId application,
                                                         const model::EventId& id) {
    const IdDigest digest = id_digest(application, id);
    const Ids::Places places = ids_.places(digest);
    std::vector<EntryId> found;
    if (places.recent) found.push_back(*places.recent);
    for (std::uint64_t run : places.runs) {
        const Result<std::optional<EntryId>> entry = Ids::look(id_page_, run, digest);
        if (!entry) return fail(entry.error());
        if (*entry) found.push_back(**entry);
    }
    std::erase_if(found, [&](EntryId entry) { return pack_of(entry) < index_.archive_floor(); });
    return found;
}

Result<LetterPtr> ArchiveSearch::letter(EntryId entry) {
    Rows rows = letters_.query(pack_of(entry));
    if (rows.next()) return read_letter(rows.bytes(0), slot_of(entry));
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return fail(Code::not_found, "the event was removed");
}

Result<ArchivedEvent> ArchiveSearch::event(model::ApplicationId application,
                                           const model::EventId& id) {
    const Result<std::vector<EntryId>> entries = main_letters(application, id);
    if (!entries) return fail(entries.error());
    for (EntryId entry : *entries) {
        const Result<LetterPtr> found = letter(entry);
        if (!found && found.error().code != Code::not_found) return fail(found.error());
        if (found && (*found)->id == id && (*found)->application == application)
            return archived_event(**found);
    }
    return fail(Code::not_found, "no event " + id.text());
}

Result<std::optional<ArchiveSearch::Pack>> ArchiveSearch::summary(std::uint64_t number) {
    Pack pack{.number = number};
    {
        Rows rows = summary_.query(number);
        if (!rows.next()) {
            if (Result<void> result = rows.result(); !result)
                return fail(std::move(result.error()));
            return std::nullopt;
        }
        for (std::uint32_t queue : read_numbers(rows.bytes(0)))
            pack.slots[queue] = ~std::uint64_t(0);
        pack.archived = rows.integer(1) >= 0 && number >= index_.archive_floor();
        pack.stored = time_at(rows, 2);
        pack.low = time_at(rows, 3);
        pack.high = time_at(rows, 4);
    }
    Rows rows = joined_.query(number);
    while (rows.next())
        pack.slots[static_cast<std::uint32_t>(rows.integer(0))] |= rows.number(1);
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return pack;
}

Result<void> ArchiveSearch::read_letters_of(Pack& pack) {
    Rows rows = letters_.query(pack.number);
    rows.next();
    Result<std::vector<LetterPtr>> letters = read_letters(rows.bytes(0));
    if (!letters) return fail(std::move(letters.error()));
    pack.letters = std::move(*letters);
    return rows.result();
}

Result<ArchiveSearch::Share> ArchiveSearch::share(std::uint32_t queue, std::uint64_t pack) {
    Share share;
    const EntryId first = entry_id(pack, 0);
    const EntryId last = last_entry(pack);
    {
        Rows rows = fresh_.query(queue, pack);
        if (rows.next()) share.fresh = rows.number(0);
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    {
        Rows rows = rows_.query(queue, first, last);
        while (rows.next())
            share.rows[rows.number(0)] = {read_tries(rows.integer(1)).all(), time_at(rows, 2), {}};
    }
    {
        Rows rows = dead_.query(queue, first, last);
        while (rows.next())
            share.dead[rows.number(0)] = {
                static_cast<int>(rows.integer(1)), {}, std::string(rows.bytes(2))};
    }
    Rows rows = ended_.query(queue, first, last);
    while (rows.next())
        share.ended[rows.number(0)] = static_cast<int>(rows.integer(1));
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return share;
}

std::optional<Delivery> ArchiveSearch::describe(const Pack& pack, const Share& share,
                                                std::uint32_t number, EntryId entry,
                                                TimePoint now) {
    const auto slots = pack.slots.find(number);
    if (slots == pack.slots.end() || (slots->second & slot_bit(entry)) == 0 ||
        slot_of(entry) >= pack.letters.size())
        return std::nullopt;
    const Letter& letter = *pack.letters[slot_of(entry)];
    Delivery delivery{.id = write_delivery_id({number, entry}),
                      .queue = {},
                      .event = letter.id,
                      .application = letter.application,
                      .type = letter.type,
                      .key = letter.key,
                      .time = letter.time};
    Glimpse glimpse;
    {
        const std::lock_guard lock(index_.mutex());
        Queue* queue = index_.find(number);
        if (queue == nullptr) return std::nullopt;
        delivery.queue = queue->id;
        glimpse = index_.glimpse(*queue, entry, now);
        delivery.is_behind =
            !glimpse.leased && QueueIndex::is_behind(*queue, entry, key_hash(letter.key));
    }
    const auto row = share.rows.find(entry);
    if (row != share.rows.end() || (share.fresh & slot_bit(entry)) != 0) {
        describe_live(delivery, glimpse, row == share.rows.end() ? nullptr : &row->second,
                      pack.stored);
        return delivery;
    }
    delivery.is_behind = false;
    if (const auto dead = share.dead.find(entry); dead != share.dead.end()) {
        delivery.state = glimpse.leased ? DeliveryState::sending : DeliveryState::dead;
        delivery.attempts = dead->second.attempts;
        delivery.reason = dead->second.reason;
        return delivery;
    }
    if (!pack.archived) return std::nullopt;
    const auto ended = share.ended.find(entry);
    if (ended != share.ended.end() && ended->second == 0) return std::nullopt;
    delivery.state = DeliveryState::delivered;
    delivery.attempts = ended == share.ended.end() ? 1 : ended->second;
    return delivery;
}

void ArchiveSearch::describe_live(Delivery& delivery, const Glimpse& glimpse, const Row* row,
                                  TimePoint stored) {
    delivery.attempts = glimpse.attempts.value_or(row == nullptr ? 0 : row->attempts);
    delivery.state = glimpse.leased           ? DeliveryState::sending
                     : delivery.attempts == 0 ? DeliveryState::waiting
                                              : DeliveryState::retrying;
    if (!glimpse.leased) delivery.due = row == nullptr ? stored : std::max(row->due, stored);
}

Result<Delivery> ArchiveSearch::delivery(const DeliveryId& id, TimePoint now) {
    const Result<CursorPlace> place = read_delivery_id(id);
    if (!place) return fail(place.error());
    const auto missing = [&] { return fail(Code::not_found, "no delivery " + id.text()); };
    if (place->major > std::numeric_limits<std::uint32_t>::max()) return missing();
    const auto queue = static_cast<std::uint32_t>(place->major);
    const EntryId entry = place->minor;
    Result<std::optional<Pack>> pack = summary(pack_of(entry));
    if (!pack) return fail(std::move(pack.error()));
    if (!*pack) return missing();
    if (Result<void> result = read_letters_of(**pack); !result)
        return fail(std::move(result.error()));
    const Result<Share> held = share(queue, pack_of(entry));
    if (!held) return fail(held.error());
    std::optional<Delivery> found = describe(**pack, *held, queue, entry, now);
    if (!found) return missing();
    return std::move(*found);
}

Result<ArchiveSearch::Route> ArchiveSearch::route(const DeliveryQuery& query) {
    using State = DeliveryState;
    Route route;
    if (query.queue) {
        const std::lock_guard lock(index_.mutex());
        const Queue* queue = index_.find(*query.queue);
        route.queue = queue == nullptr ? 0 : queue->number;  // No queue has the number 0.
    }
    route.dead_only = query.state == State::dead;
    route.live_only = query.state == State::waiting || query.state == State::retrying ||
                      query.state == State::sending;
    if (!query.event || !query.application) return route;
    const Result<std::vector<EntryId>> mains = main_letters(*query.application, *query.event);
    if (!mains) return fail(mains.error());
    for (EntryId main : *mains) {
        const Result<LetterPtr> found = letter(main);
        if (!found || (*found)->id != *query.event) continue;
        if (!route.letters) route.letters.emplace();
        route.letters->insert(main);
        route.letters->insert((*found)->extras.begin(), (*found)->extras.end());
    }
    return route;
}

// The newest pack up to `most` that may hold what is looked for.
Result<std::optional<std::uint64_t>> ArchiveSearch::next_pack(const Route& route,
                                                              std::uint64_t most) {
    const auto of_entry = [](Result<std::optional<std::uint64_t>> entry) {
        if (entry && *entry) **entry = pack_of(**entry);
        return entry;
    };
    if (route.letters) {
        const auto after = route.letters->upper_bound(last_entry(most));
        if (after == route.letters->begin()) return std::nullopt;
        return pack_of(*std::prev(after));
    }
    if (route.dead_only)
        return of_entry(first_number(route.queue
                                         ? last_dead_of_.query(*route.queue, last_entry(most))
                                         : last_dead_.query(last_entry(most))));
    if (!route.live_only || !route.queue) return first_number(last_pack_.query(most));
    Result<std::optional<std::uint64_t>> fresh =
        first_number(last_fresh_.query(*route.queue, most));
    Result<std::optional<std::uint64_t>> row =
        of_entry(first_number(last_row_.query(*route.queue, last_entry(most))));
    if (!fresh || !row) return fresh ? row : fresh;
    return std::max(*fresh, *row);
}

Result<Page<Delivery>> ArchiveSearch::deliveries(const DeliveryQuery& query, TimePoint now) {
    const auto cursor = read_cursor(query.cursor);
    if (!cursor) return fail(cursor.error());
    const Result<Route> route = this->route(query);
    if (!route) return fail(route.error());
    CursorPlace from = cursor->value_or(CursorPlace{last_entry(newest_pack), 0});
    if (!*cursor) from.minor = std::numeric_limits<std::uint32_t>::max();
    from.major = std::min(from.major, last_entry(newest_pack));
    Page<Delivery> answer;
    for (int looked = 0;; ++looked) {
        const Result<std::optional<std::uint64_t>> next = next_pack(*route, pack_of(from.major));
        if (!next) return fail(next.error());
        if (!*next) return answer;
        if (**next != pack_of(from.major))
            from = {last_entry(**next), std::numeric_limits<std::uint32_t>::max()};
        if (looked >= packs_max) {
            answer.next = write_cursor(from);
            return answer;
        }
        Result<std::optional<Pack>> pack = summary(**next);
        if (!pack) return fail(std::move(pack.error()));
        if (*pack) {
            if ((*pack)->high < query.span.since) return answer;  // And so are all older ones.
            const Result<std::optional<CursorPlace>> full =
                look_into(query, *route, **pack, from, now, answer);
            if (!full) return fail(full.error());
            if (*full) {
                answer.next = write_cursor(**full);
                return answer;
            }
        }
        if (**next == 0) return answer;
        from = {last_entry(**next - 1), std::numeric_limits<std::uint32_t>::max()};
    }
}

// Returns where to go on when the answer is full.
Result<std::optional<CursorPlace>> ArchiveSearch::look_into(const DeliveryQuery& query,
                                                            const Route& route, Pack& pack,
                                                            CursorPlace from, TimePoint now,
                                                            Page<Delivery>& answer) {
    if (route.queue && !pack.slots.contains(*route.queue)) return std::nullopt;
    if (pack.low >= query.span.until) return std::nullopt;
    if (Result<void> result = read_letters_of(pack); !result)
        return fail(std::move(result.error()));
    std::map<std::uint32_t, Share> shares;
    for (const auto& [queue, slots] : pack.slots) {
        if (route.queue && queue != *route.queue) continue;
        Result<Share> held = share(queue, pack.number);
        if (!held) return fail(std::move(held.error()));
        shares[queue] = std::move(*held);
    }
    for (auto slot = static_cast<unsigned>(pack.letters.size()); slot-- > 0;) {
        const EntryId entry = entry_id(pack.number, slot);
        const Letter& letter = *pack.letters[slot];
        if (query.event && letter.id != *query.event) continue;
        if (!within(query.span, letter.time) || !fits(query.type, letter.type)) continue;
        for (auto held = shares.rbegin(); held != shares.rend(); ++held) {
            const CursorPlace place{entry, held->first};
            if (place > from) continue;
            std::optional<Delivery> delivery =
                describe(pack, held->second, held->first, entry, now);
            if (!delivery || !fits(query, *delivery)) continue;
            if (answer.items.size() >= page_size(query.count_max)) return place;
            answer.items.push_back(std::move(*delivery));
        }
    }
    return std::nullopt;
}

Result<TimePoint> ArchiveSearch::oldest(std::uint32_t queue) {
    std::optional<EntryId> first;
    {
        Rows rows = first_fresh_.query(queue);
        if (rows.next())
            first =
                entry_id(rows.number(0), static_cast<unsigned>(std::countr_zero(rows.number(1))));
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    }
    const Result<std::optional<std::uint64_t>> row = first_number(first_row_.query(queue));
    if (!row) return fail(row.error());
    if (*row && (!first || **row < *first)) first = **row;
    if (!first) return never;
    const Result<LetterPtr> oldest = letter(*first);
    if (!oldest)
        return oldest.error().code == Code::not_found ? Result<TimePoint>(never)
                                                      : Result<TimePoint>(fail(oldest.error()));
    return (*oldest)->time;
}

}  // namespace hookreel::store
