// What a step is asked to lay over its pictures. Pure functions.
#pragma once

#include <vector>

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/overlay.h"

namespace hookreel::dialect::tencent_vod {

inline constexpr std::size_t mosaics_max = 10;  // Of a transcode. Ours: the API names none.

// The member MosaicSet; none when it is absent. Errors: InvalidParameterValue.
Answer<std::vector<model::Mosaic>> read_mosaics(const Members& input);

}  // namespace hookreel::dialect::tencent_vod
