#include "dialect/tencent_vod/actions/frame/overlay_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/protocol/extent.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// Both counted from the same end: then it is known already that nothing lies between them.
bool is_empty(double start, double end) {
    return end != 0 && (start < 0) == (end < 0) && start >= end;
}

Answer<model::Extent> read_side(const Members& members, std::string_view name,
                                model::Extent otherwise) {
    Answer<model::Extent> side = read_extent(members, name, otherwise);
    if (side && side->value == 0)
        return refuse("InvalidParameterValue", fmt::format("{} must not be 0.", name));
    return side;
}

// StartTimeOffset and EndTimeOffset.
template <class Overlay>
Answer<void> read_stay(const Members& members, Overlay& overlay) {
    overlay.start_offset = members.real("StartTimeOffset").value_or(0);
    overlay.end_offset = members.real("EndTimeOffset").value_or(0);
    if (is_empty(overlay.start_offset, overlay.end_offset))
        return refuse("InvalidParameterValue", "EndTimeOffset must lie after StartTimeOffset.");
    return {};
}

Answer<model::Mosaic> read_mosaic(const Members& members) {
    model::Mosaic mosaic;
    if (members.has("CoordinateOrigin") && members.text_or_empty("CoordinateOrigin") != "TopLeft")
        return refuse("InvalidParameterValue", "CoordinateOrigin of a mosaic must be TopLeft.");
    for (const auto& [name, extent] :
         {std::pair{"XPos", &mosaic.x}, std::pair{"YPos", &mosaic.y}}) {
        const Answer<model::Extent> read = read_extent(members, name, *extent);
        if (!read) return std::unexpected(read.error());
        *extent = *read;
    }
    for (const auto& [name, extent] :
         {std::pair{"Width", &mosaic.width}, std::pair{"Height", &mosaic.height}}) {
        const Answer<model::Extent> read = read_side(members, name, *extent);
        if (!read) return std::unexpected(read.error());
        *extent = *read;
    }
    if (Answer<void> fine = read_stay(members, mosaic); !fine)
        return std::unexpected(std::move(fine.error()));
    return mosaic;
}

Answer<model::Watermark> read_watermark(const Members& members, SentDrawings& drawings) {
    model::Watermark mark{.definition = *members.natural("Definition"),
                          .text = members.text_or_empty("TextContent")};
    if (characters(mark.text) > mark_text_max || has_control_character(mark.text))
        return refuse("InvalidParameterValue",
                      "TextContent may have 100 characters, and none that controls.");
    if (Answer<void> fine = read_stay(members, mark); !fine)
        return std::unexpected(std::move(fine.error()));
    if (!members.has("SvgContent")) return mark;
    Answer<std::string> drawing = drawings.add(std::string(*members.text("SvgContent")));
    if (!drawing) return std::unexpected(std::move(drawing.error()));
    mark.drawing = std::move(*drawing);
    return mark;
}

}  // namespace

Answer<std::vector<model::Mosaic>> read_mosaics(const Members& input) {
    std::vector<model::Mosaic> mosaics;
    for (const Members& members : input.objects("MosaicSet")) {
        Answer<model::Mosaic> mosaic = read_mosaic(members);
        if (!mosaic) return std::unexpected(std::move(mosaic.error()));
        if (mosaics.size() == mosaics_max)
            return refuse("InvalidParameterValue",
                          "At most 10 mosaics are taken in one transcode.");
        mosaics.push_back(*mosaic);
    }
    return mosaics;
}

Answer<std::string> SentDrawings::add(std::string content) {
    if (characters(content) > svg_characters_max)
        return refuse("InvalidParameterValue", "SvgContent may have 2000000 characters.");
    media::Drawing drawing = media::drawing_of(application_, std::move(content));
    std::string path = drawing.path;
    if (drawings_.size() == drawings_max && !drawings_.contains(path))
        return refuse(
            "InvalidParameterValue",
            fmt::format("At most {} different SvgContents are taken in one call.", drawings_max));
    drawings_.try_emplace(path, std::move(drawing));
    return path;
}

Answer<std::vector<model::Watermark>> read_watermarks(const Members& input,
                                                      SentDrawings& drawings) {
    std::vector<model::Watermark> marks;
    for (const Members& members : input.objects("WatermarkSet")) {
        Answer<model::Watermark> mark = read_watermark(members, drawings);
        if (!mark) return std::unexpected(std::move(mark.error()));
        if (marks.size() == watermarks_max)
            return refuse("InvalidParameterValue", "At most 10 watermarks are taken in one step.");
        marks.push_back(std::move(*mark));
    }
    return marks;
}

}  // namespace hookreel::dialect::tencent_vod
