// How many pictures a second has, as an exact fraction.
//
// Pure values: what is counted in whole frames adds up without a loss.
#pragma once

#include <cstdint>
#include <string>

#include "model/media.h"

namespace hookreel::media {

// Frames in a second, exactly: 30000/1001.
struct FrameRate {
    std::int64_t frames = 25;
    std::int64_t seconds = 1;

    bool operator==(const FrameRate&) const = default;
};
// The rate of a source, or the nearest that is usual: NTSC's fractions, else whole frames from 1 to
// 120; 25 when it is unknown.
FrameRate frame_rate_of(const model::Metadata& metadata);
double seconds_of(std::int64_t frames, FrameRate rate);
// The nearest number of frames.
std::int64_t frames_in(double seconds, FrameRate rate);
// As ffmpeg's filters take it: "30000/1001".
std::string rate_text(FrameRate rate);

}  // namespace hookreel::media
