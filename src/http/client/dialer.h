// Opens connections for the client: look-up, address rules, connect, proxy, TLS.
//
// Every address is checked, and the connection goes to a checked one. All steps share the time for
// opening. Threads: one loop.
#pragma once

#include <memory>
#include <optional>

#include "http/client/client.h"
#include "http/client/connector.h"
#include "http/client/exchange.h"
#include "http/client/pool.h"
#include "http/client/resolver.h"

namespace hookreel::http {

class Dialer {
 public:
    // `options`, `sweep` and `pool` outlive it.
    Dialer(Loop& loop, const ClientOptions& options, DeadlineSweep& sweep, Pool& pool);

    // Errors: as Client::send.
    Task<Result<std::unique_ptr<Connection>>> open(Exchange& exchange,
                                                   const ClientRequest& request);
    // Ends the look-ups that are under way.
    void cancel() { resolver_.cancel(); }

 private:
    // Connected to the receiver, or to the proxy.
    Task<Result<Socket>> connect(Exchange& exchange, const Url& url);
    Task<Result<Socket>> connect_to_proxy(Exchange& exchange, const Url& url);
    Task<Result<Addresses>> resolve(Exchange& exchange, const std::string& host);
    Task<Result<void>> open_tunnel(Exchange& exchange, Connection& connection, const Url& url);
    Task<Result<void>> start_tls(Exchange& exchange, Connection& connection,
                                 const ClientRequest& request);
    // The client's own, or that of the host's ClientTls. Errors: unavailable, invalid.
    Result<const TlsClientContext*> tls_context(Host& host, const ClientRequest& request);

    const ClientOptions& options_;
    Pool& pool_;
    Resolver resolver_;
    Connector connector_;
    std::optional<TlsClientContext> tls_;  // Made when first needed, because it reads files.
};

}  // namespace hookreel::http
