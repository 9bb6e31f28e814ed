// What an attempt's answer means: taken, to be tried again, or given up.
//
// Pure functions of the endpoint's schedule, the number of the attempt and what the client
// returned.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "http/client/client.h"
#include "model/endpoint.h"

namespace hookreel::delivery {

// The receiver took it.
struct Delivered {
    bool operator==(const Delivered&) const = default;
};
// To be tried again after the delay.
struct Retry {
    Duration delay{0};
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

// Where the fault of a failed attempt lies. Our own faults are named, so that nobody looks for
// them at the receiver.
enum class Fault {
    none,
    receiver,  // It answered wrongly, too late, or not at all.
    address,   // The address rules refuse where the URL leads.
    ours,      // Our name servers, our memory, our files.
    stopping,  // The server stops; the attempt was cut.
};
std::string_view name(Fault fault);

// `attempt` is 1 for the first send. A send that was cut because the server stops is due again at
// once, whatever its number.
Outcome outcome(const model::Schedule& schedule, int attempt,
                const Result<http::ClientResponse>& answer);

Fault fault(const model::Schedule& schedule, const Result<http::ClientResponse>& answer);

// Why an attempt failed, for the log: "status 503" or the client's detail. Empty when it was
// delivered.
std::string failure(const model::Schedule& schedule, const Result<http::ClientResponse>& answer);

}  // namespace hookreel::delivery
