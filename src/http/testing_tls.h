// Certificates that a test makes for itself. Included by *_test.cc only.
#pragma once

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

namespace hookreel::http {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, FreeKey>;
using CertificatePointer = std::unique_ptr<X509, FreeKey>;

// A folder with an authority (ca.pem) and what it signed.
class TestAuthority {
 public:
    struct Wanted {
        std::string names;  // "DNS:a.test,IP:127.0.0.1"
        long valid_from = -3'600;
        long valid_until = 3'600;  // Seconds from now.
        bool self_signed = false;
    };
    struct Files {
        std::string certificate;
        std::string key;
    };

    TestAuthority() : key_(EVP_EC_gen("P-256")) {
        std::string folder = (std::filesystem::temp_directory_path() / "tls_XXXXXX").string();
        EXPECT_NE(nullptr, ::mkdtemp(folder.data()));
        folder_ = folder;
        certificate_ = make("authority", key_.get(), {});
        add_extension(*certificate_, NID_basic_constraints, "critical,CA:TRUE");
        X509_sign(certificate_.get(), key_.get(), EVP_sha256());
        write(ca_file(), *certificate_);
    }
    ~TestAuthority() { std::filesystem::remove_all(folder_); }
    TestAuthority(const TestAuthority&) = delete;

    std::string ca_file() const { return folder_ + "/ca.pem"; }

    Files sign(const Wanted& wanted) {
        const auto stem = folder_ + "/" + std::to_string(++signed_);
        const KeyPointer key(EVP_EC_gen("P-256"));
        const auto certificate = make("server", key.get(), wanted);
        add_extension(*certificate, NID_subject_alt_name, wanted.names);
        if (wanted.self_signed)
            X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
        X509_sign(certificate.get(), wanted.self_signed ? key.get() : key_.get(), EVP_sha256());
        write(stem + ".pem", *certificate);
        std::FILE* file = std::fopen((stem + ".key").c_str(), "w");
        PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
        return {stem + ".pem", stem + ".key"};
    }

 private:
    CertificatePointer make(const char* subject, EVP_PKEY* key, const Wanted& wanted) {
        CertificatePointer certificate(X509_new());
        X509_set_version(certificate.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial_);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wanted.valid_from);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wanted.valid_until);
        X509_set_pubkey(certificate.get(), key);
        auto* name = X509_get_subject_name(certificate.get());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(subject), -1, -1, 0);
        auto* issuer = certificate_ ? X509_get_subject_name(certificate_.get()) : name;
        X509_set_issuer_name(certificate.get(), issuer);
        return certificate;
    }
    static void add_extension(X509& certificate, int kind, const std::string& value) {
        X509V3_CTX context{};
        X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
        auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
        ASSERT_NE(nullptr, extension);
        X509_add_ext(&certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    static void write(const std::string& path, X509& certificate) {
        std::FILE* file = std::fopen(path.c_str(), "w");
        PEM_write_X509(file, &certificate);
        std::fclose(file);
    }

    std::string folder_;
    long serial_ = 0;
    int signed_ = 0;
    KeyPointer key_;
    CertificatePointer certificate_;
};

}  // namespace hookreel::http
