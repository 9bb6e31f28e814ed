// What is laid over the pictures of an output, where and when.
//
// Pure functions: places and times become pixels and seconds of the output, and filters of ffmpeg
// follow from them. Only numbers get into a filter.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "media/ffmpeg/fitting.h"
#include "model/overlay.h"

namespace hookreel::media {

// The pictures that something is laid over: their size, and how long they go on. Without a known
// length (0), times that count from the end are the beginning and the end.
struct Canvas {
    Size size{};
    double seconds = 0;
};

// From when to when, in seconds; the end is not part of it.
struct Stay {
    double from = 0;
    double until = std::numeric_limits<double>::infinity();

    bool operator==(const Stay&) const = default;
};
// Negative offsets count from the end, an end of 0 is the end, and what reaches over an edge of the
// canvas is cut there. Nothing when that leaves nothing.
struct Offsets {
    double start = 0;
    double end = 0;
};
std::optional<Stay> stay_of(Offsets offsets, const Canvas& canvas);
// When an overlay is there, as an option of a filter: ":enable='gte(t,1.000)'"; empty for always.
std::string enabled(const Stay& stay);

// How much that is of a side.
double pixels(const model::Extent& extent, std::int64_t side);

// In pixels from the top left. Sides are even, as pictures with halved colours need it: a region
// covers all that was asked for, and up to a pixel more on each side.
struct Region {
    std::int64_t x = 0;
    std::int64_t y = 0;
    Size size{};

    bool operator==(const Region&) const = default;
};
// The part of a mosaic that lies on the canvas; nothing when it lies beside it.
std::optional<Region> region_of(const model::Mosaic& mosaic, Size canvas);

// Filters that make those regions unrecognisable, each beginning with a comma; empty when none is
// ever seen.
std::string mosaic_filters(const std::vector<model::Mosaic>& mosaics, const Canvas& canvas);

}  // namespace hookreel::media
