#include "http/client/client.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "http/client/testing_client.h"
#include "http/server/server.h"

namespace hookreel::http {
namespace {

TEST_F(ClientTest, SendsARequestAndReadsItsAnswer) {
    std::string received;
    const RawServer server([&received](RawSocket& peer) {
        received = peer.receive_until("body");
        peer.send("HTTP/1.1 201 Created\r\nX-A: b\r\nContent-Length: 3\r\n\r\nyes");
    });
    auto posted = request(server.url("/path?query"), "POST");
    posted.headers.add("X-Own", "1");
    posted.headers.add("content-length", "999");
    posted.body = "body";
    const auto response = send(std::move(posted));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(201, response->status);
    EXPECT_EQ("b", response->headers.get("x-a"));
    EXPECT_EQ("yes", response->body);
    EXPECT_TRUE(response->body_is_whole);
    EXPECT_EQ(fmt::format("POST /path?query HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                          "User-Agent: Hookreel\r\nX-Own: 1\r\nContent-Length: 4\r\n\r\nbody",
                          server.port()),
              received);
}

TEST_F(ClientTest, SendsTheHeadThatItSaid) {
    std::string received;
    const RawServer server([&received](RawSocket& peer) {
        received = peer.receive_until("body");
        peer.send(ok);
    });
    auto posted = request(server.url("/path"), "POST");
    posted.body = "body";
    Client& sender = client();
    thread_.call([&] { posted.head = sender.head(posted); });
    const std::string said = posted.head;
    EXPECT_EQ(fmt::format("POST /path HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUser-Agent: Hookreel\r\n"
                          "Content-Length: 4\r\n\r\n",
                          server.port()),
              said);
    posted.headers.add("X-Late", "1");  // The head is not made again.
    ASSERT_TRUE(send(std::move(posted)));
    EXPECT_EQ(said + "body", received);
}

TEST_F(ClientTest, RefusesToSendWhatWouldBreakTheHead) {
    const std::string url = "http://127.0.0.1:1/";
    for (const auto& [field, value] :
         {std::pair("X", "a\r\nY: b"), {"X Y", "a"}, {"X:", "a"}, {"", "a"}, {"X", "a\nb"}}) {
        auto bad = request(url);
        bad.headers.add(field, value);
        EXPECT_EQ(Code::invalid, send(std::move(bad)).error().code) << field << value;
    }
    EXPECT_EQ(Code::invalid, send(request(url, "GET /")).error().code);
    auto bad = request(url);
    bad.url.target = "/a b";
    EXPECT_EQ(Code::invalid, send(std::move(bad)).error().code);
}

TEST_F(ClientTest, KeepsItsConnection) {
    const RawServer server([](RawSocket& peer) {
        for (int i = 0; i < 3; ++i) {
            peer.receive_until("\r\n\r\n");
            peer.send(ok);
        }
    });
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ("ok", get(server.url())->body);
    EXPECT_EQ(1, server.accepted());
}

TEST_F(ClientTest, OpensAnotherConnectionWhenThePeerSaysSo) {
    for (const std::string_view answer :
         {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
          "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more"}) {
        const auto script = [answer](RawSocket& peer) {
            peer.receive_until("\r\n\r\n");
            peer.send(answer);
            peer.receive();  // Until the client closes.
        };
        const RawServer server({script, script});
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ("ok", get(server.url())->body);
        EXPECT_EQ(2, server.accepted());
    }
}

TEST_F(ClientTest, TriesOnceMoreWhenAKeptConnectionIsDead) {
    const auto answer_one = [](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
    };
    // Dies when the second request is there: a reset, or an orderly close.
    for (const bool with_reset : {true, false}) {
        const RawServer server({[&](RawSocket& peer) {
                                    answer_one(peer);
                                    peer.receive_until("\r\n\r\n");
                                    if (with_reset) peer.reset();
                                },
                                answer_one});
        EXPECT_EQ("ok", get(server.url())->body);
        const auto second = get(server.url());
        ASSERT_TRUE(second) << second.error().detail;
        EXPECT_EQ("ok", second->body);
        EXPECT_EQ(2, server.accepted());
    }
}

TEST_F(ClientTest, DoesNotTryAgainOnANewConnectionOrAfterAByte) {
    const auto die = [](RawSocket& peer) { peer.receive_until("\r\n\r\n"); };
    const RawServer fresh({die, die});
    EXPECT_EQ(Code::network, get(fresh.url()).error().code);
    EXPECT_EQ(1, fresh.accepted());
    RawSocket::connect(fresh.port()).send("\r\n\r\n");

    const RawServer kept([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
        peer.receive_until("\r\n\r\n");
        peer.send("H");
    });
    EXPECT_TRUE(get(kept.url()));
    const auto second = get(kept.url());
    EXPECT_EQ(Code::network, second.error().code);
    EXPECT_TRUE(second.error().detail.starts_with("reset: ")) << second.error().detail;
    EXPECT_EQ(1, kept.accepted());
}

TEST_F(ClientTest, NeverSendsTwiceWhatMayBeSentOnce) {
    const RawServer server([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
        peer.receive_until("\r\n\r\n");
    });
    EXPECT_TRUE(get(server.url()));
    ClientRequest once = request(server.url());
    once.repeat = ClientRequest::Repeat::never;
    const auto second = send(std::move(once));
    EXPECT_EQ(Code::network, second.error().code);
    EXPECT_EQ(1, server.accepted());
}

TEST_F(ClientTest, TakesAnAnswerByteByByte) {
    const std::string_view answer =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
    const RawServer server([answer](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        for (const char byte : answer)
            peer.send({&byte, 1});
    });
    const auto response = get(server.url());
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ("abcde", response->body);
}

TEST_F(ClientTest, ConnectsToNoAddressThatTheRulesRefuse) {
    options_.rules = AddressRules();
    const RawServer server([](RawSocket&) {});
    for (const auto& url : {server.url(), fmt::format("http://localhost:{}/", server.port()),
                            fmt::format("http://[::1]:{}/", server.port()),
                            fmt::format("http://[::ffff:127.0.0.1]:{}/", server.port()),
                            std::string("http://169.254.169.254/latest/meta-data/")}) {
        const auto response = get(url);
        ASSERT_FALSE(response);
        EXPECT_EQ(Code::denied, response.error().code);
        EXPECT_TRUE(response.error().detail.starts_with("address: ")) << response.error().detail;
    }
    EXPECT_EQ(0, server.accepted());
    RawSocket::connect(server.port());
}

TEST_F(ClientTest, SaysThatNobodyListens) {
    std::uint16_t port = 0;
    {
        const RawServer server(std::vector<RawServer::Script>{});
        port = server.port();
    }
    const auto response = get(fmt::format("http://127.0.0.1:{}/", port));
    EXPECT_EQ(Code::network, response.error().code);
    EXPECT_EQ("connect: Connection refused (127.0.0.1)", response.error().detail);
}

TEST_F(ClientTest, TriesTheNextAddressOfAName) {
    const RawServer server([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
    });
    TestNameServer names([](const TestNameServer::Question&) {
        return TestNameServer::Answer{{"127.0.0.2", "127.0.0.3", "127.0.0.1", "::1"}};
    });
    options_.name_servers = names.address();
    const auto response = get(fmt::format("http://several.test:{}/", server.port()));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ("ok", response->body);
}

// Rebinding: the name is harmless when it is checked and ours when it is used, if it is looked up
// twice or if a harmless neighbour is enough.
TEST_F(ClientTest, ChecksEachAddressOfANameAndConnectsToACheckedOne) {
    options_.rules = AddressRules();
    ASSERT_TRUE(options_.rules.allow("127.0.0.2"));
    const RawServer server([](RawSocket&) {});
    TestNameServer names([](const TestNameServer::Question& question) {
        if (question.name == "mixed.test")
            return TestNameServer::Answer{{"127.0.0.2", "127.0.0.1"}};
        return TestNameServer::Answer{{question.count == 1 ? "127.0.0.2" : "127.0.0.1"}, 0};
    });
    options_.name_servers = names.address();
    EXPECT_EQ(Code::network, get(fmt::format("http://mixed.test:{}/", server.port())).error().code);
    EXPECT_EQ(Code::network, get(fmt::format("http://turn.test:{}/", server.port())).error().code);
    EXPECT_EQ(0, server.accepted());
    RawSocket::connect(server.port());
}

TEST_F(ClientTest, TellsAReceiverWithoutANameFromNameServersThatFail) {
    TestNameServer names(
        [](const TestNameServer::Question& question) -> std::optional<TestNameServer::Answer> {
            if (question.name == "unknown.test") return TestNameServer::Answer{{}, 60, false};
            if (question.name == "empty.test") return TestNameServer::Answer{};
            if (question.name == "failing.test") return TestNameServer::Answer{.failure = 2};
            if (question.name == "refused.test") return TestNameServer::Answer{.failure = 5};
            return std::nullopt;
        });
    options_.name_servers = names.address();
    options_.resolve_timeout = Duration(200);
    const auto error_of = [this](std::string_view name) {
        return get(fmt::format("http://{}/", name)).error();
    };
    const Error failing{Code::unavailable, "ours: the name servers fail, refuse or are not there"};
    EXPECT_EQ(failing, error_of("failing.test"));
    EXPECT_EQ(failing, error_of("refused.test"));
    EXPECT_EQ((Error{Code::unavailable, "ours: the name servers do not answer within 200 ms"}),
              error_of("silent.test"));
    EXPECT_EQ((Error{Code::network, "dns: no such name"}), error_of("unknown.test"));
    EXPECT_EQ((Error{Code::network, "dns: the name has no address"}), error_of("empty.test"));
    // Now that they answered for others, what fails is the name.
    EXPECT_EQ(
        (Error{Code::network, "dns: the name's own name servers do not answer within 200 ms"}),
        error_of("mute.test"));
}

TEST_F(ClientTest, HasOneTimeForLookUpConnectionAndTls) {
    const RawServer silent([](RawSocket& peer) { peer.receive_all(); });
    auto limited = request(fmt::format("https://127.0.0.1:{}/", silent.port()));
    limited.connect_timeout = Duration(40);
    const auto late = send(std::move(limited));
    EXPECT_EQ((Error{Code::timed_out, "timeout: TLS handshake, after 40 ms"}), late.error());
}

// The time for connecting is no limit for the answer.
TEST_F(ClientTest, MayWaitLongerForAnAnswerThanForAConnection) {
    options_.connect_timeout = Duration(30);
    const RawServer slow([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.receive();
    });
    auto limited = request(slow.url());
    limited.timeout = Duration(120);
    EXPECT_EQ((Error{Code::timed_out, "timeout: waiting for the answer, after 120 ms"}),
              send(std::move(limited)).error());
}

// Nobody takes the connections of a listener whose queue is full: a connect there waits.
class FullListener {
 public:
    FullListener() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
        socklen_t size = sizeof address;
        EXPECT_EQ(0, ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size));
        EXPECT_EQ(0, ::listen(listener_, 0));
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        for (int& filler : fillers_) {
            filler = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            (void)::connect(filler, reinterpret_cast<sockaddr*>(&address), size);
        }
    }
    ~FullListener() {
        for (const int filler : fillers_)
            ::close(filler);
        ::close(listener_);
    }
    FullListener(const FullListener&) = delete;

