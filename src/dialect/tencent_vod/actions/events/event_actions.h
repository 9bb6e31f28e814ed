// Events that wait, and who hears of them. What each does is said by the API's definition.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> confirm_events(const Call& call);
Task<Answer<std::string>> describe_event_config(const Call& call);
Task<Answer<std::string>> describe_events_state(const Call& call);
Task<Answer<std::string>> modify_event_config(const Call& call);
Task<Answer<std::string>> pull_events(const Call& call);

}  // namespace hookreel::dialect::tencent_vod
