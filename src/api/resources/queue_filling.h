// Brings events of the archive into the queue of a consumer: when it is new, and when it is turned
// back.
//
// Filling a new queue is noted in a record until it is done, so that a crash in between loses
// nothing: `finish_fillings` goes on at the next start. An event that came to the queue by itself
// meanwhile does not enter twice. Threads: any.
#pragma once

#include <optional>

#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/consumer.h"
#include "store/consumers.h"
#include "store/store.h"

namespace hookreel::api {

// Creates the consumer and, when `since` is given, fills its queue with what the archive has from
// then on. Errors: conflict (it exists), and those of Consumers::create and Store::replay.
Task<Result<store::Consumers::Pointer>> create_filled(store::Store& store,
                                                      store::Consumers& consumers,
                                                      model::Consumer consumer,
                                                      std::optional<TimePoint> since,
                                                      store::Commit with);

// Goes on with what a crash cut. Called once at start, when the consumers are read.
Task<Result<void>> finish_fillings(store::Store& store, const store::Consumers& consumers);

// How many events entered. All steps of a replay, one after the other.
Task<Result<int>> replay_all(store::Store& store, store::Replay replay);
// Drops what waits in the queue or is leased, as far as it happened before `before`. How many.
Task<Result<int>> drop_before(store::Store& store, model::QueueId queue, TimePoint before);

}  // namespace hookreel::api
