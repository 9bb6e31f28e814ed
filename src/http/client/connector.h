// Connects to the first of several addresses that answers: RFC 8305 in a simple form.
//
// They are tried in their order, the next one as soon as one failed or did not answer for a moment,
// so that a dead address, or a network without IPv6, costs little. Threads: one loop.
#pragma once

#include <functional>
#include <vector>

#include "http/client/exchange.h"

namespace hookreel::http {

using Endpoints = std::vector<asio::ip::tcp::endpoint>;

struct Connector {
    Loop& loop;
    DeadlineSweep& sweep;
    // Called when there is no descriptor left, before one more try: some may only be kept.
    std::function<void()> make_room;

    // Errors: network ("connect: ..."), timed_out, cancelled, unavailable ("ours: ...": no
    // descriptors or ports).
    Task<Result<Socket>> connect(Exchange& exchange, const Endpoints& endpoints);
};

}  // namespace hookreel::http
