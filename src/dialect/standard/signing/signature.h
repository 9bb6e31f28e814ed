// Signs requests as Standard Webhooks 1.0.0 says: over "<id>.<seconds>.<body>", by each live secret
// of the endpoint.
//
// Keyed states are kept per thread and secret, because making one costs twice what using it does.
// Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/endpoint.h"

namespace hookreel::dialect::standard {

struct Message {
    std::string_view id;
    TimePoint sent{};
    std::string_view body;
};

// The value of webhook-signature, "v1,… v1a,…" in the order of the secrets; empty when there are
// none. Errors: invalid (a secret is malformed, all have expired).
Result<std::string> signatures(const std::vector<model::Secret>& secrets, const Message& message);

}  // namespace hookreel::dialect::standard
