// HLS playlists (RFC 8216) as texts: what they refer to. Pure functions; the text is hostile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hookreel::media {

inline constexpr std::size_t playlist_bytes_max = 4 << 20;
inline constexpr std::size_t playlist_items_max = 100'000;

struct PlaylistRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// A piece of media; addresses are as written, perhaps relative.
struct Segment {
    std::string uri;
    std::optional<PlaylistRange> range;
};

struct Variant {
    std::string uri;
    std::uint64_t bandwidth = 0;
    std::string audio_group;  // Or empty.
};

// A sound of the variants that name its group.
struct Rendition {
    std::string group;
    std::string uri;  // Of its own playlist; empty: it is in the segments of the variants.
    bool is_default = false;
};

struct Playlist {
    std::vector<Variant> variants;  // Not empty: a master playlist.
    std::vector<Rendition> sounds;
    std::vector<std::string> media_uris;  // Of those, and of subtitles.

    std::vector<Segment> segments;
    std::vector<Segment> maps;      // Initialisation sections, each once.
    std::vector<std::string> keys;  // Addresses of keys.
    bool is_encrypted = false;
    bool has_end = false;  // Without it more may come: it is live.
};

// Errors: invalid (no playlist, too many items).
Result<Playlist> parse_playlist(std::string_view text);

}  // namespace hookreel::media
