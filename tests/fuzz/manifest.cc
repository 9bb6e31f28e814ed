// HLS playlists and DASH descriptions of strangers: of what is taken every address can be read, and
// every piece of a film is one of them.
#include "media/playlists/manifest.h"

#include <cstdint>
#include <cstdlib>
#include <set>

#include "media/playlists/film_of_mpd.h"
#include "media/playlists/film_of_playlist.h"

namespace {

using namespace hookreel;
using Names = std::set<std::string_view>;

Names names_of(const std::vector<std::string>& files) {
    return {files.begin(), files.end()};
}

void check(const std::vector<media::Segment>& parts, const Names& names) {
    if (parts.empty() || media::film_type(parts).empty()) std::abort();
    for (const media::Segment& part : parts)
        if (!names.contains(part.uri)) std::abort();
}

void look_at(std::string_view text) {
    const auto files = media::files_of_m3u8(text);
    const auto playlist = media::read_playlist(text);
    if (files.has_value() != playlist.has_value()) std::abort();
    if (!playlist) return;
    const Names names = names_of(*files);
    if (playlist->segments.size() > media::playlist_items_max) std::abort();
    if (!playlist->variants.empty()) {
        const media::Variant& best = media::best_variant(*playlist);
        const std::string sound = media::separate_sound(*playlist, best);
        for (const std::string& uri : {best.uri, sound})
            if (!uri.empty() && !names.contains(uri)) std::abort();
    }
    if (const auto parts = media::film_parts(*playlist)) check(*parts, names);
}

void look_at_mpd(std::string_view text) {
    const auto files = media::files_of_mpd(text);
    const auto film = media::film_of_mpd(text);
    if (files)
        for (const std::string& file : *files)
            if (file.empty()) std::abort();
    // What is too much in all may have a film that is not.
    if (!film || !files) return;
    const Names names = names_of(*files);
    check(film->main.parts, names);
    if (film->sound) check(film->sound->parts, names);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    look_at(text);
    if (media::looks_like_mpd(text)) look_at_mpd(text);
    return 0;
}
