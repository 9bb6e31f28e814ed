// What a step is asked to lay over its pictures. Pure functions.
#pragma once

#include <vector>

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/overlay.h"
#include "model/watermark.h"

namespace hookreel::dialect::tencent_vod {

// Of a step. Ours: the API names none.
inline constexpr std::size_t mosaics_max = 10;
inline constexpr std::size_t watermarks_max = 10;
inline constexpr std::size_t mark_text_max = 100;  // Characters (SDK, WatermarkInput).

// The member MosaicSet; none when it is absent. Errors: InvalidParameterValue.
Answer<std::vector<model::Mosaic>> read_mosaics(const Members& input);
// The member WatermarkSet; none when it is absent. Whether its templates exist is found out by the
// step. Errors: InvalidParameterValue, FailedOperation (SVG).
Answer<std::vector<model::Watermark>> read_watermarks(const Members& input);

}  // namespace hookreel::dialect::tencent_vod
