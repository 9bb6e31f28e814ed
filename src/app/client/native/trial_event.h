// Events that are published for a trial: the sample of a type, with what a developer wants else.
//
// Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace hookreel::app::client {

// What `patch` makes of `target` (RFC 7396): members of objects are replaced one by one, null takes
// one away, and anything else stands for the whole.
json::value merged(json::value target, const json::value& patch);

// What a developer says of an event.
struct TrialWishes {
    std::string type;
    std::optional<std::string> key;
    std::optional<json::value> data;
};

// The body of a publish. `sample` is the example of the type, whose data and key stand where the
// wishes say nothing else; null for a type that the server does not know.
json::object trial_event(const TrialWishes& wishes, const json::value& sample);

}  // namespace hookreel::app::client
