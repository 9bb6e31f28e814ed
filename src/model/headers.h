// Which header fields an endpoint may have of its own. Pure rules.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/endpoint.h"

namespace hookreel::model {

inline constexpr std::size_t headers_max = 32;  // Of one endpoint.
inline constexpr std::size_t header_name_bytes_max = 128;
inline constexpr std::size_t header_value_bytes_max = 4096;

// Refused: what is no field of HTTP, and names that belong to the connection (Host,
// Content-Length …) or to the dialect (Content-Type, webhook-*, ce-*, traceparent …). Errors:
// invalid, with the name.
Result<void> check_header(const Header& header);
// Each of them, and that they are not too many.
Result<void> check_headers(const std::vector<Header>& headers);

}  // namespace hookreel::model
