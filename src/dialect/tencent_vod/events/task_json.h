// A media task in the words of the API: ProcedureTask with the result of each step.
//
// The same function serves the ProcedureStateChanged event and DescribeTaskDetail. Pure functions.
#pragma once

#include "base/json.h"
#include "dialect/tencent_vod/events/media_json.h"
#include "model/pull.h"
#include "model/task.h"

namespace hookreel::dialect::tencent_vod {

// ProcedureTask. `asset` may be a nameless one when the file is gone.
json::object procedure_task(const model::Task& task, const model::Asset& asset,
                            const MediaUrls& urls);

// PullUploadTask. `asset` is null unless the pull went well and the file is still there.
json::object pull_task(const model::Pull& pull, const model::Asset* asset, const MediaUrls& urls);

// PROCESSING or FINISH: events know only these two (spec c.1, Rules).
std::string_view event_status(model::TaskStatus status);

// The number that goes with a failure: 0, 40000 (input), 60000 (source file) or 70000 (internal).
std::int64_t error_number(model::Failure failure);

}  // namespace hookreel::dialect::tencent_vod
