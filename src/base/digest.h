// Hashes, message authentication codes and their text forms, on OpenSSL.
//
// The one-shot functions keep one fetched algorithm per process and one context per thread, so a
// call costs little more than the hash. Digests are raw bytes; `hex` and `base64` make text of
// them. Threads: any, but a Hasher belongs to one.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hookreel {

enum class Algorithm { md5, sha1, sha256 };

std::string digest(Algorithm algorithm, std::string_view bytes);
std::string hmac(Algorithm algorithm, std::string_view key, std::string_view bytes);

// A hash of bytes that come in pieces.
class Hasher {
 public:
    explicit Hasher(Algorithm algorithm);
    ~Hasher();
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;

    void update(std::string_view bytes);
    // The digest of all bytes so far. May be called once.
    std::string finish();

 private:
    struct Context;
    std::unique_ptr<Context> context_;
};

// A message authentication code under one key, for many messages: the keyed state is kept, so a
// call costs little more than the hash of the message. Belongs to one thread.
class KeyedHmac {
 public:
    KeyedHmac(Algorithm algorithm, std::string_view key);
    ~KeyedHmac();
    KeyedHmac(KeyedHmac&&) noexcept;
    KeyedHmac& operator=(KeyedHmac&&) noexcept;

    // Of the parts, one after the other.
    std::string of(std::initializer_list<std::string_view> parts);

 private:
    struct Context;
    std::unique_ptr<Context> context_;
};

// Lower-case hexadecimal.
std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);
// Errors: invalid.
Result<std::string> from_base64(std::string_view text);
Result<std::string> from_hex(std::string_view text);

// Takes the same time wherever the two differ. Texts of different length are unequal.
bool constant_time_equal(std::string_view left, std::string_view right);

}  // namespace hookreel
