#include "media/agenda/shortlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "model/task_life.h"

namespace hookreel::media {
namespace {

bool is_within(TimePoint time, const TimeSpan& span) {
    return (!span.from || time >= *span.from) && (!span.to || time <= *span.to);
}

}  // namespace

std::string Shortlist::cursor_prefix() const {
    const bool is_created = query_.field == AgendaQuery::Field::created;
    const bool is_newest_first = query_.order == AgendaQuery::Order::newest_first;
    return fmt::format("{}{}-", is_created ? 'c' : 'f', is_newest_first ? 'd' : 'a');
}

Result<Shortlist> Shortlist::open(AgendaQuery query) {
    Shortlist list(std::move(query));
    const std::string& cursor = list.query_.cursor;
    if (cursor.empty()) return list;
    const std::string prefix = list.cursor_prefix();
    if (!cursor.starts_with(prefix)) return fail(Code::invalid, "the cursor is of another list");
    Duration::rep milliseconds = 0;
    const char* const end = cursor.data() + cursor.size();
    const auto [at, error] = std::from_chars(cursor.data() + prefix.size(), end, milliseconds);
    if (error != std::errc() || at == end || *at != '-')
        return fail(Code::invalid, "the cursor is none");
    list.after_ = Place{TimePoint(Duration(milliseconds)), std::string(at + 1, end)};
    return list;
}

Shortlist::Place Shortlist::place_of(const AgendaEntry& entry) const {
    if (query_.field == AgendaQuery::Field::created) return {entry.created, entry.id.text()};
    if (entry.finished != TimePoint{}) return {entry.finished, entry.id.text()};
    const bool is_oldest_first = query_.order == AgendaQuery::Order::oldest_first;
    return {is_oldest_first ? never : TimePoint{}, entry.id.text()};
}

bool Shortlist::is_before(const Place& one, const Place& other) const {
    return query_.order == AgendaQuery::Order::newest_first ? other < one : one < other;
}

bool Shortlist::passes(const AgendaEntry& entry) const {
    if (query_.status && entry.status != *query_.status) return false;
    if (query_.file && entry.file != *query_.file) return false;
    if (!is_within(entry.created, query_.created)) return false;
    if (!asks_for_end()) return true;
    return entry.finished != TimePoint{} && is_within(entry.finished, query_.finished);
}

void Shortlist::offer(AgendaEntry entry) {
    if (!passes(entry)) return;
    const Place place = place_of(entry);
    if (after_ && !is_before(*after_, place)) return;
    const auto comes_after = [this](const Place& wanted, const AgendaEntry& other) {
        return is_before(wanted, place_of(other));
    };
    const auto at = std::upper_bound(entries_.begin(), entries_.end(), place, comes_after);
    entries_.insert(at, std::move(entry));
    if (entries_.size() > query_.count_max + 1) entries_.pop_back();
}

Shortlist::Reading Shortlist::reading() const {
    if (query_.order == AgendaQuery::Order::oldest_first) return Reading::oldest_first;
    if (query_.field == AgendaQuery::Field::created) return Reading::newest_first;
    // What was made long ago may have finished last. Ends do not say of which file they are.
    return query_.file ? Reading::all : Reading::last_ended_first;
}

bool Shortlist::asks_for_end() const {
    return query_.finished.from || query_.finished.to;
}

bool Shortlist::is_full() const {
    return entries_.size() > query_.count_max;
}

bool Shortlist::wants_ended() const {
    return !is_full() && (!query_.status || model::is_over(*query_.status));
}

bool Shortlist::wants_open() const {
    return !is_full() && !asks_for_end() && (!query_.status || !model::is_over(*query_.status));
}

TimePoint Shortlist::begins_at() const {
    const bool follows = after_ && query_.field == AgendaQuery::Field::created;
    if (reading() == Reading::oldest_first) {
        const TimePoint asked = query_.created.from.value_or(TimePoint{});
        return follows ? std::max(asked, after_->time) : asked;
    }
    if (reading() == Reading::last_ended_first) {
        const TimePoint asked = query_.finished.to.value_or(never);
        return after_ ? std::min(asked, after_->time) : asked;
    }
    const TimePoint asked = query_.created.to.value_or(never);
    return follows ? std::min(asked, after_->time) : asked;
}

bool Shortlist::is_closed_to(TimePoint time) const {
    switch (reading()) {
        case Reading::newest_first:
            if (query_.created.from && time < *query_.created.from) return true;
            return is_full() && time < entries_.back().created;
        case Reading::oldest_first:
            if (query_.created.to && time > *query_.created.to) return true;
            if (query_.finished.to && time > *query_.finished.to) return true;
            return is_full() && time > place_of(entries_.back()).time;
        case Reading::last_ended_first:
            if (query_.finished.from && time < *query_.finished.from) return true;
            return is_full() && time < place_of(entries_.back()).time;
        case Reading::all:
            break;
    }
    return false;
}

AgendaPage Shortlist::page() && {
    AgendaPage page;
    if (entries_.size() > query_.count_max) {
        entries_.resize(query_.count_max);
        const Place last = place_of(entries_.back());
        page.next =
            fmt::format("{}{}-{}", cursor_prefix(), last.time.time_since_epoch().count(), last.id);
    }
    page.entries = std::move(entries_);
    return page;
}

}  // namespace hookreel::media
