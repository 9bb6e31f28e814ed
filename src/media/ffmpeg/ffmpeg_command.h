// The arguments of ffmpeg for each kind of work, and the files that it then writes.
//
// Pure functions of templates, of numbers that were probed, and of a path of ours: no text that
// came from a client is ever among them. Each input carries its own limits and lists; names have
// the `file:` prefix, or begin with a letter of ours. Outputs are written to the working folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/ffmpeg/fitting.h"
#include "media/ffmpeg/presets.h"
#include "media/ffmpeg/watermarks.h"
#include "model/media.h"
#include "model/overlay.h"

namespace hookreel::media {

// A part of the source, in seconds.
struct Range {
    double start = 0;
    double length = 0;

    bool operator==(const Range&) const = default;
};

// An original, as ffmpeg gets to see it.
struct Source {
    std::string path;
    model::Metadata metadata;
};

// How the picture is shown, after rotation: in pixels of the source, and in square ones. Videos
// keep the source's pixels unless a template gives both sides, still and moving pictures have
// square ones: who shows them does not ask for the shape of their pixels.
Size shown_size(const model::Metadata& metadata);
Size square_size(const model::Metadata& metadata);

enum class Sound { keep, drop };

// What is shown before or after the film, whole.
struct Attached {
    Source source;
    model::Fill fill = model::Fill::stretch;  // How it gets into the film's size.
};

struct Transcode {
    const TranscodeTemplate* preset = nullptr;
    std::optional<Range> range{};  // Absent: all of the source.
    std::vector<model::Mosaic> mosaics{};
    std::vector<Mark> marks{};
    Sound sound = Sound::keep;  // Drop: for a source whose sound cannot be decoded.
    int threads = 2;
    std::vector<Attached> heads{};  // In the order in which they are seen.
    std::vector<Attached> tails{};

    bool is_joined() const { return !heads.empty() || !tails.empty(); }
};

// The program tells its progress on standard output: see progress_seconds.
std::vector<std::string> transcode_arguments(const Source& source, const Transcode& transcode);

// Decodes the image of a mark and makes nothing of it: ends well when it is one, all of it.
std::vector<std::string> mark_check_arguments(const Mark& mark);

// A drawing in SVG, at an absolute path, as a picture of that size: sides of 0 follow from it. The
// PNG is written into the working folder.
struct Drawn {
    std::string path;
    Size size{};
    std::string picture;
};
std::vector<std::string> drawing_arguments(const Drawn& drawn);

// Pictures, one per time in seconds, all made by one program: each from an input of its own that
// starts at its time. They are named picture_name(first) and on. At most 10 times.
struct Pictures {
    const SnapshotTemplate* look = nullptr;
    std::vector<double> times;
    std::size_t first = 0;
    std::vector<Mark> marks{};
};
inline constexpr std::size_t pictures_at_once_max = 10;
// In what size they are made.
Size picture_size(const Source& source, const SnapshotTemplate& look);
std::vector<std::string> pictures_arguments(const Source& source, const Pictures& pictures);
// The last picture of a part of the source: for a time after which no picture comes.
struct LastPicture {
    const SnapshotTemplate* look = nullptr;
    Range range{};
    std::size_t index = 0;
    std::vector<Mark> marks{};
};
std::vector<std::string> last_picture_arguments(const Source& source, const LastPicture& picture);
std::string picture_name(const SnapshotTemplate& look, std::size_t index);

// All small pictures of a source, on sheets that are named sheet_name(0) and on. There are exactly
// `count`: where the video ends before, its last picture is repeated.
struct SpriteSheets {
    const SpriteTemplate* preset = nullptr;
    Size cell{};                  // Of one small picture.
    double interval_seconds = 0;  // Between two of them.
    std::int64_t count = 0;
};
std::vector<std::string> sprite_arguments(const Source& source, const SpriteSheets& sheets);
std::string sheet_name(const SpriteSheets& sheets, std::size_t index);
std::size_t sheet_count(const SpriteSheets& sheets);
// The WebVTT of the sheets, which lie beside it under `sheet_names`. The last picture stands until
// the source's end. `duration` is in seconds.
std::string sprite_vtt(const SpriteSheets& sheets, const std::vector<std::string>& sheet_names,
                       double duration);

// A part of the source as a moving picture that repeats for ever, in a file animation_name.
struct MovingPicture {
    const AnimationTemplate* preset = nullptr;
    Size size{};
    Range range{};
};
std::vector<std::string> animation_arguments(const Source& source, const MovingPicture& picture);
inline constexpr std::string_view animation_name = "animation";

// The file that a transcode makes in its working folder. With HLS, the playlist; its segments lie
// beside it and begin with segment_prefix.
std::string output_name(const TranscodeTemplate& preset);
inline constexpr std::string_view segment_prefix = "segment_";
inline bool is_segment(std::string_view name) {
    return name.starts_with(segment_prefix);
}

// The position in the output that a line of -progress, or of the filter that prints each frame's
// metadata, tells in seconds. Most lines tell none.
std::optional<double> progress_seconds(std::string_view line);

// The length of all segments of a playlist, in seconds; 0 when it is not one.
double playlist_seconds(std::string_view playlist);

}  // namespace hookreel::media
