// JSON as commands show it, and look into it. Pure functions.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "app/client/screen/terminal.h"
#include "base/json.h"

namespace hookreel::app::client {

// On one line, for programs. Numbers as people write them: 4.092, not 4.092E0.
std::string compact(const json::value& value);
// The same JSON over several lines, two blanks per level, coloured where the terminal has colours.
std::string pretty(const json::value& value, const Terminal& terminal);

// Looks down a path of member names; nothing where one is missing.
const json::value* find(const json::object& object, std::initializer_list<std::string_view> path);
// As above; empty when it is no text.
std::string_view find_text(const json::object& object,
                           std::initializer_list<std::string_view> path);

}  // namespace hookreel::app::client
