#include "dialect/tencent_vod/actions/templates/watermark_recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "dialect/tencent_vod/actions/frame/sent_picture.h"
#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/protocol/extent.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using media::DrawnMarkChange;
using media::ImageMarkChange;
using media::TextMarkChange;

// SDK, ImageWatermarkInput.
constexpr double side_pixels_min = 8;
constexpr double side_pixels_max = 4096;
// Ours.
constexpr std::uint64_t font_pixels_max = 512;

constexpr std::string_view latin_font = "arial.ttf";
constexpr std::string_view chinese_font = "simkai.ttf";

template <class T>
Answer<std::optional<T>> read_choice(const Members& members, std::string_view member) {
    if (!members.has(member)) return std::optional<T>();
    const Result<T> found = parse_enum<T>(*members.text(member));
    if (found) return *found;
    return refuse(fmt::format("InvalidParameterValue.{}", member),
                  fmt::format("{} must be one of {}.", member,
                              fmt::join(names(static_cast<T*>(nullptr)), ", ")));
}

Answer<std::optional<model::Extent>> read_distance(const Members& members,
                                                   std::string_view member) {
    if (!members.has(member)) return std::optional<model::Extent>();
    const Answer<model::Extent> extent =
        read_extent(members, member, {}, fmt::format("InvalidParameterValue.{}", member));
    if (!extent) return std::unexpected(extent.error());
    return std::optional(*extent);
}

enum class Zero { refused, open };
Answer<std::optional<model::Extent>> read_side(const Members& members, std::string_view member,
                                               Zero zero) {
    Answer<std::optional<model::Extent>> side = read_distance(members, member);
    if (!side || !*side) return side;
    const auto [value, unit] = **side;
    if (value == 0 && zero == Zero::open) return side;
    if (value > 0 && unit == model::Unit::percent) return side;
    if (value >= side_pixels_min && value <= side_pixels_max) return side;
    return refuse(fmt::format("InvalidParameterValue.{}", member),
                  fmt::format("{} must be over 0%, or from 8px to 4096px.", member));
}

Answer<ImageMarkChange> read_image_change(const Members& image) {
    ImageMarkChange change;
    const auto width = read_side(image, "Width", Zero::refused);
    if (!width) return std::unexpected(width.error());
    change.width = *width;
    const auto height = read_side(image, "Height", Zero::open);
    if (!height) return std::unexpected(height.error());
    change.height = *height;
    const auto repeat = read_choice<model::Repeat>(image, "RepeatType");
    if (!repeat) return std::unexpected(repeat.error());
    change.repeat = *repeat;
    if (const std::optional<std::int64_t> transparency = image.integer("Transparency")) {
        if (*transparency < 0 || *transparency > 100)
            return refuse("InvalidParameterValue.ImageTemplate",
                          "Transparency must be from 0 to 100.");
        change.transparency_percent = static_cast<int>(*transparency);
    }
    return change;
}

Answer<std::optional<media::MarkImage>> read_content(const Members& image) {
    constexpr std::string_view code = "InvalidParameterValue.ImageContent";
    if (!image.has("ImageContent")) return std::optional<media::MarkImage>();
    Answer<SentPicture> read = read_sent_picture(*image.text("ImageContent"), "ImageContent", code);
    if (!read) return std::unexpected(std::move(read.error()));
    if (read->bytes.size() > mark_image_bytes_max)
        return refuse(code, "The picture may have 1 MiB.");
    return media::MarkImage{std::move(read->type), std::move(read->bytes)};
}

// "24px".
Answer<int> read_font_size(std::string_view text) {
    const bool has_unit = text.ends_with("px");
    const Result<std::uint64_t> size =
        parse_unsigned(has_unit ? text.substr(0, text.size() - 2) : std::string_view());
    if (!size || *size == 0 || *size > font_pixels_max)
        return refuse("InvalidParameterValue.TextTemplate",
                      "FontSize must be like 24px, from 1px to 512px.");
    return static_cast<int>(*size);
}

// "0xRRGGBB".
Answer<std::uint32_t> read_color(std::string_view text) {
    constexpr std::size_t digits = 6;
    std::uint32_t color = 0;
    if (text.starts_with("0x") && text.size() == 2 + digits) {
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data() + 2, end, color, 16);
        if (error == std::errc() && stop == end) return color;
    }
    return refuse("InvalidParameterValue.TextTemplate", "FontColor must be like 0xRRGGBB.");
}

