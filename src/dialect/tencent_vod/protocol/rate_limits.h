// How often an application may call an action: a token bucket for each pair.
//
// A self-hosted server has no neighbours to protect, so nothing is limited unless it is asked for.
// Threads: any.
#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "base/clock.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "model/ids.h"

namespace hookreel::dialect::tencent_vod {

enum class Rates {
    lifted,    // No limit.
    platform,  // The platform's own figures, to try a client out against them.
};

class RateLimits {
 public:
    explicit RateLimits(Rates rates) : rates_(rates) {}

    // Takes one call out of the bucket, if there is one left. A bucket holds one second's worth.
    bool take(model::ApplicationId application, const schema::Action& action, TimePoint now);

 private:
    struct Bucket {
        double calls = 0;
        TimePoint filled{};
    };

    Rates rates_;
    std::mutex mutex_;
    std::map<std::pair<model::ApplicationId, const schema::Action*>, Bucket> buckets_;
};

// The platform's calls per second of an action (spec b.1, b.2); 100 where it names none.
double calls_per_second(const schema::Action& action);

}  // namespace hookreel::dialect::tencent_vod
