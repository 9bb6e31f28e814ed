// The client's connections that wait for their next request, per scheme, host and port.
//
// Threads: one loop.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

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
    TlsSession session;
    std::string fields;           // Host and User-Agent, as they are sent.
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
    std::string output;
    ResponseParser parser;
    std::size_t written = 0;    // Of the output.
    bool has_answered = false;  // Whether a byte of the answer to the last request came.
    DeadlineSweep::Time idle_since;
    Deadline idle_deadline;
};

class Pool {
 public:
    struct Options {
        std::size_t idle_per_host_max;
        Duration idle_timeout;
        std::string user_agent;
    };

    Pool(Loop& loop, DeadlineSweep& sweep, Options options);

    // Valid as long as it has a connection, else until the next call.
    Host& host(const Url& url);
    // The one used last, if it is still alive; null when there is none.
    std::unique_ptr<Connection> take(Host& host, DeadlineSweep::Time now);
    // Keeps it for the next request, unless its host has enough of them.
    void give_back(std::unique_ptr<Connection> connection);
    void close_idle();

 private:
    friend struct Connection;

    struct OriginHash {
        std::size_t operator()(const Url& url) const;
    };
    struct OriginEqual {
        bool operator()(const Url& left, const Url& right) const;
    };

    void drop(Connection& connection);
    void forget_unused_hosts();

    Loop& loop_;
    DeadlineSweep& sweep_;
    Options options_;
    std::unordered_map<Url, Host, OriginHash, OriginEqual> hosts_;
    std::size_t hosts_max_;
};

}  // namespace hookreel::http
