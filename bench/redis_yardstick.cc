#include "bench/redis_yardstick.h"

#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "base/async.h"
#include "base/text.h"

extern char** environ;

namespace hookreel::bench {
namespace {

using tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<tcp, Executor>;

constexpr int batch = 16;

// One connection that sends commands and reads whole replies.
class Connection {
 public:
    explicit Connection(Executor executor) : socket_(executor) {}

    Task<void> connect(std::uint16_t port) {
        const tcp::endpoint peer(asio::ip::address_v4::loopback(), port);
        co_await socket_.async_connect(peer, use_task);
        socket_.set_option(tcp::no_delay(true));
    }

    // Sends the words as one command and returns the bulk strings of the reply, flattened.
    Task<std::vector<std::string>> call(std::vector<std::string_view> words) {
        out_ = fmt::format("*{}\r\n", words.size());
        for (std::string_view word : words)
            out_ += fmt::format("${}\r\n{}\r\n", word.size(), word);
        co_await asio::async_write(socket_, asio::buffer(out_), use_task);
        std::vector<std::string> strings;
        for (std::int64_t left = 1; left > 0; --left)
            left += co_await read_value(&strings);
        co_return strings;
    }

 private:
    // Reads one value and says how many more belong to it.
    Task<std::int64_t> read_value(std::vector<std::string>* strings) {
        const std::string line = co_await read_line();
        if (line[0] == '-') throw std::runtime_error("redis: " + line);
        if (line[0] == '*')
            co_return std::max<std::int64_t>(0, parse_signed(line.substr(1)).value());
        if (line[0] != '$') co_return 0;
        const std::int64_t length = parse_signed(line.substr(1)).value();
        if (length < 0) co_return 0;
        const auto size = static_cast<std::size_t>(length) + 2;
        while (in_.size() - at_ < size)
            co_await fill();
        strings->push_back(in_.substr(at_, size - 2));
        at_ += size;
        co_return 0;
    }

    Task<std::string> read_line() {
        std::size_t end = in_.find("\r\n", at_);
        while (end == std::string::npos) {
            co_await fill();
            end = in_.find("\r\n", at_);
        }
        std::string line = in_.substr(at_, end - at_);
        at_ = end + 2;
        co_return line;
    }

    Task<void> fill() {
        in_.erase(0, at_);
        at_ = 0;
        const std::size_t old = in_.size();
        in_.resize(old + 32 * 1024);
        const std::size_t got =
            co_await socket_.async_read_some(asio::buffer(in_.data() + old, 32 * 1024), use_task);
        in_.resize(old + got);
    }

    Socket socket_;
    std::string out_, in_;
    std::size_t at_ = 0;
};

struct Work {
    const RedisCycle& cycle;
    std::uint16_t port;
    std::uint64_t added = 0;
    std::uint64_t confirmed = 0;
};

Task<void> worker(Work* work, int number) {
    Connection redis(co_await asio::this_coro::executor);
    co_await redis.connect(work->port);
    const std::string consumer = fmt::format("c{}", number);
    while (work->confirmed < work->cycle.events) {
        for (int i = 0; i < batch && work->added < work->cycle.events; ++i) {
            ++work->added;
            co_await redis.call({"XADD", "reel", "*", "e", work->cycle.body});
        }
        const std::vector<std::string> reply = co_await redis.call(
            {"XREADGROUP", "GROUP", "g", consumer, "COUNT", "16", "STREAMS", "reel", ">"});
        // The stream's name, then per event its id, the field's name and the value.
        std::vector<std::string_view> acknowledge = {"XACK", "reel", "g"};
        for (std::size_t i = 1; i + 2 < reply.size(); i += 3)
            acknowledge.push_back(reply[i]);
        if (acknowledge.size() == 3) {
            if (work->added >= work->cycle.events) co_return;
            continue;
        }
        co_await redis.call(acknowledge);
        work->confirmed += acknowledge.size() - 3;
    }
}

Task<void> make_group(std::uint16_t port) {
    Connection redis(co_await asio::this_coro::executor);
    co_await redis.connect(port);
    co_await redis.call({"XGROUP", "CREATE", "reel", "g", "0", "MKSTREAM"});
}

std::uint16_t free_port() {
    Loop loop;
    asio::basic_socket_acceptor<tcp, Executor> acceptor(
        loop.get_executor(), tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    return acceptor.local_endpoint().port();
}

Result<pid_t> start_server(const RedisCycle& cycle, std::uint16_t port) {
    const std::vector<std::string> words = {"redis-server", "--port",    fmt::to_string(port),
                                            "--bind",       "127.0.0.1", "--dir",
                                            cycle.folder,   "--save",    "",
                                            "--appendonly", "yes",       "--appendfsync",
                                            "always",       "--logfile", "redis.log",
                                            "--daemonize",  "no"};
    std::vector<char*> arguments;
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t pid = 0;
    if (posix_spawnp(&pid, "redis-server", nullptr, nullptr, arguments.data(), environ) != 0)
        return fail(Code::not_found, "no redis-server: apt-get install redis-server");
    return pid;
}

bool answers(std::uint16_t port) {
    Loop loop;
    Socket socket(loop.get_executor());
    boost::system::error_code error;
    socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), error);
    return !error;
}

}  // namespace

Result<CycleFigures> run_redis_cycle(const RedisCycle& cycle) {
    const std::uint16_t port = free_port();
    const Result<pid_t> server = start_server(cycle, port);
    if (!server) return fail(server.error());
    for (int tries = 0; tries < 200 && !answers(port); ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(25));

    Loop loop;
    TaskGroup group(loop.get_executor());
    group.spawn(make_group(port));
    loop.run();
    loop.restart();

    Work work{cycle, port};
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < cycle.connections; ++i)
        group.spawn(worker(&work, i));
    loop.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;

    ::kill(*server, SIGTERM);
    rusage usage{};
    ::wait4(*server, nullptr, 0, &usage);
    CycleFigures figures;
    figures.seconds = took.count();
    figures.events = work.confirmed;
    figures.server_cpu_seconds =
        static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
        1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    return figures;
}

}  // namespace hookreel::bench
