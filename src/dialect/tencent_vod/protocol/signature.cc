#include "dialect/tencent_vod/protocol/signature.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "dialect/tencent_vod/protocol/schema.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::string_view algorithm_name = "TC3-HMAC-SHA256";
constexpr std::string_view scope_end = "tc3_request";
constexpr std::size_t signed_headers_max = 32;
constexpr std::size_t derived_keys_max = 1024;

struct Authorization {
    std::string_view secret_id;
    std::string_view date;
    std::string_view service;
    std::string_view signed_headers;  // "content-type;host"
    std::vector<std::string_view> header_names;
    std::string_view signature;
};

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t to = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return parts;
}

// "<id>/<date>/<service>/tc3_request"; the service of some SDKs holds dots and a colon, never '/'.
bool read_credential(std::string_view text, Authorization& into) {
    const std::vector<std::string_view> parts = split(text, '/');
    if (parts.size() != 4 || parts[3] != scope_end) return false;
    into.secret_id = parts[0];
    into.date = parts[1];
    into.service = parts[2];
    return !into.secret_id.empty() && into.date.size() == 10 && !into.service.empty();
}

bool read_signed_headers(std::string_view text, Authorization& into) {
    if (std::ranges::count(text, ';') >= static_cast<long>(signed_headers_max)) return false;
    into.signed_headers = text;
    into.header_names = split(text, ';');
    const auto has = [&](std::string_view wanted) {
        return std::ranges::any_of(into.header_names, [&](std::string_view name) {
            return equal_ignoring_case(name, wanted);
        });
    };
    return has("content-type") && has("host");
}

std::optional<Authorization> parse_authorization(std::string_view header) {
    if (!header.starts_with(algorithm_name)) return std::nullopt;
    Authorization result;
    int found = 0;
    for (std::string_view field : split(header.substr(algorithm_name.size()), ',')) {
        field = trim(field);
        const std::size_t equals = std::min(field.find('='), field.size());
        const std::string_view name = field.substr(0, equals);
        const std::string_view value = field.substr(std::min(equals + 1, field.size()));
        if (name == "Credential" && read_credential(value, result)) found |= 1;
        if (name == "SignedHeaders" && read_signed_headers(value, result)) found |= 2;
        if (name == "Signature" && value.size() == 64) {
            result.signature = value;
            found |= 4;
        }
    }
    return found == 7 ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<SignatureFault> time_fault(std::string_view text, TimePoint now) {
    const Result<std::uint64_t> seconds = parse_unsigned(text);
    if (!seconds) return SignatureFault::no_timestamp;
    const auto ours = static_cast<std::uint64_t>(unix_seconds(now));
    const std::uint64_t apart = *seconds > ours ? *seconds - ours : ours - *seconds;
    if (apart > static_cast<std::uint64_t>(signature_window.count()))
        return SignatureFault::expired;
    return std::nullopt;
}

std::string utc_day(std::string_view timestamp) {
    const Result<std::int64_t> seconds = parse_signed(timestamp);
    return seconds ? iso8601(from_unix_seconds(*seconds)).substr(0, 10) : std::string();
}

// "host:9000" without ":9000". What has no port stays.
std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    if (colon == std::string_view::npos) return host;
    const std::string_view port = host.substr(colon + 1);
    const bool digits =
        !port.empty() && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    return digits ? host.substr(0, colon) : host;
}

enum class Case { as_sent, lower };

struct Canonical {
    const SignedRequest& request;
    const Authorization& authorization;
    std::string body_hash;

    // The text to sign, with this host and the header values in this case.
    std::string text(std::string_view host, Case letters) const;
};

std::string Canonical::text(std::string_view host, Case letters) const {
    const http::RequestHead& head = request.head;
    std::string canonical = fmt::format("{}\n/\n{}\n", head.method, head.query());
    for (std::string_view name : authorization.header_names) {
        const bool is_host = equal_ignoring_case(name, "host");
        const std::string_view value = is_host ? host : head.headers.get(name);
        canonical += to_lower(name);
        canonical += ':';
        canonical += letters == Case::lower ? to_lower(value) : std::string(value);
        canonical += '\n';
    }
    canonical += fmt::format("\n{}\n{}", authorization.signed_headers, body_hash);
    return fmt::format("{}\n{}\n{}/{}/{}\n{}", algorithm_name, head.headers.get("X-TC-Timestamp"),
                       authorization.date, authorization.service, scope_end,
                       hex(digest(Algorithm::sha256, canonical)));
}

bool fits(const Canonical& canonical, std::string_view key) {
    const std::string_view host = canonical.request.head.headers.get("Host");
    const std::string_view bare_host = without_port(host);
    std::vector<std::string> tried;
    for (Case letters : {Case::as_sent, Case::lower}) {
        for (std::string_view candidate : {host, bare_host}) {
            std::string text = canonical.text(candidate, letters);
            if (std::ranges::find(tried, text) != tried.end()) continue;
            const std::string expected = hex(hmac(Algorithm::sha256, key, text));
            if (constant_time_equal(expected, canonical.authorization.signature)) return true;
            tried.push_back(std::move(text));
        }
    }
    return false;
}

std::string body_hash(const SignedRequest& request) {
    constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
    const bool is_unsigned = request.head.headers.get("X-TC-Content-SHA256") == unsigned_payload;
    return hex(digest(Algorithm::sha256, is_unsigned ? unsigned_payload : request.body));
}

std::string_view value_of(const Form& parameters, std::string_view name) {
    const auto found = std::ranges::find(parameters, name, &Form::value_type::first);
    return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::string cache_key(const DerivedKeys::Scope& scope) {
    return fmt::format("{}\n{}\n{}", scope.date, scope.service, scope.secret_key);
}

}  // namespace

