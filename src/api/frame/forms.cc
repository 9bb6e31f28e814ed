#include "api/frame/forms.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "http/url.h"
#include "model/event.h"
#include "model/filter.h"

namespace hookreel::api {
namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view marks) {
    return !text.empty() && std::ranges::all_of(text, [marks](char c) {
        return is_letter_or_digit(c) || marks.contains(c);
    });
}

bool is_date_time(std::string_view text) {
    return parse_time(text).has_value();
}

bool is_position(std::string_view text) {
    return text == "earliest" || text == "latest" || text == "now" || is_date_time(text);
}

bool is_event_type(std::string_view text) {
    return !text.contains('*') && model::is_type_pattern(text);
}

bool is_queue_name(std::string_view text) {
    const bool taken = text == "reel" || text.starts_with("ep_") || text.starts_with("callback-");
    return text.size() <= 64 && consists_of(text, "._-") && !taken;
}

bool is_url(std::string_view text) {
    return http::parse_url(text).has_value();
}

std::string why_no_url(std::string_view text) {
    const Result<http::Url> url = http::parse_url(text);
    return url ? std::string() : url.error().detail;
}

bool is_member_path(std::string_view text) {
    return !text.empty() && text.size() <= 256 && !text.starts_with('.') && !text.ends_with('.') &&
           !text.contains("..");
}

// RFC 9110, section 5.5, without obs-text; blanks at the ends would get lost.
bool is_header_value(std::string_view text) {
    const auto visible = [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; };
    return std::ranges::all_of(text, visible) && !text.starts_with(' ') && !text.ends_with(' ') &&
           !text.starts_with('\t') && !text.ends_with('\t');
}

bool is_id(std::string_view text) {
    return text.size() <= 128 && consists_of(text, "_-.:");
}

constexpr std::array<Form, 10> forms = {{
    {"date-time", is_date_time, "a time like 2026-11-20T21:40:06Z (RFC 3339)"},
    {"event-id", model::is_event_id, "1 to 128 of the characters A-Z a-z 0-9 _ : -"},
    {"event-type", is_event_type,
     "names of a-z 0-9 _ - with dots between, at most 128 bytes, such as order.paid"},
    {"header-value", is_header_value,
     "visible ASCII characters with blanks between, as a header field has them"},
    {"id", is_id, "the id of something: 1 to 128 of the characters A-Z a-z 0-9 _ - . :"},
    {"member-path", is_member_path, "names with dots between, such as asset.type"},
    {"position", is_position, "earliest, latest, now (the same as latest) or a time (RFC 3339)"},
    {"queue-name", is_queue_name,
     "1 to 64 of the characters A-Z a-z 0-9 . _ -, not \"reel\" and not beginning with \"ep_\" or "
     "\"callback-\""},
    {"type-pattern", model::is_type_pattern,
     "an event type or a pattern, in which * stands alone or after the last dot: media.* or *"},
    {"uri", is_url, "an absolute http or https URL without user name, at most 8 KiB", why_no_url},
}};

}  // namespace

const Form* find_form(std::string_view name) {
    const auto found = std::ranges::find(forms, name, &Form::name);
    return found == forms.end() ? nullptr : &*found;
}

}  // namespace hookreel::api
