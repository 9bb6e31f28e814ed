#include "media/ffmpeg/fitting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hookreel::media {
namespace {

using model::Fill;

constexpr std::int64_t side_max = 8192;

std::int64_t even(double side) {
    const auto rounded = static_cast<std::int64_t>(std::llround(side / 2)) * 2;
    return std::clamp<std::int64_t>(rounded, 2, side_max);
}

// The largest size of the source's shape within another.
Size inner_size(Size shown, Size outer) {
    const auto width = static_cast<double>(std::max<std::int64_t>(shown.width, 1));
    const auto height = static_cast<double>(std::max<std::int64_t>(shown.height, 1));
    const double factor = std::min(static_cast<double>(outer.width) / width,
                                   static_cast<double>(outer.height) / height);
    return {std::min(even(width * factor), outer.width),
            std::min(even(height * factor), outer.height)};
}

std::string padded(Size inner, Size outer, std::string_view color) {
    return fmt::format("scale={}:{},setsar=1,pad={}:{}:(ow-iw)/2:(oh-ih)/2:color={}", inner.width,
                       inner.height, outer.width, outer.height, color);
}

// The picture over a blurred copy of itself. The copy is blurred small: nobody sees its detail, and
// it costs the less.
std::string over_blur(Size inner, Size outer) {
    const Size small{even(static_cast<double>(outer.width) / 4),
                     even(static_cast<double>(outer.height) / 4)};
    return fmt::format(
        "split[over][under];[under]scale={}:{},gblur=sigma=8,scale={}:{},setsar=1[blurred];"
        "[over]scale={}:{},setsar=1[whole];[blurred][whole]overlay=(W-w)/2:(H-h)/2",
        small.width, small.height, outer.width, outer.height, inner.width, inner.height);
}

}  // namespace

Size fitted_size(const Fitting& fitting, Size shown) {
    const bool lies = shown.width >= shown.height;
    const bool turns = fitting.sides == model::Sides::long_and_short && !lies;
    const int long_side = std::max(fitting.width, fitting.height);
    const int short_side = std::min(fitting.width, fitting.height);
    const bool is_box = fitting.width > 0 && fitting.height > 0;
    double width = fitting.width;
    double height = fitting.height;
    if (is_box && fitting.sides == model::Sides::long_and_short) {
        width = long_side;
        height = short_side;
    }
    if (turns) std::swap(width, height);
    const auto shown_width = static_cast<double>(std::max<std::int64_t>(shown.width, 1));
    const auto shown_height = static_cast<double>(std::max<std::int64_t>(shown.height, 1));
    if (width == 0 && height == 0) return {even(shown_width), even(shown_height)};
    if (width == 0) width = shown_width * height / shown_height;
    if (height == 0) height = shown_height * width / shown_width;
    return {even(width), even(height)};
}

std::string fitting_filters(const Fitting& fitting, Size shown) {
    const Size size = fitted_size(fitting, shown);
    if (fitting.width == 0 || fitting.height == 0)
        return fmt::format("scale={}:{}", size.width, size.height);
    const Size inner = inner_size(shown, size);
    if (fitting.fill == Fill::stretch || inner == size)
        return fmt::format("scale={}:{},setsar=1", size.width, size.height);
    if (fitting.fill == Fill::gauss) return over_blur(inner, size);
    return padded(inner, size, name(fitting.fill));
}

std::string square_filters(const Fitting& fitting, Size shown) {
    std::string filters = fitting_filters(fitting, shown);
    if (fitting.width == 0 || fitting.height == 0) filters += ",setsar=1";
    return filters;
}

}  // namespace hookreel::media
