#include "media/ffmpeg/watermarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hookreel::media {
namespace {

constexpr std::int64_t side_max = 8192;

std::int64_t as_side(double value) {
    return std::clamp<std::int64_t>(std::llround(value), 1, side_max);
}
std::int64_t side_of(const model::Extent& extent, std::int64_t of) {
    return as_side(pixels(extent, of));
}

// `own` is the canvas's side of the same direction.
std::int64_t side_of(const model::DrawnSide& side, Size canvas, std::int64_t own) {
    if (side.value <= 0) return 0;
    const auto percent_of = [&side](std::int64_t whole) {
        return as_side(side.value * static_cast<double>(whole) / 100);
    };
    switch (side.unit) {
        case model::DrawnUnit::pixels:
            return as_side(side.value);
        case model::DrawnUnit::percent:
            return percent_of(own);
        case model::DrawnUnit::of_width:
            return percent_of(canvas.width);
        case model::DrawnUnit::of_height:
            return percent_of(canvas.height);
        case model::DrawnUnit::of_short_side:
            return percent_of(std::min(canvas.width, canvas.height));
        case model::DrawnUnit::of_long_side:
            break;
    }
    return percent_of(std::max(canvas.width, canvas.height));
}

// The place of a mark, as a filter's options say it that knows the sides of both.
struct Place {
    std::string x;
    std::string y;
};
struct Names {
    std::string_view width;  // Of the picture.
    std::string_view height;
    std::string_view mark_width;
    std::string_view mark_height;
};
Place place_of(const model::WatermarkTemplate& look, Size canvas, const Names& names) {
    using model::Corner;
    const std::int64_t across = std::llround(pixels(look.x, canvas.width));
    const std::int64_t down = std::llround(pixels(look.y, canvas.height));
    const bool is_right = look.corner == Corner::top_right || look.corner == Corner::bottom_right;
    const bool is_low = look.corner == Corner::bottom_left || look.corner == Corner::bottom_right;
    return {is_right ? fmt::format("{}-{}-{}", names.width, names.mark_width, across)
                     : fmt::to_string(across),
            is_low ? fmt::format("{}-{}-{}", names.height, names.mark_height, down)
                   : fmt::to_string(down)};
}

// How a mark goes on when it is over, and how what it is laid over ends. A moving one never ends by
// itself, and the film's end is the end of both: else a mark that is longer would show the film's
// last picture until it is over too.
struct Ending {
    std::string_view padding;
    std::string_view overlay;
};
Ending ending_of(const model::ImageMark& image) {
    if (!image.path.ends_with(".gif")) return {"", "eof_action=repeat"};
    switch (image.repeat) {
        case model::Repeat::once:
            return {",tpad=stop=-1:color=black@0", "shortest=1"};
        case model::Repeat::last_frame:
            return {",tpad=stop=-1:stop_mode=clone", "shortest=1"};
        case model::Repeat::always:
            break;
    }
    return {"", "shortest=1"};
}

// A height that is left open is bounded: the shape of the picture is its maker's choice.
std::string image_filters(const Mark& mark, const Canvas& canvas, const Stay& stay,
                          std::size_t input) {
    const model::ImageMark& image = *mark.look.image;
    const std::int64_t width = side_of(image.width, canvas.size.width);
    const std::string height = image.height.value > 0
                                   ? fmt::to_string(side_of(image.height, canvas.size.height))
                                   : fmt::format("'clip(ow/a,1,{})'", side_max);
    const double opacity = 1 - image.transparency_percent / 100.0;
    const Place place = place_of(mark.look, canvas.size, {"W", "H", "w", "h"});
    const Ending ending = ending_of(image);
    return fmt::format(
        "[below{0}];[{0}:v]format=rgba,scale=w={1}:h={2},colorchannelmixer=aa={3:.2f}{4}[mark{0}];"
        "[below{0}][mark{0}]overlay=x={5}:y={6}:{7}{8}",
        input, width, height, opacity, ending.padding, place.x, place.y, ending.overlay,
        enabled(stay));
}

// The filter that brings a drawing's picture to its size, with a comma behind; empty when it has
// it.
std::string drawn_scale(Size size) {
    if (size.width > 0 && size.height > 0)
        return fmt::format("scale=w={}:h={},", size.width, size.height);
    if (size.width > 0) return fmt::format("scale=w={}:h='max(ow/a,1)',", size.width);
    if (size.height > 0) return fmt::format("scale=w='max(oh*a,1)':h={},", size.height);
    return {};
}

// ffmpeg's pictures of drawings have their colours multiplied by their opacity. That is right for
// scaling, which else would let the black of what is transparent shine through, and wrong for
// laying over.
std::string drawn_filters(const Mark& mark, const Canvas& canvas, const Stay& stay,
                          std::size_t input) {
    const Place place = place_of(mark.look, canvas.size, {"W", "H", "w", "h"});
    return fmt::format(
        "[below{0}];[{0}:v]format=rgba,{1}format=gbrap,unpremultiply=inplace=1[mark{0}];"
        "[below{0}][mark{0}]overlay=x={2}:y={3}:eof_action=repeat{4}",
        input, drawn_scale(drawn_size(*mark.look.drawn, canvas.size)), place.x, place.y,
        enabled(stay));
}

std::string text_filters(const Mark& mark, const Canvas& canvas, const Stay& stay) {
    const model::TextMark& text = *mark.look.text;
    const Place place = place_of(mark.look, canvas.size, {"w", "h", "tw", "th"});
    return fmt::format(
        ",drawtext=fontfile={}:textfile={}:expansion=none:fontsize={}:fontcolor=0x{:06X}"
        ":alpha={:.2f}:x={}:y={}{}",
        font_file(text.font), mark.file, text.size_pixels, text.color, text.opacity, place.x,
        place.y, enabled(stay));
}

}  // namespace

