#include "store/sqlite/attempt_search.h"

namespace hookreel::store {
namespace {

// What one page of an answer looks at.
constexpr int summaries_max = 50'000;
constexpr int pages_max = 1000;

constexpr CursorPlace from_the_newest{std::numeric_limits<std::int64_t>::max(),
                                      std::numeric_limits<std::uint64_t>::max()};

}  // namespace

Result<Page<Attempt>> AttemptSearch::attempts(const AttemptQuery& query) {
    const auto cursor = read_cursor(query.cursor);
    if (!cursor) return fail(cursor.error());
    CursorPlace from = cursor->value_or(from_the_newest);
    const MarkTest test(query);
    Page<Attempt> answer;
    int looked = 0;
    int opened = 0;
    Rows rows = summaries_.query(std::min(from.major, from_the_newest.major));
    while (rows.next()) {
        if (rows.number(0) != from.major) from = {rows.number(0), from_the_newest.minor};
        const auto time = [&](int column) { return TimePoint(Duration(rows.integer(column))); };
        if (time(2) < query.span.since) return answer;  // Nor has any older page a later attempt.
        if (++looked > summaries_max || opened >= pages_max) {
            answer.next = write_cursor(from);
            return answer;
        }
        const bool in_time = time(3) >= query.span.since && time(1) < query.span.until;
        if (!in_time || !test.may_hold(rows.bytes(4))) continue;
        ++opened;
        Result<std::optional<CursorPlace>> next = look_into(query, from, answer);
        if (!next) return fail(std::move(next.error()));
        if (*next) {
            answer.next = write_cursor(**next);
            return answer;
        }
    }
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return answer;
}

// The minor part of a place is the number of an attempt in its page, counted from 1.
Result<std::optional<CursorPlace>> AttemptSearch::look_into(const AttemptQuery& query,
                                                            CursorPlace from,
                                                            Page<Attempt>& answer) {
    Rows rows = page_.query(from.major);
    if (!rows.next()) {
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
        return std::nullopt;
    }
    Result<std::vector<Attempt>> page =
        read_attempts(rows.bytes(1), static_cast<LogForm>(rows.integer(0)));
    if (!page) return fail(std::move(page.error()));
    for (std::uint64_t i = std::min<std::uint64_t>(page->size(), from.minor); i > 0; --i) {
        Attempt& attempt = (*page)[i - 1];
        if (!fits(query, attempt)) continue;
        if (answer.items.size() >= page_size(query.count_max)) return CursorPlace{from.major, i};
        answer.items.push_back(std::move(attempt));
    }
    return std::nullopt;
}

}  // namespace hookreel::store
