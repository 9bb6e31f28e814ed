// Randomness from the operating system's generator (OpenSSL). Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace hookreel {

// `count` unpredictable bytes.
std::string random_bytes(std::size_t count);
// 2 * `bytes` lower-case hex digits.
std::string random_hex(std::size_t bytes);
// `count` characters of A-Z a-z 0-9.
std::string random_alphanumeric(std::size_t count);
// Exactly `digits` decimal digits, the first one from 1 to 8 (Tencent open point 21). `digits` is
// at least 1.
std::string random_decimal(std::size_t digits);
// A version 4 UUID in lower case.
std::string random_uuid();

}  // namespace hookreel
