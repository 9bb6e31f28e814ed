#include "http/tls.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <fstream>

#include "http/client/client.h"
#include "http/client/testing_dns.h"
#include "http/server/server.h"
#include "http/testing.h"
#include "http/testing_tls.h"

namespace hookreel::http {
namespace {

Task<Response> echo(Request& request) {
    const auto body = co_await request.read_all(100'000'000);
    co_return Response{200, {}, (request.secure() ? "secure " : "plain ") + body.value_or("")};
}

// A server with a certificate for the names and addresses of a test, and a client that trusts its
// authority.
class TlsTest : public testing::Test {
 protected:
    TlsTest() {
        EXPECT_TRUE(client_options_.rules.allow("127.0.0.0/8"));
        client_options_.name_servers = names_.address();
    }
    void TearDown() override {
        thread_.call([this] { client_.reset(); });
        if (server_) thread_.run(server_->stop(Duration(0)));
    }

    void start(const TestAuthority::Wanted& wanted, Handler handler = echo) {
        const auto files = authority_.sign(wanted);
        ServerOptions options = server_options_;
        options.certificate_file = files.certificate;
        options.private_key_file = files.key;
        server_.emplace(std::vector<Loop*>{&thread_.loop}, options, std::move(handler), log_);
        thread_.call([this] { ASSERT_TRUE(server_->start()); });
    }
    std::string url(const std::string& host) const {
        return fmt::format("https://{}:{}/", host, server_->port());
    }
    Result<ClientResponse> send(const std::string& url, MessageBody body = {}) {
        if (!client_) thread_.call([this] { client_.emplace(thread_.loop, client_options_); });
        ClientRequest request;
        request.method = "POST";
        request.url = *parse_url(url);
        request.body = std::move(body);
        return thread_.run(client_->send(std::move(request)));
    }
    void trust() { client_options_.ca_file = authority_.ca_file(); }
    void expect_refusal(const std::string& host, std::string_view reason) {
        const auto response = send(url(host));
        ASSERT_FALSE(response);
        EXPECT_EQ(Code::network, response.error().code);
        EXPECT_TRUE(response.error().detail.starts_with("tls: ")) << response.error().detail;
        EXPECT_TRUE(response.error().detail.contains(reason)) << response.error().detail;
    }

