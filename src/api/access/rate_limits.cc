#include "api/access/rate_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hookreel::api {
namespace {

constexpr double bucket_seconds = 2;

double seconds(Duration duration) {
    return static_cast<double>(duration.count()) / 1000;
}

}  // namespace

RateLimits::Outcome RateLimits::take(std::string_view caller, Rate rate, TimePoint now) {
    if (rate.per_second <= 0) return {};
    const double capacity =
        std::max(1.0, rate.burst > 0 ? rate.burst : rate.per_second * bucket_seconds);
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= callers_max) forget(now);
    if (buckets_.size() >= callers_max && buckets_.find(caller) == buckets_.end()) caller = "";
    const auto [at, is_new] = buckets_.try_emplace(std::string(caller), Bucket{capacity, now});
    Bucket& bucket = at->second;
    const double gained = seconds(std::max(Duration(0), now - bucket.filled)) * rate.per_second;
    bucket.requests = std::min(capacity, bucket.requests + gained);
    bucket.filled = std::max(bucket.filled, now);

    Outcome outcome;
    outcome.limit = static_cast<int>(std::max(1.0, rate.per_second));
    outcome.taken = bucket.requests >= 1;
    if (outcome.taken)
        bucket.requests -= 1;
    else
        outcome.wait = Duration(
            static_cast<Duration::rep>(std::ceil((1 - bucket.requests) / rate.per_second * 1000)));
    outcome.remaining = static_cast<int>(bucket.requests);
    return outcome;
}

void RateLimits::forget(TimePoint now) {
    std::erase_if(buckets_, [now](const auto& pair) {
        return now - pair.second.filled > std::chrono::minutes(10);
    });
}

void tell(const RateLimits::Outcome& outcome, http::Headers& headers) {
    if (outcome.limit == 0) return;
    const auto wait_seconds = (outcome.wait.count() + 999) / 1000;
    headers.set("RateLimit-Limit", fmt::to_string(outcome.limit));
    headers.set("RateLimit-Remaining", fmt::to_string(outcome.remaining));
    headers.set("RateLimit-Reset",
                fmt::to_string(outcome.taken ? (outcome.remaining > 0 ? 0 : 1) : wait_seconds));
    if (!outcome.taken) headers.set("Retry-After", fmt::to_string(wait_seconds));
}

}  // namespace hookreel::api
