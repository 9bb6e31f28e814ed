#include "http/client/proxy.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "http/client/testing_client.h"
#include "http/testing_tls.h"
#include "http/tls.h"

namespace hookreel::http {
namespace {

TEST(ParseProxy, TakesAnAddressAndPerhapsCredentials) {
    const auto plain = parse_proxy("http://Proxy.example:3128");
    ASSERT_TRUE(plain) << plain.error().detail;
    EXPECT_EQ("proxy.example", plain->url.host);
    EXPECT_EQ(3128, plain->url.port);
    EXPECT_EQ("", plain->authorization);
    EXPECT_EQ(80, parse_proxy("http://10.0.0.1/")->url.port);
    // RFC 7617 section 2.
    EXPECT_EQ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
              parse_proxy("http://Aladdin:open%20sesame@proxy:1")->authorization);
    EXPECT_EQ("Basic dTpwQDov", parse_proxy("http://u:p%40%3A%2F@[::1]:1")->authorization);
    EXPECT_EQ("Basic dTo=", parse_proxy("http://u@proxy:1")->authorization);
}

TEST(ParseProxy, RefusesWhatIsNone) {
    for (const char* text :
         {"", "proxy:3128", "https://proxy:3128", "socks5://proxy:1080", "http://", "http://:80",
          "http://@proxy:80", "http://:secret@proxy:80", "http://u:%0d%0aX@proxy:80",
          "http://u:%zz@proxy:80", "http://u%3Av:secret@proxy:80", "http://proxy:80/path",
          "http://proxy:80?query", "http://proxy:0", "http://proxy:99999"}) {
        const auto proxy = parse_proxy(text);
        ASSERT_FALSE(proxy) << text;
        EXPECT_EQ(Code::invalid, proxy.error().code);
        EXPECT_FALSE(proxy.error().detail.contains("secret")) << proxy.error().detail;
    }
}

class ProxyTest : public ClientTest {
 protected:
    // Only the targets of our rules matter: the proxy itself is not checked.
    ProxyTest() { options_.rules = AddressRules(); }