    std::uint16_t port() const { return port_; }

 private:
    int listener_;
    std::uint16_t port_ = 0;
    std::array<int, 4> fillers_{};
};

TEST_F(ClientTest, GivesUpOnAnAddressThatDoesNotAnswer) {
    const FullListener full;
    auto limited = request(fmt::format("http://127.0.0.2:{}/", full.port()));
    limited.connect_timeout = Duration(60);
    EXPECT_EQ((Error{Code::timed_out, "timeout: connecting, after 60 ms"}),
              send(std::move(limited)).error());
}

// 127.0.0.2 is silent; the other one is tried beside it long before the time is over.
TEST_F(ClientTest, DoesNotWaitForASilentAddressIfAnotherOneAnswers) {
    const FullListener full;
    const RawServer server(RawServer::Listen{full.port()}, {[](RawSocket& peer) {
                               peer.receive_until("\r\n\r\n");
                               peer.send(ok);
                           }});
    TestNameServer names([](const TestNameServer::Question&) {
        return TestNameServer::Answer{{"127.0.0.2", "127.0.0.1"}};
    });
    options_.name_servers = names.address();
    options_.connect_timeout = Duration(60'000);
    auto patient = request(fmt::format("http://both.test:{}/", full.port()));
    patient.timeout = Duration(60'000);
    const auto response = send(std::move(patient));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ("ok", response->body);
}

TEST_F(ClientTest, BlamesNoReceiverForOurOwnShortage) {
    const RawServer server(std::vector<RawServer::Script>{});
    client();
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none{0, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    const auto response = get(server.url());
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ((Error{Code::unavailable, "ours: Too many open files"}), response.error());
}

TEST_F(ClientTest, ClosesAConnectionThatNobodyUses) {
    options_.idle_timeout = Duration(20);
    const RawServer server([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
        EXPECT_EQ("", peer.receive());
    });
    EXPECT_TRUE(get(server.url()));
}

TEST_F(ClientTest, EndsWhatIsUnderWayWhenItCloses) {
    TestNameServer names([](const TestNameServer::Question&) { return std::nullopt; });
    options_.name_servers = names.address();
    std::promise<void> asked;
    const RawServer server([&asked](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        asked.set_value();
        peer.receive();
    });
    auto waits = begin(request(server.url()));
    auto resolves = begin(request("http://silent.test/"));
    asked.get_future().wait();
    thread_.call([this] { client_->close(); });
    EXPECT_EQ(Code::cancelled, waits.get().error().code);
    EXPECT_EQ(Code::cancelled, resolves.get().error().code);
    EXPECT_EQ(Code::cancelled, get(server.url()).error().code);
}

TEST_F(ClientTest, MayBeThrownAwayWithRequestsUnderWay) {
    std::promise<void> asked;
    const RawServer server([&asked](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        asked.set_value();
        peer.receive();
    });
    auto waits = begin(request(server.url()));
    asked.get_future().wait();
    thread_.call([this] { client_.reset(); });
    EXPECT_EQ(Code::cancelled, waits.get().error().code);
}

Task<void> send_into(Client& client, ClientRequest request, std::promise<Code>& code) {
    const auto response = co_await client.send(std::move(request));
    code.set_value(response ? Code::internal : response.error().code);
}

TEST_F(ClientTest, EndsWithTheTaskThatAwaitsIt) {
    TestNameServer names([](const TestNameServer::Question&) { return std::nullopt; });
    options_.name_servers = names.address();
    std::promise<void> asked;
    const RawServer silent([&asked](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        asked.set_value();
        peer.receive();
    });
    const RawServer deaf([](RawSocket& peer) { peer.receive_until("never"); });
    std::promise<Code> waiting;
    std::promise<Code> writing;
    std::promise<Code> resolving;
    std::optional<TaskGroup> group;
    client();
    std::promise<void> begun;
    thread_.call([&] {
        group.emplace(thread_.loop.get_executor());
        group->spawn(send_into(*client_, request(silent.url()), waiting));
        group->spawn(send_into(*client_, request("http://silent.test/"), resolving));
        auto upload = request(deaf.url(), "PUT");
        upload.body = std::string(50'000'000, 'u');
        upload.on_sent = [&begun, once = false](std::uint64_t) mutable {
            if (!std::exchange(once, true)) begun.set_value();
        };
        group->spawn(send_into(*client_, std::move(upload), writing));
    });
    asked.get_future().wait();
    begun.get_future().wait();
    thread_.call([&] { group->cancel(); });
    EXPECT_EQ(Code::cancelled, waiting.get_future().get());
    EXPECT_EQ(Code::cancelled, resolving.get_future().get());
    EXPECT_EQ(Code::cancelled, writing.get_future().get());
    thread_.run(group->join());
}

TEST_F(ClientTest, IsContentWithTheHeadOfAnAnswerWhenToldSo) {
    for (const std::string rest :
         {"Content-Length: 9\r\n\r\nshort", "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
        const std::string answer = "HTTP/1.1 202 Accepted\r\n" + rest;
        EXPECT_FALSE(get_from(answer));
        const RawServer server([&answer](RawSocket& peer) {
            peer.receive_until("\r\n\r\n");
            peer.send(answer);
        });
        ClientRequest content = request(server.url());
        content.needs = ClientRequest::Needs::head;
        const auto response = send(std::move(content));
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ(202, response->status);
        EXPECT_FALSE(response->body_is_whole);
    }
    EXPECT_FALSE(get_from("HTTP/1.1 200 O"));
    const RawServer stalls([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        peer.receive();
    });
    ClientRequest hasty = request(stalls.url());
    hasty.needs = ClientRequest::Needs::head;
    hasty.timeout = Duration(50);
    const auto response = send(std::move(hasty));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(200, response->status);
}

TEST_F(ClientTest, HandsOverWhatCameOfAnAnswerThatBrokeOff) {
    const RawServer server([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 100\r\n\r\nabc");
    });
    ClientRequest content = request(server.url());
    std::vector<ClientResponse> parts;
    content.on_broken = [&parts](ClientResponse part) { parts.push_back(std::move(part)); };
    const auto response = send(std::move(content));
    ASSERT_FALSE(response);
    EXPECT_EQ("reset", error_class(response.error()));
    ASSERT_EQ(1u, parts.size());
    EXPECT_EQ(200, parts.front().status);
    EXPECT_EQ("x", parts.front().headers.get("Server"));
    EXPECT_EQ("abc", parts.front().body);
    EXPECT_FALSE(parts.front().body_is_whole);
}

TEST_F(ClientTest, HandsOverNothingOfAnAnswerWithoutAHead) {
    const RawServer server([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 O");
    });
    ClientRequest content = request(server.url());
    bool called = false;
    content.on_broken = [&called](const ClientResponse&) { called = true; };
    EXPECT_FALSE(send(std::move(content)));
    EXPECT_FALSE(called);
}

// On a kept connection nothing is waited for until the request is written in the next turn.
TEST_F(ClientTest, SendsNothingWhenItsTaskEndsInTheTurnBefore) {
    std::promise<std::string> after;
    const RawServer server([&after](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
        after.set_value(peer.receive());
    });
    ASSERT_TRUE(get(server.url()));
    std::promise<Code> code;
    std::optional<TaskGroup> group;
    thread_.call([&] {
        group.emplace(thread_.loop.get_executor());
        group->spawn(send_into(*client_, request(server.url()), code));
        group->cancel();
    });
    EXPECT_EQ(Code::cancelled, code.get_future().get());
    EXPECT_EQ("", after.get_future().get());
    thread_.run(group->join());
}

class SentFile : public ClientTest {
 protected:
    SentFile() {
        std::string content(1'000'000, '\0');
        for (std::size_t i = 0; i < content.size(); ++i)
            content[i] = static_cast<char>(i * 7 >> 2);
        std::ofstream out(path_, std::ios::binary);
        for (int i = 0; i < 30; ++i)
            out << content;
    }
    ~SentFile() override { std::filesystem::remove(path_); }

    std::string path_ =
        (std::filesystem::temp_directory_path() / fmt::format("sent_{}", ::getpid())).string();
};

TEST_F(SentFile, ArrivesWholeAndTellsItsProgress) {
    std::string received;
    const RawServer server([&received](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        received = peer.receive_bytes(30'000'000);
        peer.send(ok);
    });
    auto upload = request(server.url(), "PUT");
    upload.body = *open_file(path_);
    std::uint64_t last = 0;
    upload.on_sent = [&last](std::uint64_t sent) {
        EXPECT_GT(sent, last);
        last = sent;
    };
    const auto response = send(std::move(upload));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(30'000'000u, last);
    std::ifstream in(path_, std::ios::binary);
    const std::string sent(std::istreambuf_iterator<char>(in), {});
    EXPECT_TRUE(sent == received);
}

TEST_F(SentFile, StopsWhenThePeerAnswersEarly) {
    const auto refuse = [](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        peer.end_output();
        peer.receive_all();
    };
    const RawServer server({refuse, refuse});
    for (int i = 0; i < 2; ++i) {
        auto upload = request(server.url(), "PUT");
        upload.body = *open_file(path_);
        const auto response = send(std::move(upload));
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ(403, response->status);
    }
    EXPECT_EQ(2, server.accepted());
}

TEST_F(ClientTest, TalksToOurServer) {
    const Log log(Level::error, -1);
    Server server(
        {&thread_.loop}, {},
        [](Request& request) -> Task<Response> {
            const auto body = co_await request.read_all(1'000);
            co_return Response{200, {}, "hello " + body.value_or("nobody")};
        },
        log);
    thread_.call([&] { ASSERT_TRUE(server.start()); });
    for (int i = 0; i < 3; ++i) {
        auto posted = request(fmt::format("http://localhost:{}/", server.port()), "POST");
        posted.body = "you";
        const auto response = send(std::move(posted));
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ("hello you", response->body);
    }
    EXPECT_EQ(1u, server.counters().connections.value());
    thread_.run(server.stop(Duration(1'000)));
}

}  // namespace
}  // namespace hookreel::http
