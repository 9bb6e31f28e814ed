// Receivers that are wrong, slow, endless or malicious: each costs its own request only, and its
// error names the class that client.h lists.
#include <gtest/gtest.h>

#include "base/text.h"
#include "http/client/testing_client.h"

namespace hookreel::http {
namespace {

class HostileReceiver : public ClientTest {
 protected:
    static void expect_error(const Result<ClientResponse>& response, Code code,
                             std::string_view kind) {
        ASSERT_FALSE(response) << response->status;
        EXPECT_EQ(code, response.error().code) << response.error().detail;
        EXPECT_EQ(kind, error_class(response.error())) << response.error().detail;
    }
};

TEST_F(HostileReceiver, TakesNothingHalfForWhole) {
    const std::string_view answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"};
    for (const auto& answer : answers) {
        for (std::size_t i = 0; i < answer.size(); ++i) {
            const auto response = get_from(answer.substr(0, i));
            ASSERT_FALSE(response) << i << " bytes of: " << answer;
            EXPECT_EQ(Code::network, response.error().code) << response.error().detail;
        }
        EXPECT_EQ("hello", get_from(answer)->body);
    }
}

TEST_F(HostileReceiver, SurvivesAResetAtEveryByte) {
    const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    std::vector<RawServer::Script> scripts;
    for (std::size_t i = 0; i < answer.size(); ++i)
        scripts.push_back([answer, i](RawSocket& peer) {
            peer.receive_until("\r\n\r\n");
            peer.send(answer.substr(0, i));
            peer.reset();
        });
    const RawServer server(scripts);
    for (std::size_t i = 0; i < answer.size(); ++i)
        EXPECT_EQ(Code::network, get(server.url()).error().code);
}

TEST_F(HostileReceiver, NamesWhatIsNotHttp) {
    const std::string_view answers[] = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/3 200 OK\r\n\r\n",
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        // HTTP/0.9 has no head, HTTP/2 begins with frames.
        "<html><body>ok</body></html>\r\n\r\n",
        "ok\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        std::string_view("\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\r\n\r\n", 19),
        // Status lines.
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 099 No\r\n\r\n",
        "HTTP/1.1 000 No\r\n\r\n",
        "HTTP/1.1 -20 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "http/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200\tOK\r\n\r\n",
        " HTTP/1.1 200 OK\r\n\r\n",
        // Fields.
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName : value\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: value\r\n\r\n",
        std::string_view("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 27),
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
        // Lengths.
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        // Chunks.
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n\r\n\r\n",
        // An interim answer has no body.
        "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhello",
    };
    for (const auto& answer : answers) {
        const auto response = get_from(answer);
        ASSERT_FALSE(response) << answer;
        EXPECT_EQ(Code::protocol, response.error().code) << answer << response.error().detail;
        EXPECT_TRUE(response.error().detail.starts_with("protocol: ")) << response.error().detail;
    }
}

TEST_F(HostileReceiver, LimitsTheHeadOfAnAnswer) {
    options_.head_bytes_max = 8 * 1024;
    EXPECT_EQ(Code::protocol,
              get_from("HTTP/1.1 200 OK\r\nX: " + std::string(9'000, 'x')).error().code);
    const RawServer endless([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\n");
        while (peer.send("Name: value\r\n")) {
        }
    });
    EXPECT_EQ(Code::protocol, get(endless.url()).error().code);
    const RawServer endless_chunk([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
        while (peer.send("extension")) {
        }
    });
    EXPECT_EQ(Code::protocol, get(endless_chunk.url()).error().code);
}

TEST_F(HostileReceiver, SkipsInterimAnswers) {
    const auto response = get_from(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(200, response->status);
    EXPECT_FALSE(response->headers.has("Link"));
    const RawServer endless([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        while (peer.send("HTTP/1.1 100 Continue\r\n\r\n")) {
        }
    });
    EXPECT_EQ(Code::protocol, get(endless.url()).error().code);
}

TEST_F(HostileReceiver, ExpectsNoBodyWhereNoneMayBe) {
    for (const auto* head : {"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n",
                             "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n"}) {
        const auto script = [head](RawSocket& peer) {
            peer.receive_until("\r\n\r\n");
            peer.send(std::string(head) + "body");
            peer.receive();
        };
        const RawServer server({script, script});
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ("", get(server.url())->body);
    }
    const RawServer server([](RawSocket& peer) {
        for (int i = 0; i < 2; ++i) {
            peer.receive_until("\r\n\r\n");
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        }
    });
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ("1000", send(request(server.url(), "HEAD"))->headers.get("Content-Length"));
    EXPECT_EQ(1, server.accepted());
}

TEST_F(HostileReceiver, ReadsABodyWithoutALengthUntilTheEnd) {
    EXPECT_EQ("all of it", get_from("HTTP/1.1 200 OK\r\n\r\nall of it")->body);
    EXPECT_EQ("", get_from("HTTP/1.1 200 OK\r\n\r\n")->body);
}

TEST_F(HostileReceiver, KeepsNoMoreOfABodyThanWanted) {
    const auto script = [](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (peer.send("5\r\nhello\r\n")) {
        }
    };
    const RawServer server({script, script});
    for (int i = 0; i < 2; ++i) {
        auto limited = request(server.url());
        limited.response_bytes_max = 12;
        const auto response = send(std::move(limited));
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ("hellohellohe", response->body);
        EXPECT_FALSE(response->body_is_whole);
    }
    EXPECT_EQ(2, server.accepted());
}

TEST_F(HostileReceiver, GivesUpOnAPeerThatDoesNotAnswerOrDrips) {
    const RawServer silent([](RawSocket& peer) { peer.receive_all(); });
    auto limited = request(silent.url());
    limited.timeout = Duration(40);
    const auto none = send(std::move(limited));
    EXPECT_EQ(Code::timed_out, none.error().code);
    EXPECT_EQ("timeout: waiting for the answer, after 40 ms", none.error().detail);

    const RawServer dripping([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
        while (peer.send("x"))
            std::this_thread::yield();
    });
    limited = request(dripping.url());
    limited.timeout = Duration(40);
    limited.response_bytes_max = 1'000'000'000;
    const auto slow = send(std::move(limited));
    EXPECT_EQ(Code::timed_out, slow.error().code);
    EXPECT_EQ("timeout: reading the answer, after 40 ms", slow.error().detail);
}

// A deadline that fires in the moment when bytes came stops no wait. Whether it does is chance, so
// there are many tries.
TEST_F(HostileReceiver, GivesUpOnADripAlsoWhenBytesComeJustThen) {
    const RawServer dripping([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
        while (peer.send("x")) {
        }
    });
    for (int i = 0; i < 50; ++i) {
        auto limited = request(dripping.url());
        limited.timeout = Duration(5);
        limited.response_bytes_max = 1'000'000'000;
        EXPECT_EQ(Code::timed_out, send(std::move(limited)).error().code);
    }
}

TEST_F(HostileReceiver, TakesARedirectAsAnAnswer) {
    const auto response = get_from(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(302, response->status);
    EXPECT_EQ("http://127.0.0.1:1/", response->headers.get("Location"));
}

// In the next packet this time, so that nothing but a look before the next request can find it.
TEST_F(HostileReceiver, CannotAnswerTheNextRequestInAdvance) {
    std::promise<void> pushed;
    const RawServer server({[&pushed](RawSocket& peer) {
                                peer.receive_until("\r\n\r\n");
                                peer.send(ok);
                                peer.receive_until("go on\r\n\r\n");
                                peer.send(ok);
                                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
                                pushed.set_value();
                                peer.receive();
                            },
                            [](RawSocket& peer) {
                                peer.receive_until("\r\n\r\n");
                                peer.send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\ntrue");
                            }});
    EXPECT_EQ("ok", get(server.url())->body);
    auto second = request(server.url());
    second.headers.add("X", "go on");
    EXPECT_EQ("ok", send(std::move(second))->body);
    pushed.get_future().wait();
    // Meanwhile the connection rests for longer than it is trusted blindly.
    const RawServer other([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
    });
    EXPECT_TRUE(get(other.url()));
    const auto third = get(server.url());
    ASSERT_TRUE(third) << third.error().detail;
    EXPECT_EQ(503, third->status);
    EXPECT_EQ("true", third->body);
    EXPECT_EQ(2, server.accepted());
}

// The loop is held until the answer is there, before it can notice that it is connected.
TEST_F(HostileReceiver, CannotAnswerBeforeItIsAsked) {
    for (const bool closes : {false, true}) {
        std::promise<void> answered;
        const RawServer server([&answered, closes](RawSocket& peer) {
            if (!closes) peer.send(ok);
            if (closes) peer.close();
            answered.set_value();
            if (!closes) peer.receive_all();
        });
        client();
        std::future<Result<ClientResponse>> response;
        thread_.call([&] {
            response = begin(request(server.url()));
            answered.get_future().wait();
        });
        expect_error(response.get(), closes ? Code::network : Code::protocol,
                     closes ? "reset" : "protocol");
    }
}

TEST_F(HostileReceiver, IsNotAskedForACodingAndItsCodingIsNotUndone) {
    // 1 GiB of zeros would look like this; to us it is 40 bytes.
    const std::string bomb(40, '\x1f');
    std::string asked;
    const RawServer server([&](RawSocket& peer) {
        asked = peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n" + bomb);
    });
    const auto response = get(server.url());
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(bomb, response->body);
    EXPECT_FALSE(to_lower(asked).contains("accept-encoding")) << asked;
    EXPECT_FALSE(to_lower(asked).contains("te:")) << asked;
}

TEST_F(HostileReceiver, MayNotSendAMebibyteOfFields) {
    const auto one = get_from("HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'x') + "\r\n\r\n");
    expect_error(one, Code::protocol, "protocol");
    std::string many = "HTTP/1.1 200 OK\r\n";
    while (many.size() < 1 << 20)
        many += "Name: " + std::string(100, 'v') + "\r\n";
    expect_error(get_from(many + "\r\n"), Code::protocol, "protocol");
    std::string tiny = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 10'000; ++i)
        tiny += "a:\r\n";
    expect_error(get_from(tiny + "Content-Length: 0\r\n\r\n"), Code::protocol, "protocol");
}

TEST_F(HostileReceiver, ThatPromisesMoreThanItSendsIsAReset) {
    expect_error(get_from("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), Code::network,
                 "reset");
    expect_error(get_from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"),
                 Code::network, "reset");
    expect_error(get_from(""), Code::network, "reset");
}

TEST_F(HostileReceiver, ThatSendsMoreThanItPromisedIsNotAskedAgainThere) {
    const auto script = [](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n");
        peer.receive();
    };
    const RawServer server({script, script});
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ("ok", get(server.url())->body);
    EXPECT_EQ(2, server.accepted());
}

TEST_F(HostileReceiver, CannotAddFieldsBehindItsBody) {
    const auto response = get_from(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
        "Retry-After: 1000000\r\nSet-Cookie: x\r\n\r\n");
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ("ok", response->body);
    EXPECT_FALSE(response->headers.has("Retry-After"));
    expect_error(get_from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                          "Content-Length: 7\r\n\r\n"),
                 Code::protocol, "protocol");
    const RawServer endless([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
        while (peer.send("Trailer: t\r\n")) {
        }
    });
    expect_error(get(endless.url()), Code::protocol, "protocol");
}

TEST_F(HostileReceiver, ThatAnswersAndClosesHasAnswered) {
    const auto answer = [](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(ok);
    };
    const RawServer server({answer, answer, answer});
    for (int i = 0; i < 3; ++i) {
        const auto response = get(server.url());
        ASSERT_TRUE(response) << response.error().detail;
        EXPECT_EQ("ok", response->body);
    }
}

TEST_F(HostileReceiver, MayAnswerWithAnyStatus) {
    for (const int status : {200, 299, 301, 404, 418, 500, 503, 599, 600, 999})
        EXPECT_EQ(
            status,
            get_from(fmt::format("HTTP/1.1 {} \r\nContent-Length: 0\r\n\r\n", status))->status);
}

TEST_F(HostileReceiver, CannotSendUsToAMetadataAddress) {
    const RawServer server([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send(
            "HTTP/1.1 307 Go on\r\nLocation: http://169.254.169.254/latest/meta-data/\r\n"
            "Refresh: 0; url=http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
    });
    EXPECT_EQ(307, get(server.url())->status);
}

// A long answer that nobody reads on must not hold the connection or the memory.
TEST_F(HostileReceiver, WithAnEndlessBodyIsCutOff) {
    const RawServer server([](RawSocket& peer) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\n\r\n");
        const std::string piece(100'000, 'x');
        while (peer.send(piece)) {
        }
    });
    auto limited = request(server.url());
    limited.response_bytes_max = 1'000;
    const auto response = send(std::move(limited));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(1'000u, response->body.size());
    EXPECT_FALSE(response->body_is_whole);
}

}  // namespace
}  // namespace hookreel::http
