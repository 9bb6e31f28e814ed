#include "http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/system/error_code.hpp>

#include "base/text.h"

namespace hookreel::http {
namespace {

constexpr std::size_t url_bytes_max = 8 * 1024;
constexpr std::size_t host_bytes_max = 253;
constexpr std::size_t label_bytes_max = 63;

std::unexpected<Error> bad(std::string_view reason) {
    return fail(Code::invalid, fmt::format("URL: {}", reason));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
}

bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

// Whether the last label is what a resolver could read as a number: "1", "017", "0x7f".
bool ends_in_number(std::string_view host) {
    const auto dot = host.rfind('.');
    const auto label = dot == std::string_view::npos ? host : host.substr(dot + 1);
    if (std::ranges::all_of(label, is_digit)) return true;
    return label.starts_with("0x") && std::ranges::all_of(label.substr(2), is_hex_digit);
}

// Exactly four decimal numbers without leading zeros: the only form on which everyone agrees.
bool is_plain_ipv4(std::string_view host) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v4(host, error);
    return !error && address.to_string() == host;
}

Result<std::string> parse_name(std::string_view text) {
    std::string host = to_lower(text);
    if (host.ends_with('.')) host.pop_back();
    if (host.empty()) return bad("the host is empty");
    if (host.size() > host_bytes_max) return bad("the host is too long");
    if (!std::ranges::all_of(host, is_name_character))
        return bad("the host has a character that no host name has");
    for (std::size_t begin = 0; begin <= host.size();) {
        const auto end = std::min(host.find('.', begin), host.size());
        if (end == begin) return bad("the host has an empty label");
        if (end - begin > label_bytes_max) return bad("a label of the host is too long");
        begin = end + 1;
    }
    if (ends_in_number(host) && !is_plain_ipv4(host))
        return bad("the host is a number but not an IPv4 address in plain form, such as 192.0.2.1");
    return host;
}

Result<std::string> parse_ipv6(std::string_view text) {
    if (text.contains('%')) return bad("an IPv6 zone is not allowed");
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v6(text, error);
    if (error) return bad("the IPv6 address is not valid");
    return address.to_string();
}

Result<std::uint16_t> parse_port(std::string_view text, Url::Scheme scheme) {
    if (text.empty()) return scheme == Url::Scheme::http ? 80 : 443;
    if (text.size() > 5 || !std::ranges::all_of(text, is_digit))
        return bad("the port is no number");
    const auto port = parse_unsigned(text);
    if (!port || *port == 0 || *port > 65535) return bad("the port is out of range");
    return static_cast<std::uint16_t>(*port);
}

Result<Url> parse_authority(std::string_view text, Url::Scheme scheme) {
    if (text.contains('@')) return bad("a user name is not allowed");
    Url url;
    url.scheme = scheme;
    std::string_view port;
    if (text.starts_with('[')) {
        const auto bracket = text.find(']');
        if (bracket == std::string_view::npos) return bad("a ] is missing");
        auto host = parse_ipv6(text.substr(1, bracket - 1));
        if (!host) return fail(std::move(host.error()));
        url.host = std::move(*host);
        const auto rest = text.substr(bracket + 1);
        if (!rest.empty() && rest.front() != ':') return bad("something follows the ]");
        port = rest.empty() ? rest : rest.substr(1);
    } else {
        const auto colon = text.find(':');
        auto host = parse_name(text.substr(0, colon));
        if (!host) return fail(std::move(host.error()));
        url.host = std::move(*host);
        if (colon != std::string_view::npos) port = text.substr(colon + 1);
    }
    const auto number = parse_port(port, scheme);
    if (!number) return fail(number.error());
    url.port = *number;
    return url;
}

// An absolute path without its "." and ".." (RFC 3986, section 5.2.4).
std::string without_dots(std::string_view path) {
    std::vector<std::string_view> kept;
    const bool ends_in_folder =
        path.ends_with("/.") || path.ends_with("/..") || path.ends_with('/');
    while (!path.empty()) {
        path.remove_prefix(1);  // The slash.
        const auto piece = path.substr(0, path.find('/'));
        path.remove_prefix(piece.size());
        if (piece == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (piece != "." && !(piece.empty() && path.empty())) {
            kept.push_back(piece);
        }
    }
    std::string text;
    for (const auto piece : kept)
        text += fmt::format("/{}", piece);
    if (ends_in_folder || text.empty()) text += '/';
    return text;
}

}  // namespace

std::string Url::authority() const {
    std::string text = host.contains(':') ? fmt::format("[{}]", host) : host;
    const auto usual = scheme == Scheme::http ? 80 : 443;
    if (port != usual) text += fmt::format(":{}", port);
    return text;
}

Result<Url> parse_url(std::string_view text) {
    if (text.size() > url_bytes_max) return bad("longer than 8 KiB");
    if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c <= ' ') || c == '\x7f'; }))
        return bad("it has a blank or a control character");
    const auto mark = text.find("://");
    if (mark == std::string_view::npos) return bad("it does not begin with http:// or https://");
    const auto name = to_lower(text.substr(0, mark));
    if (name != "http" && name != "https") return bad("only http and https are allowed");
    const auto scheme = name == "http" ? Url::Scheme::http : Url::Scheme::https;

    auto rest = text.substr(mark + 3);
    rest = rest.substr(0, rest.find('#'));
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    auto url = parse_authority(rest.substr(0, end), scheme);
    if (!url) return url;
    url->target = rest.substr(end);
    if (!url->target.starts_with('/')) url->target.insert(0, "/");
    return url;
}

Result<Url> resolve(const Url& base, std::string_view reference) {
    reference = reference.substr(0, reference.find('#'));
    const auto scheme_end = reference.find_first_of(":/?");
    if (scheme_end != std::string_view::npos && reference[scheme_end] == ':')
        return parse_url(reference);
    const std::string_view scheme = base.scheme == Url::Scheme::http ? "http" : "https";
    if (reference.starts_with("//")) return parse_url(fmt::format("{}:{}", scheme, reference));
    const std::string_view path = std::string_view(base.target).substr(0, base.target.find('?'));
    std::string target(reference);
    if (reference.empty()) target = base.target;
    if (reference.starts_with('?')) target = std::string(path) + target;
    if (!target.starts_with('/'))
        target = std::string(path.substr(0, path.rfind('/') + 1)) + target;
    const auto query = std::min(target.find('?'), target.size());
    target = without_dots(std::string_view(target).substr(0, query)) + target.substr(query);
    return parse_url(fmt::format("{}://{}{}", scheme, base.authority(), target));
}

}  // namespace hookreel::http