std::size_t image_count(const std::vector<Mark>& marks) {
    return static_cast<std::size_t>(std::ranges::count_if(marks, &Mark::is_image));
}

std::string mark_filters(const std::vector<Mark>& marks, const Canvas& canvas, FirstInput first) {
    std::string filters;
    std::size_t input = first.number;
    for (const Mark& mark : marks) {
        const std::size_t own_input = mark.is_image() ? input++ : 0;
        // An input that is not used would be an error: what is never seen is shown for no time.
        const Stay stay = stay_of(mark.offsets, canvas).value_or(Stay{.from = 0, .until = 0});
        if (mark.look.image)
            filters += image_filters(mark, canvas, stay, own_input);
        else if (mark.look.drawn)
            filters += drawn_filters(mark, canvas, stay, own_input);
        else
            filters += text_filters(mark, canvas, stay);
    }
    return filters;
}

Size drawn_size(const model::DrawnMark& mark, Size canvas) {
    return {side_of(mark.width, canvas, canvas.width), side_of(mark.height, canvas, canvas.height)};
}

Size sharp_size(const model::DrawnMark& mark, const std::vector<Size>& canvases) {
    Size sharp;
    for (const Size& canvas : canvases) {
        const Size size = drawn_size(mark, canvas);
        sharp.width = std::max(sharp.width, size.width);
        sharp.height = std::max(sharp.height, size.height);
    }
    return sharp;
}

std::vector<Mark> marks_at(const std::vector<Mark>& marks, Moment moment) {
    std::vector<Mark> seen;
    for (const Mark& mark : marks) {
        const std::optional<Stay> stay = stay_of(mark.offsets, {{}, moment.length});
        if (!stay || moment.at < stay->from || moment.at >= stay->until) continue;
        seen.push_back(mark);
        seen.back().offsets = {};
    }
    return seen;
}

std::string_view font_file(model::Font font) {
    return font == model::Font::chinese ? "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
                                        : "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
}

}  // namespace hookreel::media
