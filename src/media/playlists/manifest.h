// Which files a streaming manifest refers to: HLS playlists and DASH descriptions. Pure functions;
// the text is hostile.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hookreel::media {

bool looks_like_mpd(std::string_view text);

// Each address once, in order, as it is written: playlists, segments, initialisation sections and
// keys. Errors: invalid.
Result<std::vector<std::string>> files_of_m3u8(std::string_view text);

// The same of a DASH description: the pieces of all its representations, with the BaseURL before
// them. Errors: invalid (no MPD, too many files, pieces of a duration in a period that does not say
// how long it is).
Result<std::vector<std::string>> files_of_mpd(std::string_view text);

}  // namespace hookreel::media
