#include "store/searches.h"

#include "base/text.h"

namespace hookreel::store {
namespace {

constexpr std::size_t place_bytes_max = 41;  // Two numbers of 64 bits.

Result<CursorPlace> read_place(std::string_view text, std::string_view what) {
    const auto refused = [&] { return fail(Code::invalid, fmt::format("no such {}", what)); };
    if (text.size() > place_bytes_max) return refused();
    const std::size_t dash = text.find('-');
    const Result<std::uint64_t> major = parse_unsigned(text.substr(0, dash));
    if (!major) return refused();
    if (dash == std::string_view::npos) return CursorPlace{.major = *major};
    const Result<std::uint64_t> minor = parse_unsigned(text.substr(dash + 1));
    if (!minor) return refused();
    return CursorPlace{*major, *minor};
}

// The member `data` of a neutral body, as text; empty when it has none.
std::string data_of(std::string_view body) {
    const Result<json::value> parsed = parse_json(body);
    const json::object* object = parsed ? parsed->if_object() : nullptr;
    const json::value* data = object == nullptr ? nullptr : object->if_contains("data");
    return data == nullptr ? std::string() : json::serialize(*data);
}

}  // namespace

bool within(const Span& span, TimePoint time) {
    return span.since <= time && time < span.until;
}

bool fits(std::string_view pattern, std::string_view type) {
    return pattern.empty() || model::matches(pattern, type);
}

bool fits(const AttemptQuery& query, const Attempt& attempt) {
    return (!query.application || attempt.application == *query.application) &&
           (!query.queue || attempt.queue == *query.queue) &&
           (!query.event || attempt.event == *query.event) && fits(query.type, attempt.type) &&
           (query.outcome.empty() || attempt.outcome == query.outcome) &&
           (query.status == 0 || attempt.status == query.status) && within(query.span, attempt.at);
}

bool fits(const model::EventFilter& filter, std::string_view type, std::string_view key,
          std::string_view body) {
    const std::string data = filter.data.empty() ? std::string() : data_of(body);
    return model::matches(filter, type, key, data);
}

bool fits(const EventQuery& query, const ArchivedEvent& event) {
    return event.application == query.application && within(query.span, event.time) &&
           fits(query.filter, event.type, event.key, *event.body);
}

bool fits(const DeliveryQuery& query, const Delivery& delivery) {
    return (!query.application || delivery.application == *query.application) &&
           (!query.queue || delivery.queue == *query.queue) &&
           (!query.event || delivery.event == *query.event) &&
           (!query.state || delivery.state == *query.state) && fits(query.type, delivery.type) &&
           within(query.span, delivery.time);
}

std::size_t page_size(int count_max) {
    return static_cast<std::size_t>(std::clamp(count_max, 0, page_items_max));
}

Result<std::optional<CursorPlace>> read_cursor(const SearchCursor& cursor) {
    if (cursor.empty()) return std::nullopt;
    return map(read_place(cursor, "cursor"),
               [](CursorPlace place) { return std::optional(place); });
}

SearchCursor write_cursor(const CursorPlace& place) {
    return place.minor == 0 ? fmt::to_string(place.major)
                            : fmt::format("{}-{}", place.major, place.minor);
}

Result<CursorPlace> read_delivery_id(const DeliveryId& id) {
    return read_place(id.text(), "delivery");
}

DeliveryId write_delivery_id(const CursorPlace& place) {
    return DeliveryId(fmt::format("{}-{}", place.major, place.minor));
}

}  // namespace hookreel::store
