// What a ClientTls changes, and what the client and a TLS server agree on.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <fstream>

#include "http/client/testing_client.h"
#include "http/testing_tls.h"
#include "http/tls.h"

namespace hookreel::http {
namespace {

std::string content_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

// What the server saw of one connection.
struct Seen {
    bool is_resumed = false;
    int version = 0;
    std::string client;  // The subject of its certificate.
};

class ClientTlsTest : public ClientTest {
 protected:
    using Prepare = std::function<void(SSL*)>;

    ClientTlsTest()
        : files_(authority_.sign({.names = "IP:127.0.0.1"})),
          context_(*TlsServerContext::load(files_.certificate, files_.key)) {}

    // Answers `requests` requests on each of `connections` connections, the last one with a close.
    std::unique_ptr<RawServer> start(int connections, int requests, Prepare prepare = {}) {
        const RawServer::Script script = [this, requests, prepare](RawSocket& peer) {
            serve(peer, requests, prepare);
        };
        return std::make_unique<RawServer>(
            std::vector<RawServer::Script>(static_cast<std::size_t>(connections), script));
    }
    void serve(RawSocket& peer, int requests, const Prepare& prepare) {
        const auto tls = context_.accept();
        if (prepare) prepare(tls.get());
        SSL_set_fd(tls.get(), peer.descriptor());
        if (SSL_do_handshake(tls.get()) != 1) return;
        Seen seen{SSL_session_reused(tls.get()) == 1, SSL_version(tls.get()), {}};
        if (auto* certificate = SSL_get0_peer_certificate(tls.get())) {
            char name[100];
            X509_NAME_oneline(X509_get_subject_name(certificate), name, sizeof name);
            seen.client = name;
        }
        seen_.push_back(seen);
        char bytes[2'000];
        for (int i = 1; i <= requests; ++i) {
            if (SSL_read(tls.get(), bytes, sizeof bytes) <= 0) return;
            const auto answer = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{}\r\nok",
                                            i == requests ? "Connection: close\r\n" : "");
            SSL_write(tls.get(), answer.data(), static_cast<int>(answer.size()));
        }
        SSL_shutdown(tls.get());
        peer.receive();
    }
    // Has the server ask for a certificate of our authority.
    Prepare wants_certificate() {
        return [ca_file = authority_.ca_file()](SSL* tls) {
            SSL_CTX_load_verify_file(SSL_get_SSL_CTX(tls), ca_file.c_str());
            SSL_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        };
    }
    std::string url(const RawServer& server) const {
        return fmt::format("https://127.0.0.1:{}/", server.port());
    }
    Result<ClientResponse> get_as(const RawServer& server, std::shared_ptr<const ClientTls> tls) {
        auto wanted = request(url(server));
        wanted.tls = std::move(tls);
        return send(std::move(wanted));
    }
    std::shared_ptr<ClientTls> trusting() {
        return std::make_shared<ClientTls>(
            ClientTls{.authorities = content_of(authority_.ca_file())});
    }

