// TLS for both sides: certificates, verification, resumption. OpenSSL stays behind this header.
//
// TLS 1.2 and newer. Threads: a context may make connections on one thread at a time; each
// connection belongs to one loop.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

struct ssl_st;
struct ssl_ctx_st;
struct ssl_session_st;

namespace hookreel::http {

struct FreeTls {
    void operator()(ssl_st* connection) const;
    void operator()(ssl_ctx_st* context) const;
    void operator()(ssl_session_st* session) const;
};

// One connection's state, not yet bound to a socket.
using TlsConnection = std::unique_ptr<ssl_st, FreeTls>;

// What is remembered of a peer, so that the next connection to it is cheaper. It is filled while
// its connections are in use and must outlive them.
struct TlsSession {
    std::unique_ptr<ssl_session_st, FreeTls> ticket;
};

class TlsServerContext {
 public:
    // Reads a chain and its key, both PEM. Errors: invalid, with the file's name.
    static Result<TlsServerContext> load(const std::string& certificate_file,
                                         const std::string& private_key_file);
    TlsConnection accept() const;

 private:
    std::unique_ptr<ssl_ctx_st, FreeTls> context_;
};

class TlsClientContext {
 public:
    // Trusts the system's authorities and, if `ca_file` is not empty, those in it.
    // Errors: invalid, with the file's name.
    static Result<TlsClientContext> make(const std::string& ca_file);
    // The certificate must be valid for `host`, a name or an address.
    TlsConnection connect(const std::string& host, TlsSession& session) const;

 private:
    std::unique_ptr<ssl_ctx_st, FreeTls> context_;
};

// The reason of the last failure on this thread, for people; clears it.
std::string take_tls_error();

}  // namespace hookreel::http
