// The head of a request that the client sends. Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/client.h"

namespace hookreel::http {

// Refuses what would change the meaning of the head, such as a line end in a value.
// Errors: invalid, with the field's name.
Result<void> check_head(const ClientRequest& request);

// Request line, fields and the empty line. Content-Length is ours; Host and User-Agent are added
// unless the request has them.
void append_head(std::string& out, const ClientRequest& request, std::string_view user_agent);

}  // namespace hookreel::http
