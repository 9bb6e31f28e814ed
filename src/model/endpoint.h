// Where a normal callback goes, and by which rules it is tried.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"

namespace hookreel::model {

// How often and how long is tried. A value owned by the dialect.
struct Schedule {
    Duration timeout{5000};  // From the first byte sent to the last byte of the answer.
    std::vector<Duration>
        delays;  // Before the second, third … send. Its size + 1 is the number of sends.
    enum class Success { any_answer, exactly_200, any_2xx } success = Success::any_answer;

    bool operator==(const Schedule&) const = default;
};

struct Endpoint {
    EndpointId id;
    ApplicationId application;
    QueueId queue;
    std::string url;       // Empty: nothing is sent, what waits goes to the dead letters.
    std::string sign_key;  // Of the dialect; empty when callbacks are not signed.
    Schedule schedule;
    int in_flight_max = 8;

    bool operator==(const Endpoint&) const = default;
};

}  // namespace hookreel::model
