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

const Variant& best_variant(const Playlist& playlist) {
    return *std::ranges::max_element(playlist.variants, {}, &Variant::bandwidth);
}

std::string separate_sound(const Playlist& playlist, const Variant& variant) {
    const Rendition* chosen = nullptr;
    for (const Rendition& rendition : playlist.sounds)
        if (!variant.audio_group.empty() && rendition.group == variant.audio_group &&
            (!chosen || (rendition.is_default && !chosen->is_default)))
            chosen = &rendition;
    // A variant that is the sound alone names its own playlist.
    return chosen && chosen->uri != variant.uri ? chosen->uri : std::string();
}

Result<std::vector<Segment>> film_parts(Playlist playlist) {
    if (!playlist.variants.empty()) return refused(malformed_source, "playlists within playlists");
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
    constexpr std::string_view fragmented[] = {"mp4", "m4s", "m4v", "m4a", "cmfv", "cmfa", "m4f"};
    std::string_view name = parts.front().uri;
    name = name.substr(0, name.find_first_of("?#"));
    name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0.
    const std::size_t dot = name.rfind('.');
    const std::string ending = dot == name.npos ? std::string() : to_lower(name.substr(dot + 1));
    if (ending == "webm") return "webm";
    return std::ranges::find(fragmented, ending) == std::end(fragmented) ? "ts" : "mp4";
}

}  // namespace hookreel::media
