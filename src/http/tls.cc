#include "http/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <new>
#include <string_view>

namespace hookreel::http {
namespace {

// RELEASE_BUFFERS: an idle connection holds no record buffers, 16 + 16 KiB less.
constexpr auto modes =
    SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER;
constexpr auto options = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION;

std::unique_ptr<ssl_ctx_st, FreeTls> make_context(const SSL_METHOD* method) {
    std::unique_ptr<ssl_ctx_st, FreeTls> context(SSL_CTX_new(method));
    if (!context) throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context.get(), modes);
    SSL_CTX_set_options(context.get(), options);
    SSL_CTX_set_read_ahead(context.get(), 1);  // One read per record instead of two.
    return context;
}

TlsConnection make_connection(ssl_ctx_st* context) {
    TlsConnection connection(SSL_new(context));
    if (!connection) throw std::bad_alloc();
    return connection;
}

// Clients that offer HTTP/2 as well are told to speak HTTP/1.1.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_length,
                    const unsigned char* offered, unsigned offered_length, void*) {
    static constexpr std::string_view ours("\x08http/1.1", 9);
    auto* selected = const_cast<unsigned char*>(*out);
    const auto found = SSL_select_next_proto(
        &selected, out_length, reinterpret_cast<const unsigned char*>(ours.data()),
        static_cast<unsigned>(ours.size()), offered, offered_length);
    *out = selected;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

int keep_session(SSL* connection, SSL_SESSION* ticket) {
    auto* session = static_cast<TlsSession*>(SSL_get_app_data(connection));
    session->ticket.reset(ticket);
    return 1;  // The reference is ours now.
}

std::unexpected<Error> bad_file(const std::string& file) {
    return fail(Code::invalid, fmt::format("{}: {}", file, take_tls_error()));
}

}  // namespace

void FreeTls::operator()(ssl_st* connection) const {
    // Without this, OpenSSL makes the session of a connection that was just dropped unusable.
    SSL_set_shutdown(connection, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(connection);
}
void FreeTls::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}
void FreeTls::operator()(ssl_session_st* session) const {
    SSL_SESSION_free(session);
}

Result<TlsServerContext> TlsServerContext::load(const std::string& certificate_file,
                                                const std::string& private_key_file) {
    TlsServerContext made;
    made.context_ = make_context(TLS_server_method());
    auto* context = made.context_.get();
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1)
        return bad_file(certificate_file);
    // Also says when the key does not belong to the certificate.
    if (SSL_CTX_use_PrivateKey_file(context, private_key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        return bad_file(private_key_file);
    SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
    SSL_CTX_set_num_tickets(context, 1);
    return made;
}

TlsConnection TlsServerContext::accept() const {
    auto connection = make_connection(context_.get());
    SSL_set_accept_state(connection.get());
    return connection;
}

Result<TlsClientContext> TlsClientContext::make(const std::string& ca_file) {
    TlsClientContext made;
    made.context_ = make_context(TLS_client_method());
    auto* context = made.context_.get();
    ERR_clear_error();
    SSL_CTX_set_default_verify_paths(context);
    if (!ca_file.empty() && SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1)
        return bad_file(ca_file);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_session_cache_mode(context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    return made;
}

TlsConnection TlsClientContext::connect(const std::string& host, TlsSession& session) const {
    auto connection = make_connection(context_.get());
    auto* tls = connection.get();
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    if (not_an_address) {
        SSL_set_tlsext_host_name(tls, host.c_str());
        SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (SSL_set1_host(tls, host.c_str()) != 1) throw std::bad_alloc();
    } else if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) != 1) {
        throw std::bad_alloc();
    }
    SSL_set_app_data(tls, &session);
    if (session.ticket) SSL_set_session(tls, session.ticket.get());
    SSL_set_connect_state(tls);
    return connection;
}

std::string take_tls_error() {
    const auto error = ERR_get_error();
    ERR_clear_error();
    if (error == 0) return "the connection was closed";
    const char* reason = ERR_reason_error_string(error);
    if (ERR_SYSTEM_ERROR(error)) return std::generic_category().message(ERR_GET_REASON(error));
    return reason != nullptr ? reason : "unknown TLS error";
}

}  // namespace hookreel::http
