// Times and spans of time among the parameters. Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "dialect/tencent_vod/protocol/parameters.h"
#include "media/files/catalog.h"

namespace hookreel::dialect::tencent_vod {

// Nothing when it is absent. Errors: `code` (no such time).
Answer<std::optional<TimePoint>> read_time(const Members& parameters, std::string_view name,
                                           std::string_view code);

// ExpireTime, which lies ahead; nothing when it is absent. Errors: `code`.
Answer<std::optional<TimePoint>> read_expiry(const Members& parameters, TimePoint now,
                                             std::string_view code);

// A TimeRange, its ends included. Errors: InvalidParameterValue.
Answer<media::TimeSpan> read_span(const std::optional<Members>& range);

}  // namespace hookreel::dialect::tencent_vod
