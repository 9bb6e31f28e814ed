#include "store/sqlite/log_page.h"

#include "store/sqlite/bytes.h"
#include "store/sqlite/pack.h"

namespace hookreel::store {
namespace {

constexpr std::size_t mark_bytes_each = 4;  // Of the filter, per attempt.
constexpr int mark_bits_each = 3;

// What an attempt may be looked for by; the tag keeps a queue from looking like an event.
std::uint64_t mark(char tag, std::string_view text) {
    std::string tagged(1, tag);
    tagged += text;
    return key_hash(tagged);
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

void put_difference(std::string& out, std::string_view text, std::string_view before) {
    const std::size_t most = std::min(text.size(), before.size());
    const auto prefix = static_cast<std::size_t>(
        std::mismatch(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(most),
                      before.begin())
            .first -
        text.begin());
    std::size_t suffix = 0;
    while (suffix < most - prefix &&
           text[text.size() - 1 - suffix] == before[before.size() - 1 - suffix])
        ++suffix;
    const std::string_view middle = text.substr(prefix, text.size() - prefix - suffix);
    put(out, static_cast<std::uint16_t>(prefix));
    put(out, static_cast<std::uint16_t>(suffix));
    put(out, static_cast<std::uint16_t>(middle.size()));
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

void LogPage::append(Attempt attempt) {
    const std::size_t begin = bytes_.size();
    put(bytes_, std::uint32_t(0));
    put(bytes_, static_cast<std::int64_t>(attempt.at.time_since_epoch().count()));
    put(bytes_, static_cast<std::int64_t>(attempt.took.count()));
    put(bytes_, static_cast<std::int32_t>(attempt.number));
    put(bytes_, static_cast<std::int32_t>(attempt.status));
    put(bytes_, attempt.application.value());
    put_difference(bytes_, attempt.event.text(), last_.event.text());
    put_difference(bytes_, attempt.queue.text(), last_.queue.text());
    const auto now = texts(attempt);
    const auto before = texts(last_);
    for (std::size_t i = 0; i < now.size(); ++i)
        put_difference(bytes_, *now[i], *before[i]);
    put_at(bytes_, begin, static_cast<std::uint32_t>(bytes_.size() - begin - 4));

    marked_.push_back(mark('e', attempt.event.text()));
    if (count_ == 0 || attempt.queue != last_.queue)
        marked_.push_back(mark('q', attempt.queue.text()));
    if (count_ == 0 || attempt.type != last_.type) marked_.push_back(mark('t', attempt.type));
    if (count_ == 0 || attempt.outcome != last_.outcome)
        marked_.push_back(mark('o', attempt.outcome));
    if (count_ == 0 || attempt.status != last_.status)
        marked_.push_back(mark('s', fmt::to_string(attempt.status)));
    earliest_ = std::min(earliest_, attempt.at);
    latest_ = std::max(latest_, attempt.at);
    ++count_;
    last_ = std::move(attempt);
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
