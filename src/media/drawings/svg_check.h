// Whether an SVG text may become a mark: one drawing, whole in itself. Pure; the text is hostile.
//
// What draws it runs in the sandbox and opens no address. This refuses before that, with words,
// what would not be drawn as its maker sees it, and what only an attacker writes. Reading takes
// time in proportion to the text.
#pragma once

#include <string_view>

#include "base/result.h"

namespace hookreel::media {

inline constexpr std::size_t svg_depth_max = 100;  // What draws it gives up at 256.

// Errors: invalid, with a sentence for people: no XML, a root other than <svg>, an encoding other
// than UTF-8, control characters; a document type, entities or instructions; a script; an address
// that is neither a part of the drawing (#name) nor a PNG, JPEG or GIF written out (data:).
Result<void> check_svg(std::string_view text);

}  // namespace hookreel::media
