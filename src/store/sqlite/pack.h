// How events and attempts are laid out in the blobs of the database.
//
// A pack is the events that one group commit stored for the same queues, one after the other; a
// log page is the attempts that one group commit logged. One row holds many of them, so that the
// cost of a row is shared. The layout is in docs/formats/store.md. Pure functions; what is read is
// checked, because a disk may lie.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace hookreel::store {

// An event as it is said to some queues.
struct Letter {
    model::EventId id;
    model::ApplicationId application;
    std::string type;
    std::string key;
    TimePoint time{};
    Body body;

    std::size_t bytes() const {
        return sizeof(Letter) + id.text().size() + type.size() + key.size() + body->size();
    }
};
using LetterPtr = std::shared_ptr<const Letter>;

// The place of an entry in the order of its queue: the number of its pack and the slot in it.
using EntryId = std::uint64_t;
inline constexpr unsigned pack_slots_max = 64;
constexpr EntryId entry_id(std::uint64_t pack, unsigned slot) {
    return pack * pack_slots_max + slot;
}
constexpr std::uint64_t pack_of(EntryId entry) {
    return entry / pack_slots_max;
}
constexpr unsigned slot_of(EntryId entry) {
    return entry % pack_slots_max;
}
constexpr std::uint64_t slot_bit(EntryId entry) {
    return std::uint64_t(1) << slot_of(entry);
}

void append_letter(std::string& pack, const Letter& letter);
// Errors: internal (the bytes are no pack).
Result<std::vector<LetterPtr>> read_letters(std::string_view pack);
// Errors: internal (the bytes are no pack, or have no such slot).
Result<LetterPtr> read_letter(std::string_view pack, unsigned slot);

void append_attempt(std::string& page, const Attempt& attempt);
// Errors: internal (the bytes are no log page).
Result<std::vector<Attempt>> read_attempts(std::string_view page);

// The numbers of the queues that a pack is for.
std::string write_numbers(const std::vector<std::uint32_t>& numbers);
std::vector<std::uint32_t> read_numbers(std::string_view bytes);

}  // namespace hookreel::store
