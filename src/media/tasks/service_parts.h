// The parts of tasks that external services do: one question each lease, about the part whose turn
// it is.
//
// A task comes here when its other steps are done, and holds nothing while a service works: the
// entry is given back until the next question. All its parts are asked for side by side. Each
// part's end is one commit of the task and the event that tells of it; the last one confirms the
// lease too.
#pragma once

#include "media/external/external_workers.h"

namespace hookreel::media {

// Of what services found for one task: it is kept and told as a whole, within the store's 1 MiB.
inline constexpr std::size_t findings_bytes_max = 384 * 1024;

// Of a lease from model::outside_queues(), as AskService.
Task<void> ask_for_part(const ExternalTools& tools, store::Lease lease);

}  // namespace hookreel::media
