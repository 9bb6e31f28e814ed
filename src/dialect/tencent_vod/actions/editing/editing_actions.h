// New files made of files of the library. What each does is said by the API's definition.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> compose_media(const Call& call);
Task<Answer<std::string>> edit_media(const Call& call);

}  // namespace hookreel::dialect::tencent_vod
