#include "store/sqlite/pack.h"

#include <bit>
#include <cstring>

namespace hookreel::store {
namespace {

static_assert(std::endian::native == std::endian::little, "the layout is little-endian");

template <class Integer>
void put(std::string& out, Integer value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

// Takes values from the front of bytes that may be too short.
class Cursor {
 public:
    explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

    template <class Integer>
    Integer integer() {
        Integer value{};
        if (const std::string_view bytes = take(sizeof value); !bytes.empty())
            std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    std::string text(std::size_t size) { return std::string(take(size)); }
    std::string_view take(std::size_t size) {
        if (size > bytes_.size()) {
            short_ = true;
            size = 0;
        }
        const std::string_view taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }
    bool at_end() const { return bytes_.empty(); }
    std::size_t left() const { return bytes_.size(); }
    // Whether more was asked for than there was.
    bool ran_short() const { return short_; }

 private:
    std::string_view bytes_;
    bool short_ = false;
};

std::unexpected<Error> damaged(std::string_view what) {
    return fail(Code::internal, fmt::format("the database holds a damaged {}", what));
}

// The next piece that is preceded by its size.
std::string_view next_piece(Cursor& cursor) {
    return cursor.take(cursor.integer<std::uint32_t>());
}

Result<LetterPtr> parse_letter(std::string_view piece) {
    Cursor cursor(piece);
    auto letter = std::make_shared<Letter>();
    letter->application = model::ApplicationId(cursor.integer<std::uint64_t>());
    letter->time = TimePoint(Duration(cursor.integer<std::int64_t>()));
    const auto id_size = cursor.integer<std::uint16_t>();
    const auto type_size = cursor.integer<std::uint16_t>();
    const auto key_size = cursor.integer<std::uint16_t>();
    letter->id = model::EventId(cursor.text(id_size));
    letter->type = cursor.text(type_size);
    letter->key = cursor.text(key_size);
    letter->body = std::make_shared<const std::string>(cursor.take(cursor.left()));
    if (cursor.ran_short()) return damaged("event");
    return letter;
}

Result<Attempt> parse_attempt(std::string_view piece) {
    Cursor cursor(piece);
    Attempt attempt;
    attempt.at = TimePoint(Duration(cursor.integer<std::int64_t>()));
    attempt.took = Duration(cursor.integer<std::int64_t>());
    attempt.number = cursor.integer<std::int32_t>();
    attempt.status = cursor.integer<std::int32_t>();
    std::array<std::uint16_t, 6> sizes{};
    for (std::uint16_t& size : sizes)
        size = cursor.integer<std::uint16_t>();
    attempt.event = model::EventId(cursor.text(sizes[0]));
    attempt.queue = model::QueueId(cursor.text(sizes[1]));
    attempt.type = cursor.text(sizes[2]);
    attempt.outcome = cursor.text(sizes[3]);
    attempt.url = cursor.text(sizes[4]);
    attempt.error = cursor.text(sizes[5]);
    if (cursor.ran_short() || !cursor.at_end()) return damaged("attempt");
    return attempt;
}

}  // namespace

void append_letter(std::string& pack, const Letter& letter) {
    const std::string& id = letter.id.text();
    constexpr std::size_t fixed = 2 * sizeof(std::uint64_t) + 3 * sizeof(std::uint16_t);
    put(pack, static_cast<std::uint32_t>(fixed + id.size() + letter.type.size() +
                                         letter.key.size() + letter.body->size()));
    put(pack, letter.application.value());
    put(pack, static_cast<std::int64_t>(letter.time.time_since_epoch().count()));
    put(pack, static_cast<std::uint16_t>(id.size()));
    put(pack, static_cast<std::uint16_t>(letter.type.size()));
    put(pack, static_cast<std::uint16_t>(letter.key.size()));
    pack += id;
    pack += letter.type;
    pack += letter.key;
    pack += *letter.body;
}

Result<std::vector<LetterPtr>> read_letters(std::string_view pack) {
    Cursor cursor(pack);
    std::vector<LetterPtr> letters;
    while (!cursor.at_end()) {
        Result<LetterPtr> letter = parse_letter(next_piece(cursor));
        if (!letter) return fail(std::move(letter.error()));
        letters.push_back(std::move(*letter));
    }
    if (cursor.ran_short() || letters.size() > pack_slots_max) return damaged("pack");
    return letters;
}

Result<LetterPtr> read_letter(std::string_view pack, unsigned slot) {
    Cursor cursor(pack);
    for (unsigned i = 0; i < slot; ++i)
        next_piece(cursor);
    const std::string_view piece = next_piece(cursor);
    if (cursor.ran_short()) return damaged("pack");
    return parse_letter(piece);
}

void append_attempt(std::string& page, const Attempt& attempt) {
    const std::array<std::string_view, 6> texts = {attempt.event.text(), attempt.queue.text(),
                                                   attempt.type,         attempt.outcome,
                                                   attempt.url,          attempt.error};
    std::size_t size = 2 * sizeof(std::int64_t) + 2 * sizeof(std::int32_t);
    for (std::string_view text : texts)
        size += sizeof(std::uint16_t) + text.size();
    put(page, static_cast<std::uint32_t>(size));
    put(page, static_cast<std::int64_t>(attempt.at.time_since_epoch().count()));
    put(page, static_cast<std::int64_t>(attempt.took.count()));
    put(page, static_cast<std::int32_t>(attempt.number));
    put(page, static_cast<std::int32_t>(attempt.status));
    for (std::string_view text : texts)
        put(page, static_cast<std::uint16_t>(text.size()));
    for (std::string_view text : texts)
        page += text;
}

Result<std::vector<Attempt>> read_attempts(std::string_view page) {
    Cursor cursor(page);
    std::vector<Attempt> attempts;
    while (!cursor.at_end()) {
        Result<Attempt> attempt = parse_attempt(next_piece(cursor));
        if (!attempt) return fail(std::move(attempt.error()));
        attempts.push_back(std::move(*attempt));
    }
    if (cursor.ran_short()) return damaged("log page");
    return attempts;
}

std::string write_numbers(const std::vector<std::uint32_t>& numbers) {
    std::string bytes;
    for (std::uint32_t number : numbers)
        put(bytes, number);
    return bytes;
}

std::vector<std::uint32_t> read_numbers(std::string_view bytes) {
    Cursor cursor(bytes);
    std::vector<std::uint32_t> numbers;
    while (cursor.left() >= sizeof(std::uint32_t))
        numbers.push_back(cursor.integer<std::uint32_t>());
    return numbers;
}

}  // namespace hookreel::store