    void use(const RawServer& proxy, const std::string& credentials = {}) {
        options_.proxy =
            *parse_proxy(fmt::format("http://{}127.0.0.1:{}", credentials, proxy.port()));
    }
    // What becomes of a request for https when the proxy says this.
    Error tunnel_error(std::string_view answer) {
        const RawServer proxy([answer](RawSocket& peer) {
            peer.receive_until("\r\n\r\n");
            peer.send(answer);
        });
        use(proxy);
        const auto response = get("https://hook.test/");
        thread_.call([this] { client_.reset(); });
        return response ? Error{Code::internal, "no error"} : response.error();
    }
};

TEST_F(ProxyTest, CarriesHttpInAbsoluteFormOverAKeptConnection) {
    std::string asked;
    const RawServer proxy([&asked](RawSocket& peer) {
        for (int i = 0; i < 2; ++i) {
            asked = peer.receive_until("\r\n\r\n");
            peer.send(ok);
        }
    });
    use(proxy, "u:p@");
    for (int i = 0; i < 2; ++i) {
        auto sent = request("http://hook.test:8080/path?query");
        sent.headers.add("Proxy-Authorization", "of the caller");
        const auto response = send(std::move(sent));
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ("ok", response->body);
    }
    EXPECT_EQ(
        "GET http://hook.test:8080/path?query HTTP/1.1\r\nHost: hook.test:8080\r\n"
        "User-Agent: Hookreel\r\nProxy-Authorization: Basic dTpw\r\n\r\n",
        asked);
    EXPECT_EQ(1, proxy.accepted());
}

TEST_F(ProxyTest, CarriesHttpsThroughATunnel) {
    TestAuthority authority;
    const auto files = authority.sign({.names = "DNS:hook.test"});
    const auto server = TlsServerContext::load(files.certificate, files.key);
    ASSERT_TRUE(server);
    std::string asked;
    std::string inside;
    const RawServer proxy([&](RawSocket& peer) {
        asked = peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
        const auto tls = server->accept();
        SSL_set_fd(tls.get(), peer.descriptor());
        ASSERT_EQ(1, SSL_do_handshake(tls.get()));
        for (int i = 0; i < 2; ++i) {
            char bytes[1'000];
            const int count = SSL_read(tls.get(), bytes, sizeof bytes);
            inside.assign(bytes, static_cast<std::size_t>(std::max(count, 0)));
            SSL_write(tls.get(), ok.data(), static_cast<int>(ok.size()));
        }
    });
    use(proxy, "u:p@");
    options_.ca_file = authority.ca_file();
    for (int i = 0; i < 2; ++i) {
        const auto response = get("https://hook.test/path");
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ("ok", response->body);
    }
    EXPECT_EQ(
        "CONNECT hook.test:443 HTTP/1.1\r\nHost: hook.test:443\r\n"
        "Proxy-Authorization: Basic dTpw\r\n\r\n",
        asked);
    EXPECT_EQ("GET /path HTTP/1.1\r\nHost: hook.test\r\nUser-Agent: Hookreel\r\n\r\n", inside);
    EXPECT_EQ(1, proxy.accepted());
}

// What it looks up is its own affair, but an address needs no look-up.
TEST_F(ProxyTest, IsNotAskedForAddressesThatTheRulesRefuse) {
    const RawServer proxy([](RawSocket&) {});
    use(proxy);
    for (const char* url :
         {"http://127.0.0.1/", "https://10.0.0.1/", "http://169.254.169.254/latest/meta-data/",
          "http://[::1]/", "https://[::ffff:10.0.0.1]/", "http://[64:ff9b::a9fe:a9fe]/",
          "http://localhost/", "http://localhost./", "http://a.localhost/"}) {
        const auto response = get(url);
        ASSERT_FALSE(response) << url;
        EXPECT_EQ(Code::denied, response.error().code) << url;
        EXPECT_EQ("address", error_class(response.error())) << response.error().detail;
    }
    EXPECT_EQ(0, proxy.accepted());
    RawSocket::connect(proxy.port());
}

TEST_F(ProxyTest, IsBlamedForItsOwnFaultsOnly) {
    EXPECT_EQ((Error{Code::unavailable, "proxy: it wants other credentials (407)"}),
              tunnel_error("HTTP/1.1 407 No\r\n\r\n"));
    EXPECT_EQ((Error{Code::unavailable, "proxy: it answers CONNECT with 500"}),
              tunnel_error("HTTP/1.1 500 No\r\n\r\n"));
    EXPECT_EQ((Error{Code::unavailable, "proxy: it answers CONNECT with 302"}),
              tunnel_error("HTTP/1.1 302 Elsewhere\r\nLocation: http://127.0.0.1/\r\n\r\n"));
    EXPECT_EQ((Error{Code::unavailable, "proxy: it closed the connection"}), tunnel_error(""));
    EXPECT_EQ((Error{Code::unavailable, "proxy: it speaks before we do"}),
              tunnel_error("HTTP/1.1 200 OK\r\n\r\nhello"));
    EXPECT_EQ("proxy", error_class(tunnel_error("nonsense\r\n\r\n")));
    EXPECT_EQ("proxy", error_class(tunnel_error("HTTP/1.1 200 " + std::string(100'000, 'x'))));
    EXPECT_EQ((Error{Code::network, "connect: the proxy did not reach the target (502)"}),
              tunnel_error("HTTP/1.1 502 No\r\n\r\n"));
    EXPECT_EQ((Error{Code::denied, "address: the proxy refuses the target (403)"}),
              tunnel_error("HTTP/1.1 403 No\r\n\r\n"));
}

TEST_F(ProxyTest, ThatWantsCredentialsForHttpIsNoReceiver) {
    const RawServer proxy([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
    });
    use(proxy);
    EXPECT_EQ((Error{Code::unavailable, "proxy: it wants other credentials (407)"}),
              get("http://hook.test/").error());
}

TEST_F(ProxyTest, ThatWantsCredentialsIsNoReceiverEvenForThoseWhoNeedOnlyAHead) {
    const RawServer proxy([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 407 No\r\nContent-Length: 9\r\n\r\ncut");
    });
    use(proxy);
    ClientRequest content = request("http://hook.test/");
    content.needs = ClientRequest::Needs::head;
    EXPECT_EQ((Error{Code::unavailable, "proxy: it wants other credentials (407)"}),
              send(std::move(content)).error());
}

TEST_F(ProxyTest, ThatIsNotThereIsOurFault) {
    std::uint16_t port = 0;
    {
        const RawServer gone(std::vector<RawServer::Script>{});
        port = gone.port();
    }
    options_.proxy = *parse_proxy(fmt::format("http://127.0.0.1:{}", port));
    EXPECT_EQ((Error{Code::unavailable, "proxy: connect: Connection refused (127.0.0.1)"}),
              get("http://hook.test/").error());
    TestNameServer names(
        [](const TestNameServer::Question&) { return TestNameServer::Answer{{}, 60, false}; });
    thread_.call([this] { client_.reset(); });
    options_.name_servers = names.address();
    options_.proxy = *parse_proxy("http://no-proxy.test:1");
    EXPECT_EQ((Error{Code::unavailable, "proxy: dns: no such name"}),
              get("https://hook.test/").error());
}

TEST_F(ProxyTest, ThatStaysSilentTakesNoLongerThanAConnectionMay) {
    const RawServer proxy([](RawSocket& peer) { peer.receive_until("never"); });
    use(proxy);
    options_.connect_timeout = Duration(50);
    EXPECT_EQ((Error{Code::timed_out, "timeout: connecting through the proxy, after 50 ms"}),
              get("https://hook.test/").error());
}

// The environment is for other programs.
TEST_F(ProxyTest, OfTheEnvironmentIsIgnored) {
    const RawServer proxy([](RawSocket&) {});
    const RawServer server([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
    });
    ASSERT_TRUE(options_.rules.allow("127.0.0.1"));
    const auto address = fmt::format("http://127.0.0.1:{}", proxy.port());
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        ::setenv(name, address.c_str(), 1);
    EXPECT_EQ("ok", get(server.url())->body);
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        ::unsetenv(name);
    EXPECT_EQ(0, proxy.accepted());
    RawSocket::connect(proxy.port());
}

}  // namespace
}  // namespace hookreel::http
