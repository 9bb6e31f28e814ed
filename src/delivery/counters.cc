#include "delivery/counters.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::delivery {
namespace {

constexpr std::array<std::string_view, 4> state_names = {"enabled", "held_back", "paused",
                                                         "disabled"};

}  // namespace

void Outcomes::count(const Outcome& outcome) {
    if (std::holds_alternative<Delivered>(outcome))
        delivered.add();
    else if (std::holds_alternative<Retry>(outcome))
        retried.add();
    else
        dead.add();
}

Counters::Counters(std::vector<std::string> names)
    : dialects(std::move(names)), by_dialect(dialects.size() + 1) {
    dialects.emplace_back("other");
}

void Counters::count(std::string_view dialect, const Outcome& outcome, Cause cause) {
    Outcomes::count(outcome);
    const auto found = std::find(dialects.begin(), dialects.end() - 1, dialect);
    by_dialect[static_cast<std::size_t>(found - dialects.begin())].count(outcome);
    if (cause != Cause::none) failures[static_cast<std::size_t>(cause)].add();
}

std::uint64_t Counters::failed(Fault by) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < failures.size(); ++i)
        if (fault(static_cast<Cause>(i)) == by) sum += failures[i].value();
    return sum;
}

void write_metrics(MetricsText& text, const Counters& counters) {
    constexpr std::string_view attempts = "hookreel_delivery_attempts_total";
    constexpr std::string_view attempts_help =
        "Callbacks sent, by the dialect of the endpoint and by what came of it.";
    for (std::size_t i = 0; i < counters.dialects.size(); ++i) {
        const Outcomes& outcomes = counters.by_dialect[i];
        const auto count = [&](std::string_view outcome, const Counter& counter) {
            text.counter(attempts, attempts_help,
                         fmt::format(R"(dialect="{}",outcome="{}")", counters.dialects[i], outcome),
                         counter.value());
        };
        count("delivered", outcomes.delivered);
        count("retry", outcomes.retried);
        count("dead", outcomes.dead);
    }

    for (std::size_t i = 1; i < counters.failures.size(); ++i) {
        const auto cause = static_cast<Cause>(i);
        const std::string labels =
            fmt::format(R"(fault="{}",cause="{}")", name(fault(cause)), name(cause));
        text.counter("hookreel_delivery_failures_total",
                     "Failed attempts, by where the fault lies and what it was.", labels,
                     counters.failures[i].value());
    }

    text.counter("hookreel_delivery_unsent_total",
                 "Events that went to the dead letters unsent: no URL, disabled, removed.", "",
                 counters.unsent.value());
    text.counter("hookreel_delivery_lost_leases_total",
                 "Attempts that ended after their lease; the event is sent again.", "",
                 counters.lost.value());
    text.histogram("hookreel_delivery_attempt_duration_seconds", "How long attempts took.", "",
                   counters.duration);
    text.histogram("hookreel_delivery_first_attempt_delay_seconds",
                   "From the commit of an event to its first attempt.", "", counters.first_delay);
    text.gauge("hookreel_delivery_in_flight", "Callbacks under way now.", "",
               counters.in_flight.load(std::memory_order_relaxed));
    for (std::size_t i = 0; i < counters.endpoints.size(); ++i)
        text.gauge("hookreel_delivery_endpoints",
                   "Endpoints by state; held back are those that take nothing at present.",
                   fmt::format(R"(state="{}")", state_names[i]),
                   counters.endpoints[i].load(std::memory_order_relaxed));
}

}  // namespace hookreel::delivery
