// The page of a list that comes in any order: no more is kept than the page holds.
//
// The order is that of times, and of ids where times are equal, so that a page goes on exactly
// where the one before ended whatever was added or removed meanwhile. Pure.
#pragma once

#include "media/agenda/agenda.h"

namespace hookreel::media {

class Shortlist {
 public:
    // Errors: invalid (the cursor is none, or of another field or order).
    static Result<Shortlist> open(AgendaQuery query);

    void offer(AgendaEntry entry);
    // In which order the works are best offered: by their creation, or those first that ended last
    // and then those that did not end; none when only the last of them tells what the page is.
    enum class Reading { newest_first, oldest_first, last_ended_first, all };
    Reading reading() const;
    // Read so, what was made (or ended) before the first of the page cannot be on it, that is after
    // this or, of the oldest first, before it; and whether, as it is now, what was made (ended) at
    // that time or comes then cannot be either: nothing finishes before it was made.
    TimePoint begins_at() const;
    bool is_closed_to(TimePoint time) const;
    // Whether there is room for what ended, or did not, as far as its status and times go.
    bool wants_ended() const;
    bool wants_open() const;
    AgendaPage page() &&;

 private:
    // Where an entry stands in the list.
    struct Place {
        TimePoint time{};
        std::string id;
        auto operator<=>(const Place&) const = default;
    };

    explicit Shortlist(AgendaQuery query) : query_(std::move(query)) {}

    bool passes(const AgendaEntry& entry) const;
    bool asks_for_end() const;
    bool is_full() const;  // One more than a page is there.
    Place place_of(const AgendaEntry& entry) const;
    bool is_before(const Place& one, const Place& other) const;
    std::string cursor_prefix() const;

    AgendaQuery query_;
    std::optional<Place> after_;
    std::vector<AgendaEntry> entries_;  // In order; one more than a page, to know of the next.
};

}  // namespace hookreel::media
