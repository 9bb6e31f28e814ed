// How an endpoint is doing at this moment, as its sender knows it. Values.
#pragma once

#include <array>
#include <map>
#include <string_view>

#include "base/clock.h"
#include "model/ids.h"

namespace hookreel::model {

struct Standing {
    // open: it took nothing for long, and nothing is tried until a time. half_open: one event is
    // tried, or may be.
    enum class Breaker { closed, open, half_open } breaker = Breaker::closed;
    friend constexpr std::array<std::string_view, 3> names(Breaker*) {
        return {"closed", "open", "half_open"};
    }

    // Why an event that is due is not sent now. in_flight: as many are under way as may be.
    enum class Held { no, breaker, rate, in_flight, paused } held = Held::no;
    friend constexpr std::array<std::string_view, 5> names(Held*) {
        return {"no", "breaker", "rate", "in_flight", "paused"};
    }

    // Until when it is held at least; the epoch: nobody knows. `never` while it is paused.
    TimePoint until{};

    bool operator==(const Standing&) const = default;
};

// Of endpoints that have a sender.
using Standings = std::map<EndpointId, Standing>;

}  // namespace hookreel::model
