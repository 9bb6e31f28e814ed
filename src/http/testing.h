// What the tests of this folder share: a loop on its own thread, and a blocking socket that can say
// anything to a peer. Included by *_test.cc only.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <functional>
#include <future>
#include <string>
#include <string_view>
#include <thread>

#include "base/async.h"

namespace hookreel::http {

// Runs a loop until it is destroyed.
class LoopThread {
 public:
    LoopThread() : guard_(loop.get_executor()), thread_([this] { loop.run(); }) {}
    ~LoopThread() {
        guard_.reset();
        loop.stop();
        thread_.join();
    }

    // Runs `task` on the loop and waits for its result.
    template <class T>
    T run(Task<T> task) {
        return asio::co_spawn(loop, std::move(task), asio::use_future).get();
    }
    // Runs a plain function on the loop.
    void call(std::function<void()> function) {
        std::promise<void> done;
        asio::post(loop, [&] {
            function();
            done.set_value();
        });
        done.get_future().wait();
    }

    Loop loop{1};

 private:
    asio::executor_work_guard<Executor> guard_;
    std::thread thread_;
};

// A blocking TCP socket on 127.0.0.1. No wait takes longer than ten seconds; then it reads as an
// end, and the test fails by what is missing.
class RawSocket {
 public:
    explicit RawSocket(int descriptor) : descriptor_(descriptor) {
        timeval limit{10, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        int one = 1;
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    RawSocket(RawSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    RawSocket(const RawSocket&) = delete;
    ~RawSocket() { close(); }

    static RawSocket connect(std::uint16_t port) {
        const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(0, ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address));
        return RawSocket(descriptor);
    }

    // False when the peer does not take all of it.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    void end_output() { ::shutdown(descriptor_, SHUT_WR); }
    // Closes so that the peer sees a reset.
    void reset() {
        const linger at_once{1, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close();
    }
    void close() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }

    int descriptor() const { return descriptor_; }

    // What comes next, empty at the end.
    std::string receive() {
        std::string bytes(64 * 1024, '\0');
        const auto count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }
    // Everything up to and with `mark`, or up to the end.
    std::string receive_until(std::string_view mark) {
        while (!received_.contains(mark)) {
            const auto piece = receive();
            if (piece.empty()) return std::exchange(received_, {});
            received_ += piece;
        }
        const auto size = received_.find(mark) + mark.size();
        auto taken = received_.substr(0, size);
        received_.erase(0, size);
        return taken;
    }
    std::string receive_bytes(std::size_t count) {
        while (received_.size() < count) {
            const auto piece = receive();
            if (piece.empty()) break;
            received_ += piece;
        }
        auto taken = received_.substr(0, count);
        received_.erase(0, taken.size());
        return taken;
    }
    std::string receive_all() {
        for (;;) {
            const auto piece = receive();
            if (piece.empty()) return std::exchange(received_, {});
            received_ += piece;
        }
    }

 private:
    int descriptor_;
    std::string received_;
};

// Listens on 127.0.0.1 and lets a script talk to each connection, one after the other.
class RawServer {
 public:
    using Script = std::function<void(RawSocket&)>;

    // 0: any free port.
    struct Listen {
        std::uint16_t port = 0;
    };

    explicit RawServer(std::vector<Script> scripts) : RawServer(Listen{}, std::move(scripts)) {}
    RawServer(Listen where, std::vector<Script> scripts) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(where.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(0, ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size));
        EXPECT_EQ(0, ::listen(listener_, 16));
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, scripts = std::move(scripts)] {
            for (const auto& script : scripts) {
                RawSocket socket(::accept(listener_, nullptr, nullptr));
                ++accepted_;
                script(socket);
            }
        });
    }
    explicit RawServer(Script script) : RawServer(std::vector<Script>{std::move(script)}) {}
    ~RawServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    RawServer(const RawServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view target = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(target);
    }
    int accepted() const { return accepted_; }

 private:
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> accepted_ = 0;
    std::thread thread_;
};

}  // namespace hookreel::http
