#include "store/sqlite/file/pack.h"

#include "store/sqlite/file/bytes.h"

namespace hookreel::store {
namespace {

// The role is in the upper bits of the size of the key, which is never that long.
constexpr std::uint16_t main_bit = 0x8000;
constexpr std::uint16_t extra_bit = 0x4000;
constexpr std::uint16_t size_bits = 0x3fff;
// And in that of the size of the type, whether there is a trace.
constexpr std::uint16_t trace_bit = 0x8000;
constexpr std::size_t sizes_bytes = 2 * sizeof(std::uint64_t) + 3 * sizeof(std::uint16_t);

std::size_t reference_bytes(const Letter& letter) {
    switch (letter.role) {
        case Letter::Role::plain:
            return 0;
        case Letter::Role::extra:
            return sizeof(EntryId);
        case Letter::Role::main:
            return sizeof(std::uint16_t) + letter.extras.size() * sizeof(EntryId);
    }
    return 0;
}

void read_references(ByteCursor& cursor, Letter& letter) {
    if (letter.role == Letter::Role::extra) letter.main = cursor.integer<EntryId>();
    if (letter.role != Letter::Role::main) return;
    const auto count = cursor.integer<std::uint16_t>();
    for (unsigned i = 0; i < count && !cursor.ran_short(); ++i)
        letter.extras.push_back(cursor.integer<EntryId>());
}

Result<LetterPtr> parse_letter(std::string_view piece) {
    ByteCursor cursor(piece);
    auto letter = std::make_shared<Letter>();
    letter->application = model::ApplicationId(cursor.integer<std::uint64_t>());
    letter->time = TimePoint(Duration(cursor.integer<std::int64_t>()));
    const auto id_size = cursor.integer<std::uint16_t>();
    const auto type_size = cursor.integer<std::uint16_t>();
    const auto key_size = cursor.integer<std::uint16_t>();
    letter->role = (key_size & main_bit) != 0    ? Letter::Role::main
                   : (key_size & extra_bit) != 0 ? Letter::Role::extra
                                                 : Letter::Role::plain;
    read_references(cursor, *letter);
    if ((type_size & trace_bit) != 0) letter->trace = cursor.text(cursor.integer<std::uint16_t>());
    letter->id = model::EventId(cursor.text(id_size));
    letter->type = cursor.text(type_size & size_bits);
    letter->key = cursor.text(key_size & size_bits);
    letter->body = std::make_shared<const std::string>(cursor.take(cursor.left()));
    if (cursor.ran_short()) return damaged("event");
    return letter;
}

}  // namespace

void append_letter(std::string& pack, const Letter& letter) {
    const std::string& id = letter.id.text();
    const auto role = letter.role == Letter::Role::main    ? main_bit
                      : letter.role == Letter::Role::extra ? extra_bit
                                                           : std::uint16_t(0);
    const std::string& trace = letter.trace;
    const std::size_t trace_bytes = trace.empty() ? 0 : sizeof(std::uint16_t) + trace.size();
    put(pack,
        static_cast<std::uint32_t>(sizes_bytes + reference_bytes(letter) + trace_bytes + id.size() +
                                   letter.type.size() + letter.key.size() + letter.body->size()));
    put(pack, letter.application.value());
    put(pack, static_cast<std::int64_t>(letter.time.time_since_epoch().count()));
    put(pack, static_cast<std::uint16_t>(id.size()));
    put(pack, static_cast<std::uint16_t>(letter.type.size() | (trace.empty() ? 0 : trace_bit)));
    put(pack, static_cast<std::uint16_t>(letter.key.size() | role));
    if (letter.role == Letter::Role::extra) put(pack, letter.main);
    if (letter.role == Letter::Role::main) {
        put(pack, static_cast<std::uint16_t>(letter.extras.size()));
        for (EntryId extra : letter.extras)
            put(pack, extra);
    }
    if (!trace.empty()) {
        put(pack, static_cast<std::uint16_t>(trace.size()));
        pack += trace;
    }
    pack += id;
    pack += letter.type;
    pack += letter.key;
    pack += *letter.body;
}

void name_extra(std::string& pack, std::size_t begin, std::size_t n, EntryId extra) {
    const std::size_t first = begin + sizeof(std::uint32_t) + sizes_bytes + sizeof(std::uint16_t);
    put_at(pack, first + n * sizeof(EntryId), extra);
}

Result<std::vector<LetterPtr>> read_letters(std::string_view pack, std::uint64_t slots) {
    ByteCursor cursor(pack);
    std::vector<LetterPtr> letters;
    for (std::uint64_t bit = 1; !cursor.at_end(); bit <<= 1) {
        const std::string_view piece = cursor.piece();
        LetterPtr& letter = letters.emplace_back();
        if (letters.size() > pack_slots_max) return damaged("pack");
        if ((slots & bit) == 0) continue;
        Result<LetterPtr> parsed = parse_letter(piece);
        if (!parsed) return fail(std::move(parsed.error()));
        letter = std::move(*parsed);
    }
    if (cursor.ran_short()) return damaged("pack");
    return letters;
}

Result<std::vector<KeyHash>> read_keys(std::string_view pack) {
    ByteCursor cursor(pack);
    std::vector<KeyHash> keys;
    while (!cursor.at_end()) {
        ByteCursor letter(cursor.piece());
        letter.take(2 * sizeof(std::uint64_t));
        const auto id_size = letter.integer<std::uint16_t>();
        const auto type_size = letter.integer<std::uint16_t>();
        const auto key_size = letter.integer<std::uint16_t>();
        if ((key_size & main_bit) != 0)
            letter.take(letter.integer<std::uint16_t>() * sizeof(EntryId));
        else if ((key_size & extra_bit) != 0)
            letter.take(sizeof(EntryId));
        if ((type_size & trace_bit) != 0) letter.take(letter.integer<std::uint16_t>());
        letter.take(id_size);
        letter.take(type_size & size_bits);
        keys.push_back(key_hash(letter.take(key_size & size_bits)));
        if (letter.ran_short()) return damaged("event");
    }
    if (cursor.ran_short() || keys.size() > pack_slots_max) return damaged("pack");
    return keys;
}

Result<LetterPtr> read_letter(std::string_view pack, unsigned slot) {
    ByteCursor cursor(pack);
    for (unsigned i = 0; i < slot; ++i)
        cursor.piece();
    const std::string_view piece = cursor.piece();
    if (cursor.ran_short()) return damaged("pack");
    return parse_letter(piece);
}

std::string write_numbers(const std::vector<std::uint32_t>& numbers) {
    std::string bytes;
    for (std::uint32_t number : numbers)
        put(bytes, number);
    return bytes;
}

std::vector<std::uint32_t> read_numbers(std::string_view bytes) {
    ByteCursor cursor(bytes);
    std::vector<std::uint32_t> numbers;
    while (cursor.left() >= sizeof(std::uint32_t))
        numbers.push_back(cursor.integer<std::uint32_t>());
    return numbers;
}

// FNV-1a.
KeyHash key_hash(std::string_view key) {
    return key_hash(key, "");
}

KeyHash key_hash(std::string_view begin, std::string_view end) {
    if (begin.empty() && end.empty()) return 0;
    KeyHash hash = 0xcbf29ce484222325;
    for (const std::string_view part : {begin, end})
        for (const char c : part)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash == 0 ? 1 : hash;
}

std::int64_t write_tries(Tries tries) {
    return (std::int64_t(tries.earlier) << 32) | tries.now;
}

Tries read_tries(std::int64_t number) {
    return {.now = static_cast<std::int32_t>(number),
            .earlier = static_cast<std::int32_t>(number >> 32)};
}

}  // namespace hookreel::store
