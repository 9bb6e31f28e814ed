// What the manifests of an adaptive stream say of its pieces, and the one line in them that ffmpeg
// can only guess.
//
// The manifests are ffmpeg's, and ffmpeg has read a hostile file: they are parsed with limits, and
// only what we would have written ourselves is understood. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/ffmpeg/adaptive_command.h"

namespace hookreel::media {

// A file of a sub-stream.
struct Piece {
    std::string name;
    double seconds = 0;

    bool operator==(const Piece&) const = default;
};
using Pieces = std::vector<Piece>;
inline constexpr std::size_t pieces_max = 100'000;  // Of one sub-stream: four days.

// Of a playlist of pieces, which must have its end. Errors: invalid.
Result<Pieces> playlist_pieces(std::string_view playlist);
// Of an MPD, by sub-stream; their names are those of piece_name. Errors: invalid.
Result<std::vector<Pieces>> mpd_pieces(std::string_view mpd);

// In bits per second, of a picture together with the sound.
struct Bandwidth {
    std::int64_t peak = 0;
    std::int64_t average = 0;
};
// A master playlist with what was measured in place of what was asked of the encoder, one for each
// picture: BANDWIDTH must be true of the dearest piece (RFC 8216, 4.3.4.2). Errors: invalid (other
// pictures than these).
Result<std::string> measured_master(std::string_view master,
                                    const std::vector<Bandwidth>& bandwidths);

// The playlist of a sub-stream with the name of the key that all its pieces are encrypted with. It
// has no IV: that of a piece is its place in the playlist, from 0 (RFC 8216, 5.2). Errors: invalid
// (it counts from elsewhere, or has a key already).
Result<std::string> keyed_playlist(std::string_view playlist, std::string_view key_name);

}  // namespace hookreel::media
