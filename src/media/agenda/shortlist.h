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
    // In which order the works are best offered by their creation; none when only the last of them
    // tells what the page is.
    enum class Reading { newest_first, oldest_first, all };
    Reading reading() const;
    // Read so, what was made before the first of the page cannot be on it, that is after this or,
    // of the oldest first, before it; and whether, as it is now, what was made at that time or
    // comes then cannot be either: nothing finishes before it was made.
    TimePoint begins_at() const;
    bool is_closed_to(TimePoint created) const;
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
    Place place_of(const AgendaEntry& entry) const;
    bool is_before(const Place& one, const Place& other) const;
    std::string cursor_prefix() const;

    AgendaQuery query_;
    std::optional<Place> after_;
    std::vector<AgendaEntry> entries_;  // In order; one more than a page, to know of the next.
};

}  // namespace hookreel::media
