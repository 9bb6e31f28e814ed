// What the searches of every store share: who matches, how long a page is, where it goes on.
//
// Values and pure functions.
#pragma once

#include "store/store.h"

namespace hookreel::store {

inline constexpr int page_items_max = 1000;

bool within(const Span& span, TimePoint time);
// Whether the pattern is empty or matches.
bool fits(std::string_view pattern, std::string_view type);
bool fits(const AttemptQuery& query, const Attempt& attempt);
// All but the event's place in the archive.
bool fits(const EventQuery& query, const ArchivedEvent& event);
bool fits(const DeliveryQuery& query, const Delivery& delivery);
// `body` is the neutral one, whose member `data` the filter may ask for.
bool fits(const model::EventFilter& filter, std::string_view type, std::string_view key,
          std::string_view body);

// How many items a page may have: none, when fewer than one was asked for.
std::size_t page_size(int count_max);

// A cursor is one or two numbers: "12", "12-3". An empty one is none. Errors: invalid.
struct CursorPlace {
    std::uint64_t major = 0;
    std::uint64_t minor = 0;

    auto operator<=>(const CursorPlace&) const = default;
};
Result<std::optional<CursorPlace>> read_cursor(const SearchCursor& cursor);
SearchCursor write_cursor(const CursorPlace& place);

// A delivery's id is two numbers too. Errors: invalid.
Result<CursorPlace> read_delivery_id(const DeliveryId& id);
DeliveryId write_delivery_id(const CursorPlace& place);

}  // namespace hookreel::store
