#include "dialect/tencent_vod/actions/events/event_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {

// The SignKey is never told.
Task<Answer<std::string>> describe_event_config(const Call& call) {
    const model::EventSettings& settings = call.application->events;
    note_trouble(call, settings.notification_url);
    co_return write_members({
        {"Mode", name(settings.mode)},
        {"NotificationUrl", settings.notification_url},
        {"UploadMediaCompleteEventSwitch", name(settings.upload_complete)},
        {"DeleteMediaCompleteEventSwitch", name(settings.delete_complete)},
        {"PersistenceCompleteEventSwitch", name(settings.persistence_complete)},
    });
}

}  // namespace hookreel::dialect::tencent_vod
