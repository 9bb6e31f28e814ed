// Whether callbacks to a URL can ever be sent, as far as its text tells.
#pragma once

#include <string>
#include <string_view>

#include "http/client/address_rules.h"

namespace hookreel::app {

// Why the rules refuse each call of the URL, and which setting would change that; empty when they
// do not, or when it is a name whose addresses are not known. Pure.
std::string callback_trouble(const http::AddressRules& rules, std::string_view url);

}  // namespace hookreel::app
