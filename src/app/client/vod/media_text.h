// Files of the library as people read them.
//
// Pure functions of MediaInfo, as the VOD API writes it; what is missing is left out.
#pragma once

#include <string>
#include <vector>

#include "app/client/screen/terminal.h"
#include "base/json.h"

namespace hookreel::app::client {

// The head of a table of files, and a line of it.
Row media_head();
Row media_row(const json::object& media);

// One file, a fact a row.
std::vector<Row> media_facts(const json::object& media);

// What can be played or looked at, the original first: a line for each, indented by two, and one
// for its address. Of many pictures the first one's.
std::vector<std::string> output_lines(const json::object& media);

}  // namespace hookreel::app::client
