// Addresses of host names, asked of the system's name servers without blocking the loop.
//
// Look-ups of different names run side by side; those of one name share a query. /etc/hosts is
// honoured. Answers are kept for their time to live, at least 1 s and at most 60 s; failures for
// 5 s. Threads: one loop.
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

    // In the order in which they should be tried; never empty. `name` may also be an address.
    // Errors: network (no such name, no answer from the name servers), timed_out, cancelled.
    Task<Result<Addresses>> resolve(std::string name, Duration limit);
    // What is under way ends with cancelled.
    void cancel();

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace hookreel::http
