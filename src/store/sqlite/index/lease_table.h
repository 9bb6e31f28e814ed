// The leases that are out, found by handle.
//
// A handle is the number of the boot and a counter, so the leases of this boot lie side by side in
// pages that are indexed by the counter. A page is freed when none of its leases is out and no
// repeated confirm of one would still succeed. Threads: one at a time.
#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <unordered_map>

#include "store/sqlite/file/pack.h"

namespace hookreel::store {

struct Queue;

// What one queue has in one pack. The writer alone reads and changes its slots.
struct Place {
    Queue* queue = nullptr;
    std::uint64_t pack = 0;
    std::uint64_t fresh = 0;    // The slots on disk that were neither ended nor given back.
    std::uint64_t leaving = 0;  // Those of them that the transaction in progress takes away.
    enum class Holders { one, several } holders = Holders::one;
    bool kept = false;  // By the archive, as long as that reaches back so far.
    TimePoint stored{};
};

// An entry in memory.
struct Entry {
    EntryId id = 0;
    int attempts = 0;  // How often it was handed out since it entered its queue last,
    int earlier = 0;   // and before that.
    LetterPtr letter;
    // Null: the entry has a row of its own, because it was given back or comes later.
    std::shared_ptr<Place> place;

    int all_attempts() const { return earlier + attempts; }
};

// What the transaction in progress does to a lease.
enum class Claim { none, confirm, other };

// An entry that is leased. Linked into its queue's leases while nobody claims it.
struct Held
    : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    Entry entry;
    Queue* queue = nullptr;
    Handle handle;
    TimePoint until{};
    Claim claim = Claim::none;
};

class LeaseTable {
 public:
    // Boots are counted from 1 to 2^20.
    explicit LeaseTable(std::uint64_t boot) : next_(boot << counter_bits) {}

    // Takes the lease in and gives it a handle that never was before.
    Held& add(std::unique_ptr<Held> held, TimePoint now);
    // Null when the handle is not out.
    Held* find(Handle handle);
    // The queue of a handle that was confirmed and would not have run out yet, else null.
    const Queue* confirmed(Handle handle, TimePoint now) const;
    // Ends the lease. A repeated confirm succeeds until `confirmed_until`.
    Entry end(Held& held, TimePoint confirmed_until);
    std::size_t pages() const { return pages_.size(); }
    // Forgets all; what was handed out before is unknown from now on.
    void reset(std::uint64_t boot);

 private:
    static constexpr unsigned counter_bits = 44;
    static constexpr std::size_t page_slots = 256;

    struct Slot {
        std::unique_ptr<Held> held;
        TimePoint confirmed_until{};
        const Queue* queue = nullptr;  // Of the lease that was confirmed.
    };
    struct Page {
        std::array<Slot, page_slots> slots;
        std::size_t held = 0;
        TimePoint confirmed_until{};  // The latest of its slots.
    };

    const Slot* slot(Handle handle) const;
    void free_pages(TimePoint now);

    std::unordered_map<std::uint64_t, std::unique_ptr<Page>> pages_;
    std::size_t pages_after_free_ = 0;
    std::uint64_t next_;
};

}  // namespace hookreel::store
