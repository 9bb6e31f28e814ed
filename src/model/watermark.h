// Marks of an owner on pictures: the templates that say how they look, and their use in a step.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "model/overlay.h"

namespace hookreel::model {

// Of the picture, and of the mark: distances are from the one to the other.
enum class Corner { top_left, top_right, bottom_left, bottom_right };
constexpr std::array<std::string_view, 4> names(Corner*) {
    return {"TopLeft", "TopRight", "BottomLeft", "BottomRight"};
}

// What becomes of a moving mark when it is over before the video.
enum class Repeat { once, last_frame, always };
constexpr std::array<std::string_view, 3> names(Repeat*) {
    return {"once", "repeat_last_frame", "repeat"};
}

struct ImageMark {
    std::string path{};  // Of the picture, relative to the library; its ending tells its format.
    Extent width{10, Unit::percent};
    Extent height{};  // 0: follows from the width.
    Repeat repeat = Repeat::always;
    int transparency_percent = 0;
};
template <class V>
void fields(V& v, Of<ImageMark, V> m) {
    v("path", m.path);
    v("width", m.width);
    v("height", m.height);
    v("repeat", m.repeat);
    v("transparency_percent", m.transparency_percent);
}

enum class Font { latin, chinese };
constexpr std::array<std::string_view, 2> names(Font*) {
    return {"latin", "chinese"};
}

struct TextMark {
    Font font = Font::latin;
    int size_pixels = 0;
    std::uint32_t color = 0xFFFFFF;  // 0xRRGGBB.
    double opacity = 1;              // Over 0, up to 1.
};
template <class V>
void fields(V& v, Of<TextMark, V> m) {
    v("font", m.font);
    v("size_pixels", m.size_pixels);
    v("color", m.color);
    v("opacity", m.opacity);
}

// What the side of a drawing is counted in: pixels of the video that is made, or percent of its
// side of the same direction, of its width, its height, its shorter or its longer side.
enum class DrawnUnit { pixels, percent, of_width, of_height, of_short_side, of_long_side };
constexpr std::array<std::string_view, 6> names(DrawnUnit*) {
    return {"px", "%", "W%", "H%", "S%", "L%"};
}

struct DrawnSide {
    double value = 0;  // 0: it follows from the other side; of both, the drawing says its size.
    DrawnUnit unit = DrawnUnit::pixels;

    bool operator==(const DrawnSide&) const = default;
};
template <class V>
void fields(V& v, Of<DrawnSide, V> s) {
    v("value", s.value);
    v("unit", s.unit);
}

// A drawing in SVG, which comes with each use.
struct DrawnMark {
    DrawnSide width{10, DrawnUnit::of_width};
    DrawnSide height{};
};
template <class V>
void fields(V& v, Of<DrawnMark, V> m) {
    v("width", m.width);
    v("height", m.height);
}

// An image, a text or a drawing.
struct WatermarkTemplate {
    std::uint64_t definition = 0;
    std::string name{};
    std::string comment{};
    Corner corner = Corner::top_left;
    Extent x{};
    Extent y{};
    std::optional<ImageMark> image{};
    std::optional<TextMark> text{};
    std::optional<DrawnMark> drawn{};
    TimePoint created{};
    TimePoint updated{};
};
template <class V>
void fields(V& v, Of<WatermarkTemplate, V> t) {
    v("definition", t.definition);
    v("name", t.name);
    v("comment", t.comment);
    v("corner", t.corner);
    v("x", t.x);
    v("y", t.y);
    v("image", t.image);
    v("text", t.text);
    v("drawn", t.drawn);
    v("created", t.created);
    v("updated", t.updated);
}

// One use of a template.
struct Watermark {
    std::uint64_t definition = 0;
    std::string text{};       // What a text mark says.
    double start_offset = 0;  // As those of a mosaic.
    double end_offset = 0;
    std::string drawing{};  // The file of what a drawn mark shows, relative to the library.

    bool operator==(const Watermark&) const = default;
};
template <class V>
void fields(V& v, Of<Watermark, V> w) {
    v("definition", w.definition);
    v("text", w.text);
    v("start_offset", w.start_offset);
    v("end_offset", w.end_offset);
    v("drawing", w.drawing);
}

}  // namespace hookreel::model
