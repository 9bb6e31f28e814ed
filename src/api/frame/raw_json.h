// Parts of a JSON text as they were written, so that what somebody else sends is passed on to the
// byte: numbers of any length, the order of members.
//
// For texts that a parser has accepted. Pure functions; views of the text.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace hookreel::api {

// Of an array, in order.
std::vector<std::string_view> raw_elements(std::string_view array);
// The last member of that name of an object. None when there is none whose name is written without
// escapes.
std::optional<std::string_view> raw_member(std::string_view object, std::string_view name);

}  // namespace hookreel::api
