// The client's connections that wait for their next request, per scheme, host, port and ClientTls.
//
// Threads: one loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/client/client.h"
#include "http/client/request_head.h"
#include "http/deadline_sweep.h"
#include "http/input_buffer.h"
#include "http/parser.h"
#include "http/stream.h"
#include "http/url.h"

namespace hookreel::http {

class Pool;
struct Connection;

// A server, as the URL names it.
struct Host {
    std::vector<std::unique_ptr<Connection>> idle;  // The last used at the end.
    TlsSessions sessions;
    std::optional<TlsClientContext> tls;  // If it has a ClientTls; made when first needed.
    HostHead head;
    std::size_t connections = 0;  // Idle or in use.
};

// Belongs to its host until it is destroyed.
struct Connection {
    Connection(Pool& pool, Host& its_host, Socket socket, std::size_t input_bytes_max);
    ~Connection() { --host.connections; }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Host& host;
    Stream stream;
    InputBuffer input;
    ResponseParser parser;
    bool has_answered = false;  // Whether a byte of the answer to the last request came.
    bool is_drained = false;    // Whether the last read took all that there was.
    DeadlineSweep::Time idle_since;
    Deadline idle_deadline;
};

class Pool {
 public:
    struct Options {
        std::size_t idle_per_host_max;
        Duration idle_timeout;
        std::string user_agent;
        std::optional<Proxy> proxy;
    };

    Pool(Loop& loop, DeadlineSweep& sweep, Options options);

    // Where the request goes. Valid as long as it has a connection, else until the next call.
    Host& host(const ClientRequest& request);
    // The one used last, if it is still alive; null when there is none. One to which something came
    // unasked is dropped.
    std::unique_ptr<Connection> take(Host& host, DeadlineSweep::Time now);
    // Keeps it for the next request, unless its host has enough of them.
    void give_back(std::unique_ptr<Connection> connection);
    void close_idle();

 private:
    friend struct Connection;

    // What connections must have in common to be shared.
    struct Origin {
        Url url;
        std::shared_ptr<const ClientTls> tls;
    };
    // The same without owning it, so that a look-up copies nothing.
    struct OriginView {
        explicit OriginView(const Origin& origin) : url(origin.url), tls(origin.tls.get()) {}
        explicit OriginView(const ClientRequest& request)
            : url(request.url), tls(request.tls.get()) {}

        const Url& url;
        const ClientTls* tls;
    };
    struct OriginHash {
        using is_transparent = void;
        std::size_t operator()(const OriginView& origin) const;
        std::size_t operator()(const Origin& origin) const { return (*this)(OriginView(origin)); }
    };
    struct OriginEqual {
        using is_transparent = void;
        bool operator()(const OriginView& left, const OriginView& right) const;
        bool operator()(const Origin& left, const Origin& right) const {
            return (*this)(OriginView(left), OriginView(right));
        }
        bool operator()(const Origin& left, const OriginView& right) const {
            return (*this)(OriginView(left), right);
        }
        bool operator()(const OriginView& left, const Origin& right) const {
            return (*this)(left, OriginView(right));
        }
    };

    void drop(Connection& connection);
    void forget_unused_hosts();

    Loop& loop_;
    DeadlineSweep& sweep_;
    Options options_;
    std::unordered_map<Origin, Host, OriginHash, OriginEqual> hosts_;
    std::size_t hosts_max_;
};

}  // namespace hookreel::http
