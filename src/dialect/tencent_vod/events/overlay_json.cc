#include "dialect/tencent_vod/events/overlay_json.h"

#include "dialect/tencent_vod/protocol/extent.h"

namespace hookreel::dialect::tencent_vod {

json::array mosaic_set(const std::vector<model::Mosaic>& mosaics) {
    json::array set;
    for (const model::Mosaic& mosaic : mosaics)
        set.push_back(json::object{{"CoordinateOrigin", "TopLeft"},
                                   {"XPos", extent_text(mosaic.x)},
                                   {"YPos", extent_text(mosaic.y)},
                                   {"Width", extent_text(mosaic.width)},
                                   {"Height", extent_text(mosaic.height)},
                                   {"StartTimeOffset", mosaic.start_offset},
                                   {"EndTimeOffset", mosaic.end_offset}});
    return set;
}

json::array watermark_set(const std::vector<model::Watermark>& watermarks) {
    json::array set;
    for (const model::Watermark& mark : watermarks)
        set.push_back(json::object{{"Definition", mark.definition},
                                   {"TextContent", mark.text},
                                   {"SvgContent", ""},
                                   {"StartTimeOffset", mark.start_offset},
                                   {"EndTimeOffset", mark.end_offset}});
    return set;
}

json::array head_tail_set(const std::vector<std::uint64_t>& templates) {
    json::array set;
    for (const std::uint64_t definition : templates)
        set.push_back(json::object{{"Definition", static_cast<std::int64_t>(definition)}});
    return set;
}

}  // namespace hookreel::dialect::tencent_vod
