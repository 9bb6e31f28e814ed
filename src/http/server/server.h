// An HTTP/1.1 server: keep-alive, pipelining, TLS, and a limit on everything.
//
// One acceptor hands connections to the loops in turn; a connection stays on its loop. Requests of
// one connection are served one after the other, in order. Threads: `start` and `stop` are called
// on the first loop's thread or before the loops run; the handler runs on the connection's loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/log.h"
#include "base/metrics.h"
#include "http/request.h"

namespace hookreel::http {

struct ServerLimits {
    std::size_t head_bytes_max = 64 * 1024;
    std::uint64_t body_bytes_max = 64ull
                                   << 30;  // Per request; handlers set smaller ones with read_all.
    std::size_t connections_max = 10'000;  // Over it, a new connection waits unaccepted.
    Duration head_timeout{10'000};         // From a request's first byte to the end of its head.
    Duration idle_timeout{75'000};         // Between requests.
    Duration stall_timeout{
        30'000};  // Without any progress while a body is read or an answer written.
    // Who takes or gives less on the average, after a first stall_timeout, is too slow as well.
    std::uint64_t bytes_per_second_min = 1'024;
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;        // 0: any free one.
    std::string certificate_file;  // PEM chain; empty: no TLS.
    std::string private_key_file;
    ServerLimits limits;
};

struct ServerCounters {
    Counter requests, bad_requests, connections, timeouts;
};

// Whether a server could listen there now: binds as one does, and closes again. Errors: as of
// Server::start. Threads: any.
Result<void> try_to_listen(const std::string& address, std::uint16_t port);

class Server {
 public:
    // `loops` and `log` outlive the server.
    Server(std::vector<Loop*> loops, ServerOptions options, Handler handler, const Log& log);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Binds and begins to accept. Errors: invalid (address, certificate), conflict (address in
    // use).
    Result<void> start();
    // The port that was bound; valid after start.
    std::uint16_t port() const;
    // Stops accepting, ends idle connections at once, gives running requests up to `grace`, then
    // cuts them. Runs on the first loop.
    Task<void> stop(Duration grace);

    const ServerCounters& counters() const;

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace hookreel::http