Answer<TextMarkChange> read_text_change(const Members& text) {
    constexpr std::string_view code = "InvalidParameterValue.TextTemplate";
    TextMarkChange change;
    if (text.has("FontType")) {
        const std::string font = text.text_or_empty("FontType");
        if (font != latin_font && font != chinese_font)
            return refuse(code, "FontType must be arial.ttf or simkai.ttf.");
        change.font = font == latin_font ? model::Font::latin : model::Font::chinese;
    }
    if (text.has("FontSize")) {
        const Answer<int> size = read_font_size(*text.text("FontSize"));
        if (!size) return std::unexpected(size.error());
        change.size_pixels = *size;
    }
    if (text.has("FontColor")) {
        const Answer<std::uint32_t> color = read_color(*text.text("FontColor"));
        if (!color) return std::unexpected(color.error());
        change.color = *color;
    }
    change.opacity = text.real("FontAlpha");
    if (change.opacity && !(*change.opacity > 0 && *change.opacity <= 1))
        return refuse("InvalidParameterValue.TextAlpha", "FontAlpha must be over 0, up to 1.");
    return change;
}

// "10W%", "100px". A number of pixels has no fraction.
Result<model::DrawnSide> parse_drawn(std::string_view text) {
    using model::DrawnUnit;
    // The longer endings first: all but the first end with that of the plain percent.
    for (const DrawnUnit unit :
         {DrawnUnit::pixels, DrawnUnit::of_width, DrawnUnit::of_height, DrawnUnit::of_short_side,
          DrawnUnit::of_long_side, DrawnUnit::percent}) {
        const std::string_view ending = name(unit);
        if (!text.ends_with(ending)) continue;
        text.remove_suffix(ending.size());
        const bool is_pixels = unit == DrawnUnit::pixels;
        if (is_pixels && text.contains('.')) break;
        const double most = is_pixels ? side_pixels_max : 100;
        const Result<double> value = parse_real(text);
        if (value && *value >= 0 && *value <= most) return model::DrawnSide{*value, unit};
        break;
    }
    return fail(Code::invalid, "no side");
}

std::string drawn_text(const model::DrawnSide& side) {
    return fmt::format("{}{}", side.value, name(side.unit));
}

Answer<std::optional<model::DrawnSide>> read_drawn_side(const Members& members,
                                                        std::string_view member) {
    if (!members.has(member)) return std::optional<model::DrawnSide>();
    const Result<model::DrawnSide> side = parse_drawn(*members.text(member));
    if (side) return *side;
    return refuse(
        fmt::format("InvalidParameterValue.{}", member),
        fmt::format("{} must be like 10W%, 10H%, 10S%, 10L%, 10% or 100px: at most 100% or "
                    "4096px, and 0px for what follows from the drawing.",
                    member));
}

Answer<DrawnMarkChange> read_drawn_change(const Members& drawn) {
    const auto width = read_drawn_side(drawn, "Width");
    if (!width) return std::unexpected(width.error());
    const auto height = read_drawn_side(drawn, "Height");
    if (!height) return std::unexpected(height.error());
    return DrawnMarkChange{*width, *height};
}

Answer<void> read_place(const Members& parameters, media::WatermarkChange& change) {
    const auto corner = read_choice<model::Corner>(parameters, "CoordinateOrigin");
    if (!corner) return std::unexpected(corner.error());
    change.corner = *corner;
    const auto x = read_distance(parameters, "XPos");
    if (!x) return std::unexpected(x.error());
    change.x = *x;
    const auto y = read_distance(parameters, "YPos");
    if (!y) return std::unexpected(y.error());
    change.y = *y;
    return {};
}

}  // namespace