    TestAuthority authority_;
    TestNameServer names_{
        [](const TestNameServer::Question&) { return TestNameServer::Answer{{"127.0.0.1"}}; }};
    Log log_{Level::error, -1};
    LoopThread thread_;
    ServerOptions server_options_;
    ClientOptions client_options_;
    std::optional<Server> server_;
    std::optional<Client> client_;
};

TEST_F(TlsTest, CarriesRequestsOverAKeptConnection) {
    start({.names = "DNS:hook.test,IP:127.0.0.1"});
    trust();
    for (const auto* host : {"hook.test", "hook.test", "127.0.0.1"}) {
        const auto response = send(url(host), "hello");
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ("secure hello", response->body);
    }
    EXPECT_EQ(2u, server_->counters().connections.value());
}

TEST_F(TlsTest, CarriesLongBodiesBothWays) {
    start({.names = "DNS:hook.test"});
    trust();
    const std::string body(12'345'678, 'b');
    const auto response = send(url("hook.test"), body);
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_FALSE(response->body_is_whole);
    EXPECT_TRUE(response->body == ("secure " + body).substr(0, 1024 * 1024));
}

TEST_F(TlsTest, CarriesFilesBothWays) {
    const auto path =
        (std::filesystem::temp_directory_path() / fmt::format("tls_{}", ::getpid())).string();
    const std::string content(700'001, 'f');
    std::ofstream(path, std::ios::binary) << content;
    start({.names = "DNS:hook.test"}, [path, &content](Request& request) -> Task<Response> {
        const auto body = co_await request.read_all(1'000'000);
        EXPECT_TRUE(body == content);
        co_return Response{200, {}, *open_file(path)};
    });
    trust();
    const auto response = send(url("hook.test"), *open_file(path));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_TRUE(response->body == content);
    std::filesystem::remove(path);
}

TEST_F(TlsTest, TellsPlainHttpThatThePortSpeaksHttps) {
    start({.names = "DNS:hook.test"});
    const std::string body(100'000, 'b');
    for (const std::string& request :
         {std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
          fmt::format("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{}", body.size(), body)}) {
        auto peer = RawSocket::connect(server_->port());
        peer.send(request);
        const std::string answer = peer.receive_all();
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << answer;
        EXPECT_TRUE(answer.contains("\r\nConnection: close\r\n")) << answer;
        EXPECT_TRUE(answer.contains("this port speaks https")) << answer;
    }
    EXPECT_EQ(2u, server_->counters().bad_requests.value());
    EXPECT_EQ(0u, server_->counters().requests.value());
}

TEST_F(TlsTest, EndsWhatIsNeitherTlsNorHttp) {
    server_options_.limits.head_timeout = Duration(50);
    start({.names = "DNS:hook.test"});
    for (const std::string_view bytes : {"\x80\x2e\x01\x03", ""}) {
        auto peer = RawSocket::connect(server_->port());
        peer.send(bytes);
        EXPECT_FALSE(peer.receive_all().starts_with("HTTP"));
    }
}

TEST_F(TlsTest, RefusesAStranger) {
    start({.names = "DNS:hook.test"});
    expect_refusal("hook.test", "the certificate is of an unknown authority");
}

TEST_F(TlsTest, RefusesACertificateForAnotherName) {
    start({.names = "DNS:other.test,DNS:*.wild.test,IP:127.0.0.9"});
    trust();
    for (const auto* host : {"hook.test", "a.b.wild.test", "127.0.0.1"})
        expect_refusal(host, "the certificate is for another host");
    EXPECT_TRUE(send(url("a.wild.test")));
}

TEST_F(TlsTest, RefusesACertificateThatIsOver) {
    start({.names = "DNS:hook.test", .valid_from = -7'200, .valid_until = -3'600});
    trust();
    expect_refusal("hook.test", "the certificate is expired");
}

TEST_F(TlsTest, RefusesACertificateBeforeItsTime) {
    start({.names = "DNS:hook.test", .valid_from = 3'600, .valid_until = 7'200});
    trust();
    expect_refusal("hook.test", "the certificate is not valid yet");
}

TEST_F(TlsTest, RefusesASelfSignedCertificate) {
    start({.names = "DNS:hook.test", .self_signed = true});
    expect_refusal("hook.test", "the certificate is self-signed");
}

TEST_F(TlsTest, SaysThatThePeerSpeaksNoTls) {
    const RawServer plain([](RawSocket& peer) {
        peer.receive();
        peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    trust();
    const auto response = send(fmt::format("https://127.0.0.1:{}/", plain.port()));
    EXPECT_EQ(Code::network, response.error().code);
    EXPECT_TRUE(response.error().detail.starts_with("tls: ")) << response.error().detail;
}

TEST_F(TlsTest, GivesUpOnAHandshakeThatDoesNotEnd) {
    const RawServer silent([](RawSocket& peer) { peer.receive_all(); });
    trust();
    client_options_.connect_timeout = Duration(40);
    const auto response = send(fmt::format("https://127.0.0.1:{}/", silent.port()));
    EXPECT_EQ(Code::timed_out, response.error().code);
    EXPECT_EQ("timeout: TLS handshake, after 40 ms", response.error().detail);
}

TEST_F(TlsTest, ClosesAPeerThatDoesNotEndItsHandshake) {
    server_options_.limits.head_timeout = Duration(30);
    start({.names = "DNS:hook.test"});
    auto silent = RawSocket::connect(server_->port());
    EXPECT_EQ("", silent.receive_all());
    auto plain = RawSocket::connect(server_->port());
    plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_FALSE(plain.receive_all().contains("200"));
}

TEST_F(TlsTest, NamesTheFileThatIsWrong) {
    const auto files = authority_.sign({.names = "DNS:a.test"});
    const auto others = authority_.sign({.names = "DNS:b.test"});
    const auto missing = TlsServerContext::load("/nowhere.pem", files.key);
    EXPECT_EQ(Code::invalid, missing.error().code);
    EXPECT_TRUE(missing.error().detail.starts_with("/nowhere.pem: ")) << missing.error().detail;
    const auto mismatch = TlsServerContext::load(files.certificate, others.key);
    EXPECT_EQ(fmt::format("{}: key values mismatch", others.key), mismatch.error().detail);
    const auto no_authority = TlsClientContext::make({.ca_file = files.key});
    EXPECT_EQ(Code::unavailable, no_authority.error().code);

    start({.names = "DNS:hook.test"});
    client_options_.ca_file = "/nowhere.pem";
    const auto response = send(url("hook.test"));
    ASSERT_FALSE(response);
    EXPECT_EQ(Code::unavailable, response.error().code);
    EXPECT_TRUE(response.error().detail.starts_with("ours: /nowhere.pem: "))
        << response.error().detail;
}

// A blocking TLS peer, to see what a connection was agreed on.
class TlsPeer {
 public:
    explicit TlsPeer(std::uint16_t port) : socket_(RawSocket::connect(port)) {
        SSL_CTX_set_options(context_.get(), SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
    }
    SSL_CTX* context() { return context_.get(); }
    bool shake_hands() {
        tls_.reset(SSL_new(context_.get()));
        SSL_set_fd(tls_.get(), socket_.descriptor());
        return SSL_connect(tls_.get()) == 1;
    }
    SSL* tls() { return tls_.get(); }

 private:
    RawSocket socket_;
    std::unique_ptr<ssl_ctx_st, FreeTls> context_{SSL_CTX_new(TLS_client_method())};
    TlsConnection tls_;
};

TEST_F(TlsTest, RefusesOldVersionsAndAgreesOnHttp11) {
    start({.names = "DNS:hook.test"});
    TlsPeer old(server_->port());
    SSL_CTX_set_min_proto_version(old.context(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(old.context(), TLS1_1_VERSION);
    SSL_CTX_set_security_level(old.context(), 0);
    EXPECT_FALSE(old.shake_hands());

    TlsPeer modern(server_->port());
    const std::string_view offer("\x02h2\x08http/1.1", 12);
    SSL_CTX_set_alpn_protos(modern.context(), reinterpret_cast<const unsigned char*>(offer.data()),
                            static_cast<unsigned>(offer.size()));
    ASSERT_TRUE(modern.shake_hands());
    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(modern.tls(), &chosen, &length);
    EXPECT_EQ("http/1.1", std::string_view(reinterpret_cast<const char*>(chosen), length));
}

TEST_F(TlsTest, ResumesItsSessions) {
    start({.names = "DNS:hook.test"}, [](Request&) -> Task<Response> {
        co_return Response{200, {{"Connection", "close"}}, "once"};
    });
    auto context = TlsClientContext::make({.ca_file = authority_.ca_file()});
    ASSERT_TRUE(context);
    TlsSessions sessions;
    for (const bool is_resumed : {false, true, true}) {
        auto socket = RawSocket::connect(server_->port());
        auto tls = context->connect("hook.test", sessions);
        EXPECT_EQ(0u, sessions.size());  // Its only one is used up.
        SSL_set_fd(tls.get(), socket.descriptor());
        ASSERT_EQ(1, SSL_connect(tls.get()));
        EXPECT_EQ(is_resumed, SSL_session_reused(tls.get()) == 1);
        SSL_write(tls.get(), "GET / HTTP/1.0\r\n\r\n", 18);
        char bytes[1'000];
        EXPECT_GT(SSL_read(tls.get(), bytes, sizeof bytes), 0);
        EXPECT_EQ(1u, sessions.size());
    }
}

TEST_F(TlsTest, TakesACutForAnErrorAndNotForTheEnd) {
    const auto files = authority_.sign({.names = "IP:127.0.0.1"});
    const auto server_context = TlsServerContext::load(files.certificate, files.key);
    ASSERT_TRUE(server_context);
    for (const bool says_goodbye : {true, false}) {
        const RawServer server([&](RawSocket& peer) {
            auto tls = server_context->accept();
            SSL_set_fd(tls.get(), peer.descriptor());
            EXPECT_EQ(1, SSL_do_handshake(tls.get()));
            char bytes[1'000];
            SSL_read(tls.get(), bytes, sizeof bytes);
            SSL_write(tls.get(), "HTTP/1.1 200 OK\r\n\r\nuntil the end", 32);
            if (says_goodbye) SSL_shutdown(tls.get());
        });
        trust();
        const auto response = send(fmt::format("https://127.0.0.1:{}/", server.port()));
        EXPECT_EQ(says_goodbye, response.has_value());
    }
}

}  // namespace
}  // namespace hookreel::http
