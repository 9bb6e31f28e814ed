// How many requests a caller may send: a token bucket for each, with what is told of it in headers.
//
// Buckets that nobody uses for ten minutes are forgotten. Threads: any.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"

namespace hookreel::api {

class RateLimits {
 public:
    struct Outcome {
        bool taken = true;
        int limit = 0;      // Requests a second; 0: no limit.
        int remaining = 0;  // Requests that may follow at once.
        Duration wait{0};   // Until the next may come, when this one was not taken.
    };

    struct Rate {
        double per_second = 0;  // 0: no limit.
        double burst = 0;       // What a full bucket holds; 0: two seconds' worth.
    };

    // Of callers at a time; more share one bucket.
    static constexpr std::size_t callers_max = 20'000;

    Outcome take(std::string_view caller, Rate rate, TimePoint now);

 private:
    struct Bucket {
        double requests = 0;
        TimePoint filled{};
    };

    void forget(TimePoint now);

    std::mutex mutex_;
    std::map<std::string, Bucket, std::less<>> buckets_;
};

// RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset, the last in seconds; also Retry-After
// when the request was not taken.
void tell(const RateLimits::Outcome& outcome, http::Headers& headers);

}  // namespace hookreel::api
