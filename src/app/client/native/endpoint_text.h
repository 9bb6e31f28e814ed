// Endpoints of the native API as people read them.
//
// Pure functions of the API's JSON; what is missing is left out.
#pragma once

#include <string>
#include <vector>

#include "app/client/native/delivery_text.h"
#include "app/client/screen/terminal.h"
#include "base/json.h"

namespace hookreel::app::client {

// The head of a table of endpoints, and a line of it.
Row endpoint_head();
Row endpoint_row(const json::object& endpoint, const Terminal& terminal);

// An endpoint as pairs of name and value, without what is at rest: settings that were not made,
// times that never came. `statistics` may be empty.
std::vector<Row> endpoint_facts(const json::object& endpoint, const json::object& statistics,
                                const Terminal& terminal);

// The head of a table of live secrets, and a line of it.
Row secret_head();
Row secret_row(const json::object& secret);

}  // namespace hookreel::app::client
