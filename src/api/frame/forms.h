// The forms that texts of the API have, by the name that the definition gives them in `format`.
//
// A form is checked by a function and not by the `pattern` beside it, which is there for readers of
// the definition; a test holds the two together. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace hookreel::api {

struct Form {
    std::string_view name;
    bool (*fits)(std::string_view text);
    std::string_view wanted;  // For people, after "must be".
    // Why a text does not fit, for people; null: `wanted` says it all.
    std::string (*why)(std::string_view text) = nullptr;
};

// Null when there is none of that name.
const Form* find_form(std::string_view name);

}  // namespace hookreel::api
