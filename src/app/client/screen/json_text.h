// JSON as commands show it, and look into it. Pure functions.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

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
// As above; 0 when it is no number.
double find_number(const json::object& object, std::initializer_list<std::string_view> path);
// As above; null when it is no object.
const json::object* find_object(const json::object& object,
                                std::initializer_list<std::string_view> path);
// The elements of a list, as far as they are objects.
std::vector<const json::object*> find_objects(const json::object& object,
                                              std::initializer_list<std::string_view> path);

}  // namespace hookreel::app::client
