// Encryption with AES-128 in CBC mode, padded as PKCS #7 says (NIST SP 800-38A, RFC 5652 6.3), on
// OpenSSL.
//
// One object encrypts one text, which comes in pieces. It hides the text from those who have not
// the key, and does not prove that nobody changed it. Belongs to one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace hookreel {

inline constexpr std::size_t aes_block_bytes = 16;
inline constexpr std::size_t aes_key_bytes = 16;

class AesCbcEncryptor {
 public:
    // Raw bytes, 16 of each. Texts that have both in common show how far they begin alike.
    struct Secret {
        std::string_view key;
        std::string_view start;  // The initialization vector.
    };

    explicit AesCbcEncryptor(const Secret& secret);
    ~AesCbcEncryptor();
    AesCbcEncryptor(AesCbcEncryptor&&) noexcept;
    AesCbcEncryptor& operator=(AesCbcEncryptor&&) noexcept;

    // What is complete by now: whole blocks, never more bytes than were given so far.
    std::string update(std::string_view bytes);
    // The last block, which is there always. May be called once.
    std::string finish();

 private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace hookreel
