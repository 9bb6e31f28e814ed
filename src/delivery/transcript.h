// What the attempt log keeps of a request and its answer: enough to see what was said, without
// secrets. Pure.
#pragma once

#include <string>

#include "http/client/client.h"
#include "model/endpoint.h"
#include "store/store.h"

namespace hookreel::delivery {

// What is kept of an answer's head, and of its body.
inline constexpr std::size_t transcript_bytes_max = 8192;

// The head of a request as it was sent, without the empty line. Hidden are the query, and the
// values of fields that an operator added or whose name speaks of a secret, a signature or a login.
std::string request_head(std::string sent, const model::Endpoint& endpoint);
// What of an answer, or of what came of one, goes into the attempt: status, head and body.
void write_down(const http::ClientResponse& response, store::Attempt& attempt);
// Status line and fields, cut to `transcript_bytes_max`; cookies and the like are hidden.
std::string response_head(const http::ClientResponse& response);

}  // namespace hookreel::delivery
