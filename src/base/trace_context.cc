#include "base/trace_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "base/text.h"

namespace hookreel {
namespace {

constexpr std::size_t trace_digits = 32;
constexpr std::size_t span_digits = 16;
constexpr std::size_t traceparent_bytes = 55;  // Of version 00.
constexpr std::size_t state_bytes_max = 512;
constexpr std::size_t members_max = 32;
constexpr std::size_t large_member_bytes = 128;
constexpr std::uint8_t sampled = 1;
// Bit 0, and bit 1 of level 2; the others must not be passed on.
constexpr std::uint8_t known_flags = 3;

bool is_hex(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text, std::size_t digits) {
    return text.size() == digits && is_hex(text) && text.find_first_not_of('0') != text.npos;
}

unsigned from_digit(char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
}

// Of a later version as much as version 00 says (3.2.2.4 of the recommendation).
TraceContext parse_traceparent(std::string_view text) {
    if (text.size() < traceparent_bytes || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return {};
    const std::string_view version = text.substr(0, 2);
    if (!is_hex(version) || version == "ff") return {};
    if (version == "00" && text.size() != traceparent_bytes) return {};
    if (text.size() > traceparent_bytes && text[traceparent_bytes] != '-') return {};
    const std::string_view trace = text.substr(3, trace_digits);
    const std::string_view span = text.substr(36, span_digits);
    const std::string_view flags = text.substr(53, 2);
    if (!is_id(trace, trace_digits) || !is_id(span, span_digits) || !is_hex(flags)) return {};
    const unsigned bits = from_digit(flags[0]) << 4 | from_digit(flags[1]);
    return {.trace_id = std::string(trace),
            .span_id = std::string(span),
            .flags = static_cast<std::uint8_t>(bits & known_flags),
            .state = {}};
}

// 3.3.1.3.1: with or without a tenant before an '@'.
bool is_state_key(std::string_view key) {
    const auto begins = [](std::string_view part) {
        return !part.empty() &&
               ((part[0] >= 'a' && part[0] <= 'z') || (part[0] >= '0' && part[0] <= '9'));
    };
    const auto fits = [](std::string_view part) {
        return std::ranges::all_of(part, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   std::string_view("_-*/").contains(c);
        });
    };
    const std::size_t at = key.find('@');
    if (at == key.npos) return begins(key) && fits(key) && key.size() <= 256;
    const std::string_view tenant = key.substr(0, at), system = key.substr(at + 1);
    return begins(tenant) && fits(tenant) && tenant.size() <= 241 && begins(system) &&
           fits(system) && system.size() <= 14;
}

bool is_state_value(std::string_view value) {
    const auto fits = [](char c) { return c >= ' ' && c < 0x7f && c != ',' && c != '='; };
    return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
           std::ranges::all_of(value, fits);
}

// The members of the list in order; none when it is malformed.
std::vector<std::string_view> state_members(std::string_view list) {
    std::vector<std::string_view> members;
    std::set<std::string_view> keys;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        const std::string_view member = trim(list.substr(begin, end - begin));
        begin = end + 1;
        if (member.empty()) continue;
        const std::size_t equal = member.find('=');
        if (equal == member.npos) return {};
        const std::string_view key = member.substr(0, equal);
        if (!is_state_key(key) || !is_state_value(member.substr(equal + 1))) return {};
        if (!keys.insert(key).second || members.size() == members_max) return {};
        members.push_back(member);
    }
    return members;
}

std::string joined(const std::vector<std::string_view>& members) {
    std::string list;
    for (const std::string_view member : members)
        list.append(list.empty() ? "" : ",").append(member);
    return list;
}

// One that is too long loses large members first, then those at the end (3.3.1.5).
std::string checked_state(std::string_view list) {
    std::vector<std::string_view> members = state_members(list);
    std::string kept = joined(members);
    if (kept.size() <= state_bytes_max) return kept;
    std::erase_if(members, [](std::string_view one) { return one.size() > large_member_bytes; });
    for (kept = joined(members); kept.size() > state_bytes_max; kept = joined(members))
        members.pop_back();
    return kept;
}

}  // namespace

TraceContext read_trace(const std::vector<std::string_view>& traceparents,
                        const std::vector<std::string_view>& tracestates) {
    if (traceparents.size() != 1) return {};
    TraceContext context = parse_traceparent(trim(traceparents.front()));
    if (context.exists()) context.state = checked_state(joined(tracestates));
    return context;
}

std::string traceparent(const TraceContext& context) {
    return fmt::format("00-{}-{}-{:02x}", context.trace_id, context.span_id, context.flags);
}

std::string trace_text(const TraceContext& context) {
    return context.exists() ? traceparent(context) + context.state : std::string();
}

TraceContext parse_trace_text(std::string_view text) {
    if (text.size() < traceparent_bytes) return {};
    TraceContext context = parse_traceparent(text.substr(0, traceparent_bytes));
    if (context.exists()) context.state = text.substr(traceparent_bytes);
    return context;
}

TraceContext child_of(const TraceContext& parent) {
    TraceContext child = parent;
    if (!parent.exists())
        child = {
            .trace_id = random_hex(trace_digits / 2), .span_id = {}, .flags = sampled, .state = {}};
    child.span_id = random_hex(span_digits / 2);
    return child;
}

}  // namespace hookreel
