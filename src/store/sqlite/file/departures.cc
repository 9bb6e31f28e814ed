#include "store/sqlite/file/departures.h"

#include <algorithm>

#include "store/sqlite/file/bytes.h"

namespace hookreel::store {
namespace {

constexpr const char* live_sql = R"sql(
CREATE TEMP VIEW live AS
    SELECT queue, pack, slots & ~gone(queue, pack) AS slots FROM fresh
    WHERE slots & ~gone(queue, pack) != 0;
)sql";

// For the statements of a connection: the slots of a pack that left a queue.
template <class Gone>
Result<void> make_live(Database& database, Gone gone) {
    database.define("gone", [gone](std::int64_t queue, std::int64_t pack) {
        const PlaceKey place{static_cast<std::uint32_t>(queue), static_cast<std::uint64_t>(pack)};
        return static_cast<std::int64_t>(gone(place));
    });
    return database.execute(live_sql);
}

constexpr std::size_t place_bytes = 4 + 8 + 8;  // Queue, pack, slots.

template <class Map>
std::uint64_t slots_in(const Map& map, const PlaceKey& place) {
    const auto found = map.find(place);
    return found == map.end() ? 0 : found->second;
}

}  // namespace

Result<void> Departures::open(Database& database) {
    staged_.clear();
    order_.clear();
    former_.clear();
    settling_ = false;
    done_ = staged_to_ = 0;
    if (Result<void> result = read(database); !result) return result;
    return make_live(database, [this](const PlaceKey& place) {
        return slots_in(gone_, place) | slots_in(staged_, place);
    });
}

Result<void> Departures::show(Database& database) const {
    return make_live(database, [this](const PlaceKey& place) {
        const std::lock_guard lock(mutex_);
        return slots_in(gone_, place);
    });
}

Result<void> Departures::read(Database& database) {
    Map gone;
    first_row_ = next_row_ = 1;
    Statement all(database, "SELECT number, places FROM departures ORDER BY number");
    Rows rows = all.query();
    while (rows.next()) {
        if (next_row_ == 1) first_row_ = rows.number(0);
        next_row_ = rows.number(0) + 1;
        ByteCursor cursor(rows.bytes(1));
        while (cursor.left() >= place_bytes) {
            PlaceKey place;
            place.queue = cursor.integer<std::uint32_t>();
            place.pack = cursor.integer<std::uint64_t>();
            gone[place] |= cursor.integer<std::uint64_t>();
        }
        if (!cursor.at_end()) return damaged("departures");
    }
    if (Result<void> result = rows.result(); !result) return result;
    const std::lock_guard lock(mutex_);
    gone_ = std::move(gone);
    return {};
}

void Departures::add(const PlaceKey& place, std::uint64_t slots) {
    staged_[place] |= slots;
}

Result<void> Departures::write(Tables& tables) {
    if (!staged_.empty()) {
        std::string places;
        for (const auto& [place, slots] : staged_) {
            put(places, place.queue);
            put(places, place.pack);
            put(places, slots);
        }
        if (Result<void> result = tables.insert_departures.run(next_row_, Blob{places}); !result)
            return result;
    }
    if (!settling_ && wants_settling()) begin_settling();
    return settling_ ? settle(tables) : Result<void>();
}

bool Departures::wants_settling() const {
    return gone_.size() >= former_.size() + places_max || next_row_ - first_row_ >= rows_max;
}

void Departures::begin_settling() {
    const std::lock_guard lock(mutex_);
    for (const Settled& settled : former_)
        if (slots_in(gone_, settled.place) == settled.slots) gone_.erase(settled.place);
    former_.clear();
    for (const auto& [place, slots] : gone_)
        order_.push_back({place, 0});
    std::ranges::sort(order_, {}, &Settled::place);
    end_row_ = next_row_;
    settling_ = true;
}

// The next ones of the order; with the last of them go the rows that said so.
Result<void> Departures::settle(Tables& tables) {
    const std::size_t count = std::max(settled_at_once, 2 * staged_.size());
    const std::size_t end = std::min(order_.size(), done_ + count);
    for (; staged_to_ < end; ++staged_to_) {
        const auto& [queue, pack] = order_[staged_to_].place;
        const std::uint64_t slots =
            slots_in(gone_, {queue, pack}) | slots_in(staged_, {queue, pack});
        order_[staged_to_].slots = slots;
        Result<void> result;
        if (slots != all_slots) result = tables.clear_fresh.run(queue, pack, slots);
        if (result)
            result = slots == all_slots ? tables.delete_fresh.run(queue, pack)
                                        : tables.delete_empty_fresh.run(queue, pack);
        if (!result) return result;
    }
    return end < order_.size() ? Result<void>() : tables.delete_departures.run(end_row_);
}

void Departures::keep() {
    if (!staged_.empty()) {
        const std::lock_guard lock(mutex_);
        for (const auto& [place, slots] : staged_)
            gone_[place] |= slots;
        staged_.clear();
        ++next_row_;
    }
    done_ = staged_to_;
    if (!settling_ || done_ < order_.size()) return;
    settling_ = false;
    former_ = std::exchange(order_, {});
    done_ = staged_to_ = 0;
    first_row_ = end_row_;
}

void Departures::abandon() {
    staged_.clear();
    staged_to_ = done_;
}

}  // namespace hookreel::store
