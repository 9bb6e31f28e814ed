// How an HLS playlist of a stranger becomes one file: which variant is taken, and which pieces it
// is made of. Pure functions; the text is hostile.
//
// Errors are invalid; their detail begins with malformed_source or unsupported_source, so that
// a caller can tell one from the other.
#pragma once

#include <string_view>
#include <vector>

#include "media/playlists/playlist.h"

namespace hookreel::media {

inline constexpr std::string_view malformed_source = "malformed: ";
inline constexpr std::string_view unsupported_source = "unsupported: ";
// A master playlist leads to one of segments; further down nobody looks.
inline constexpr int playlist_depth_max = 2;

// parse_playlist, with the beginning that says so. Errors: malformed.
Result<Playlist> read_playlist(std::string_view text);

// The best that there is, of those whose sound is not apart. Errors: unsupported.
Result<Variant> best_variant(const Playlist& playlist);

// The initialisation and the segments, one after the other. Errors: unsupported (encrypted, several
// initialisations), malformed (no segments).
Result<std::vector<Segment>> film_parts(Playlist playlist);

// What the file of these parts is, "ts" or "mp4", by the ending of the first. There is one.
std::string_view film_type(const std::vector<Segment>& parts);

}  // namespace hookreel::media
