#include "app/queue_figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::app {
namespace {

constexpr Duration age_max{5'000};
// As the names of queues begin; see model/queue.h.
constexpr std::array<std::string_view, 6> kinds = {"endpoint", "reel",  "queue",
                                                   "tasks",    "pulls", "external"};

double seconds_since(TimePoint then, TimePoint now) {
    return then == never ? 0 : std::max(std::chrono::duration<double>(now - then).count(), 0.0);
}

}  // namespace

Task<store::QueueTotals> QueueFigures::read() {
    const TimePoint now = clock_.now();
    {
        const std::lock_guard lock(mutex_);
        if (now < asked_ + age_max) co_return known_;
        asked_ = now;
    }
    Result<store::QueueTotals> totals = co_await store_.totals();
    const std::lock_guard lock(mutex_);
    if (totals) known_ = std::move(*totals);
    co_return known_;
}

void write_metrics(MetricsText& text, const store::QueueTotals& totals, TimePoint now) {
    const auto of = [&totals](std::string_view kind) {
        const auto found = totals.find(kind);
        return found == totals.end() ? store::QueueCounts{} : found->second;
    };
    for (const std::string_view kind : kinds) {
        constexpr std::string_view entries = "hookreel_queue_entries";
        constexpr std::string_view help =
            "Events in the queues of a kind, waiting (due or for a retry) or leased.";
        text.gauge(entries, help, fmt::format(R"(kind="{}",state="waiting")", kind),
                   static_cast<double>(of(kind).waiting));
        text.gauge(entries, help, fmt::format(R"(kind="{}",state="leased")", kind),
                   static_cast<double>(of(kind).leased));
    }
    for (const std::string_view kind : kinds)
        text.gauge("hookreel_queue_dead_letters", "Events that were given up and are kept.",
                   fmt::format(R"(kind="{}")", kind), static_cast<double>(of(kind).dead));
    for (const std::string_view kind : kinds)
        text.gauge("hookreel_queue_oldest_age_seconds",
                   "How long ago the oldest event happened that waits or is leased; 0: none does.",
                   fmt::format(R"(kind="{}")", kind), seconds_since(of(kind).oldest, now));
}

}  // namespace hookreel::app
