#include "model/media_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/digest.h"
#include "base/random.h"
#include "base/text.h"

namespace hookreel::model {
namespace {

// The parts of a query that a signature is over, as they are written.
struct LinkText {
    std::string t, exper, rlimit, us;
};

std::string signature(const LinkText& text, std::string_view key, std::string_view folder) {
    std::string signed_text(key);
    signed_text.append(folder).append(text.t).append(text.exper).append(text.rlimit);
    signed_text.append(text.us);
    return hex(digest(Algorithm::md5, signed_text));
}

// The value of a name that is there once; none when it is not there, or twice.
std::optional<std::string> once(const std::vector<std::pair<std::string, std::string>>& query,
                                std::string_view name) {
    std::optional<std::string> found;
    for (const auto& [given, value] : query) {
        if (given != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

// Lower-case hex of Unix seconds, as `t` is.
std::optional<TimePoint> parse_expiry(std::string_view text) {
    std::int64_t seconds = 0;
    if (text.empty() || text.size() > 9) return std::nullopt;
    for (const char c : text) {
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && !(c >= 'a' && c <= 'f')) return std::nullopt;
        seconds = seconds * 16 + (is_digit ? c - '0' : c - 'a' + 10);
    }
    return from_unix_seconds(seconds);
}

}  // namespace

std::string link_query(const LinkTerms& terms, std::string_view key, std::string_view folder) {
    LinkText text;
    text.t = fmt::format("{:x}", unix_seconds(terms.expires));
    if (terms.addresses_max > 0) text.rlimit = fmt::to_string(terms.addresses_max);
    text.us = terms.word;
    std::string query = "t=" + text.t;
    if (!text.rlimit.empty()) query += "&rlimit=" + text.rlimit;
    if (!text.us.empty()) query += "&us=" + percent_encode(text.us);
    return query + "&sign=" + signature(text, key, folder);
}

std::expected<LinkTerms, LinkFault> read_link(std::string_view query, std::string_view key,
                                              std::string_view folder, TimePoint now) {
    const auto pairs = parse_form(query);
    if (!pairs) return std::unexpected(LinkFault::wrong);
    const std::optional<std::string> t = once(*pairs, "t");
    const std::optional<std::string> sign = once(*pairs, "sign");
    if (!t || !sign) return std::unexpected(LinkFault::missing);
    const LinkText text{*t, once(*pairs, "exper").value_or(""), once(*pairs, "rlimit").value_or(""),
                        once(*pairs, "us").value_or("")};
    if (!constant_time_equal(signature(text, key, folder), *sign))
        return std::unexpected(LinkFault::wrong);

    const std::optional<TimePoint> expires = parse_expiry(text.t);
    const Result<std::uint64_t> addresses = parse_unsigned(text.rlimit.empty() ? "0" : text.rlimit);
    if (!expires || !addresses || *addresses > link_addresses_max)
        return std::unexpected(LinkFault::wrong);
    if (*expires + link_tolerance < now) return std::unexpected(LinkFault::expired);
    if (!text.exper.empty() && text.exper != "0") return std::unexpected(LinkFault::unsupported);
    return LinkTerms{*expires, static_cast<int>(*addresses), text.us};
}

Result<void> check_link_key(std::string_view key) {
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    if (key.size() < 8 || key.size() > 20 || !std::ranges::all_of(key, fits))
        return fail(Code::invalid, "takes 8 to 20 letters and digits");
    return {};
}

std::string LinkSigner::sign(std::string address) const {
    const std::size_t host = address.find("://");
    const std::size_t path = address.find('/', host == address.npos ? 0 : host + 3);
    if (path == address.npos) return address;
    const std::string folder = address.substr(path, address.rfind('/') + 1 - path);
    const LinkTerms terms{clock_.now() + life_, 0, random_alphanumeric(10)};
    return address + "?" + link_query(terms, key_, folder);
}

}  // namespace hookreel::model
