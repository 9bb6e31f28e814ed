// DescribeTaskDetail of a pull.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"
#include "model/pull.h"

namespace hookreel::dialect::tencent_vod {

// The members of the answer, with PullUploadTask.
Task<Answer<std::string>> describe_pull(const Call& call, const model::Pull& pull);

}  // namespace hookreel::dialect::tencent_vod
