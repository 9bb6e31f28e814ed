#include "dialect/tencent_vod/actions/frame/overlay_parts.h"

#include <fmt/format.h>

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

Answer<model::Mosaic> read_mosaic(const Members& members) {
    model::Mosaic mosaic;
    if (members.has("CoordinateOrigin") && members.text_or_empty("CoordinateOrigin") != "TopLeft")
        return refuse("InvalidParameterValue", "CoordinateOrigin of a mosaic must be TopLeft.");
    struct Part {
        std::string_view name;
        model::Extent& extent;
        Answer<model::Extent> (*read)(const Members&, std::string_view, model::Extent);
    };
    for (const Part& part :
         {Part{"XPos", mosaic.x, read_extent}, Part{"YPos", mosaic.y, read_extent},
          Part{"Width", mosaic.width, read_side}, Part{"Height", mosaic.height, read_side}}) {
        const Answer<model::Extent> extent = part.read(members, part.name, part.extent);
        if (!extent) return std::unexpected(extent.error());
        part.extent = *extent;
    }
    mosaic.start_offset = members.real("StartTimeOffset").value_or(0);
    mosaic.end_offset = members.real("EndTimeOffset").value_or(0);
    if (is_empty(mosaic.start_offset, mosaic.end_offset))
        return refuse("InvalidParameterValue", "EndTimeOffset must lie after StartTimeOffset.");
    return mosaic;
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

}  // namespace hookreel::dialect::tencent_vod
