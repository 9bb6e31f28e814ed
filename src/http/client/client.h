// An HTTP/1.1 client that is safe to point at URLs that strangers chose.
//
// The name is resolved, every address is checked against the rules, and the connection goes to the
// checked address; the name is used for SNI, the certificate and Host only. Redirects are answers.
// The process environment (proxies) is ignored. Connections are kept alive per scheme, host and
// port. A connection that dies before the first byte of the answer, on a reused socket, is tried
// once more on a new one. Threads: one loop; make one client per loop.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/async.h"
#include "http/client/address_rules.h"
#include "http/message.h"
#include "http/url.h"

namespace hookreel::http {

struct ClientOptions {
    AddressRules rules;
    std::string ca_file;       // Extra authorities, PEM; the system's are always trusted.
    std::string name_servers;  // "127.0.0.1:5353": instead of the system's, for tests.
    std::string user_agent = "Hookreel";
    std::size_t idle_per_host_max = 64;
    Duration idle_timeout{30'000};
    Duration connect_timeout{5'000};
    Duration resolve_timeout{5'000};
    std::size_t head_bytes_max = 64 * 1024;
};

// Trust and proof of some connections, as PEM texts; empty: the client's own. Connections are
// shared by requests that have the same one (the same pointer).
struct ClientTls {
    std::string authorities;  // Trusted besides the system's.
    std::string certificate;  // Ours, with its chain.
    std::string private_key;
};

struct ClientRequest {
    std::string method = "GET";
    Url url;
    Headers headers;  // Host, Content-Length and User-Agent are added.
    MessageBody body;
    Duration timeout{30'000};     // For everything, from the look-up to the last byte.
    Duration connect_timeout{0};  // For look-up, connection and TLS; 0: the client's.
    std::shared_ptr<const ClientTls> tls;
    std::size_t response_bytes_max =
        1024 * 1024;  // What is beyond is not kept, and the connection is not reused.
    std::move_only_function<void(std::uint64_t)>
        on_sent;  // Optional: called with the body bytes sent so far.
};

struct ClientResponse {
    int status = 0;
    Headers headers;
    std::string body;  // Cut at response_bytes_max.
    bool body_is_whole = true;
};

class Client {
 public:
    Client(Loop& loop, ClientOptions options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Errors: denied (address refused), network (name not found, no connection, broken off,
    // certificate), timed_out, protocol (not HTTP), cancelled. The detail begins with the error
    // class for logs: "dns: …", "connect: …", "tls: …", "address: …", "timeout: …", "reset: …",
    // "protocol: …".
    Task<Result<ClientResponse>> send(ClientRequest request);

    // Closes all connections; what is under way ends with cancelled.
    void close();

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace hookreel::http
