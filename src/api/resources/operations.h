// What answers each operation of the definition. One function each, in the file of its resource.
//
// A Call is checked before: its fields have the types and limits of the definition, and its caller
// has the scope. Threads: the loop of the request.
#pragma once

#include <span>
#include <string_view>

#include "api/resources/call.h"

namespace hookreel::api {

Task<Answer<Reply>> list_applications(Call& call);
Task<Answer<Reply>> create_application(Call& call);
Task<Answer<Reply>> get_application(Call& call);
Task<Answer<Reply>> change_application(Call& call);
Task<Answer<Reply>> list_endpoints(Call& call);
Task<Answer<Reply>> create_endpoint(Call& call);
Task<Answer<Reply>> get_endpoint(Call& call);
Task<Answer<Reply>> change_endpoint(Call& call);
Task<Answer<Reply>> delete_endpoint(Call& call);
Task<Answer<Reply>> pause_endpoint(Call& call);
Task<Answer<Reply>> resume_endpoint(Call& call);
Task<Answer<Reply>> test_endpoint(Call& call);
Task<Answer<Reply>> rotate_secret(Call& call);
Task<Answer<Reply>> get_endpoint_secrets(Call& call);
Task<Answer<Reply>> replay_endpoint(Call& call);
Task<Answer<Reply>> recover_endpoint(Call& call);
Task<Answer<Reply>> endpoint_statistics(Call& call);
Task<Answer<Reply>> publish_events(Call& call);
Task<Answer<Reply>> search_events(Call& call);
Task<Answer<Reply>> get_event(Call& call);
Task<Answer<Reply>> list_event_types(Call& call);
Task<Answer<Reply>> get_event_type(Call& call);
Task<Answer<Reply>> trigger_event_type(Call& call);
Task<Answer<Reply>> list_queues(Call& call);
Task<Answer<Reply>> get_queue(Call& call);
Task<Answer<Reply>> put_queue(Call& call);
Task<Answer<Reply>> delete_queue(Call& call);
Task<Answer<Reply>> pull_queue(Call& call);
Task<Answer<Reply>> confirm_handles(Call& call);
Task<Answer<Reply>> give_back_handles(Call& call);
Task<Answer<Reply>> extend_handles(Call& call);
Task<Answer<Reply>> seek_queue(Call& call);
Task<Answer<Reply>> search_deliveries(Call& call);
Task<Answer<Reply>> get_delivery(Call& call);
Task<Answer<Reply>> list_delivery_attempts(Call& call);
Task<Answer<Reply>> retry_delivery(Call& call);
Task<Answer<Reply>> search_attempts(Call& call);
Task<Answer<Reply>> search_dead_letters(Call& call);
Task<Answer<Reply>> get_statistics(Call& call);
Task<Answer<Reply>> list_tokens(Call& call);
Task<Answer<Reply>> create_token(Call& call);
Task<Answer<Reply>> get_token(Call& call);
Task<Answer<Reply>> delete_token(Call& call);
Task<Answer<Reply>> list_keys(Call& call);
Task<Answer<Reply>> create_key(Call& call);
Task<Answer<Reply>> get_key(Call& call);
Task<Answer<Reply>> change_key(Call& call);
Task<Answer<Reply>> delete_key(Call& call);
Task<Answer<Reply>> list_accounts(Call& call);
Task<Answer<Reply>> create_account(Call& call);
Task<Answer<Reply>> get_account(Call& call);
Task<Answer<Reply>> change_account(Call& call);
Task<Answer<Reply>> delete_account(Call& call);
Task<Answer<Reply>> log_in(Call& call);
Task<Answer<Reply>> list_sessions(Call& call);
Task<Answer<Reply>> log_out(Call& call);
Task<Answer<Reply>> search_audit_log(Call& call);
Task<Answer<Reply>> create_upload(Call& call);
Task<Answer<Reply>> get_upload(Call& call);
Task<Answer<Reply>> append_to_upload(Call& call);
Task<Answer<Reply>> delete_upload(Call& call);
Task<Answer<Reply>> put_media(Call& call);
Task<Answer<Reply>> post_media(Call& call);
Task<Answer<Reply>> get_definition(Call& call);

struct Handler {
    std::string_view operation;  // Its operationId.
    Function function;
};
std::span<const Handler> handlers();

}  // namespace hookreel::api
