// MediaInfo: what DescribeMediaInfos and SearchMedia answer of a file. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "dialect/tencent_vod/events/media_json.h"
#include "dialect/tencent_vod/protocol/errors.h"
#include "model/media.h"

namespace hookreel::dialect::tencent_vod {

// What is not asked for is null, like what there is not. No filters: everything.
json::object media_info(const model::Asset& asset, const std::vector<std::string>& filters,
                        const MediaUrls& urls);

// Errors: InvalidParameter (an unknown name).
Answer<void> check_filters(const std::vector<std::string>& filters);

}  // namespace hookreel::dialect::tencent_vod
