// The ids of tasks: "<account>-<word>-<32 hex>t0" (Tencent open point 20), opaque to clients.
//
// The digits begin with the time at which the task was made, turned round, so that the ids of one
// word in ascending order are the newest first. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/ids.h"

namespace hookreel::model {

inline constexpr std::size_t task_id_random_digits = 20;

// `random` has task_id_random_digits hex digits.
TaskId make_task_id(std::string_view word, TimePoint created, std::string_view random);

// "<account>-<word>-"; empty when it is no id of that form.
std::string_view word_of(std::string_view id);

// What comes behind the word in ids that were made at this time, to the millisecond. Those of later
// times come before it, those of earlier ones behind.
std::string time_digits(TimePoint created);

// Whether it is the id of a task that was made at this time. Ids of earlier builds are random.
bool tells_time(const TaskId& id, TimePoint created);

}  // namespace hookreel::model
