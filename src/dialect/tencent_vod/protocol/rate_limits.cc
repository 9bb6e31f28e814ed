#include "dialect/tencent_vod/protocol/rate_limits.h"

#include <algorithm>

namespace hookreel::dialect::tencent_vod {

double calls_per_second(const schema::Action& action) {
    const bool slow = action.name == "ModifyEventConfig" || action.name == "DescribeEventsState";
    return slow ? 20 : 100;
}

bool RateLimits::take(model::ApplicationId application, const schema::Action& action,
                      TimePoint now) {
    if (rates_ == Rates::lifted) return true;
    const double rate = calls_per_second(action);
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] = buckets_.try_emplace({application, &action}, Bucket{rate, now});
    Bucket& bucket = place->second;
    const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
    bucket.calls = std::min(rate, bucket.calls + std::max(0.0, seconds) * rate);
    bucket.filled = now;
    if (bucket.calls < 1) return false;
    bucket.calls -= 1;
    return true;
}

}  // namespace hookreel::dialect::tencent_vod
