// What the actions that ask for work have in common.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

// `request` with TasksPriority, TasksNotifyMode, SessionId and SessionContext.
Answer<media::TaskRequest> with_request_parts(const Call& call, media::TaskRequest request);

// Takes it. Errors: InvalidParameterValue.FileId; InvalidParameterValue.SessionId, which stays
// taken for 3 days, that of a procedure for 7 (open point 18).
Task<Answer<model::TaskId>> create_task(const Call& call, media::TaskRequest request);

}  // namespace hookreel::dialect::tencent_vod
