#include "media/ffmpeg/frame_rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hookreel::media {

FrameRate frame_rate_of(const model::Metadata& metadata) {
    if (metadata.video.empty()) return {};
    const model::VideoStream& video = metadata.video.front();
    const double rate = video.frame_rate > 0 ? video.frame_rate : static_cast<double>(video.fps);
    if (rate <= 0) return {};
    for (const std::int64_t whole : {24, 30, 48, 60, 120}) {
        const double fraction = static_cast<double>(whole) * 1000 / 1001;
        if (std::abs(rate - fraction) < fraction * 0.0004) return {whole * 1000, 1001};
    }
    return {std::clamp<std::int64_t>(std::llround(rate), 1, 120), 1};
}

double seconds_of(std::int64_t frames, FrameRate rate) {
    return static_cast<double>(frames) * static_cast<double>(rate.seconds) /
           static_cast<double>(rate.frames);
}

std::int64_t frames_in(double seconds, FrameRate rate) {
    return std::llround(seconds * static_cast<double>(rate.frames) /
                        static_cast<double>(rate.seconds));
}

std::string rate_text(FrameRate rate) {
    return fmt::format("{}/{}", rate.frames, rate.seconds);
}

}  // namespace hookreel::media
