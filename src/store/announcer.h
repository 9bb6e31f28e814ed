// Turns what happened into what is stored of it: who must hear of it, and what is said to each.
//
// A capability writes its new state and the announced event in one commit, and knows neither
// recipients nor dialects.
#pragma once

#include "model/event.h"
#include "store/store.h"

namespace hookreel::store {

class Announcer {
 public:
    virtual ~Announcer() = default;
    // Pure over the settings at the time of the call. An event that nobody must hear has no
    // entries. Threads: any.
    virtual NewEvent announce(const model::Event& event) const = 0;
};

}  // namespace hookreel::store
