#include "base/ed25519.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>

#include "base/random.h"

namespace hookreel {
namespace {

constexpr std::size_t signature_bytes = 64;

void require(bool fine) {
    if (!fine)
        std::abort();  // OpenSSL fails here only when memory is gone or the library is broken.
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

Context make_context() {
    Context context(EVP_MD_CTX_new());
    require(context != nullptr);
    return context;
}

}  // namespace

struct Ed25519Key::Pair {
    Key key;
};

Ed25519Key Ed25519Key::make() {
    return from_seed(random_bytes(ed25519_seed_bytes)).value();
}

Result<Ed25519Key> Ed25519Key::from_seed(std::string_view seed) {
    if (seed.size() != ed25519_seed_bytes)
        return fail(Code::invalid, "an Ed25519 seed has 32 bytes");
    Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size()));
    require(key != nullptr);
    return Ed25519Key(std::make_shared<const Pair>(std::move(key)));
}

std::string Ed25519Key::seed() const {
    std::array<unsigned char, ed25519_seed_bytes> out;
    std::size_t size = out.size();
    require(EVP_PKEY_get_raw_private_key(pair_->key.get(), out.data(), &size) == 1);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string Ed25519Key::public_key() const {
    std::array<unsigned char, ed25519_public_bytes> out;
    std::size_t size = out.size();
    require(EVP_PKEY_get_raw_public_key(pair_->key.get(), out.data(), &size) == 1);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string Ed25519Key::sign(std::string_view message) const {
    const Context context = make_context();
    std::array<unsigned char, signature_bytes> out;
    std::size_t size = out.size();
    require(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pair_->key.get()) == 1 &&
            EVP_DigestSign(context.get(), out.data(), &size, bytes_of(message), message.size()) ==
                1);
    return {reinterpret_cast<const char*>(out.data()), size};
}

bool ed25519_verifies(const Ed25519Claim& claim) {
    if (claim.public_key.size() != ed25519_public_bytes ||
        claim.signature.size() != signature_bytes)
        return false;
    const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(claim.public_key),
                                              claim.public_key.size()));
    if (!key) return false;
    const Context context = make_context();
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(claim.signature), claim.signature.size(),
                            bytes_of(claim.message), claim.message.size()) == 1;
}

}  // namespace hookreel
