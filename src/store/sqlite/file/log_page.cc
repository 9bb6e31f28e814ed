#include "store/sqlite/file/log_page.h"

#include <bit>
#include <cstring>

#include "store/sqlite/file/bytes.h"
#include "store/sqlite/file/pack.h"

namespace hookreel::store {
namespace {

constexpr std::size_t mark_bytes_each = 4;  // Of the filter, per attempt.
constexpr int mark_bits_each = 3;

// What an attempt may be looked for by; the tag keeps a queue from looking like an event.
std::uint64_t mark(char tag, std::string_view text) {
    return key_hash(std::string_view(&tag, 1), text);
}

template <class Visit>
void for_each_bit(std::uint64_t hash, std::size_t bits, Visit visit) {
    const std::uint64_t step = (hash >> 32) | 1;
    for (int i = 0; i < mark_bits_each; ++i, hash += step)
        visit(hash % bits);
}

// The texts of an attempt, in the order of the layout.
template <class AnyAttempt>
auto texts(AnyAttempt& attempt) {
    return std::array{&attempt.type,         &attempt.outcome,      &attempt.url,
                      &attempt.error,        &attempt.request_head, &attempt.response_head,
                      &attempt.response_body};
}

// Eight bytes of two texts, as bits that differ; the first byte is the lowest.
std::uint64_t difference(const char* one, const char* other) {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::memcpy(&a, one, sizeof a);
    std::memcpy(&b, other, sizeof b);
    return a ^ b;
}

// Texts are mostly the same as those before: so many bytes are compared at once at first.
constexpr std::size_t leap = 32;

// The bytes that two texts have in common at their beginning.
std::size_t common_prefix(std::string_view one, std::string_view other) {
    const std::size_t most = std::min(one.size(), other.size());
    std::size_t count = 0;
    while (count + leap <= most && std::memcmp(one.data() + count, other.data() + count, leap) == 0)
        count += leap;
    for (; count + 8 <= most; count += 8)
        if (const auto bits = difference(one.data() + count, other.data() + count); bits != 0)
            return count + static_cast<std::size_t>(std::countr_zero(bits) / 8);
    while (count < most && one[count] == other[count])
        ++count;
    return count;
}

// The same at their end.
std::size_t common_suffix(std::string_view one, std::string_view other) {
    const std::size_t most = std::min(one.size(), other.size());
    const char* one_end = one.data() + one.size();
    const char* other_end = other.data() + other.size();
    std::size_t count = 0;
    while (count + leap <= most &&
           std::memcmp(one_end - count - leap, other_end - count - leap, leap) == 0)
        count += leap;
    for (; count + 8 <= most; count += 8)
        if (const auto bits = difference(one_end - count - 8, other_end - count - 8); bits != 0)
            return count + static_cast<std::size_t>(std::countl_zero(bits) / 8);
    while (count < most && one_end[-1 - static_cast<std::ptrdiff_t>(count)] ==
                               other_end[-1 - static_cast<std::ptrdiff_t>(count)])
        ++count;
    return count;
}

void put_difference(std::string& out, std::string_view text, std::string_view before) {
    const std::size_t prefix = common_prefix(text, before);
    const std::size_t suffix = common_suffix(text.substr(prefix), before.substr(prefix));
    const std::string_view middle = text.substr(prefix, text.size() - prefix - suffix);
    put(out, std::array{static_cast<std::uint16_t>(prefix), static_cast<std::uint16_t>(suffix),
                        static_cast<std::uint16_t>(middle.size())});
    out += middle;
}

std::string take_difference(ByteCursor& cursor, std::string_view before) {
    const auto prefix = cursor.integer<std::uint16_t>();
    const auto suffix = cursor.integer<std::uint16_t>();
    const auto middle = cursor.integer<std::uint16_t>();
    const std::string_view bytes = cursor.take(middle);
    if (prefix + suffix > before.size()) {
        cursor.take(cursor.left() + 1);  // Damaged: nothing more is taken.
        return {};
    }
    std::string text(before.substr(0, prefix));
    text += bytes;
    text += before.substr(before.size() - suffix);
    return text;
}

void read_numbers_of(ByteCursor& cursor, Attempt& attempt) {
    attempt.at = TimePoint(Duration(cursor.integer<std::int64_t>()));
    attempt.took = Duration(cursor.integer<std::int64_t>());
    attempt.number = cursor.integer<std::int32_t>();
    attempt.status = cursor.integer<std::int32_t>();
}

Result<Attempt> parse_full(std::string_view piece) {
    ByteCursor cursor(piece);
    Attempt attempt;
    read_numbers_of(cursor, attempt);
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

Result<Attempt> parse_difference(std::string_view piece, const Attempt& before) {
    ByteCursor cursor(piece);
    Attempt attempt;
    read_numbers_of(cursor, attempt);
    attempt.application = model::ApplicationId(cursor.integer<std::uint64_t>());
    attempt.event = model::EventId(take_difference(cursor, before.event.text()));
    attempt.queue = model::QueueId(take_difference(cursor, before.queue.text()));
    const auto into = texts(attempt);
    const auto from = texts(before);
    for (std::size_t i = 0; i < into.size(); ++i)
        *into[i] = take_difference(cursor, *from[i]);
    if (cursor.ran_short() || !cursor.at_end()) return damaged("attempt");
    return attempt;
}

}  // namespace

void LogPage::append(AttemptPtr attempt) {
    static const AttemptPtr none = share({});
    const Attempt& now = *attempt;
    const Attempt& before = last_ ? *last_ : *none;
    const std::size_t begin = bytes_.size();
    put(bytes_, std::uint32_t(0));
    put(bytes_, static_cast<std::int64_t>(now.at.time_since_epoch().count()));
    put(bytes_, static_cast<std::int64_t>(now.took.count()));
    put(bytes_, static_cast<std::int32_t>(now.number));
    put(bytes_, static_cast<std::int32_t>(now.status));
    put(bytes_, now.application.value());
    put_difference(bytes_, now.event.text(), before.event.text());
    put_difference(bytes_, now.queue.text(), before.queue.text());
    const auto texts_now = texts(now);
    const auto texts_before = texts(before);
    for (std::size_t i = 0; i < texts_now.size(); ++i)
        put_difference(bytes_, *texts_now[i], *texts_before[i]);
    put_at(bytes_, begin, static_cast<std::uint32_t>(bytes_.size() - begin - 4));
    put_marks(now, last_.get());
    earliest_ = std::min(earliest_, now.at);
    latest_ = std::max(latest_, now.at);
    ++count_;
    last_ = std::move(attempt);
}

void LogPage::put_marks(const Attempt& now, const Attempt* before) {
    marked_.push_back(mark('e', now.event.text()));
    if (before == nullptr || now.queue != before->queue)
        marked_.push_back(mark('q', now.queue.text()));
    if (before == nullptr || now.type != before->type) marked_.push_back(mark('t', now.type));
    if (before == nullptr || now.outcome != before->outcome)
        marked_.push_back(mark('o', now.outcome));
    if (before == nullptr || now.status != before->status)
        marked_.push_back(mark('s', fmt::to_string(now.status)));
}

std::string LogPage::marks() const {
    std::string marks(mark_bytes_each * static_cast<std::size_t>(count_), '\0');
    for (std::uint64_t hash : marked_)
        for_each_bit(hash, marks.size() * 8, [&](std::size_t bit) {
            marks[bit / 8] = static_cast<char>(marks[bit / 8] | (1 << (bit % 8)));
        });
    return marks;
}

MarkTest::MarkTest(const AttemptQuery& query) {
    if (query.event) wanted_.push_back(mark('e', query.event->text()));
    if (query.queue) wanted_.push_back(mark('q', query.queue->text()));
    if (!query.type.empty() && !query.type.ends_with('*')) wanted_.push_back(mark('t', query.type));
    if (!query.outcome.empty()) wanted_.push_back(mark('o', query.outcome));
    if (query.status != 0) wanted_.push_back(mark('s', fmt::to_string(query.status)));
}

bool MarkTest::may_hold(std::string_view marks) const {
    if (marks.empty()) return true;
    return std::ranges::all_of(wanted_, [&](std::uint64_t hash) {
        bool all = true;
        for_each_bit(hash, marks.size() * 8, [&](std::size_t bit) {
            all = all && (marks[bit / 8] & (1 << (bit % 8))) != 0;
        });
        return all;
    });
}

Result<std::vector<Attempt>> read_attempts(std::string_view page, LogForm form) {
    ByteCursor cursor(page);
    std::vector<Attempt> attempts;
    const Attempt none;
    while (!cursor.at_end()) {
        const std::string_view piece = cursor.piece();
        Result<Attempt> attempt =
            form == LogForm::full
                ? parse_full(piece)
                : parse_difference(piece, attempts.empty() ? none : attempts.back());
        if (!attempt) return fail(std::move(attempt.error()));
        attempts.push_back(std::move(*attempt));
    }
    if (cursor.ran_short()) return damaged("log page");
    return attempts;
}

}  // namespace hookreel::store
