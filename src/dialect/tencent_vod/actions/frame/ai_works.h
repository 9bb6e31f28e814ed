// AiContentReviewTask and its kin as they are asked for: the parts of a task that external services
// do.
#pragma once

#include <vector>

#include "dialect/tencent_vod/actions/frame/call.h"
#include "model/task.h"

namespace hookreel::dialect::tencent_vod {

// Those of the parameters, in the order of their results; none when they are absent. Errors:
// FailedOperation (no service does one of them); InvalidParameter (too many).
Answer<std::vector<model::Work>> read_ai_works(const Call& call);

// All that is asked for: the steps of MediaProcessTask (works.h), and then these. Errors: as both
// have them; InvalidParameter when there are more than 100.
Task<Answer<std::vector<model::Work>>> read_all_works(const Call& call);

// Whether somebody does all works that services do. Errors: FailedOperation.
Answer<void> check_served(const Call& call, const std::vector<model::Work>& works);

}  // namespace hookreel::dialect::tencent_vod
