// What an attempt's answer means: for the event, and for its endpoint.
//
// Pure functions of the endpoint's schedule, of what the client returned, and of the circumstances
// of the attempt. What is charged to the endpoint (uses up an attempt of the schedule, counts as
// failing) is said at Verdict.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "http/client/client.h"
#include "model/endpoint.h"

namespace hookreel::delivery {

using Answer = Result<http::ClientResponse>;

// Why an attempt failed, as the client names it at the head of its details.
enum class Cause {
    none,
    http_status,  // It answered, but not what counts as taken.
    timeout,
    dns,  // There is no such name.
    connect,
    tls,
    reset,
    protocol,
    request,  // What the endpoint's settings ask to send cannot be sent.
    address,  // The address rules refuse where the URL leads.
    proxy,
    ours,  // Our name servers, our memory, our files.
    stopping,
};
inline constexpr std::array<std::string_view, 13> cause_names = {
    "none",     "http_status", "timeout", "dns",   "connect", "tls",     "reset",
    "protocol", "request",     "address", "proxy", "ours",    "stopping"};
constexpr std::string_view name(Cause cause) {
    return cause_names[static_cast<std::size_t>(cause)];
}

// Where the fault of a failed attempt lies. Our own faults are named, so that nobody looks for
// them at the receiver.
enum class Fault { none, receiver, address, ours, stopping };
std::string_view name(Fault fault);

Cause cause(const model::Schedule& schedule, const Answer& answer);
Fault fault(Cause cause);

enum class Verdict {
    taken,
    refused,     // Charged.
    overloaded,  // Too late, or 429, 502, 503, 504. Charged, and less is sent at a time.
    gone,        // 410, where the schedule follows the answer's words. The endpoint is disabled.
    ours,        // Not charged: tried again until it is an attempt.
    stopping,    // Not charged: due again at once.
};
Verdict verdict(const model::Schedule& schedule, const Answer& answer);
// Whether the attempt counts against the endpoint.
constexpr bool is_charged(Verdict verdict) {
    return verdict == Verdict::refused || verdict == Verdict::overloaded ||
           verdict == Verdict::gone;
}

// The receiver took it.
struct Delivered {
    bool operator==(const Delivered&) const = default;
};
// To be tried again after the delay.
struct Retry {
    Duration delay{0};
    // Whether this was an attempt of the schedule.
    enum class Counted { yes, no } counted = Counted::yes;

    bool operator==(const Retry&) const = default;
};
// No further attempt; it goes to the dead letters.
struct Dead {
    std::string reason;  // For people: "3 sends failed, the last with: connect: refused".
    bool operator==(const Dead&) const = default;
};
using Outcome = std::variant<Delivered, Retry, Dead>;

// "delivered", "retry" or "dead": as the attempt log and the metrics have it.
std::string_view name(const Outcome& outcome);

struct Circumstances {
    int attempt = 1;     // 1 for the first send.
    int own_faults = 0;  // In a row before this one, at this endpoint.
    double random = 0;   // From 0 to 1, for the jitter.
    TimePoint now{};     // To which a date in Retry-After is compared.
};
Outcome outcome(const model::Schedule& schedule, const Circumstances& circumstances,
                const Answer& answer);

// Why an attempt failed, for the log: "status 503", or the name of the cause and what the client
// said: "dns: no such name". Empty when it was delivered.
std::string failure(const model::Schedule& schedule, const Answer& answer);

}  // namespace hookreel::delivery
