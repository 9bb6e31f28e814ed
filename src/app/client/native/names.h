// What a search names, and whether the server knows it.
//
// Threads: the loop of the client.
#pragma once

#include <string>

#include "app/client/native/native_client.h"

namespace hookreel::app::client {

// Where the ids of endpoints are found, for whoever named one that does not exist.
inline constexpr const char* where_endpoints_are = "`hookreel endpoint list` lists the ids.";

// Of a search of deliveries; empty: not named.
struct SearchNames {
    std::string endpoint, queue, event;
};

// What to say of the first that the server does not know, with what to do about it; empty when it
// knows all of them, or does not tell, as a token without the scope is not told.
Task<std::string> unknown_name(NativeClient& native, SearchNames names);

}  // namespace hookreel::app::client
