#include "dialect/cos/signature.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "base/digest.h"
#include "base/text.h"

namespace hookreel::dialect::cos {
namespace {

constexpr std::size_t names_max = 64;
constexpr std::size_t signature_bytes_max = 8 * 1024;
constexpr std::string_view token_name = "x-cos-security-token";

// Encoded name to encoded value, as both are signed.
using Encoded = std::map<std::string, std::string, std::less<>>;

std::string encoded_name(std::string_view name) {
    return to_lower(percent_encode(name));
}

template <class Pairs>
Encoded encoded(const Pairs& pairs) {
    Encoded result;
    for (const auto& [name, value] : pairs)
        result.try_emplace(encoded_name(name), percent_encode(value));
    return result;
}

std::vector<std::string> names_of(const Encoded& pairs) {
    std::vector<std::string> names;
    for (const auto& [name, value] : pairs)
        names.push_back(name);
    return names;
}

std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    return colon == std::string_view::npos || host.ends_with(']') ? host : host.substr(0, colon);
}

// "name=value&…" of the listed names, in their order. Errors: not_found (one is not there).
Result<std::string> listed(const Encoded& pairs, const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        const auto found = pairs.find(name);
        if (found == pairs.end()) return fail(Code::not_found, "a signed name is missing");
        if (!text.empty()) text += '&';
        text += name + '=' + found->second;
    }
    return text;
}

struct Texts {
    std::string parameters;
    std::string headers;
};

std::string signature_of(const SignedRequest& request, const Texts& texts, const Signature& windows,
                         std::string_view secret_key) {
    const std::string format = fmt::format("{}\n{}\n{}\n{}\n", to_lower(request.method),
                                           request.path, texts.parameters, texts.headers);
    const std::string to_sign =
        fmt::format("sha1\n{}\n{}\n", windows.sign_time.text, hex(digest(Algorithm::sha1, format)));
    const std::string sign_key = hex(hmac(Algorithm::sha1, secret_key, windows.key_time.text));
    return hex(hmac(Algorithm::sha1, sign_key, to_sign));
}

Result<Window> parse_window(std::string_view text) {
    const std::size_t semicolon = text.find(';');
    if (semicolon == std::string_view::npos || text.size() > 32)
        return fail(Code::invalid, "not a stretch of time");
    const Result<std::uint64_t> begin = parse_unsigned(text.substr(0, semicolon));
    const Result<std::uint64_t> end = parse_unsigned(text.substr(semicolon + 1));
    const auto latest = static_cast<std::uint64_t>(unix_seconds(never));
    if (!begin || !end || *begin > *end || *end > latest)
        return fail(Code::invalid, "not a stretch of time");
    return Window{std::string(text), from_unix_seconds(static_cast<std::int64_t>(*begin)),
                  from_unix_seconds(static_cast<std::int64_t>(*end))};
}

Result<std::vector<std::string>> parse_names(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::string_view name = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(text.size(), name.size() + 1));
        if (name.empty() || names.size() == names_max ||
            std::ranges::find(names, name) != names.end())
            return fail(Code::invalid, "not a list of names");
        names.emplace_back(name);
    }
    return names;
}

// The pairs of "a=1&b=2", not decoded.
Form split(std::string_view text) {
    Form pairs;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        pairs.emplace_back(pair.substr(0, equals), pair.substr(std::min(pair.size(), equals + 1)));
    }
    return pairs;
}

std::string_view value_of(const Form& pairs, std::string_view name) {
    for (const auto& [found, value] : pairs)
        if (found == name) return value;
    return {};
}

constexpr std::array<std::string_view, 7> fields = {
    "q-sign-algorithm", "q-ak",       "q-sign-time", "q-key-time", "q-header-list",
    "q-url-param-list", "q-signature"};

