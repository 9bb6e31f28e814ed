// How a picture comes into the size that a template asks for.
//
// Pure functions: the size is worked out from the template and from the size in which the source is
// shown, and the filters of ffmpeg follow from both.
#pragma once

#include <cstdint>
#include <string>

#include "model/template.h"

namespace hookreel::media {

struct Size {
    std::int64_t width = 0;
    std::int64_t height = 0;

    bool operator==(const Size&) const = default;
};

// Of a picture in a video that is encoded: more does not fit into the memory of a program in the
// sandbox.
inline constexpr std::int64_t encoded_pixels_max = 8192 * 4320;

// What a template says of the size of its pictures. Sides of 0 are open.
struct Fitting {
    int width = 0;
    int height = 0;
    model::Sides sides = model::Sides::long_and_short;
    model::Fill fill = model::Fill::stretch;
};
template <class Template>
Fitting fitting_of(const Template& from) {
    return {from.width, from.height, from.sides, from.fill};
}

// The picture's size. A side that is left open follows from the other; both open are the source's.
// The size is the template's also when the source is smaller: only adaptive streaming refuses to
// enlarge (Tencent 266/33932). Sides are even, and 2 to 8192.
Size fitted_size(const Fitting& fitting, Size shown);

// A chain of filters with one input and one output, which makes this size: "scale=320:240". Only
// where both sides are given can the shape differ from the source's; what is beside the picture is
// then the Fill.
std::string fitting_filters(const Fitting& fitting, Size shown);
// The same for a picture of square pixels, also where a side is open. `shown` is in square pixels,
// whatever those of the source are.
std::string square_filters(const Fitting& fitting, Size shown);

}  // namespace hookreel::media
