// MediaProcessTask as it is asked for.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "dialect/tencent_vod/actions/frame/call.h"
#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/task.h"

namespace hookreel::dialect::tencent_vod {

// The steps of the member MediaProcessTask; none when it is absent. At most 100. Errors:
// FailedOperation (this server cannot do it); InvalidParameterValue, or InvalidParameter where the
// action lists only that; InternalError (the store, asked for own templates that a step changes).
Task<Answer<std::vector<model::Work>>> read_works(const Call& call);

// Refuses what would otherwise be passed over in silence: FailedOperation, naming it.
Answer<void> refuse_any(const Members& members, std::span<const std::string_view> unavailable);
std::unexpected<WireError> not_available(std::string_view parameter);

}  // namespace hookreel::dialect::tencent_vod
