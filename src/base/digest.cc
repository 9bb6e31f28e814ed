#include "base/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstdlib>

namespace hookreel {
namespace {

constexpr std::array<const char*, 3> openssl_names = {"MD5", "SHA1", "SHA256"};
constexpr std::size_t digest_bytes_max = EVP_MAX_MD_SIZE;

void require(bool fine) {
    if (!fine)
        std::abort();  // OpenSSL fails here only when memory is gone or the library is broken.
}

const EVP_MD* fetched(Algorithm algorithm) {
    static const std::array<EVP_MD*, 3> all = {EVP_MD_fetch(nullptr, openssl_names[0], nullptr),
                                               EVP_MD_fetch(nullptr, openssl_names[1], nullptr),
                                               EVP_MD_fetch(nullptr, openssl_names[2], nullptr)};
    const EVP_MD* md = all[static_cast<std::size_t>(algorithm)];
    require(md != nullptr);
    return md;
}

struct MdContext {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    MdContext() { require(context != nullptr); }
    MdContext(const MdContext&) = delete;
    MdContext& operator=(const MdContext&) = delete;
    ~MdContext() { EVP_MD_CTX_free(context); }
};

struct MacContext {
    EVP_MAC_CTX* context;
    explicit MacContext(Algorithm algorithm) {
        static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        require(mac != nullptr);
        context = EVP_MAC_CTX_new(mac);
        require(context != nullptr);
        std::string name = openssl_names[static_cast<std::size_t>(algorithm)];
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
            OSSL_PARAM_construct_end()};
        require(EVP_MAC_CTX_set_params(context, parameters) == 1);
    }
    MacContext(const MacContext&) = delete;
    MacContext& operator=(const MacContext&) = delete;
    ~MacContext() { EVP_MAC_CTX_free(context); }
};

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// An empty key must not be the null pointer: that means the key before.
void set_key(EVP_MAC_CTX* context, std::string_view key) {
    static constexpr unsigned char no_key = 0;
    require(EVP_MAC_init(context, key.empty() ? &no_key : bytes_of(key), key.size(), nullptr) == 1);
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

struct Hasher::Context : MdContext {};

Hasher::Hasher(Algorithm algorithm) : context_(std::make_unique<Context>()) {
    require(EVP_DigestInit_ex2(context_->context, fetched(algorithm), nullptr) == 1);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) {
    require(EVP_DigestUpdate(context_->context, bytes.data(), bytes.size()) == 1);
}

std::string Hasher::finish() {
    std::array<unsigned char, digest_bytes_max> out;
    unsigned size = 0;
    require(EVP_DigestFinal_ex(context_->context, out.data(), &size) == 1);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string digest(Algorithm algorithm, std::string_view bytes) {
    thread_local MdContext context;
    std::array<unsigned char, digest_bytes_max> out;
    unsigned size = 0;
    require(EVP_DigestInit_ex2(context.context, fetched(algorithm), nullptr) == 1 &&
            EVP_DigestUpdate(context.context, bytes.data(), bytes.size()) == 1 &&
            EVP_DigestFinal_ex(context.context, out.data(), &size) == 1);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string hmac(Algorithm algorithm, std::string_view key, std::string_view bytes) {
    thread_local std::array<std::unique_ptr<MacContext>, 3> contexts;
    auto& slot = contexts[static_cast<std::size_t>(algorithm)];
    if (!slot) slot = std::make_unique<MacContext>(algorithm);
    set_key(slot->context, key);
    std::array<unsigned char, digest_bytes_max> out;
    std::size_t size = 0;
    require(EVP_MAC_update(slot->context, bytes_of(bytes), bytes.size()) == 1 &&
            EVP_MAC_final(slot->context, out.data(), &size, out.size()) == 1);
    return {reinterpret_cast<const char*>(out.data()), size};
}

struct KeyedHmac::Context : MacContext {
    using MacContext::MacContext;
    bool fresh = true;  // Keyed and not used yet.
};

KeyedHmac::KeyedHmac(Algorithm algorithm, std::string_view key)
    : context_(std::make_unique<Context>(algorithm)) {
    set_key(context_->context, key);
}
KeyedHmac::~KeyedHmac() = default;
KeyedHmac::KeyedHmac(KeyedHmac&&) noexcept = default;
KeyedHmac& KeyedHmac::operator=(KeyedHmac&&) noexcept = default;

std::string KeyedHmac::of(std::initializer_list<std::string_view> parts) {
    EVP_MAC_CTX* const context = context_->context;
    if (!context_->fresh) require(EVP_MAC_init(context, nullptr, 0, nullptr) == 1);
    context_->fresh = false;
    for (const std::string_view part : parts)
        require(EVP_MAC_update(context, bytes_of(part), part.size()) == 1);
    std::array<unsigned char, digest_bytes_max> out;
    std::size_t size = 0;
    require(EVP_MAC_final(context, out.data(), &size, out.size()) == 1);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string hex(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (unsigned char byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Result<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return fail(Code::invalid, "an odd number of hex digits");
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return fail(Code::invalid, "not a hex digit");
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

Result<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0)
        return fail(Code::invalid, "base64 text has a length that is no multiple of 4");
    std::string bytes(text.size() / 4 * 3 + 1, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                     static_cast<int>(text.size()));
    if (size < 0) return fail(Code::invalid, "not base64");
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

bool constant_time_equal(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace hookreel
