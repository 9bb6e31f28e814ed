// What a file seems to be by its first bytes, without a program that opens it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace hookreel::media {

// The first bytes of a file, at most 4 KiB. Blocks. Errors: not_found (also: not a regular file),
// unavailable.
Result<std::string> read_head(const std::string& path);

// "jpg", "png" or "gif"; empty for others. That is all that is known: the rest may be broken.
std::string_view picture_type(std::string_view head);

// Whether it is empty or begins as texts do: media have zeros and other bytes near their head that
// no text has.
bool looks_like_text(std::string_view head);

}  // namespace hookreel::media
