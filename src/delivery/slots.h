// The sends that one loop may have under way, over all endpoints.
//
// Retries never get the last quarter of them: however many endpoints are dead, first attempts to
// the others find room. Threads: one loop.
#pragma once

#include <algorithm>

namespace hookreel::delivery {

// Whether an event is sent for the first time.
enum class Turn { first, again };

class Slots {
 public:
    // At least 1, which then serves both.
    explicit Slots(int all) : all_(std::max(all, 1)), for_retries_(all_ - all_ / 4) {}

    bool free(Turn turn) const {
        return used_ < all_ && (turn == Turn::first || retries_ < for_retries_);
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
    int for_retries_;
    int used_ = 0;
    int retries_ = 0;
};

}  // namespace hookreel::delivery
