// A film that comes as pieces: the picture, and the sound where it is a stream of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/playlists/playlist.h"

namespace hookreel::media {

// How the detail of an error begins that says why a stream makes no film.
inline constexpr std::string_view malformed_source = "malformed: ";
inline constexpr std::string_view unsupported_source = "unsupported: ";

// Pieces that make a file, one after the other.
struct FilmTrack {
    std::string base;            // Where the manifest that names them is; addresses begin there.
    std::vector<Segment> parts;  // With the initialisation first; not empty.
    std::string type;            // What the file is: "ts", "mp4" or "webm".
    double time_offset = 0;      // In seconds of its own time, where the film begins.
};

struct Film {
    FilmTrack
        main;  // The picture, with its sound unless that is apart; or a sound without picture.
    std::optional<FilmTrack> sound;
    bool has_end = true;  // Else more may come: it is live.

    std::size_t part_count() const { return main.parts.size() + (sound ? sound->parts.size() : 0); }
};

}  // namespace hookreel::media