    TestAuthority authority_;
    TestAuthority::Files files_;
    TlsServerContext context_;
    std::vector<Seen> seen_;
};

TEST_F(ClientTlsTest, TrustsAnAuthorityForItsOwnRequestsOnly) {
    const auto server = start(3, 1);
    EXPECT_EQ("tls", error_class(get(url(*server)).error()));
    EXPECT_EQ("ok", get_as(*server, trusting())->body);
    EXPECT_EQ("tls", error_class(get(url(*server)).error()));
}

TEST_F(ClientTlsTest, SharesConnectionsAmongThoseWhoSayTheSame) {
    options_.ca_file = authority_.ca_file();
    const auto server = start(2, 3);
    EXPECT_TRUE(get_as(*server, trusting()));
    EXPECT_TRUE(get_as(*server, trusting()));
    EXPECT_EQ(1, server->accepted());
    EXPECT_TRUE(get_as(*server, trusting()));  // The last one that the first connection answers.
    EXPECT_TRUE(get(url(*server)));
    EXPECT_EQ(2, server->accepted());
}

TEST_F(ClientTlsTest, DoesNotLendAConnectionToAnotherIdentity) {
    options_.ca_file = authority_.ca_file();
    const auto own = authority_.sign({.names = "DNS:client.test"});
    auto identity = std::make_shared<ClientTls>();
    identity->certificate = content_of(own.certificate);
    identity->private_key = content_of(own.key);
    const RawServer server([&](RawSocket& peer) { serve(peer, 2, wants_certificate()); });
    EXPECT_TRUE(get_as(server, identity));
    auto stranger = request(url(server));
    stranger.connect_timeout =
        Duration(50);  // Nobody accepts it: it needs a connection of its own.
    EXPECT_EQ("timeout", error_class(send(std::move(stranger)).error()));
    EXPECT_TRUE(get_as(server, identity));
    EXPECT_EQ(1, server.accepted());
    RawSocket::connect(server.port());
}

TEST_F(ClientTlsTest, ShowsItsCertificate) {
    options_.ca_file = authority_.ca_file();
    const auto own = authority_.sign({.names = "DNS:client.test"});
    auto identity = std::make_shared<ClientTls>();
    identity->certificate = content_of(own.certificate);
    identity->private_key = content_of(own.key);
    const auto server = start(2, 1, wants_certificate());
    const auto stranger = get(url(*server));
    ASSERT_FALSE(stranger);
    EXPECT_EQ(Code::network, stranger.error().code);
    EXPECT_EQ("tls", error_class(stranger.error())) << stranger.error().detail;
    EXPECT_TRUE(stranger.error().detail.contains("certificate required"))
        << stranger.error().detail;
    const auto known = get_as(*server, identity);
    ASSERT_TRUE(known) << known.error().detail;
    ASSERT_EQ(1u, seen_.size());
    EXPECT_EQ("/CN=server", seen_.front().client);  // As the test's authority names everybody.
}

TEST_F(ClientTlsTest, SaysWhichTextIsUnusable) {
    const auto own = authority_.sign({.names = "DNS:a.test"});
    const auto other = authority_.sign({.names = "DNS:b.test"});
    const auto certificate = content_of(own.certificate);
    const auto key = content_of(own.key);
    EXPECT_TRUE(check_tls({}));
    EXPECT_TRUE(check_tls(
        {.certificate = certificate + content_of(authority_.ca_file()), .private_key = key}));
    struct Case {
        ClientTls tls;
        const char* member;
    };
    const std::string encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIBvTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQI\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n";
    for (const auto& [tls, member] :
         {Case{{.authorities = "nonsense"}, "authorities"},
          Case{{.authorities = key}, "authorities"},
          Case{{.authorities = certificate + "-----BEGIN CERTIFICATE-----\n"}, "authorities"},
          Case{{.authorities = std::string(300'000, 'x')}, "authorities"},
          Case{{.certificate = key, .private_key = key}, "certificate"},
          Case{{.certificate = certificate}, "private_key"},
          Case{{.private_key = key}, "certificate"},
          Case{{.certificate = certificate, .private_key = "nonsense"}, "private_key"},
          Case{{.certificate = certificate, .private_key = encrypted}, "private_key"},
          Case{{.certificate = certificate, .private_key = content_of(other.key)},
               "private_key"}}) {
        const auto checked = check_tls(tls);
        ASSERT_FALSE(checked) << member;
        EXPECT_EQ(Code::invalid, checked.error().code);
        EXPECT_TRUE(checked.error().detail.starts_with(fmt::format("{}: ", member)))
            << checked.error().detail;
    }
    const auto server = start(1, 1);
    const auto response =
        get_as(*server, std::make_shared<ClientTls>(ClientTls{.authorities = "x"}));
    EXPECT_EQ(Code::invalid, response.error().code);
    EXPECT_EQ("tls", error_class(response.error())) << response.error().detail;
}

TEST_F(ClientTlsTest, SpeaksTls12And13AndNothingOlder) {
    options_.ca_file = authority_.ca_file();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto server = start(1, 1, [version](SSL* tls) {
            SSL_set_min_proto_version(tls, version);
            SSL_set_max_proto_version(tls, version);
        });
        ASSERT_TRUE(get(url(*server)));
        EXPECT_EQ(version, seen_.back().version);
    }
    const auto old = start(1, 1, [](SSL* tls) {
        SSL_set_security_level(tls, 0);
        SSL_set_min_proto_version(tls, TLS1_VERSION);
        SSL_set_max_proto_version(tls, TLS1_1_VERSION);
    });
    const auto refused = get(url(*old));
    ASSERT_FALSE(refused);
    EXPECT_EQ(Code::network, refused.error().code);
    EXPECT_EQ("tls", error_class(refused.error())) << refused.error().detail;
}

TEST_F(ClientTlsTest, ResumesASessionAndOnlyItsOwn) {
    options_.ca_file = authority_.ca_file();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        seen_.clear();
        const auto server =
            start(4, 1, [version](SSL* tls) { SSL_set_max_proto_version(tls, version); });
        EXPECT_TRUE(get(url(*server)));
        EXPECT_TRUE(get(url(*server)));
        EXPECT_TRUE(get_as(*server, trusting()));  // Another trust: nothing is known of it yet.
        EXPECT_TRUE(get(url(*server)));
        ASSERT_EQ(4u, seen_.size());
        EXPECT_FALSE(seen_[0].is_resumed);
        EXPECT_TRUE(seen_[1].is_resumed) << version;
        EXPECT_FALSE(seen_[2].is_resumed);
        EXPECT_TRUE(seen_[3].is_resumed) << version;
    }
}

}  // namespace
}  // namespace hookreel::http
