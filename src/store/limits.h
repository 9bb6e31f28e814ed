// How much a store takes, the same in every store.
//
// What is over a limit is refused before anything is written; the detail of the error names the
// limit. Values and pure functions.
#pragma once

#include "store/store.h"

namespace hookreel::store {

struct Limits {
    std::uint64_t queue_entries_max = 10'000'000;
    std::size_t body_bytes_max = 1024 * 1024;  // Of an event's body and of a record's value.
    std::size_t name_bytes_max = 512;          // Of an id, a type, a key, the name of a queue.
    std::size_t parts_max = 100'000;           // Things that one commit writes or removes.
    std::size_t trace_bytes_max = 1024;        // Of an event.
    std::size_t note_bytes_max = 4096;         // Of a URL, an error, a reason: longer ones are cut.
    std::size_t text_bytes_max = 8192;         // Of a head or a body in the attempt log: the same.
};

// Everything about a commit that can be judged by looking at it alone. Errors: too_large.
Result<void> check(const Commit& commit, const Limits& limits);

// Why a queue takes no more.
Error queue_full(const model::QueueId& queue, const Limits& limits);
// Why nothing is done with a handle.
Error lease_lost(Handle handle);
// Why a delivery cannot be made due.
Error delivery_is_sent(const DeliveryId& id);
// Why a record is not written.
Error version_conflict(const Put& put, std::uint64_t version);

// The first bytes of a text for people, without half a character at the end.
std::string cut(std::string text, std::size_t bytes_max);
// The attempt with all its texts within the limits: itself if they are.
AttemptPtr cut(AttemptPtr attempt, const Limits& limits);

}  // namespace hookreel::store
