// The file that holds the key of an encrypted stream: 16 raw bytes beside the pieces, for its owner
// to read, and for whoever may play the stream. Pure.
#pragma once

#include <string_view>

namespace hookreel::media {

inline constexpr std::string_view key_extension = ".key";

// Whether a path of the library is that of a key: nothing else there has such a name, as no type of
// file that is taken has it.
inline bool is_stream_key(std::string_view path) {
    return path.ends_with(key_extension);
}

}  // namespace hookreel::media
