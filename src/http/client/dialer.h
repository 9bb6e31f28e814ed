// Opens connections for the client: look-up, address rules, connect, TLS.
//
// Every address is checked, and the connection goes to the checked one. Addresses are tried one
// after the other, and share the time for connecting. Threads: one loop.
#pragma once

#include <memory>
#include <optional>

#include "http/client/client.h"
#include "http/client/exchange.h"
#include "http/client/pool.h"
#include "http/client/resolver.h"

namespace hookreel::http {

class Dialer {
 public:
    // `options`, `sweep` and `pool` outlive it.
    Dialer(Loop& loop, const ClientOptions& options, DeadlineSweep& sweep, Pool& pool);

    // Errors: as Client::send.
    Task<Result<std::unique_ptr<Connection>>> open(Exchange& exchange, const Url& url);
    // Ends the look-ups that are under way.
    void cancel() { resolver_.cancel(); }

 private:
    Task<Result<Addresses>> resolve(Exchange& exchange, const Url& url);
    Task<Result<Socket>> connect(Exchange& exchange, const Addresses& addresses,
                                 std::uint16_t port);
    Task<Result<Socket>> connect_to(Exchange& exchange, asio::ip::tcp::endpoint endpoint,
                                    Duration limit);
    Task<Result<void>> start_tls(Exchange& exchange, Connection& connection, const Url& url);

    Loop& loop_;
    const ClientOptions& options_;
    DeadlineSweep& sweep_;
    Pool& pool_;
    Resolver resolver_;
    std::optional<TlsClientContext> tls_;  // Made when first needed, because it reads files.
};

}  // namespace hookreel::http
