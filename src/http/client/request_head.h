// The head of a request that the client sends. Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/client/client.h"

namespace hookreel::http {

// Refuses what would change the meaning of the head, such as a line end in a value.
// Errors: invalid, with the field's name.
Result<void> check_head(const ClientRequest& request);

// Request line, `host_fields` (Host and User-Agent as lines), the request's fields and the empty
// line. Those three and the framing fields are ours, whatever the request says.
void append_head(std::string& out, const ClientRequest& request, std::string_view host_fields);

}  // namespace hookreel::http
