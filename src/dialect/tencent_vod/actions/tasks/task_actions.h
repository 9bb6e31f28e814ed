// Work on files, and what became of it. What each does is said by the API's definition.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> describe_task_detail(const Call& call);
Task<Answer<std::string>> describe_tasks(const Call& call);
// All actions of external_actions (events/external_json.h).
Task<Answer<std::string>> external_work(const Call& call);
Task<Answer<std::string>> manage_task(const Call& call);
Task<Answer<std::string>> process_media(const Call& call);
Task<Answer<std::string>> process_media_by_procedure(const Call& call);
Task<Answer<std::string>> process_media_by_url(const Call& call);

}  // namespace hookreel::dialect::tencent_vod
