// The head of a request that the client sends. Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/client/client.h"

namespace hookreel::http {

// Refuses what would change the meaning of the head, such as a line end in a value.
// Errors: invalid, with the field's name.
Result<void> check_head(const ClientRequest& request);

// What the heads of all requests to one host have in common, made once.
struct HostHead {
    std::string target_prefix;  // "http://host:port" for a proxy, else empty.
    std::string host;           // As lines: Host;
    std::string user_agent;     // User-Agent, for requests that have none of their own;
    std::string authorization;  // Proxy-Authorization, perhaps.
};
HostHead host_head(const Url& url, const std::string& user_agent,
                   const std::optional<Proxy>& proxy);

// Request line, the host's fields, the request's fields and the empty line. The host's and the
// framing fields are ours, whatever the request says; but a User-Agent of its own stays.
void append_head(std::string& out, const ClientRequest& request, const HostHead& host);

}  // namespace hookreel::http
