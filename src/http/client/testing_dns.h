// A name server for tests, on a UDP port of 127.0.0.1. Included by *_test.cc only.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hookreel::http {

class TestNameServer {
 public:
    // What is said to a question: addresses, which may be none, or that there is no such name.
    struct Answer {
        std::vector<std::string> addresses;  // IPv4 to A, IPv6 to AAAA.
        std::uint32_t seconds_to_live = 60;
        bool exists = true;
        int failure = 0;  // A response code: 2 for SERVFAIL, 5 for REFUSED.
    };
    struct Question {
        std::string name;
        bool is_v6 = false;
        int count = 0;  // Which question for this name and type this is, from 1.
    };
    // Called on the server's thread; nothing means silence.
    using Rule = std::function<std::optional<Answer>(const Question&)>;

    explicit TestNameServer(Rule rule) : rule_(std::move(rule)) {
        socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(0, ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size));
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~TestNameServer() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    TestNameServer(const TestNameServer&) = delete;

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    // How many questions of type A came for `name`.
    int asked(const std::string& name) {
        const std::lock_guard lock(mutex_);
        return counts_[{name, false}];
    }

 private:
    struct Packet {
        std::string bytes;
        sockaddr_in from{};
    };
    static constexpr std::size_t head_bytes = 12;

    void serve() {
        for (;;) {
            Packet packet{std::string(1'500, '\0'), {}};
            socklen_t size = sizeof packet.from;
            const auto count = ::recvfrom(socket_, packet.bytes.data(), packet.bytes.size(), 0,
                                          reinterpret_cast<sockaddr*>(&packet.from), &size);
            if (count < static_cast<long>(head_bytes)) return;
            packet.bytes.resize(static_cast<std::size_t>(count));
            answer(packet);
        }
    }

    void answer(const Packet& packet) {
        std::string name;
        auto at = head_bytes;
        while (const auto length = static_cast<unsigned char>(packet.bytes[at])) {
            if (!name.empty()) name += '.';
            name += packet.bytes.substr(at + 1, length);
            at += length + 1;
        }
        const bool is_v6 = packet.bytes[at + 2] == 28;  // Else A.
        const auto question_end = at + 5;
        int count = 0;
        {
            const std::lock_guard lock(mutex_);
            count = ++counts_[{name, is_v6}];
        }
        const auto answer = rule_({name, is_v6, count});
        if (!answer) return;
        const auto reply = write(packet.bytes.substr(0, question_end), *answer, is_v6);
        ::sendto(socket_, reply.data(), reply.size(), 0,
                 reinterpret_cast<const sockaddr*>(&packet.from), sizeof packet.from);
    }

    static std::string write(std::string reply, const Answer& answer, bool is_v6) {
        char records = 0;
        std::string data;
        for (const auto& text : answer.addresses) {
            if (text.contains(':') != is_v6) continue;
            std::string address(is_v6 ? 16 : 4, '\0');
            EXPECT_EQ(1, ::inet_pton(is_v6 ? AF_INET6 : AF_INET, text.c_str(), address.data()));
            const auto live = htonl(answer.seconds_to_live);
            data += std::string("\xc0\x0c\x00", 3) + static_cast<char>(is_v6 ? 28 : 1);
            data += std::string("\x00\x01", 2);
            data.append(reinterpret_cast<const char*>(&live), sizeof live);
            data += '\0';
            data += static_cast<char>(address.size());
            data += address;
            ++records;
        }
        reply[2] = static_cast<char>(0x81);  // An answer; recursion was wanted.
        reply[3] = static_cast<char>(answer.failure > 0 ? 0x80 | answer.failure
                                     : answer.exists    ? 0x80
                                                        : 0x83);
        reply[7] = records;
        reply[9] = reply[11] = 0;  // No other sections, also no EDNS.
        return reply + data;
    }

    Rule rule_;
    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::map<std::pair<std::string, bool>, int> counts_;
    std::thread thread_;
};

}  // namespace hookreel::http
