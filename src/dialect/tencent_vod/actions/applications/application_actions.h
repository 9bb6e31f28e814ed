// Applications of the account. What each does is said by the API's definition.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> create_sub_app_id(const Call& call);
Task<Answer<std::string>> describe_sub_app_ids(const Call& call);

}  // namespace hookreel::dialect::tencent_vod
