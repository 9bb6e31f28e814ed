// From the address of a manifest to the film that it describes: HLS, with the playlists that it
// leads to, or DASH. Nothing but this code reads what a stranger's manifest says.
#pragma once

#include <string>

#include "base/async.h"
#include "media/playlists/film.h"

namespace hookreel::media {

// Where manifests come from.
class ManifestSource {
 public:
    virtual ~ManifestSource() = default;

    struct Text {
        std::string base;  // Where it was found: addresses in it begin there.
        std::string content;
    };
    // The manifest behind an address, as it is written in the one that was found at `base`; at most
    // playlist_bytes_max. Errors: its own.
    virtual Task<Result<Text>> read(std::string base, std::string address) = 0;
};

// Of a master playlist the best variant with its default sound. `address` is that of the first
// manifest, `base` is empty for it. Errors: those of the source; invalid, whose detail begins with
// malformed_source or unsupported_source.
Task<Result<Film>> read_film(ManifestSource& source, std::string address);

}  // namespace hookreel::media
