// How events are laid out in the blobs of the database.
//
// A pack is the events that one group commit stored for the same queues, one after the other. One
// row holds many of them, so that the cost of a row is shared. The layout is in
// docs/formats/store.md. Pure functions; what is read is checked, because a disk may lie.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace hookreel::store {

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

// How often an entry was handed out: since it entered its queue last, and before that. On disk it
// is one number, whose upper 32 bits are `earlier`.
struct Tries {
    int now = 0;
    int earlier = 0;

    int all() const { return earlier + now; }
};
std::int64_t write_tries(Tries tries);
Tries read_tries(std::int64_t number);

// An event as it is said to some queues.
struct Letter {
    // plain: gone with its last entry. main: what the archive keeps of an event. extra: the same
    // event in other words.
    enum class Role { plain, main, extra };

    model::EventId id;
    model::ApplicationId application;
    std::string type;
    std::string key;
    TimePoint time{};
    Body body;
    std::string trace{};
    Role role = Role::plain;
    EntryId main = 0;             // Of an extra one: the letter that the archive shows.
    std::vector<EntryId> extras;  // Of a main one.

    bool kept() const { return role != Role::plain; }
    std::size_t bytes() const {
        return sizeof(Letter) + id.text().size() + type.size() + key.size() + trace.size() +
               body->size();
    }
};
using LetterPtr = std::shared_ptr<const Letter>;

void append_letter(std::string& pack, const Letter& letter);
// Names the n-th extra of the main letter that begins at that byte of the pack.
void name_extra(std::string& pack, std::size_t begin, std::size_t n, EntryId extra);
// Of the letters in those slots; the others are null. Errors: internal (the bytes are no pack).
Result<std::vector<LetterPtr>> read_letters(std::string_view pack, std::uint64_t slots = ~0ULL);
// Errors: internal (the bytes are no pack, or have no such slot).
Result<LetterPtr> read_letter(std::string_view pack, unsigned slot);

// The numbers of the queues that a pack is for.
std::string write_numbers(const std::vector<std::uint32_t>& numbers);
std::vector<std::uint32_t> read_numbers(std::string_view bytes);

// A key as a number that is the same in every process; 0: no key. Two keys may share one.
using KeyHash = std::uint64_t;
KeyHash key_hash(std::string_view key);
// Of both texts, one after the other.
KeyHash key_hash(std::string_view begin, std::string_view end);

// Of each letter of a pack, without reading more of it. Errors: internal (the bytes are no pack).
Result<std::vector<KeyHash>> read_keys(std::string_view pack);

}  // namespace hookreel::store
