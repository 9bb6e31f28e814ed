// The rules of the secrets that sign webhooks (Standard Webhooks 1.0.0, "Signature scheme").
//
// HMAC-SHA256: "whsec_" and the base64 of 24 to 64 random bytes, known to both sides. Ed25519:
// "whsk_" and the base64 of the private key, ours alone, "whpk_" and that of the public one, the
// receiver's. Pure, but for the randomness of a new one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/endpoint.h"

namespace hookreel::model {

inline constexpr std::size_t secrets_max = 8;  // Of one endpoint.

// HMAC: 32 random bytes. Ed25519: a new pair. It does not expire.
Secret make_secret(Secret::Algorithm algorithm);

// What a secret signs with: the bytes of the HMAC key, or the 32 bytes of the Ed25519 seed. A
// private key of 64 bytes is the seed and the public key, as libsodium and Svix write it. Errors:
// invalid, which says what is wrong and never the secret.
Result<std::string> signing_key(const Secret& secret);

// "whpk_…" for the receivers of an Ed25519 secret. Errors: invalid.
Result<std::string> public_key(const Secret& secret);

// What a receiver checks signatures with: the bytes of the HMAC key, or the 32 bytes of the public
// key.
struct VerifyingKey {
    Secret::Algorithm algorithm = Secret::Algorithm::hmac_sha256;
    std::string bytes;

    bool operator==(const VerifyingKey&) const = default;
};
// Of "whsec_…" or "whpk_…". Errors: invalid, which says what is wrong and never the secret; also
// for "whsk_…", which no receiver should hold.
Result<VerifyingKey> verifying_key(std::string_view text);

inline bool is_live(const Secret& secret, TimePoint now) {
    return secret.expires > now;
}

struct Rotation {
    Secret next;
    TimePoint now{};
    // How long the ones before go on signing beside it; 0: not at all.
    Duration overlap = std::chrono::hours(24);
};
// The secrets of an endpoint after a rotation, the newest first. Expired ones fall out, one that is
// the newest again is there once, and the oldest goes when there would be more than `secrets_max`.
std::vector<Secret> rotated(std::vector<Secret> secrets, Rotation rotation);

}  // namespace hookreel::model
