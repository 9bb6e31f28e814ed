// A receiver's check of Standard Webhooks, over fields and bodies of strangers: nothing is taken
// that the signer would not have signed, and what it signed is taken whatever stands beside it.
#include "base/text.h"
#include "dialect/standard/signing/signature.h"
#include "dialect/standard/signing/verification.h"

using namespace hookreel;
namespace standard = dialect::standard;

namespace {

constexpr std::string_view shared = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view private_key = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
constexpr std::string_view public_key = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const TimePoint now = from_unix_seconds(1614265330);

void require(bool holds) {
    if (!holds) __builtin_trap();
}

std::string next_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return std::string(line);
}

http::Headers fields(const std::string& id, const std::string& timestamp,
                     const std::string& signature) {
    return {{"webhook-id", id}, {"webhook-timestamp", timestamp}, {"webhook-signature", signature}};
}

bool has(std::string_view list, std::string_view signature) {
    return (" " + std::string(trim(list)) + " ").contains(" " + std::string(signature) + " ");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    std::string_view body(reinterpret_cast<const char*>(bytes), size);
    const std::string id = next_line(body), timestamp = next_line(body);
    const std::string signature = next_line(body);
    (void)model::verifying_key(id);
    const std::vector<model::VerifyingKey> keys = {model::verifying_key(shared).value(),
                                                   model::verifying_key(public_key).value()};

    const auto taken = standard::verify(keys, fields(id, timestamp, signature), body, now);
    require(taken || !taken.error().detail.empty());
    const bool plain = timestamp == std::to_string(unix_seconds(now)) && id == trim(id);
    if (!plain) return 0;

    const standard::Message message{id, now, body};
    const model::Secret hmac{model::Secret::Algorithm::hmac_sha256, std::string(shared)};
    const model::Secret ed25519{model::Secret::Algorithm::ed25519, std::string(private_key)};
    const std::string by_secret = standard::signatures({hmac}, message).value();
    const std::string by_key = standard::signatures({ed25519}, message).value();
    if (taken) require(has(signature, taken->key == 0 ? by_secret : by_key));
    for (const std::string& good : {by_secret, by_key}) {
        const bool sound = !id.empty() && !id.contains('.');
        require(standard::verify(keys, fields(id, timestamp, good), body, now).has_value() ==
                sound);
    }
    return 0;
}
