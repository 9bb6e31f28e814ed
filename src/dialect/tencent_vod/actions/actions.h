// The actions that are built. A new one is a file of its own and a row in the table of actions.cc.
#pragma once

#include "dialect/tencent_vod/actions/call.h"

namespace hookreel::dialect::tencent_vod {

// Null for an action that the definition knows and this server does not perform yet.
Function find_function(const schema::Action& action);

Task<Answer<std::string>> apply_upload(const Call& call);
Task<Answer<std::string>> commit_upload(const Call& call);
Task<Answer<std::string>> compose_media(const Call& call);
Task<Answer<std::string>> confirm_events(const Call& call);
Task<Answer<std::string>> create_procedure_template(const Call& call);
Task<Answer<std::string>> create_sub_app_id(const Call& call);
Task<Answer<std::string>> delete_media(const Call& call);
Task<Answer<std::string>> delete_procedure_template(const Call& call);
Task<Answer<std::string>> describe_event_config(const Call& call);
Task<Answer<std::string>> describe_events_state(const Call& call);
Task<Answer<std::string>> describe_media_infos(const Call& call);
Task<Answer<std::string>> describe_procedure_templates(const Call& call);
Task<Answer<std::string>> describe_sub_app_ids(const Call& call);
Task<Answer<std::string>> describe_task_detail(const Call& call);
Task<Answer<std::string>> describe_tasks(const Call& call);
Task<Answer<std::string>> describe_transcode_templates(const Call& call);
Task<Answer<std::string>> edit_media(const Call& call);
// All actions of external_actions (events/external_json.h).
Task<Answer<std::string>> external_work(const Call& call);
Task<Answer<std::string>> manage_task(const Call& call);
Task<Answer<std::string>> modify_event_config(const Call& call);
Task<Answer<std::string>> modify_media_info(const Call& call);
Task<Answer<std::string>> parse_streaming_manifest(const Call& call);
Task<Answer<std::string>> process_media(const Call& call);
Task<Answer<std::string>> process_media_by_procedure(const Call& call);
Task<Answer<std::string>> pull_events(const Call& call);
Task<Answer<std::string>> pull_upload(const Call& call);
Task<Answer<std::string>> reset_procedure_template(const Call& call);
Task<Answer<std::string>> search_media(const Call& call);

}  // namespace hookreel::dialect::tencent_vod
