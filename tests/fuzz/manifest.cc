// HLS playlists and DASH descriptions of strangers: of what is taken every address can be read, and
// every piece of a film is one of them.
#include "media/playlists/manifest.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "media/playlists/film_of_playlist.h"

namespace {

using namespace hookreel;

void look_at(std::string_view text) {
    const auto files = media::files_of_m3u8(text);
    const auto playlist = media::read_playlist(text);
    if (files.has_value() != playlist.has_value()) std::abort();
    if (!playlist) return;
    const auto is_named = [&](const std::string& uri) {
        return std::ranges::find(*files, uri) != files->end();
    };
    if (playlist->segments.size() > media::playlist_items_max) std::abort();
    if (const auto best = media::best_variant(*playlist); best && !is_named(best->uri))
        std::abort();
    const auto parts = media::film_parts(*playlist);
    if (!parts) return;
    if (parts->empty() || media::film_type(*parts).empty()) std::abort();
    for (const media::Segment& part : *parts)
        if (!is_named(part.uri)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    look_at(text);
    if (media::looks_like_mpd(text))
        if (const auto files = media::files_of_mpd(text))
            for (const std::string& file : *files)
                if (file.empty()) std::abort();
    return 0;
}
