// Addresses of host names, asked of the system's name servers without blocking the loop.
//
// Look-ups of different names run side by side; those of one name share a query. IPv4 and IPv6 are
// asked for apart, so that a name server that is silent about one of them costs a moment only.
// /etc/hosts is honoured. Answers are kept for their time to live, at least 1 s and at most 60 s;
// that a name does not exist for 5 s; that nobody answered for 1 s. Threads: one loop.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/async.h"

namespace hookreel::http {

using Addresses = std::vector<asio::ip::address>;

class Resolver {
 public:
    // `name_servers`, such as "127.0.0.1:5353", replaces those of the system if not empty.
    Resolver(Loop& loop, std::string name_servers);
    // What is under way ends with cancelled.
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    // In the order in which they should be tried, the families in turn; never empty. `name` may
    // also be an address. Errors: network (the name has no address, or its own name servers fail
    // while ours answer for other names), unavailable (ours do not answer, within `limit` or at
    // all, or we have no means to ask), cancelled.
    Task<Result<Addresses>> resolve(std::string name, Duration limit);
    // What is under way ends with cancelled.
    void cancel();

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace hookreel::http
