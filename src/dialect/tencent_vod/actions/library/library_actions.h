// Files that are in the library. What each does is said by the API's definition.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> delete_media(const Call& call);
Task<Answer<std::string>> describe_media_infos(const Call& call);
Task<Answer<std::string>> modify_media_info(const Call& call);
Task<Answer<std::string>> search_media(const Call& call);

}  // namespace hookreel::dialect::tencent_vod
