#include "http/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <ctime>
#include <new>
#include <string_view>

namespace hookreel::http {
namespace {

// RELEASE_BUFFERS: an idle connection holds no record buffers, 16 + 16 KiB less.
constexpr auto modes =
    SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER;
// Of a peer. A server mostly gives two per connection.
constexpr std::size_t sessions_max = 4;
// A resumed connection shows no certificate, so one that is over would be taken for longer.
constexpr std::time_t session_seconds = 3'600;
constexpr std::size_t pem_bytes_max = 256 * 1024;
constexpr auto context_options = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION;

// OpenSSL would ask at the terminal.
int give_no_password(char*, int, int, void*) {
    return 0;
}

std::unique_ptr<ssl_ctx_st, FreeTls> make_context(const SSL_METHOD* method) {
    std::unique_ptr<ssl_ctx_st, FreeTls> context(SSL_CTX_new(method));
    if (!context) throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context.get(), modes);
    SSL_CTX_set_options(context.get(), context_options);
    SSL_CTX_set_read_ahead(context.get(), 1);  // One read per record instead of two.
    SSL_CTX_set_default_passwd_cb(context.get(), give_no_password);
    return context;
}

TlsConnection make_connection(ssl_ctx_st* context) {
    TlsConnection connection(SSL_new(context));
    if (!connection) throw std::bad_alloc();
    return connection;
}

constexpr std::string_view http_1_1("\x08http/1.1", 9);  // As ALPN writes it.

// Clients that offer HTTP/2 as well are told to speak HTTP/1.1.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_length,
                    const unsigned char* offered, unsigned offered_length, void*) {
    auto* selected = const_cast<unsigned char*>(*out);
    const auto found = SSL_select_next_proto(
        &selected, out_length, reinterpret_cast<const unsigned char*>(http_1_1.data()),
        static_cast<unsigned>(http_1_1.size()), offered, offered_length);
    *out = selected;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

int keep_session(SSL* connection, SSL_SESSION* session) {
    auto* sessions = static_cast<TlsSessions*>(SSL_get_app_data(connection));
    sessions->keep(std::unique_ptr<SSL_SESSION, FreeTls>(session));
    return 1;  // The reference is ours now.
}

std::unexpected<Error> bad_file(const std::string& file) {
    return fail(Code::invalid, fmt::format("{}: {}", file, take_tls_error()));
}

std::unexpected<Error> bad_text(std::string_view member, std::string_view why) {
    ERR_clear_error();
    return fail(Code::invalid, fmt::format("{}: {}", member, why));
}

struct FreePem {
    void operator()(BIO* source) const { BIO_free(source); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using PemSource = std::unique_ptr<BIO, FreePem>;
using Certificate = std::unique_ptr<X509, FreePem>;

// All certificates of a PEM text; empty when something in it is none.
std::vector<Certificate> read_certificates(const std::string& pem) {
    std::vector<Certificate> all;
    if (pem.size() > pem_bytes_max) return all;
    const PemSource source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!source) throw std::bad_alloc();
    for (;;) {
        ERR_clear_error();
        Certificate one(PEM_read_bio_X509(source.get(), nullptr, give_no_password, nullptr));
        if (!one) break;
        all.push_back(std::move(one));
    }
    // The end of the text is the only good reason to stop.
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) all.clear();
    return all;
}

Result<void> trust(SSL_CTX* context, const std::string& authorities) {
    const auto all = read_certificates(authorities);
    if (all.empty()) return bad_text("authorities", "it is no PEM text of certificates");
    for (const auto& one : all)
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get()) != 1)
            return bad_text("authorities", "a certificate in it cannot be used");
    return {};
}

Result<void> identify(SSL_CTX* context, const TlsClientOptions& options) {
    const auto chain = read_certificates(options.certificate);
    if (chain.empty()) return bad_text("certificate", "it is no PEM text of certificates");
    if (SSL_CTX_use_certificate(context, chain.front().get()) != 1)
        return bad_text("certificate", "it cannot be used: " + take_tls_error());
    for (std::size_t i = 1; i < chain.size(); ++i)
        if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1)
            return bad_text("certificate", "its chain cannot be used: " + take_tls_error());
    const auto& pem = options.private_key;
    if (pem.size() > pem_bytes_max) return bad_text("private_key", "it is too long");
    const PemSource source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!source) throw std::bad_alloc();
    const std::unique_ptr<EVP_PKEY, FreePem> key(
        PEM_read_bio_PrivateKey(source.get(), nullptr, give_no_password, nullptr));
    if (!key) return bad_text("private_key", "it is no PEM text of a key without a password");
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        return bad_text("private_key", "it does not belong to the certificate");
    return {};
}

class TlsCategory final : public boost::system::error_category {
 public:
    const char* name() const noexcept override { return "tls"; }
    std::string message(int value) const override {
        const char* reason = ERR_reason_error_string(static_cast<unsigned long>(value));
        return reason != nullptr ? reason : "unknown TLS error";
    }
};

}  // namespace

