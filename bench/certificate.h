// A certificate that signs itself, for sinks that serve https.
#pragma once

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace hookreel::bench {

// A context for TLS 1.3 whose certificate is valid for `addresses`; the certificate is written to
// `file`, for the senders to trust. Ends the process if that fails.
inline SSL_CTX* make_server_context(const std::vector<std::string>& addresses,
                                    const std::string& file) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    const auto* common = reinterpret_cast<const unsigned char*>("sink");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    std::string names;
    for (const auto& address : addresses)
        names += fmt::format("{}IP:{}", names.empty() ? "" : ",", address);
    X509V3_CTX context{};
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, names.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate, key, EVP_sha256());

    std::FILE* out = std::fopen(file.c_str(), "w");
    if (out == nullptr || PEM_write_X509(out, certificate) != 1) {
        std::perror(file.c_str());
        std::exit(1);
    }
    std::fclose(out);
    SSL_CTX* made = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION);
    SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(made, 1);
    SSL_CTX_use_certificate(made, certificate);
    SSL_CTX_use_PrivateKey(made, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return made;
}

}  // namespace hookreel::bench
