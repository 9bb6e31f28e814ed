// What `hookreel endpoint create` and `change` say of an endpoint: their flags, and the body of the
// API that they mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace hookreel::app::commands {

// As they were given; what was not given is not said.
struct EndpointSettings {
    std::vector<std::string> types, keys;
    std::vector<std::string> where;    // "order.sum=7": a member of the data, and a value of it.
    std::vector<std::string> headers;  // "Name: value"
    std::optional<std::string> dialect, description, guarantee, origin;
    std::optional<int> in_flight_max;
    std::optional<double> rate_per_second;
    std::optional<std::string> delays;  // "5s,5m,1h"; "none" for a single send.
    std::optional<std::string> timeout, connect_timeout;
    std::optional<std::string> success;
    std::optional<int> jitter_percent;
    // Files with PEM.
    std::string authorities, certificate, private_key;
};
void add_settings_flags(CLI::App& command, EndpointSettings& settings);

// The members of NewEndpoint and EndpointChange. Errors: invalid (the flag and what it takes),
// not_found (a file).
Result<json::object> settings_body(const EndpointSettings& settings);

}  // namespace hookreel::app::commands