void TlsSessions::keep(std::unique_ptr<ssl_session_st, FreeTls> session) {
    if (sessions_.size() == sessions_max) sessions_.erase(sessions_.begin());
    sessions_.push_back(std::move(session));
}

std::unique_ptr<ssl_session_st, FreeTls> TlsSessions::take() {
    while (!sessions_.empty()) {
        auto& last = sessions_.back();
        const bool is_old = std::time(nullptr) - SSL_SESSION_get_time(last.get()) > session_seconds;
        const bool is_used_once = SSL_SESSION_get_protocol_version(last.get()) >= TLS1_3_VERSION;
        if (!is_old && !is_used_once) {
            SSL_SESSION_up_ref(last.get());
            return std::unique_ptr<ssl_session_st, FreeTls>(last.get());
        }
        auto taken = std::move(last);
        sessions_.pop_back();
        if (!is_old && SSL_SESSION_is_resumable(taken.get()) == 1) return taken;
    }
    return nullptr;
}

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

Result<TlsClientContext> TlsClientContext::make(const TlsClientOptions& options) {
    TlsClientContext made;
    made.context_ = make_context(TLS_client_method());
    auto* context = made.context_.get();
    ERR_clear_error();
    SSL_CTX_set_default_verify_paths(context);
    ERR_clear_error();
    if (!options.ca_file.empty() && SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1)
        return fail(Code::unavailable, bad_file(options.ca_file).error().detail);
    auto usable = Result<void>();
    if (!options.authorities.empty()) usable = trust(context, options.authorities);
    if (usable && !(options.certificate.empty() && options.private_key.empty()))
        usable = identify(context, options);
    if (!usable) return fail(std::move(usable.error()));
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_session_cache_mode(context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(http_1_1.data()),
                            static_cast<unsigned>(http_1_1.size()));
    return made;
}

TlsConnection TlsClientContext::connect(const std::string& host, TlsSessions& sessions) const {
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
    SSL_set_app_data(tls, &sessions);
    if (const auto session = sessions.take()) SSL_set_session(tls, session.get());
    SSL_set_connect_state(tls);
    return connection;
}

namespace {

std::string entry_of(const X509_NAME* of, int kind) {
    std::array<char, 256> text{};
    const int size = X509_NAME_get_text_by_NID(of, kind, text.data(), text.size());
    return size > 0 ? std::string(text.data()) : std::string();
}

CertificateFacts facts_of(const X509* certificate) {
    CertificateFacts facts;
    const X509_NAME* issuer = X509_get_issuer_name(certificate);
    facts.issuer = entry_of(issuer, NID_commonName);
    if (facts.issuer.empty()) facts.issuer = entry_of(issuer, NID_organizationName);
    std::tm time{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1)
        facts.expires = from_unix_seconds(::timegm(&time));
    return facts;
}

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* file) const { BIO_free(file); }
};

}  // namespace

std::optional<CertificateFacts> peer_certificate(const ssl_st* connection) {
    const X509* certificate = SSL_get0_peer_certificate(connection);
    if (!certificate) return std::nullopt;
    return facts_of(certificate);
}

Result<CertificateFacts> read_certificate(const std::string& file) {
    const std::unique_ptr<BIO, FreeCertificate> in(BIO_new_file(file.c_str(), "r"));
    const std::unique_ptr<X509, FreeCertificate> certificate(
        in ? PEM_read_bio_X509(in.get(), nullptr, give_no_password, nullptr) : nullptr);
    if (!certificate) return fail(Code::invalid, fmt::format("{}: {}", file, take_tls_error()));
    return facts_of(certificate.get());
}

std::string refused_certificate(const ssl_st* connection) {
    const auto verdict = SSL_get_verify_result(connection);
    std::string_view reason = "the certificate is refused";
    switch (verdict) {
        case X509_V_OK:
            return {};
        case X509_V_ERR_CERT_HAS_EXPIRED:
            reason = "the certificate is expired";
            break;
        case X509_V_ERR_CERT_NOT_YET_VALID:
            reason = "the certificate is not valid yet";
            break;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            reason = "the certificate is for another host";
            break;
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            reason = "the certificate is self-signed";
            break;
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            reason = "the certificate is of an unknown authority";
            break;
        default:
            break;
    }
    return fmt::format("{} ({})", reason, X509_verify_cert_error_string(verdict));
}

const boost::system::error_category& tls_category() {
    static const TlsCategory category;
    return category;
}

boost::system::error_code take_tls_error_code() {
    const auto error = ERR_get_error();
    ERR_clear_error();
    const bool is_cut = ERR_GET_LIB(error) == ERR_LIB_SSL &&
                        ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    if (error == 0 || is_cut || ERR_SYSTEM_ERROR(error))
        return boost::asio::error::connection_reset;
    return {static_cast<int>(error), tls_category()};
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
