// The queues that exist, by name, and how each is kept.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"

namespace hookreel::model {

// The reliable callback of an application; its holder is whoever calls PullEvents.
QueueId reel_queue(ApplicationId application);
// The normal callback of an endpoint; its holder is our sender.
QueueId endpoint_queue(const EndpointId& endpoint);
// What an application pulls through the native API by a name of its own (model/consumer.h).
QueueId consumer_queue(ApplicationId application, std::string_view name);
// Work has a priority of -10 to 10, larger first (Tencent TasksPriority); what is beyond counts as
// the nearest of these. Each priority has a queue of its own, so that the order in which work is
// done is on disk with the work. The queue of priority 0 has the plain name, "tasks".
inline constexpr std::int64_t priority_max = 10;

// quick: pictures, for which somebody waits. slow: encodes the whole file, or makes a new one.
// outside: an external service does it, in its own time; here it holds no core. In this order a
// task goes through them.
enum class JobLength { quick, slow, outside };

// A task that waits for who does its next steps.
QueueId task_queue(std::int64_t priority = 0, JobLength length = JobLength::slow);
// Files that wait to be fetched.
QueueId pull_queue(std::int64_t priority = 0);
// Work that waits to be asked of an external service.
QueueId external_queue(std::int64_t priority = 0);

// All queues of a kind, as their workers look at them: by priority, and in each priority the quick
// work first. Those of task_queues() are for whoever has a core, those of outside_queues() for who
// asks the services.
std::vector<QueueId> task_queues();
std::vector<QueueId> outside_queues();
std::vector<QueueId> pull_queues();
std::vector<QueueId> external_queues();

// How long a pulled event stays invisible (Tencent 266/34184).
inline constexpr Duration reel_lease{30'000};
// How long an event waits to be pulled (Tencent PullEvents).
inline constexpr Duration reel_retention = std::chrono::days(4);
// At most so many events in one PullEvents, and handles in one ConfirmEvents.
inline constexpr int reel_batch_max = 16;

}  // namespace hookreel::model
