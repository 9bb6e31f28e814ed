// The sends that one loop may have under way, over all endpoints.
//
// Retries never get the last quarter of them: however many endpoints are dead, first attempts to
// the others find room. Endpoints that have a send under way never get the last eighth: however
// many of them hang, one that has none finds a slot. Threads: one loop.
#pragma once

#include <algorithm>

namespace hookreel::delivery {

// Whether an event is sent for the first time.
enum class Turn { first, again };
// Whether its endpoint has nothing under way, or wants one more send beside others.
enum class Need { one, more };

class Slots {
 public:
    // At least 1. Fewer than 8 serve both needs alike, fewer than 4 both turns.
    explicit Slots(int all)
        : all_(std::max(all, 1)), for_more_(all_ - all_ / 8), for_retries_(all_ - all_ / 4) {}

    bool free(Turn turn, Need need) const {
        return used_ < (need == Need::one ? all_ : for_more_) &&
               (turn == Turn::first || retries_ < for_retries_);
    }
    // Also when none is free, for what somebody asked for by hand.
    void take(Turn turn) {
        ++used_;
        retries_ += turn == Turn::again;
    }
    void give(Turn turn) {
        --used_;
        retries_ -= turn == Turn::again;
    }
    int used() const { return used_; }

 private:
    int all_;
    int for_more_;
    int for_retries_;
    int used_ = 0;
    int retries_ = 0;
};

}  // namespace hookreel::delivery
