#include "app/doctor/reach.h"

#include <gtest/gtest.h>

#include "http/client/testing_dns.h"
#include "http/server/server.h"
#include "http/testing_tls.h"

namespace hookreel::app::doctor {
namespace {

// A loop with a server of one answer on it, and a name server that knows hook.test.
class Reach : public testing::Test {
 protected:
    Reach()
        : names_([](const http::TestNameServer::Question& question) { return answer(question); }) {
        network_.name_servers = names_.address();
        EXPECT_TRUE(network_.rules.allow("127.0.0.0/8"));
    }

    static std::optional<http::TestNameServer::Answer> answer(
        const http::TestNameServer::Question& question) {
        if (question.name != "hook.test") return http::TestNameServer::Answer{.exists = false};
        return http::TestNameServer::Answer{question.is_v6 ? std::vector<std::string>()
                                                           : std::vector<std::string>{"127.0.0.1"}};
    }

    void serve(http::ServerOptions options, int status = 200, std::string said = "said\n") {
        server_ = std::make_unique<http::Server>(
            std::vector<Loop*>{&loop_}, std::move(options),
            [status, said = std::move(said)](http::Request&) -> Task<http::Response> {
                co_return http::Response{status, {}, std::string(said)};
            },
            log_);
        ASSERT_TRUE(server_->start());
    }
    std::string url(std::string_view scheme, std::string_view host) const {
        return fmt::format("{}://{}:{}/hook", scheme, host, server_->port());
    }

    Findings run(Task<Findings> look) {
        Findings findings;
        asio::co_spawn(loop_, finish(std::move(look), findings),
                       [this](const std::exception_ptr& error) {
                           if (error) std::rethrow_exception(error);
                           loop_.stop();
                       });
        loop_.run_for(std::chrono::seconds(60));
        return findings;
    }
    Task<void> finish(Task<Findings> look, Findings& out) {
        out = co_await std::move(look);
        if (server_) co_await server_->stop(Duration(100));
    }

    static std::string told(const Findings& findings) {
        std::string text;
        for (const Finding& finding : findings)
            text += fmt::format("{}: {}; ", finding.subject, name(finding.outcome));
        return text;
    }

    Loop loop_{1};
    Log log_{Level::error};
    http::TestNameServer names_;
    Network network_{loop_, {}, {}, {}};
    std::unique_ptr<http::Server> server_;
};

TEST_F(Reach, FindsThatNameServersAnswer) {
    EXPECT_EQ(told(run(check_names(network_, {}))), "look-up: ok; ");
}

TEST_F(Reach, NamesWhatDoesNotExist) {
    EXPECT_EQ(told(run(check_names(network_, {"hook.test", "none.test"}))),
              "look-up: ok; look-up: failed; ");
}

TEST_F(Reach, FollowsAUrlToItsConnection) {
    serve({});
    EXPECT_EQ(told(run(check_url(network_, url("http", "hook.test")))),
              "look-up: ok; address rules: ok; connection: ok; TLS: warning; ");
}

TEST_F(Reach, SaysThatAnAddressIsClosed) {
    serve({});
    network_.rules = {};
    const Findings findings = run(check_url(network_, url("http", "hook.test")));
    EXPECT_EQ(told(findings), "look-up: ok; address rules: failed; ");
    EXPECT_TRUE(findings[1].found.contains("127.0.0.1"));
}

TEST_F(Reach, SaysThatNobodyListens) {
    serve({});
    const std::string gone = url("http", "127.0.0.1");
    run(check_names(network_, {"hook.test"}));  // Its end stops the server.
    server_.reset();
    loop_.restart();
    EXPECT_EQ(told(run(check_url(network_, gone))),
              "look-up: ok; address rules: ok; connection: failed; ");
}

TEST_F(Reach, TellsTheDaysOfACertificate) {
    http::TestAuthority authority;
    const auto files = authority.sign({.names = "DNS:hook.test", .valid_until = 30 * 86'400});
    serve({.certificate_file = files.certificate, .private_key_file = files.key});
    network_.ca_file = authority.ca_file();
    const Findings findings = run(check_url(network_, url("https", "hook.test")));
    EXPECT_EQ(told(findings),
              "look-up: ok; address rules: ok; connection: ok; TLS: ok; certificate: ok; ");
    EXPECT_TRUE(findings[4].found.starts_with("29 days left")) << findings[4].found;
}

TEST_F(Reach, WarnsOfACertificateThatEndsSoon) {
    http::TestAuthority authority;
    const auto files = authority.sign({.names = "DNS:hook.test", .valid_until = 86'400 * 3});
    serve({.certificate_file = files.certificate, .private_key_file = files.key});
    network_.ca_file = authority.ca_file();
    EXPECT_TRUE(told(run(check_url(network_, url("https", "hook.test"))))
                    .ends_with("TLS: ok; certificate: warning; "));
}

TEST_F(Reach, SaysWhyACertificateIsRefused) {
    http::TestAuthority authority;
    const auto files = authority.sign({.names = "DNS:other.test"});
    serve({.certificate_file = files.certificate, .private_key_file = files.key});
    network_.ca_file = authority.ca_file();
    const Findings findings = run(check_url(network_, url("https", "hook.test")));
    EXPECT_TRUE(told(findings).ends_with("connection: ok; TLS: failed; "));
    EXPECT_TRUE(findings[3].found.contains("another host")) << findings[3].found;
}

TEST_F(Reach, AsksAServerWhetherItIsReady) {
    serve({}, 200);
    EXPECT_EQ(told(run(check_server(network_, url("http", "127.0.0.1")))),
              "server: ok; clock of the server: ok; ");
}

TEST_F(Reach, SaysWhatAServerLacks) {
    serve({}, 503);
    const Findings findings = run(check_server(network_, url("http", "127.0.0.1")));
    EXPECT_EQ(findings[0].outcome, Outcome::failed);
    EXPECT_EQ(findings[0].found, "/readyz answers 503: said");
}

TEST_F(Reach, ListensWhereItCan) {
    EXPECT_EQ(told(run(check_listening(network_, {"127.0.0.1", 0}))), "listening: ok; ");
    loop_.restart();
    const Findings findings = run(check_listening(network_, {"999.1.1.1", 5}));
    EXPECT_EQ(told(findings), "listening: failed; ");
    EXPECT_TRUE(findings[0].found.contains("999.1.1.1")) << findings[0].found;
}

TEST_F(Reach, SaysThatAPortIsInUse) {
    serve({});
    const Findings findings = run(check_listening(network_, {"127.0.0.1", server_->port()}));
    EXPECT_EQ(told(findings), "listening: failed; ");
    EXPECT_TRUE(findings[0].found.contains("in use")) << findings[0].found;
}

TEST_F(Reach, KnowsTheServerThatRunsAlready) {
    serve({}, 503, "not ready: the disk is full\n");
    EXPECT_EQ(told(run(check_listening(network_, {"127.0.0.1", server_->port()}))),
              "listening: ok; ");
}

TEST_F(Reach, CannotTellWhoListensBehindACertificate) {
    http::TestAuthority authority;
    const auto files = authority.sign({.names = "DNS:hook.test"});
    serve({.certificate_file = files.certificate, .private_key_file = files.key});
    Place place{"127.0.0.1", server_->port(), http::Url::Scheme::https};
    EXPECT_EQ(told(run(check_listening(network_, std::move(place)))), "listening: warning; ");
}

}  // namespace
}  // namespace hookreel::app::doctor
