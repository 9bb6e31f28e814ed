// Slots that left their queues and still stand in `fresh`.
//
// The rows of each queue lie apart in the file, so to change one costs a page. A group therefore
// writes all that left in one row of `departures`, and when enough came together, rows of `fresh`
// that lie side by side are changed at once. Whoever reads what waits reads `live`, which is
// `fresh` without them. Threads: the writer, and whoever reads `live`.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <mutex>

#include "store/sqlite/file/tables.h"

namespace hookreel::store {

// Which queue, and which pack of those that it has something in.
struct PlaceKey {
    std::uint32_t queue = 0;
    std::uint64_t pack = 0;

    auto operator<=>(const PlaceKey&) const = default;
};

inline constexpr std::uint64_t all_slots = ~std::uint64_t(0);

class Departures {
 public:
    // A settling begins when so many places, or so many rows, came together.
    static constexpr std::size_t places_max = 16'384;
    static constexpr std::size_t rows_max = 1'024;
    // Places that one group settles at least; twice as many as slots leave in it, if that is more.
    static constexpr std::size_t settled_at_once = 256;

    // Reads what the file has, and makes `live` known to the connection, which is the writer's.
    // Errors: unavailable.
    Result<void> open(Database& database);
    // Makes `live` known to the connection of a reader, which sees what was kept. The departures
    // outlive it. Errors: unavailable.
    Result<void> show(Database& database) const;

    // In the order of one group: slots left, `all_slots` when none is left behind; the group is
    // written, with a part of a settling when one is due; it is on disk, or has failed. Errors:
    // unavailable.
    void add(const PlaceKey& place, std::uint64_t slots);
    Result<void> write(Tables& tables);
    void keep();
    void abandon();

 private:
    struct Settled {
        PlaceKey place;
        std::uint64_t slots = 0;  // That were taken out.
    };
    struct PlaceHash {
        std::size_t operator()(const PlaceKey& place) const {
            return static_cast<std::size_t>((place.pack ^ std::uint64_t(place.queue) << 40) *
                                            0x9e3779b97f4a7c15);
        }
    };
    using Map = boost::unordered_flat_map<PlaceKey, std::uint64_t, PlaceHash>;

    Result<void> read(Database& database);
    bool wants_settling() const;
    void begin_settling();
    Result<void> settle(Tables& tables);

    mutable std::mutex mutex_;
    Map gone_;    // Changed by the writer, under the mutex.
    Map staged_;  // Of the group that is being written.
    std::uint64_t next_row_ = 1;
    std::uint64_t first_row_ = 1;  // That is on disk, if any is.

    // The settling under way: what is taken out, in the order of `fresh`.
    bool settling_ = false;
    std::vector<Settled> order_;
    std::size_t done_ = 0;       // Of the order, on disk.
    std::size_t staged_to_ = 0;  // The same, with the group that is being written.
    std::uint64_t end_row_ = 0;  // Rows before it go with the last of the order.
    // What the last settling took out. It is forgotten when the next one begins, when no reader is
    // left that began before it and may still see the rows.
    std::vector<Settled> former_;
};

}  // namespace hookreel::store