Answer<WatermarkReading> read_watermark_change(const Members& parameters) {
    WatermarkReading reading;
    const Answer<TemplateWords> words = read_words(parameters);
    if (!words) return std::unexpected(words.error());
    if (parameters.text("Name")) reading.change.name = words->name;
    if (parameters.text("Comment")) reading.change.comment = words->comment;
    if (Answer<void> fine = read_place(parameters, reading.change); !fine)
        return std::unexpected(std::move(fine.error()));
    if (const std::optional<Members> image = parameters.object("ImageTemplate")) {
        const Answer<ImageMarkChange> change = read_image_change(*image);
        if (!change) return std::unexpected(change.error());
        reading.change.image = *change;
        Answer<std::optional<media::MarkImage>> content = read_content(*image);
        if (!content) return std::unexpected(std::move(content.error()));
        reading.image = std::move(*content);
    }
    if (const std::optional<Members> text = parameters.object("TextTemplate")) {
        const Answer<TextMarkChange> change = read_text_change(*text);
        if (!change) return std::unexpected(change.error());
        reading.change.text = *change;
    }
    if (const std::optional<Members> drawn = parameters.object("SvgTemplate")) {
        constexpr std::array<std::string_view, 1> unavailable = {"CycleConfig"};
        if (Answer<void> fine = refuse_any(*drawn, unavailable); !fine)
            return std::unexpected(std::move(fine.error()));
        const Answer<DrawnMarkChange> change = read_drawn_change(*drawn);
        if (!change) return std::unexpected(change.error());
        reading.change.drawn = *change;
    }
    return reading;
}

namespace {

// The API says of the other types' members that they are not valid then.
void drop_others(WatermarkReading& reading, const model::WatermarkTemplate& made) {
    if (!made.image) {
        reading.change.image.reset();
        reading.image.reset();
    }
    if (!made.text) reading.change.text.reset();
    if (!made.drawn) reading.change.drawn.reset();
}

}  // namespace

Answer<NewWatermark> read_watermark_template(const Members& parameters) {
    Answer<WatermarkReading> reading = read_watermark_change(parameters);
    if (!reading) return std::unexpected(std::move(reading.error()));
    const std::string type = parameters.text_or_empty("Type");
    NewWatermark made;
    if (type == "image") {
        if (!reading->image)
            return refuse("InvalidParameterValue.ImageTemplate",
                          "ImageTemplate with its ImageContent is needed.");
        made.made.image.emplace();
    } else if (type == "text") {
        if (!reading->change.text || !reading->change.text->size_pixels)
            return refuse("InvalidParameterValue.TextTemplate",
                          "TextTemplate with its FontSize is needed.");
        made.made.text.emplace();
    } else if (type == "svg") {
        made.made.drawn.emplace();
    } else {
        return refuse("InvalidParameterValue.Type", "Type must be image, text or svg.");
    }
    drop_others(*reading, made.made);
    if (Result<void> applied = media::apply(reading->change, made.made); !applied)
        return refuse("InvalidParameterValue", applied.error().detail);
    made.image = std::move(reading->image);
    return made;
}

std::string_view watermark_type(const model::WatermarkTemplate& one) {
    if (one.drawn) return "svg";
    return one.image ? "image" : "text";
}

json::object watermark_template(const model::WatermarkTemplate& one, const MediaUrls& urls) {
    json::object object = {{"Definition", one.definition},
                           {"Type", watermark_type(one)},
                           {"Name", one.name},
                           {"Comment", one.comment},
                           {"XPos", extent_text(one.x)},
                           {"YPos", extent_text(one.y)},
                           {"CreateTime", iso8601(one.created)},
                           {"UpdateTime", iso8601(one.updated)},
                           {"CoordinateOrigin", name(one.corner)}};
    if (one.image)
        object.emplace("ImageTemplate",
                       json::object{{"ImageUrl", urls.of(one.image->path)},
                                    {"Width", extent_text(one.image->width)},
                                    {"Height", extent_text(one.image->height)},
                                    {"RepeatType", name(one.image->repeat)},
                                    {"Transparency", one.image->transparency_percent}});
    if (one.text)
        object.emplace(
            "TextTemplate",
            json::object{
                {"FontType", one.text->font == model::Font::latin ? latin_font : chinese_font},
                {"FontSize", fmt::format("{}px", one.text->size_pixels)},
                {"FontColor", fmt::format("0x{:06X}", one.text->color)},
                {"FontAlpha", one.text->opacity}});
    if (one.drawn)
        object.emplace("SvgTemplate", json::object{{"Width", drawn_text(one.drawn->width)},
                                                   {"Height", drawn_text(one.drawn->height)}});
    return object;
}

}  // namespace hookreel::dialect::tencent_vod
