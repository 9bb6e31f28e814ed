// Files that come into the library. What each does is said by the API's definition.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> apply_upload(const Call& call);
Task<Answer<std::string>> commit_upload(const Call& call);
Task<Answer<std::string>> parse_streaming_manifest(const Call& call);
Task<Answer<std::string>> pull_upload(const Call& call);

}  // namespace hookreel::dialect::tencent_vod
