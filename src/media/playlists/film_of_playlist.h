// How an HLS playlist of a stranger becomes one film: which variant is taken, with which sound, and
// which pieces they are made of. Pure functions; the text is hostile.
//
// Errors are invalid; their detail begins with malformed_source or unsupported_source, so that
// a caller can tell one from the other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/playlists/film.h"
#include "media/playlists/playlist.h"

namespace hookreel::media {

// parse_playlist, with the beginning that says so. Errors: malformed.
Result<Playlist> read_playlist(std::string_view text);

// The best that there is. The playlist has variants.
const Variant& best_variant(const Playlist& playlist);

// The address of the playlist of the variant's sound, where that is a stream of its own: of the
// default rendition, else of the first. Empty: the sound is among the variant's own segments.
std::string separate_sound(const Playlist& playlist, const Variant& variant);

// The initialisation and the segments, one after the other. Errors: unsupported (encrypted, several
// initialisations), malformed (no segments, no more than variants).
Result<std::vector<Segment>> film_parts(Playlist playlist);

// What the file of these parts is, "ts", "mp4" or "webm", by the ending of the first. There is one.
std::string_view film_type(const std::vector<Segment>& parts);

}  // namespace hookreel::media
