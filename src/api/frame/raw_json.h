// Parts of a JSON text as they were written, so that what somebody else sends is passed on to the
// byte: numbers of any length, the order of members.
//
// For texts that a parser has accepted. Pure functions; views of the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace hookreel::api {

// Of an array, in order.
std::vector<std::string_view> raw_elements(std::string_view array);
// The last member of that name of an object. None when there is none whose name is written without
// escapes.
std::optional<std::string_view> raw_member(std::string_view object, std::string_view name);

// The path of a member that its object has twice, such as "data.a[3].b"; none when each has its
// members once. Readers of such a text do not agree on what it says (RFC 8259, section 4), and the
// parsed value, which is given too, has only one of them.
std::optional<std::string> repeated_member(std::string_view text, const json::value& parsed);

}  // namespace hookreel::api
