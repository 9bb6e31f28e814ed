// The encryption of finished pieces of an HLS stream: AES-128 in CBC mode over the whole of each
// piece (RFC 8216, 4.3.2.4), with its place in the playlist as the IV (5.2).
//
// Blocking; for file threads. Durability: none, which is for those who settle the folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hookreel::media {

struct PieceKey {
    std::string_view key;     // 16 raw bytes.
    std::uint64_t place = 0;  // In the playlist, from 0.
};

// Encrypts a file where it lies, in constant memory. A failure leaves it in between, of no use.
// Errors: not_found (also: not a regular file, or one that has another name besides), invalid (it
// is empty), unavailable (disk full, fault of the disk).
Result<void> encrypt_piece(const std::string& path, const PieceKey& key);

}  // namespace hookreel::media
