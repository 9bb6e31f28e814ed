// Distances and sides in the API's words: "10%" or "100px". Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/overlay.h"

namespace hookreel::dialect::tencent_vod {

// Of pixels; of percent it is 100.
inline constexpr double extent_pixels_max = 8192;

// The member of that name, `otherwise` when it is absent or empty. Percent may have a fraction.
// Errors: `code` (another form, negative, too large).
Answer<model::Extent> read_extent(const Members& members, std::string_view name,
                                  model::Extent otherwise,
                                  std::string_view code = "InvalidParameterValue");
std::string extent_text(model::Extent extent);

}  // namespace hookreel::dialect::tencent_vod
