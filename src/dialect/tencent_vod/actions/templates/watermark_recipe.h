// What CreateWatermarkTemplate and ModifyWatermarkTemplate ask for, and a watermark template in the
// API's words. Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "dialect/media_urls.h"
#include "dialect/tencent_vod/protocol/parameters.h"
#include "media/templates/local_templates.h"

namespace hookreel::dialect::tencent_vod {

inline constexpr std::size_t mark_image_bytes_max = 1 << 20;  // Ours: the API names none.

struct WatermarkReading {
    media::WatermarkChange change;
    std::optional<media::MarkImage> image;
};
// What is given; what is not given stays. Errors: InvalidParameterValue with the parameter's name
// behind it.
Answer<WatermarkReading> read_watermark_change(const Members& parameters);

struct NewWatermark {
    model::WatermarkTemplate made;
    std::optional<media::MarkImage> image;
};
// Without number, times and path. Errors: as above.
Answer<NewWatermark> read_watermark_template(const Members& parameters);

std::string_view watermark_type(const model::WatermarkTemplate& one);  // "image", "text", "svg".
// WatermarkTemplate
json::object watermark_template(const model::WatermarkTemplate& one, const MediaUrls& urls);

}  // namespace hookreel::dialect::tencent_vod
