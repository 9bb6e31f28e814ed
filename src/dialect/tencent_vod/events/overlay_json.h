// What was asked to be laid over pictures and set before and after them, in the words of the API.
// Pure functions.
#pragma once

#include <vector>

#include "base/json.h"
#include "model/overlay.h"
#include "model/watermark.h"

namespace hookreel::dialect::tencent_vod {

json::array mosaic_set(const std::vector<model::Mosaic>& mosaics);           // MosaicInput
json::array watermark_set(const std::vector<model::Watermark>& watermarks);  // WatermarkInput
json::array head_tail_set(const std::vector<std::uint64_t>& templates);      // HeadTailTaskInput

}  // namespace hookreel::dialect::tencent_vod
