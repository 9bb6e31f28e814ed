#include "media/playlists/film_of_playlist.h"

#include <algorithm>

#include "base/text.h"

namespace hookreel::media {
namespace {

std::unexpected<Error> refused(std::string_view kind, std::string_view why) {
    return fail(Code::invalid, std::string(kind) + std::string(why));
}

}  // namespace

Result<Playlist> read_playlist(std::string_view text) {
    Result<Playlist> playlist = parse_playlist(text);
    if (!playlist) return refused(malformed_source, playlist.error().detail);
    return playlist;
}

Result<Variant> best_variant(const Playlist& playlist) {
    const auto has_all = [&playlist](const Variant& variant) {
        return variant.audio_group.empty() ||
               std::ranges::find(playlist.separate_audio, variant.audio_group) ==
                   playlist.separate_audio.end();
    };
    const Variant* best = nullptr;
    for (const Variant& variant : playlist.variants)
        if (has_all(variant) && (!best || variant.bandwidth > best->bandwidth)) best = &variant;
    if (best) return *best;
    return refused(unsupported_source, "the sound is in streams of its own");
}

Result<std::vector<Segment>> film_parts(Playlist playlist) {
    if (playlist.is_encrypted) return refused(unsupported_source, "the segments are encrypted");
    if (playlist.maps.size() > 1)
        return refused(unsupported_source, "several initialisation sections");
    if (playlist.segments.empty()) return refused(malformed_source, "the playlist has no segments");
    std::vector<Segment> parts = std::move(playlist.maps);
    for (Segment& segment : playlist.segments)
        parts.push_back(std::move(segment));
    return parts;
}

std::string_view film_type(const std::vector<Segment>& parts) {
    std::string_view name = parts.front().uri;
    name = name.substr(0, name.find_first_of("?#"));
    name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0.
    const std::size_t dot = name.rfind('.');
    const std::string ending = dot == name.npos ? std::string() : to_lower(name.substr(dot + 1));
    return ending == "mp4" || ending == "m4s" ? "mp4" : "ts";
}

}  // namespace hookreel::media
