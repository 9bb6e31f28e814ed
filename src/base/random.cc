#include "base/random.h"

#include <openssl/rand.h>

#include <cstdlib>

#include "base/digest.h"

namespace hookreel {
namespace {

// `count` characters of `alphabet`, each equally likely: bytes beyond the last whole multiple are
// thrown away.
std::string pick(std::string_view alphabet, std::size_t count) {
    const std::size_t usable = 256 / alphabet.size() * alphabet.size();
    std::string text;
    while (text.size() < count)
        for (unsigned char byte : random_bytes(count))
            if (byte < usable && text.size() < count) text += alphabet[byte % alphabet.size()];
    return text;
}

}  // namespace

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        std::abort();
    return bytes;
}

std::string random_hex(std::size_t bytes) {
    return hex(random_bytes(bytes));
}

std::string random_alphanumeric(std::size_t count) {
    return pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", count);
}

std::string random_decimal(std::size_t digits) {
    return pick("12345678", 1) + pick("0123456789", digits - 1);
}

std::string random_uuid() {
    std::string bytes = random_bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string text = hex(bytes);
    for (std::size_t at : {20, 16, 12, 8})
        text.insert(at, 1, '-');
    return text;
}

}  // namespace hookreel
