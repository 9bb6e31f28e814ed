// Ed25519 keys and signatures (RFC 8032), on OpenSSL. Values; threads: any.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hookreel {

inline constexpr std::size_t ed25519_seed_bytes = 32;
inline constexpr std::size_t ed25519_public_bytes = 32;

class Ed25519Key {
 public:
    static Ed25519Key make();
    // `seed` is the 32 bytes from which RFC 8032 derives everything. Errors: invalid (its length).
    static Result<Ed25519Key> from_seed(std::string_view seed);

    std::string seed() const;
    std::string public_key() const;                    // 32 bytes.
    std::string sign(std::string_view message) const;  // 64 bytes.

 private:
    struct Pair;
    explicit Ed25519Key(std::shared_ptr<const Pair> pair) : pair_(std::move(pair)) {}

    std::shared_ptr<const Pair> pair_;
};

struct Ed25519Claim {
    std::string_view public_key;
    std::string_view message;
    std::string_view signature;
};
// False also when the key or the signature has a wrong length.
bool ed25519_verifies(const Ed25519Claim& claim);

}  // namespace hookreel
