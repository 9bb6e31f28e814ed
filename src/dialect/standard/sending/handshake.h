// Asks a receiver by OPTIONS whether it wants to be called (CloudEvents 1.0.2, HTTP 1.1 Web Hooks,
// "Abuse Protection"), for endpoints that have an origin.
//
// The request is sent when the endpoint is made or its URL changes; from then on each request names
// the origin. Pure functions.
#pragma once

#include <string_view>

#include "http/client/client.h"
#include "model/endpoint.h"

namespace hookreel::dialect::standard {

// The question. It names the endpoint's rate when there is one. Errors: invalid (the URL, the
// origin is no DNS name).
Result<http::ClientRequest> permission_request(const model::Endpoint& endpoint);

// What a receiver allows.
struct Permission {
    double rate_per_second = 0;  // 0: as fast as it goes.
};
// The answer, whatever its status is. Errors: denied, with what was missing.
Result<Permission> permission(const http::ClientResponse& answer, std::string_view origin);

// A DNS name of at most 253 bytes, as "hooks.example.com".
bool is_origin(std::string_view text);

}  // namespace hookreel::dialect::standard
