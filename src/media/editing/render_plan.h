// How a new file is made: slices of time, rendered one after the other and joined without another
// loss.
//
// Each slice is the work of one ffmpeg on the few sources that are seen or heard in it, so what an
// edit needs does not grow with its length or the number of its pieces. All slices have the same
// size, rate and encoding. Lengths are whole frames: a cut is exact to the frame, and sound and
// picture end together. Pure values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "media/ffmpeg/ffmpeg_command.h"
#include "media/ffmpeg/frame_rate.h"
#include "model/edit.h"

namespace hookreel::media {

// One source as seen over the canvas.
struct Layer {
    std::size_t source = 0;
    double start = 0;  // Seconds into the source at the beginning of the slice.
    double speed = 1;  // Seconds of the source in a second.
    // A side of 0 follows from the other; both 0: the source's own size.
    Size size;
    // How it fills its size: wholly, or as far as its shape allows.
    enum class Fit { stretch, inside } fit = Fit::stretch;
    double center_x = 0;  // From the canvas's left, in pixels.
    double center_y = 0;  // From its top.
    std::vector<model::ImageOperation> operations;
};

// From one layer to another.
struct Crossfade {
    Layer from;
    Layer to;
    std::string_view transition;  // As ffmpeg's xfade names it.
    double elapsed = 0;           // Seconds of it that are over when the slice begins.
    double length = 0;            // Seconds that it takes in all.
};
using Image = std::variant<Layer, Crossfade>;

// One source as heard. Its loudness goes evenly from one factor to the other.
struct Voice {
    std::size_t source = 0;
    double start = 0;
    double speed = 1;
    double gain_begin = 1;
    double gain_end = 1;
};

struct Slice {
    std::int64_t frames = 0;
    std::vector<Image> images;  // The lowest first.
    std::vector<Voice> voices;
};

struct PictureFormat {
    Size size;
    model::Canvas::Color background = model::Canvas::Color::black;
    enum class Codec { h264, h265 } codec = Codec::h264;
    std::int64_t kbps = 0;      // 0: as good as it needs.
    std::int64_t kbps_max = 0;  // Of that; 0: no limit.
};

struct SoundFormat {
    std::int64_t sample_rate = 44100;
    std::int64_t channels = 2;  // 1 or 2.
    std::int64_t kbps = 128;
};

enum class OutputType { mp4, hls, mp3 };
constexpr std::array<std::string_view, 3> names(OutputType*) {
    return {"mp4", "hls", "mp3"};
}

struct RenderPlan {
    std::vector<Source> sources;  // With an empty container: pictures, by the type of their path.
    std::vector<Slice> slices;
    FrameRate rate;
    std::optional<PictureFormat> picture;  // Absent: sound only.
    std::optional<SoundFormat> sound;
    OutputType type = OutputType::mp4;
};
std::int64_t frames_of(const RenderPlan& plan);

}  // namespace hookreel::media
