// The yardstick of the reel: the same cycle on Redis Streams, appendfsync always.
//
// Starts a redis-server of its own on a free port of 127.0.0.1 with an empty folder, runs the cycle
// over `connections` sockets, and ends it. One worker's turn: XADD sixteen events, each awaited;
// XREADGROUP COUNT 16; XACK what it got.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace hookreel::bench {

struct CycleFigures {
    double seconds = 0;
    double server_cpu_seconds = 0;
    std::uint64_t events = 0;
    double per_second() const { return static_cast<double>(events) / seconds; }
    double cpu_us_per_event() const {
        return server_cpu_seconds * 1e6 / static_cast<double>(events);
    }
};

struct RedisCycle {
    std::uint64_t events = 100'000;
    int connections = 64;
    std::string body;    // Of each event.
    std::string folder;  // Empty, on the disk under test.
};

// Errors: not_found (no redis-server: apt-get install redis-server), internal.
Result<CycleFigures> run_redis_cycle(const RedisCycle& cycle);

}  // namespace hookreel::bench