Result<Signature> parse_signature(const Form& pairs) {
    for (const std::string_view field : fields)
        if (std::ranges::count(pairs, field, &Form::value_type::first) != 1)
            return fail(Code::invalid, "there is not one " + std::string(field));
    if (value_of(pairs, "q-sign-algorithm") != "sha1")
        return fail(Code::invalid, "q-sign-algorithm is not sha1");
    Result<Window> sign_time = parse_window(value_of(pairs, "q-sign-time"));
    Result<Window> key_time = parse_window(value_of(pairs, "q-key-time"));
    Result<std::vector<std::string>> headers = parse_names(value_of(pairs, "q-header-list"));
    Result<std::vector<std::string>> parameters = parse_names(value_of(pairs, "q-url-param-list"));
    const std::string_view secret_id = value_of(pairs, "q-ak");
    if (!sign_time || !key_time) return fail(Code::invalid, "q-sign-time or q-key-time");
    if (!headers || !parameters) return fail(Code::invalid, "q-header-list or q-url-param-list");
    if (secret_id.empty() || secret_id.size() > 128) return fail(Code::invalid, "q-ak");
    return Signature{std::string(secret_id),
                     std::move(*sign_time),
                     std::move(*key_time),
                     std::move(*headers),
                     std::move(*parameters),
                     std::string(value_of(pairs, "q-signature")),
                     {}};
}

}  // namespace

Result<Signature> read_signature(const http::Headers& headers, const Form& parameters) {
    const std::string_view authorization = headers.get("Authorization");
    if (authorization.size() > signature_bytes_max)
        return fail(Code::invalid, "the signature is too long");
    if (authorization.empty() && value_of(parameters, "q-signature").empty())
        return fail(Code::not_found, "no signature");
    Result<Signature> signature =
        parse_signature(authorization.empty() ? parameters : split(authorization));
    if (!signature) return signature;
    const std::string_view token = headers.get(token_name);
    signature->token = token.empty() ? value_of(parameters, token_name) : token;
    return signature;
}

bool fits(const Signature& signature, const SignedRequest& request, std::string_view secret_key) {
    const Result<std::string> parameters =
        listed(encoded(request.parameters), signature.parameters);
    Encoded headers = encoded(request.headers);
    if (!parameters) return false;
    const auto fits_headers = [&] {
        const Result<std::string> text = listed(headers, signature.headers);
        return text && constant_time_equal(
                           signature_of(request, {*parameters, *text}, signature, secret_key),
                           signature.value);
    };
    if (fits_headers()) return true;
    headers["host"] = percent_encode(without_port(request.headers.get("Host")));
    return fits_headers();
}

Timeliness timeliness(const Signature& signature, TimePoint now) {
    for (const Window& window : {signature.sign_time, signature.key_time}) {
        if (now + clock_tolerance < window.begin) return Timeliness::too_early;
        if (now > window.end) return Timeliness::expired;
    }
    return Timeliness::valid;
}

std::string sign(const SignedRequest& request, const SignOptions& options) {
    const Encoded parameters = encoded(request.parameters);
    const Encoded headers = encoded(request.headers);
    Signature signature;
    signature.headers = names_of(headers);
    signature.parameters = names_of(parameters);
    const std::string window =
        fmt::format("{};{}", unix_seconds(options.begin), unix_seconds(options.end));
    signature.sign_time.text = window;
    signature.key_time.text = window;
    const Texts texts{*listed(parameters, signature.parameters),
                      *listed(headers, signature.headers)};
    return fmt::format(
        "q-sign-algorithm=sha1&q-ak={}&q-sign-time={}&q-key-time={}&q-header-list={}&"
        "q-url-param-list={}&q-signature={}",
        options.keys.secret_id, window, window, fmt::join(signature.headers, ";"),
        fmt::join(signature.parameters, ";"),
        signature_of(request, texts, signature, options.keys.secret_key));
}

std::string as_query(std::string_view authorization) {
    std::string query;
    for (const auto& [name, value] : split(authorization)) {
        if (!query.empty()) query += '&';
        query += name + '=' + percent_encode(value);
    }
    return query;
}

}  // namespace hookreel::dialect::cos
