// MediaProcessTask as it was asked for. Pure.
#pragma once

#include <vector>

#include "base/json.h"
#include "model/task.h"

namespace hookreel::dialect::tencent_vod {

// The sets of the steps, each with the parameters that say more than their default.
json::object media_process_task(const std::vector<model::Work>& works);

}  // namespace hookreel::dialect::tencent_vod
