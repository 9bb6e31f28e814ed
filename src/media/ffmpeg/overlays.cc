#include "media/ffmpeg/overlays.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hookreel::media {
namespace {

// Of the shorter side of a region; and no tile is smaller than that. What is left shows no face and
// no letter.
constexpr std::int64_t tiles_per_side = 6;
constexpr std::int64_t tile_side_min = 8;

struct Stretch {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};
// Rounded outwards to even numbers and cut to the canvas.
Stretch stretch_of(double begin, double length, std::int64_t side) {
    const std::int64_t even_side = side / 2 * 2;
    const auto at = [even_side](double halves) {
        return std::clamp(static_cast<std::int64_t>(halves) * 2, std::int64_t{0}, even_side);
    };
    return {at(std::floor(begin / 2)), at(std::ceil((begin + length) / 2))};
}

}  // namespace

std::optional<Stay> stay_of(Offsets offsets, const Canvas& canvas) {
    const double end = canvas.seconds;
    Stay stay;
    stay.from = offsets.start < 0 ? std::max(0.0, end + offsets.start) : offsets.start;
    if (offsets.end > 0) stay.until = offsets.end;
    if (offsets.end < 0 && end > 0) stay.until = end + offsets.end;
    const bool is_seen = stay.from < stay.until && stay.until > 0 && (end <= 0 || stay.from < end);
    if (!is_seen) return std::nullopt;
    if (end > 0 && stay.until >= end) stay.until = std::numeric_limits<double>::infinity();
    return stay;
}

std::string enabled(const Stay& stay) {
    const std::string from = stay.from > 0 ? fmt::format("gte(t,{:.3f})", stay.from) : "";
    const std::string until =
        std::isfinite(stay.until) ? fmt::format("lt(t,{:.3f})", stay.until) : "";
    if (from.empty() && until.empty()) return {};
    return fmt::format(":enable='{}{}{}'", from, from.empty() || until.empty() ? "" : "*", until);
}

double pixels(const model::Extent& extent, std::int64_t side) {
    return extent.unit == model::Unit::percent ? extent.value * static_cast<double>(side) / 100
                                               : extent.value;
}

std::optional<Region> region_of(const model::Mosaic& mosaic, Size canvas) {
    const Stretch across = stretch_of(pixels(mosaic.x, canvas.width),
                                      pixels(mosaic.width, canvas.width), canvas.width);
    const Stretch down = stretch_of(pixels(mosaic.y, canvas.height),
                                    pixels(mosaic.height, canvas.height), canvas.height);
    if (across.begin >= across.end || down.begin >= down.end) return std::nullopt;
    return Region{across.begin, down.begin, {across.end - across.begin, down.end - down.begin}};
}

std::string mosaic_filters(const std::vector<model::Mosaic>& mosaics, const Canvas& canvas) {
    std::string filters;
    for (std::size_t i = 0; i < mosaics.size(); ++i) {
        const model::Mosaic& mosaic = mosaics[i];
        const std::optional<Region> region = region_of(mosaic, canvas.size);
        const std::optional<Stay> stay =
            stay_of({.start = mosaic.start_offset, .end = mosaic.end_offset}, canvas);
        if (!region || !stay) continue;
        const Size size = region->size;
        const std::int64_t tile =
            std::max(std::min(size.width, size.height) / tiles_per_side, tile_side_min);
        const auto tiles = [tile](std::int64_t side) { return (side + tile - 1) / tile; };
        filters += fmt::format(
            ",split[whole{0}][part{0}];[part{0}]crop={1}:{2}:{3}:{4},scale={5}:{6}:flags=area,"
            "scale={1}:{2}:flags=neighbor[tiles{0}];[whole{0}][tiles{0}]overlay={3}:{4}{7}",
            i, size.width, size.height, region->x, region->y, tiles(size.width), tiles(size.height),
            enabled(*stay));
    }
    return filters;
}

}  // namespace hookreel::media
