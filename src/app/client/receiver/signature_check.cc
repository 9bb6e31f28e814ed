#include "app/client/receiver/signature_check.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "dialect/standard/signing/verification.h"

namespace hookreel::app::client {
namespace {

namespace standard = dialect::standard;

Verdict check_vod(std::string_view key, const json::object& event, TimePoint now) {
    if (key.empty()) return {Signature::unchecked, "no --sign-key was given"};
    const json::value* sign = event.if_contains("Sign");
    const json::value* t = event.if_contains("T");
    if (!sign || !sign->is_string() || !t || !t->is_int64())
        return {Signature::missing, "Sign or T is missing; is the key set in the server?"};
    const std::int64_t until = t->get_int64();
    const std::string expected = hex(digest(Algorithm::md5, fmt::format("{}{}", key, until)));
    if (!constant_time_equal(expected, sign->get_string()))
        return {Signature::wrong, "Sign was made with another key"};
    if (until < unix_seconds(now)) return {Signature::expired, "T is over"};
    return {Signature::good, "Sign and T"};
}

Signature of(standard::Reason reason) {
    switch (reason) {
        case standard::Reason::missing:
            return Signature::missing;
        case standard::Reason::malformed:
            return Signature::malformed;
        case standard::Reason::too_old:
            return Signature::too_old;
        case standard::Reason::too_new:
            return Signature::too_new;
        case standard::Reason::unsupported:
            return Signature::unsupported;
        case standard::Reason::wrong:
            break;
    }
    return Signature::wrong;
}

Verdict check_standard(const std::vector<model::VerifyingKey>& keys, const http::Headers& headers,
                       std::string_view body, TimePoint now) {
    if (keys.empty()) return {Signature::unchecked, "no --secret was given"};
    const auto verified = standard::verify(keys, headers, body, now);
    if (!verified) return {of(verified.error().reason), verified.error().detail};
    const auto versions = names(static_cast<model::Secret::Algorithm*>(nullptr));
    const auto kind = static_cast<std::size_t>(keys[verified->key].algorithm);
    if (keys.size() == 1) return {Signature::good, std::string(versions[kind])};
    return {Signature::good,
            fmt::format("{} by secret {} of {}", versions[kind], verified->key + 1, keys.size())};
}

}  // namespace

std::string_view name(Signature signature) {
    constexpr std::array<std::string_view, 9> words = {"unchecked", "good",    "missing",
                                                       "malformed", "wrong",   "expired",
                                                       "too_old",   "too_new", "unsupported"};
    return words[static_cast<std::size_t>(signature)];
}

Verdict check_signature(const ReceiverKeys& keys, const Reading& reading,
                        const http::Headers& headers, std::string_view body, TimePoint now) {
    if (reading.dialect == Dialect::tencent_vod)
        return check_vod(keys.sign_key, reading.json->get_object(), now);
    if (reading.dialect == Dialect::unknown && keys.secrets.empty())
        return {Signature::unchecked, "it is of no dialect that is known here"};
    return check_standard(keys.secrets, headers, body, now);
}

}  // namespace hookreel::app::client
