#include "dialect/standard/signing/signature.h"

#include <fmt/format.h>

#include <unordered_map>
#include <variant>

#include "base/digest.h"
#include "base/ed25519.h"
#include "model/secrets.h"

namespace hookreel::dialect::standard {
namespace {

// Keyed states of one thread, about 1 KiB each. When they are too many all go, which is rare and
// cheap enough.
constexpr std::size_t signers_max = 4096;

struct HashText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

// In the order of model::Secret::Algorithm.
using Signer = std::variant<KeyedHmac, Ed25519Key>;
using Signers = std::unordered_map<std::string, Signer, HashText, std::equal_to<>>;

Result<Signer> make_signer(const model::Secret& secret) {
    Result<std::string> key = model::signing_key(secret);
    if (!key) return fail(std::move(key.error()));
    if (secret.algorithm == model::Secret::Algorithm::hmac_sha256)
        return KeyedHmac(Algorithm::sha256, *key);
    return Ed25519Key::from_seed(*key).value();
}

Result<Signer*> signer_of(const model::Secret& secret) {
    thread_local Signers signers;
    const auto found = signers.find(secret.value);
    if (found != signers.end() && found->second.index() == std::size_t(secret.algorithm))
        return &found->second;
    Result<Signer> made = make_signer(secret);
    if (!made) return fail(std::move(made.error()));
    if (signers.size() >= signers_max) signers.clear();
    return &signers.emplace(secret.value, std::move(*made)).first->second;
}

struct Sign {
    std::string_view head;  // "<id>.<seconds>."
    std::string_view body;

    std::string operator()(KeyedHmac& key) const { return "v1," + base64(key.of({head, body})); }
    std::string operator()(const Ed25519Key& key) const {
        return "v1a," + base64(key.sign(std::string(head).append(body)));
    }
};

}  // namespace

Result<std::string> signatures(const std::vector<model::Secret>& secrets, const Message& message) {
    std::string all;
    const std::string head = fmt::format("{}.{}.", message.id, unix_seconds(message.sent));
    for (const model::Secret& secret : secrets) {
        if (!model::is_live(secret, message.sent)) continue;
        const Result<Signer*> signer = signer_of(secret);
        if (!signer) return fail(signer.error());
        if (!all.empty()) all += ' ';
        all += std::visit(Sign{head, message.body}, **signer);
    }
    if (all.empty() && !secrets.empty())
        return fail(Code::invalid, "all secrets of the endpoint have expired");
    return all;
}

}  // namespace hookreel::dialect::standard
