// The queues that exist, by name, and how each is kept.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "model/ids.h"

namespace hookreel::model {

// The reliable callback of an application; its holder is whoever calls PullEvents.
QueueId reel_queue(ApplicationId application);
// The normal callback of an endpoint; its holder is our sender.
QueueId endpoint_queue(const EndpointId& endpoint);
// What an application pulls through the native API by a name of its own (model/consumer.h).
QueueId consumer_queue(ApplicationId application, std::string_view name);
// Media work that waits for a worker.
QueueId task_queue();
// Files that wait to be fetched.
QueueId pull_queue();

// Work that waits to be asked of an external service.
QueueId external_queue();

// How long a pulled event stays invisible (Tencent 266/34184).
inline constexpr Duration reel_lease{30'000};
// How long an event waits to be pulled (Tencent PullEvents).
inline constexpr Duration reel_retention = std::chrono::days(4);
// At most so many events in one PullEvents, and handles in one ConfirmEvents.
inline constexpr int reel_batch_max = 16;

}  // namespace hookreel::model
