// Whether the clock can be right. Signatures hold for 5 minutes, so a clock that is further off
// refuses everybody. Pure, but for the question to the kernel.
#pragma once

#include <string>
#include <string_view>

#include "app/doctor/finding.h"
#include "base/clock.h"

namespace hookreel::app::doctor {

// What the kernel says of who keeps its clock.
enum class Keeper { synchronised, nobody, unknown };
Keeper ask_kernel();

Finding judge_clock(TimePoint now, Keeper keeper);

// Our clock beside the field Date of an answer that `whose` gave at `now`.
Finding judge_peer_clock(std::string_view whose, std::string_view date, TimePoint now);

}  // namespace hookreel::app::doctor
