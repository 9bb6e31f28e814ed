#include "dialect/standard/signing/verification.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/digest.h"
#include "base/ed25519.h"
#include "base/text.h"

namespace hookreel::dialect::standard {
namespace {

using model::VerifyingKey;
using Kind = model::Secret::Algorithm;

constexpr std::string_view id_field = "webhook-id";
constexpr std::string_view timestamp_field = "webhook-timestamp";
constexpr std::string_view signature_field = "webhook-signature";

std::unexpected<Refusal> refuse(Reason reason, std::string detail) {
    return std::unexpected(Refusal{reason, std::move(detail)});
}

std::expected<std::string_view, Refusal> single(const http::Headers& headers,
                                                std::string_view name) {
    if (headers.all(name).size() > 1)
        return refuse(Reason::malformed, fmt::format("{} is there more than once", name));
    const std::string_view value = headers.get(name);
    if (value.empty()) return refuse(Reason::missing, fmt::format("{} is missing", name));
    return value;
}

struct Fields {
    std::string_view id;
    std::string_view timestamp;
    std::string_view signatures;
};

std::expected<Fields, Refusal> read_fields(const http::Headers& headers) {
    const auto id = single(headers, id_field);
    if (!id) return std::unexpected(id.error());
    const auto timestamp = single(headers, timestamp_field);
    if (!timestamp) return std::unexpected(timestamp.error());
    const auto signatures = single(headers, signature_field);
    if (!signatures) return std::unexpected(signatures.error());
    if (id->contains('.'))
        return refuse(Reason::malformed, fmt::format("{} has a \".\" in it", id_field));
    return Fields{*id, *timestamp, *signatures};
}

std::expected<TimePoint, Refusal> read_time(std::string_view timestamp, TimePoint now) {
    const Result<std::uint64_t> seconds = parse_unsigned(timestamp);
    if (!seconds || *seconds > static_cast<std::uint64_t>(unix_seconds(never)))
        return refuse(Reason::malformed,
                      fmt::format("{} is no number of seconds since 1970", timestamp_field));
    const TimePoint sent = from_unix_seconds(static_cast<std::int64_t>(*seconds));
    const auto say = [](Duration off, std::string_view where) {
        using std::chrono::ceil, std::chrono::seconds;
        return fmt::format("{} is {} s in the {}, at most {} s are taken; are both clocks right?",
                           timestamp_field, ceil<seconds>(off).count(), where,
                           ceil<seconds>(timestamp_tolerance).count());
    };
    if (now - sent > timestamp_tolerance) return refuse(Reason::too_old, say(now - sent, "past"));
    if (sent - now > timestamp_tolerance) return refuse(Reason::too_new, say(sent - now, "future"));
    return sent;
}

struct Given {
    Kind kind;
    std::string_view text;  // Base64.
};

std::optional<Kind> kind_of(std::string_view version) {
    constexpr auto versions = names(static_cast<Kind*>(nullptr));
    const auto found = std::ranges::find(versions, version);
    if (found == versions.end()) return std::nullopt;
    return static_cast<Kind>(found - versions.begin());
}

// Those of known versions.
std::expected<std::vector<Given>, Refusal> read_signatures(std::string_view field) {
    std::vector<Given> all;
    for (std::size_t count = 1;; ++count) {
        if (count > signatures_max)
            return refuse(Reason::malformed, fmt::format("{} holds more than {} signatures",
                                                         signature_field, signatures_max));
        const std::size_t blank = field.find(' ');
        const std::string_view one = field.substr(0, blank);
        const std::size_t comma = one.find(',');
        if (comma == std::string_view::npos)
            return refuse(Reason::malformed,
                          fmt::format("{} is no list of VERSION,BASE64", signature_field));
        if (const std::optional<Kind> kind = kind_of(one.substr(0, comma)))
            all.push_back({*kind, one.substr(comma + 1)});
        if (blank == std::string_view::npos) return all;
        field.remove_prefix(blank + 1);
    }
}

struct Signed {
    std::string head;  // "<id>.<seconds>."
    std::string_view body;
};

bool fits_hmac(const VerifyingKey& key, const Signed& content, std::span<const Given> given) {
    KeyedHmac code(Algorithm::sha256, key.bytes);
    const std::string expected = base64(code.of({content.head, content.body}));
    return std::ranges::any_of(given, [&](const Given& one) {
        return one.kind == Kind::hmac_sha256 && constant_time_equal(one.text, expected);
    });
}

bool fits_ed25519(const VerifyingKey& key, const Signed& content, std::span<const Given> given) {
    const std::string message = std::string(content.head).append(content.body);
    return std::ranges::any_of(given, [&](const Given& one) {
        if (one.kind != Kind::ed25519) return false;
        const Result<std::string> signature = from_base64(one.text);
        // Decoders forgive blanks and loose bits; a signature has one form.
        return signature && base64(*signature) == one.text &&
               ed25519_verifies({key.bytes, message, *signature});
    });
}

bool fits(const VerifyingKey& key, const Signed& content, std::span<const Given> given) {
    return key.algorithm == Kind::hmac_sha256 ? fits_hmac(key, content, given)
                                              : fits_ed25519(key, content, given);
}

Refusal why_none_fits(std::span<const VerifyingKey> keys, std::span<const Given> given) {
    const auto has_key = [&](const Given& one) {
        return std::ranges::find(keys, one.kind, &VerifyingKey::algorithm) != keys.end();
    };
    if (std::ranges::any_of(given, has_key))
        return {Reason::wrong,
                "no signature fits: it was made with another secret, or the id, the timestamp or "
                "the body was changed on its way"};
    if (given.empty()) return {Reason::unsupported, "no signature is of version v1 or v1a"};
    return {Reason::unsupported,
            given.front().kind == Kind::hmac_sha256
                ? "it is signed by v1 alone, which takes a secret that begins with whsec_"
                : "it is signed by v1a alone, which takes a public key that begins with whpk_"};
}

}  // namespace

std::expected<Verified, Refusal> verify(std::span<const VerifyingKey> keys,
                                        const http::Headers& headers, std::string_view body,
                                        TimePoint now) {
    const auto fields = read_fields(headers);
    if (!fields) return std::unexpected(fields.error());
    const auto sent = read_time(fields->timestamp, now);
    if (!sent) return std::unexpected(sent.error());
    const auto given = read_signatures(fields->signatures);
    if (!given) return std::unexpected(given.error());

    const Signed content{fmt::format("{}.{}.", fields->id, fields->timestamp), body};
    const auto fitting = std::ranges::find_if(
        keys, [&](const VerifyingKey& key) { return fits(key, content, *given); });
    if (fitting == keys.end()) return std::unexpected(why_none_fits(keys, *given));
    return Verified{std::string(fields->id), *sent,
                    static_cast<std::size_t>(fitting - keys.begin())};
}

}  // namespace hookreel::dialect::standard
