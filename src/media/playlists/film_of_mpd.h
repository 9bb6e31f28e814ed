// How a DASH description of a stranger becomes one film: its best picture and the best of its first
// sound. Pure; the text is hostile.
#pragma once

#include <string_view>

#include "media/playlists/film.h"

namespace hookreel::media {

// Of several sounds, one in the container of the picture goes first, then one that is marked as
// main, then the first. The base of the tracks is empty. Errors: invalid, whose detail begins with
// malformed_source or unsupported_source (live, several periods, encrypted, in several documents).
Result<Film> film_of_mpd(std::string_view text);

}  // namespace hookreel::media
