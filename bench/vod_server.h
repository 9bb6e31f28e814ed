// What the benchmarks share that run the server in a process of its own and call its VOD API.
#pragma once

#include <string>

#include "app/config.h"
#include "http/client/client.h"

namespace hookreel::bench {

// Of a server on that data folder, at any free port, with the keys that `call` signs with.
app::Config server_config(const std::string& folder);

struct VodServer {
    http::Client& client;
    http::Url url;
};

// One signed call.
Task<Result<http::ClientResponse>> call(VodServer& server, std::string action, std::string body);

// Lines over a pipe between the two processes. What cannot be written ends the process.
void write_text(int descriptor, const std::string& text);
std::string read_line(int descriptor);

}  // namespace hookreel::bench
