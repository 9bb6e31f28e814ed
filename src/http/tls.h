// TLS for both sides: certificates, verification, resumption. OpenSSL stays behind this header.
//
// TLS 1.2 and newer. Threads: a context may make connections on one thread at a time; each
// connection belongs to one loop.
#pragma once

#include <boost/system/error_code.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
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

// Sessions that a peer gave us, with which the next connections to it are cheaper. A few, the
// newest first; those of TLS 1.3 are used once, all for an hour at most. It is filled while its
// connections are in use and must outlive them.
class TlsSessions {
 public:
    void keep(std::unique_ptr<ssl_session_st, FreeTls> session);
    // Null when there is none.
    std::unique_ptr<ssl_session_st, FreeTls> take();
    std::size_t size() const { return sessions_.size(); }

 private:
    std::vector<std::unique_ptr<ssl_session_st, FreeTls>> sessions_;
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

// Whom a client trusts, and who it says it is. Empty: nothing beside the system's authorities.
struct TlsClientOptions {
    std::string ca_file;      // Authorities, PEM.
    std::string authorities;  // The same as text.
    std::string certificate;  // Ours, with its chain: PEM text.
    std::string private_key;  // PEM text, without a password.
};

class TlsClientContext {
 public:
    // Trusts the system's authorities as well. Errors: unavailable (the file), invalid (a text),
    // naming it.
    static Result<TlsClientContext> make(const TlsClientOptions& options);
    // The certificate must be valid for `host`, a name or an address.
    TlsConnection connect(const std::string& host, TlsSessions& sessions) const;

 private:
    std::unique_ptr<ssl_ctx_st, FreeTls> context_;
};

// What a certificate says of itself.
struct CertificateFacts {
    std::string issuer;  // Its common name, or organisation.
    TimePoint expires{};
};
// Of the peer, after the handshake. Nothing when it showed none.
std::optional<CertificateFacts> peer_certificate(const ssl_st* connection);
// The first one of a PEM file. Errors: invalid, with the file's name.
Result<CertificateFacts> read_certificate(const std::string& file);

// Why the peer's certificate was refused, for people; empty when it was not.
std::string refused_certificate(const ssl_st* connection);

// Failures of TLS as error codes; the message is OpenSSL's reason.
const boost::system::error_category& tls_category();
// The last failure on this thread as such a code; clears it. connection_reset for an end without
// the farewell of TLS, which may be an attacker's cut.
boost::system::error_code take_tls_error_code();

// The reason of the last failure on this thread, for people; clears it.
std::string take_tls_error();

}  // namespace hookreel::http
