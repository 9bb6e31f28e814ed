// An HTTP/1.1 client that is safe to point at URLs that strangers chose.
//
// The name is resolved, every address is checked against the rules, and the connection goes to a
// checked address; the name is used for SNI, the certificate and Host only. Redirects are answers,
// and no content coding is asked for or undone. The process environment (proxies) is ignored.
// Connections are kept alive per scheme, host, port and ClientTls. A kept connection that dies
// before the first byte of the answer is replaced once by a new one, at once. Threads: one loop;
// make one client per loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"
#include "http/client/address_rules.h"
#include "http/client/proxy.h"
#include "http/message.h"
#include "http/url.h"

namespace hookreel::http {

struct ClientOptions {
    AddressRules rules;
    std::string ca_file;         // Extra authorities, PEM; the system's are always trusted.
    std::optional<Proxy> proxy;  // Carries all requests; see proxy.h for what it means.
    std::string name_servers;    // "127.0.0.1:5353": instead of the system's, for tests.
    std::string user_agent = "Hookreel";
    std::size_t idle_per_host_max = 64;
    Duration idle_timeout{30'000};
    Duration connect_timeout{5'000};  // For look-up, connection and TLS together.
    Duration resolve_timeout{4'000};  // Of that, for the look-up.
    std::size_t head_bytes_max = 64 * 1024;
};

// Trust and proof of some connections, as PEM texts; empty: the client's own. Connections and
// sessions are shared by requests whose ClientTls says the same.
struct ClientTls {
    std::string authorities;  // Trusted besides the client's.
    std::string certificate;  // Ours, with its chain.
    std::string private_key;  // Without a password.

    bool operator==(const ClientTls&) const = default;
};

// Whether connections can be made with it. Errors: invalid, naming the member.
Result<void> check_tls(const ClientTls& tls);

struct ClientResponse {
    int status = 0;
    Headers headers;
    std::string body;  // Cut at response_bytes_max.
    bool body_is_whole = true;
};

// Takes a body as it comes, so that memory does not grow with it.
class BodySink {
 public:
    virtual ~BodySink() = default;
    // `head` has no body. Nothing more is read until it returns; an error ends the request.
    virtual Task<Result<void>> take(const ClientResponse& head, std::string_view piece) = 0;
};

struct ClientRequest {
    std::string method = "GET";
    Url url;
    Headers headers;  // Host and Content-Length are added, User-Agent when it is missing.
    MessageBody body;
    Duration timeout{30'000};     // For everything, from the look-up to the last byte.
    Duration connect_timeout{0};  // For look-up, connection and TLS; 0: the client's.
    std::shared_ptr<const ClientTls> tls;
    // Whether it is sent once more when a kept connection breaks off before the answer. The peer
    // may have taken it all the same.
    enum class Repeat { when_stale, never } repeat = Repeat::when_stale;
    // Of the answer; `head`: what is missing or wrong behind its head is no failure.
    enum class Needs { all, head } needs = Needs::all;
    std::size_t response_bytes_max =
        1024 * 1024;  // What is beyond is not kept, and the connection is not reused.
    std::move_only_function<void(std::uint64_t)>
        on_sent;  // Optional: called with the body bytes sent so far.
    // Optional: called before `send` returns an error, when the head of an answer had come: with
    // what came of it. Not for requests with a sink.
    std::move_only_function<void(ClientResponse)> on_broken;
    // Optional: what Client::head said of this request, which saves making it again. What is
    // changed after that is not sent.
    std::string head;
    // Optional: takes the body, which is then missing in the response and has no limit, and
    // `timeout` is for all until the first of it, and for each further piece. Outlives the request.
    BodySink* sink = nullptr;
};

class Client {
 public:
    Client(Loop& loop, ClientOptions options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // The detail of an error begins with its class, which tells whose fault it is:
    //
    //   class      code           the fault is
    //   address    denied         the URL's: the address rules, or the proxy's, refuse where it
    //                             leads
    //   dns        network        the receiver's: its name does not exist or has no address
    //   connect    network        the receiver's: refused, unreachable
    //   tls        network        the receiver's: no TLS, or a certificate that is expired, for
    //                             another host, self-signed, or of an unknown authority; it may
    //                             also have refused ours
    //              invalid        the endpoint's: its ClientTls is unusable (see check_tls)
    //   timeout    timed_out      the receiver's; the detail names the phase
    //   reset      network        the receiver's: it broke off before the end of its answer
    //   protocol   protocol       the receiver's: what came is not HTTP/1, or is over a limit
    //   request    invalid        the caller's: a field or target that cannot be sent
    //   proxy      unavailable    ours: our egress proxy does not work
    //   ours       unavailable    ours: name servers that do not answer, no descriptors or ports
    //                             left, an unreadable ca_file
    //   cancelled  cancelled      nobody's: the task or the client was stopped
    //
    // So who delivers charges an endpoint for network, timed_out, protocol and denied; tries
    // `unavailable` again without charging anybody; and gives up on `invalid`.
    // A status, whatever it is, is no error: 1xx are skipped, 3xx are not followed.
    Task<Result<ClientResponse>> send(ClientRequest request);
    // The head with which `send` sends it: request line, fields and the empty line. For logs; it
    // may hold secrets, also the proxy's.
    std::string head(const ClientRequest& request) const;

    // Closes all connections; what is under way ends with cancelled.
    void close();

 private:
    struct State;
    std::shared_ptr<State> state_;
};

// The class of an error of `send`: "dns" of "dns: no such name".
std::string_view error_class(const Error& error);

}  // namespace hookreel::http
