#include "api/resources/operations.h"

#include <array>

namespace hookreel::api {
namespace {

constexpr std::array all_handlers = {
    Handler{"listApplications", list_applications},
    Handler{"createApplication", create_application},
    Handler{"getApplication", get_application},
    Handler{"changeApplication", change_application},
    Handler{"listEndpoints", list_endpoints},
    Handler{"createEndpoint", create_endpoint},
    Handler{"getEndpoint", get_endpoint},
    Handler{"changeEndpoint", change_endpoint},
    Handler{"deleteEndpoint", delete_endpoint},
    Handler{"pauseEndpoint", pause_endpoint},
    Handler{"resumeEndpoint", resume_endpoint},
    Handler{"testEndpoint", test_endpoint},
    Handler{"rotateSecret", rotate_secret},
    Handler{"getEndpointSecrets", get_endpoint_secrets},
    Handler{"replayEndpoint", replay_endpoint},
    Handler{"recoverEndpoint", recover_endpoint},
    Handler{"getEndpointStatistics", endpoint_statistics},
    Handler{"publishEvents", publish_events},
    Handler{"searchEvents", search_events},
    Handler{"getEvent", get_event},
    Handler{"listEventTypes", list_event_types},
    Handler{"getEventType", get_event_type},
    Handler{"triggerEventType", trigger_event_type},
    Handler{"listQueues", list_queues},
    Handler{"getQueue", get_queue},
    Handler{"putQueue", put_queue},
    Handler{"deleteQueue", delete_queue},
    Handler{"pullQueue", pull_queue},
    Handler{"confirmHandles", confirm_handles},
    Handler{"giveBackHandles", give_back_handles},
    Handler{"extendHandles", extend_handles},
    Handler{"seekQueue", seek_queue},
    Handler{"searchDeliveries", search_deliveries},
    Handler{"getDelivery", get_delivery},
    Handler{"listDeliveryAttempts", list_delivery_attempts},
    Handler{"retryDelivery", retry_delivery},
    Handler{"searchAttempts", search_attempts},
    Handler{"searchDeadLetters", search_dead_letters},
    Handler{"getStatistics", get_statistics},
    Handler{"listTokens", list_tokens},
    Handler{"createToken", create_token},
    Handler{"getToken", get_token},
    Handler{"deleteToken", delete_token},
    Handler{"listKeys", list_keys},
    Handler{"createKey", create_key},
    Handler{"getKey", get_key},
    Handler{"changeKey", change_key},
    Handler{"deleteKey", delete_key},
    Handler{"listAccounts", list_accounts},
    Handler{"createAccount", create_account},
    Handler{"getAccount", get_account},
    Handler{"changeAccount", change_account},
    Handler{"deleteAccount", delete_account},
    Handler{"logIn", log_in},
    Handler{"listSessions", list_sessions},
    Handler{"logOut", log_out},
    Handler{"searchAuditLog", search_audit_log},
    Handler{"createUpload", create_upload},
    Handler{"getUpload", get_upload},
    Handler{"appendToUpload", append_to_upload},
    Handler{"deleteUpload", delete_upload},
    Handler{"putMedia", put_media},
    Handler{"postMedia", post_media},
    Handler{"getDefinition", get_definition},
};

}  // namespace

std::span<const Handler> handlers() {
    return all_handlers;
}

Task<Answer<Reply>> get_definition(Call& call) {
    co_return Reply{call.definition.text()};
}

}  // namespace hookreel::api
