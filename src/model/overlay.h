// What is laid over the pictures of a video: where, how large, and from when to when.
#pragma once

#include <array>
#include <string_view>

#include "base/json.h"

namespace hookreel::model {

enum class Unit { percent, pixels };
constexpr std::array<std::string_view, 2> names(Unit*) {
    return {"%", "px"};
}

// A distance or a side: in percent of the video's side of the same direction, or in pixels of the
// video that is made.
struct Extent {
    double value = 0;
    Unit unit = Unit::pixels;

    bool operator==(const Extent&) const = default;
};
template <class V>
void fields(V& v, Of<Extent, V> e) {
    v("value", e.value);
    v("unit", e.unit);
}

// A region in which nobody shall recognise anything, counted from the top left corner.
struct Mosaic {
    Extent x{};
    Extent y{};
    Extent width{10, Unit::percent};
    Extent height{10, Unit::percent};
    double start_offset = 0;  // Seconds into the video that is made; negative: before its end.
    double end_offset = 0;    // The same; 0 is the end.

    bool operator==(const Mosaic&) const = default;
};
template <class V>
void fields(V& v, Of<Mosaic, V> m) {
    v("x", m.x);
    v("y", m.y);
    v("width", m.width);
    v("height", m.height);
    v("start_offset", m.start_offset);
    v("end_offset", m.end_offset);
}

}  // namespace hookreel::model
