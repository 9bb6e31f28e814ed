// MPEG-DASH descriptions (ISO 23009-1) as texts: what they say of a stream. Pure; the text is
// hostile.
//
// What is kept of a description is bounded by playlist_bytes_max and playlist_items_max. Which
// pieces it means: see mpd_segments.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/playlists/playlist.h"

namespace hookreel::media {

// So many pieces of one duration, one after the other: S of a SegmentTimeline.
struct SegmentRun {
    std::optional<std::uint64_t> time;  // Absent: where the one before ended.
    std::uint64_t duration = 0;
    std::int64_t repeats = 0;  // Besides the first; -1: until the next one, or the period's end.
};

// How pieces are named, as one level says it: SegmentBase, SegmentList or SegmentTemplate. What it
// does not say it has from the level above.
struct SegmentNaming {
    enum class Form { base, list, pattern } form = Form::base;
    std::optional<std::string> media;           // A pattern.
    std::optional<std::string> initialization;  // A pattern.
    std::optional<Segment> first;               // An initialisation that has its own element.
    std::optional<std::uint64_t> timescale;
    std::optional<std::uint64_t> duration;
    std::optional<std::uint64_t> start_number;
    std::optional<std::uint64_t> end_number;
    std::optional<std::uint64_t> time_offset;
    std::vector<Segment> segments;
    std::vector<SegmentRun> timeline;
};

// What can be said of the whole, a period, a set or a representation.
struct MpdLevel {
    std::string base;  // The first BaseURL as written, or empty.
    std::optional<SegmentNaming> naming;
    bool is_encrypted = false;
};

struct Representation {
    std::string id;
    std::uint64_t bandwidth = 0;
    std::string mime_type;      // Or empty.
    bool is_dependent = false;  // It is nothing without another one.
    MpdLevel level;
};

struct AdaptationSet {
    std::string content_type;  // "video", "audio", "text" …; or empty.
    std::string mime_type;     // Or empty.
    bool is_main = false;      // By its Role.
    bool is_special = false;   // For players that know an EssentialProperty, such as thumbnails.
    MpdLevel level;
    std::vector<Representation> representations;
};

struct Period {
    std::optional<double> start;  // In seconds.
    std::optional<double> duration;
    MpdLevel level;
    std::vector<AdaptationSet> sets;
};

struct Mpd {
    bool is_live = false;
    bool has_links = false;  // Some of it stands in other documents.
    std::optional<double> duration;
    MpdLevel level;
    std::vector<Period> periods;  // Not empty.
};

// Errors: invalid (no XML, no MPD or none with a period, too long, a number that is none).
Result<Mpd> parse_mpd(std::string_view text);

}  // namespace hookreel::media