std::optional<std::string> DerivedKeys::find(const Scope& scope) const {
    const std::string key = cache_key(scope);
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(key);
    if (found == keys_.end()) return std::nullopt;
    return found->second;
}

void DerivedKeys::remember(const Scope& scope, std::string key) {
    const std::lock_guard lock(mutex_);
    if (keys_.size() >= derived_keys_max) keys_.clear();
    keys_.emplace(cache_key(scope), std::move(key));
}

std::size_t DerivedKeys::size() const {
    const std::lock_guard lock(mutex_);
    return keys_.size();
}

std::string derive_key(const DerivedKeys::Scope& scope) {
    const std::string secret = fmt::format("TC3{}", scope.secret_key);
    const std::string day = hmac(Algorithm::sha256, secret, scope.date);
    const std::string service = hmac(Algorithm::sha256, day, scope.service);
    return hmac(Algorithm::sha256, service, scope_end);
}

std::expected<std::string, SignatureFault> verify_tc3(const SignedRequest& request, TimePoint now,
                                                      const KeyLookup& key_of,
                                                      DerivedKeys& derived) {
    const http::Headers& headers = request.head.headers;
    const std::optional<Authorization> authorization =
        parse_authorization(headers.get("Authorization"));
    if (!authorization) return std::unexpected(SignatureFault::malformed);
    const std::string_view timestamp = headers.get("X-TC-Timestamp");
    if (const auto fault = time_fault(timestamp, now)) return std::unexpected(*fault);
    const std::optional<std::string> secret_key = key_of(authorization->secret_id);
    if (!secret_key) return std::unexpected(SignatureFault::unknown_key);
    if (authorization->date != utc_day(timestamp)) return std::unexpected(SignatureFault::wrong);

    const DerivedKeys::Scope scope{*secret_key, authorization->date, authorization->service};
    const std::optional<std::string> known = derived.find(scope);
    const std::string key = known ? *known : derive_key(scope);
    if (!fits(Canonical{request, *authorization, body_hash(request)}, key))
        return std::unexpected(SignatureFault::wrong);
    if (!known) derived.remember(scope, key);
    return std::string(authorization->secret_id);
}

std::expected<std::string, SignatureFault> verify_v1(const http::RequestHead& head,
                                                     const Form& parameters, TimePoint now,
                                                     const KeyLookup& key_of) {
    const std::string_view secret_id = value_of(parameters, "SecretId");
    const std::string_view signature = value_of(parameters, "Signature");
    const std::string_view method = value_of(parameters, "SignatureMethod");
    const bool sha256 = method == "HmacSHA256";
    if (secret_id.empty() || signature.empty() ||
        !(sha256 || method.empty() || method == "HmacSHA1"))
        return std::unexpected(SignatureFault::malformed);
    if (const auto fault = time_fault(value_of(parameters, "Timestamp"), now))
        return std::unexpected(*fault);
    const std::optional<std::string> secret_key = key_of(secret_id);
    if (!secret_key) return std::unexpected(SignatureFault::unknown_key);

    const Algorithm algorithm = sha256 ? Algorithm::sha256 : Algorithm::sha1;
    const model::KeyPair keys{std::string(secret_id), *secret_key};
    const std::string_view host = head.headers.get("Host");
    for (std::string_view candidate : {host, without_port(host)}) {
        const std::string text = v1_text(head.method, candidate, parameters);
        if (constant_time_equal(v1_signature(algorithm, keys, text), signature))
            return keys.secret_id;
    }
    return std::unexpected(SignatureFault::wrong);
}

http::Headers sign_tc3(const ApiCall& call, const model::KeyPair& keys, TimePoint now) {
    constexpr std::string_view signed_headers = "content-type;host";
    const std::string timestamp = fmt::to_string(unix_seconds(now));
    http::RequestHead head;
    head.method = "POST";
    head.target = "/";
    head.headers.add("Host", call.host);
    head.headers.add("Content-Type", "application/json");
    head.headers.add("X-TC-Timestamp", timestamp);

    Authorization authorization;
    const std::string day = utc_day(timestamp);
    authorization.secret_id = keys.secret_id;
    authorization.date = day;
    authorization.service = "vod";
    authorization.signed_headers = signed_headers;
    authorization.header_names = split(signed_headers, ';');
    const SignedRequest request{head, call.body};
    const Canonical canonical{request, authorization, body_hash(request)};
    const std::string key = derive_key({keys.secret_key, day, authorization.service});
    const std::string text = canonical.text(call.host, Case::as_sent);

    http::Headers headers{
        {"Content-Type", "application/json"},
        {"X-TC-Action", call.action},
        {"X-TC-Version", std::string(schema::version)},
        {"X-TC-Timestamp", timestamp},
        {"Authorization",
         fmt::format("{} Credential={}/{}/{}/{}, SignedHeaders={}, Signature={}", algorithm_name,
                     keys.secret_id, day, authorization.service, scope_end, signed_headers,
                     hex(hmac(Algorithm::sha256, key, text)))}};
    if (!call.token.empty()) headers.add("X-TC-Token", call.token);
    return headers;
}

std::string v1_text(std::string_view method, std::string_view host, Form parameters) {
    std::erase_if(parameters, [](const auto& pair) { return pair.first == "Signature"; });
    std::ranges::sort(parameters);
    std::string text = fmt::format("{}{}/?", method, host);
    for (const auto& [key, value] : parameters)
        fmt::format_to(std::back_inserter(text), "{}={}&", key, value);
    text.pop_back();
    return text;
}

std::string v1_signature(Algorithm algorithm, const model::KeyPair& keys, std::string_view text) {
    return base64(hmac(algorithm, keys.secret_key, text));
}

}  // namespace hookreel::dialect::tencent_vod
