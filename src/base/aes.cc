#include "base/aes.h"

#include <openssl/evp.h>

#include <cstdlib>

namespace hookreel {
namespace {

void require(bool fine) {
    if (!fine)
        std::abort();  // OpenSSL fails here only when memory is gone or the library is broken.
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

// Freeing it wipes the key.
struct AesCbcEncryptor::Context {
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    Context() { require(context != nullptr); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { EVP_CIPHER_CTX_free(context); }
};

AesCbcEncryptor::AesCbcEncryptor(const Secret& secret) : context_(std::make_unique<Context>()) {
    require(secret.key.size() == aes_key_bytes && secret.start.size() == aes_block_bytes);
    require(EVP_EncryptInit_ex(context_->context, EVP_aes_128_cbc(), nullptr, bytes_of(secret.key),
                               bytes_of(secret.start)) == 1);
}
AesCbcEncryptor::~AesCbcEncryptor() = default;
AesCbcEncryptor::AesCbcEncryptor(AesCbcEncryptor&&) noexcept = default;
AesCbcEncryptor& AesCbcEncryptor::operator=(AesCbcEncryptor&&) noexcept = default;

std::string AesCbcEncryptor::update(std::string_view bytes) {
    std::string out(bytes.size() + aes_block_bytes, '\0');
    int count = 0;
    require(EVP_EncryptUpdate(context_->context, reinterpret_cast<unsigned char*>(out.data()),
                              &count, bytes_of(bytes), static_cast<int>(bytes.size())) == 1);
    out.resize(static_cast<std::size_t>(count));
    return out;
}

std::string AesCbcEncryptor::finish() {
    std::string out(aes_block_bytes, '\0');
    int count = 0;
    require(EVP_EncryptFinal_ex(context_->context, reinterpret_cast<unsigned char*>(out.data()),
                                &count) == 1);
    out.resize(static_cast<std::size_t>(count));
    return out;
}

}  // namespace hookreel
