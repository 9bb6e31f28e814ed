#include "model/secrets.h"

#include <algorithm>

#include "base/digest.h"
#include "base/ed25519.h"
#include "base/random.h"

namespace hookreel::model {
namespace {

constexpr std::string_view hmac_prefix = "whsec_";
constexpr std::string_view private_prefix = "whsk_";
constexpr std::string_view public_prefix = "whpk_";
constexpr std::size_t hmac_bytes_min = 24;
constexpr std::size_t hmac_bytes_max = 64;
constexpr std::size_t hmac_bytes_made = 32;

std::string with_prefix(std::string_view prefix, std::string_view bytes) {
    return std::string(prefix) + base64(bytes);
}

Result<std::string> without_prefix(std::string_view value, std::string_view prefix) {
    if (!value.starts_with(prefix))
        return fail(Code::invalid, "a secret of this kind begins with " + std::string(prefix));
    value.remove_prefix(prefix.size());
    Result<std::string> bytes = from_base64(value);
    // Decoders forgive blanks and loose bits; what is kept must read the same everywhere.
    if (!bytes || base64(*bytes) != value)
        return fail(Code::invalid,
                    "what follows " + std::string(prefix) + " must be base64 with its padding");
    return bytes;
}

Result<std::string> hmac_key(std::string_view value) {
    Result<std::string> bytes = without_prefix(value, hmac_prefix);
    if (bytes && (bytes->size() < hmac_bytes_min || bytes->size() > hmac_bytes_max))
        return fail(Code::invalid, "a secret must have 24 to 64 bytes before base64");
    return bytes;
}

Result<std::string> ed25519_seed(std::string_view value) {
    Result<std::string> bytes = without_prefix(value, private_prefix);
    if (!bytes || bytes->size() == ed25519_seed_bytes) return bytes;
    if (bytes->size() != ed25519_seed_bytes + ed25519_public_bytes)
        return fail(Code::invalid, "a private key must have 32 or 64 bytes before base64");
    std::string seed = bytes->substr(0, ed25519_seed_bytes);
    if (Ed25519Key::from_seed(seed)->public_key() != bytes->substr(ed25519_seed_bytes))
        return fail(Code::invalid, "the halves of the private key do not belong together");
    return seed;
}

}  // namespace

Secret make_secret(Secret::Algorithm algorithm) {
    if (algorithm == Secret::Algorithm::hmac_sha256)
        return {algorithm, with_prefix(hmac_prefix, random_bytes(hmac_bytes_made))};
    const Ed25519Key key = Ed25519Key::make();
    return {algorithm, with_prefix(private_prefix, key.seed() + key.public_key())};
}

Result<std::string> signing_key(const Secret& secret) {
    return secret.algorithm == Secret::Algorithm::hmac_sha256 ? hmac_key(secret.value)
                                                              : ed25519_seed(secret.value);
}

Result<std::string> public_key(const Secret& secret) {
    if (secret.algorithm != Secret::Algorithm::ed25519)
        return fail(Code::invalid, "only Ed25519 secrets have a public key");
    Result<std::string> seed = ed25519_seed(secret.value);
    if (!seed) return seed;
    return with_prefix(public_prefix, Ed25519Key::from_seed(*seed)->public_key());
}

Result<VerifyingKey> verifying_key(std::string_view text) {
    if (text.starts_with(private_prefix))
        return fail(Code::invalid,
                    "this is the private key of the sender; a receiver takes the public one, which "
                    "begins with whpk_");
    if (!text.starts_with(public_prefix)) {
        if (!text.starts_with(hmac_prefix))
            return fail(Code::invalid, "a secret begins with whsec_, a public key with whpk_");
        Result<std::string> key = hmac_key(text);
        if (!key) return fail(std::move(key.error()));
        return VerifyingKey{Secret::Algorithm::hmac_sha256, std::move(*key)};
    }
    Result<std::string> key = without_prefix(text, public_prefix);
    if (!key) return fail(std::move(key.error()));
    if (key->size() != ed25519_public_bytes)
        return fail(Code::invalid, "a public key must have 32 bytes before base64");
    return VerifyingKey{Secret::Algorithm::ed25519, std::move(*key)};
}

std::vector<Secret> rotated(std::vector<Secret> secrets, Rotation rotation) {
    for (Secret& secret : secrets)
        secret.expires = std::min(secret.expires, rotation.now + rotation.overlap);
    std::erase_if(secrets, [&](const Secret& secret) {
        return !is_live(secret, rotation.now) || secret.value == rotation.next.value;
    });
    secrets.insert(secrets.begin(), std::move(rotation.next));
    if (secrets.size() > secrets_max) secrets.resize(secrets_max);
    return secrets;
}

}  // namespace hookreel::model
