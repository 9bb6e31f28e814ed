#include "delivery/counters.h"

namespace hookreel::delivery {

void write_metrics(MetricsText& text, const Counters& counters) {
    constexpr std::string_view attempts = "hookreel_delivery_attempts_total";
    constexpr std::string_view attempts_help = "Callbacks sent, by what came of it.";
    text.counter(attempts, attempts_help, R"(outcome="delivered")", counters.delivered.value());
    text.counter(attempts, attempts_help, R"(outcome="retry")", counters.retried.value());
    text.counter(attempts, attempts_help, R"(outcome="dead")", counters.dead.value());

    constexpr std::string_view failures = "hookreel_delivery_failures_total";
    constexpr std::string_view failures_help = "Failed attempts, by where the fault lies.";
    text.counter(failures, failures_help, R"(fault="receiver")", counters.failed_receiver.value());
    text.counter(failures, failures_help, R"(fault="address")", counters.failed_address.value());
    text.counter(failures, failures_help, R"(fault="ours")", counters.failed_ours.value());
    text.counter(failures, failures_help, R"(fault="stopping")", counters.failed_stopping.value());

    text.counter("hookreel_delivery_unsent_total",
                 "Events that went to the dead letters unsent, for want of a URL.", "",
                 counters.unsent.value());
    text.counter("hookreel_delivery_lost_leases_total",
                 "Attempts that ended after their lease; the event is sent again.", "",
                 counters.lost.value());
    text.histogram("hookreel_delivery_attempt_seconds", "How long attempts took.", "",
                   counters.duration);
    text.gauge("hookreel_delivery_in_flight", "Callbacks under way now.", "",
               counters.in_flight.load(std::memory_order_relaxed));
}

}  // namespace hookreel::delivery
