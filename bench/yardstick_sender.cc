// The yardstick of push: the least that sending POSTs over kept connections costs. Bare epoll, no
// durability, no parser worth the name, nothing of Hookreel.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "bench/load.h"

namespace hookreel::bench {
namespace {

constexpr auto deadline = std::chrono::seconds(10);
constexpr int events_max = 256;

struct Connection {
    enum class State { connecting, handshaking, writing, reading, idle };

    int descriptor = -1;
    int host = 0;
    State state = State::connecting;
    SSL* tls = nullptr;
    std::string output;
    std::size_t written = 0;
    std::string input;
    std::uint64_t turn = 0;  // Which request it carries; older entries of the deadlines are stale.
};

enum class Outcome { waits, done, failed };

class Sender {
 public:
    explicit Sender(const LoadOptions& options);
    void run();

    std::uint64_t done = 0;
    std::uint64_t failed = 0;

 private:
    struct Due {
        std::chrono::steady_clock::time_point at;
        Connection* connection;
        std::uint64_t turn;
    };

    void start();
    Connection* open(int host);
    void fill(Connection& connection, std::uint64_t number);
    Outcome advance(Connection& connection);
    Outcome finish_connecting(Connection& connection);
    Outcome write(Connection& connection);
    Outcome read(Connection& connection);
    void settle(Connection& connection, Outcome outcome);
    void expire();
    void watch(const Connection& connection, std::uint32_t events, int operation);

    LoadOptions options_;
    int epoll_;
    SSL_CTX* tls_ = nullptr;
    std::string body_ = load_body();
    std::vector<std::string> heads_;
    std::vector<std::vector<Connection*>> idle_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::deque<Due> due_;  // All deadlines are equally far, so the first is the earliest.
    std::uint64_t started_ = 0;
    int active_ = 0;
    std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
};

Sender::Sender(const LoadOptions& options)
    : options_(options),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      idle_(static_cast<std::size_t>(options.hosts)) {
    for (int i = 0; i < options.hosts; ++i)
        heads_.push_back(fmt::format(
            "POST /hook HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: yardstick\r\n"
            "Content-Type: application/json\r\nX-Signature: {}\r\nContent-Length: {}\r\n"
            "X-Event-Id: ",
            host_address(i), options.port, load_signature, body_.size()));
    if (!options.is_https()) return;
    tls_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(tls_, TLS1_3_VERSION);
    SSL_CTX_load_verify_file(tls_, options.ca_file.c_str());
    SSL_CTX_set_verify(tls_, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(tls_, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_read_ahead(tls_, 1);
}

void Sender::watch(const Connection& connection, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = const_cast<Connection*>(&connection);
    ::epoll_ctl(epoll_, operation, connection.descriptor, &event);
}

Connection* Sender::open(int host) {
    auto* connection = connections_.emplace_back(std::make_unique<Connection>()).get();
    connection->host = host;
    connection->descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int one = 1;
    ::setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    ::inet_pton(AF_INET, host_address(host).c_str(), &address.sin_addr);
    ::connect(connection->descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
    watch(*connection, EPOLLOUT, EPOLL_CTL_ADD);
    return connection;
}

void Sender::fill(Connection& connection, std::uint64_t number) {
    connection.output.assign(heads_[static_cast<std::size_t>(connection.host)]);
    connection.output += fmt::format_int(number).c_str();
    connection.output += "\r\n\r\n";
    connection.output += body_;
    connection.written = 0;
    connection.turn = number;
    due_.push_back({now_ + deadline, &connection, number});
}

void Sender::start() {
    if (started_ >= options_.requests) return;
    const auto number = started_++;
    const auto host = static_cast<int>(number % static_cast<std::uint64_t>(options_.hosts));
    auto& idle = idle_[static_cast<std::size_t>(host)];
    ++active_;
    if (idle.empty()) {
        fill(*open(host), number);
        return;
    }
    auto* connection = idle.back();
    idle.pop_back();
    fill(*connection, number);
    connection->state = Connection::State::writing;
    settle(*connection, advance(*connection));
}

Outcome Sender::finish_connecting(Connection& connection) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(connection.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return Outcome::failed;
    watch(connection, EPOLLIN, EPOLL_CTL_MOD);
    connection.state = Connection::State::writing;
    if (tls_ == nullptr) return Outcome::done;
    connection.tls = SSL_new(tls_);
    SSL_set_fd(connection.tls, connection.descriptor);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection.tls),
                                  host_address(connection.host).c_str());
    SSL_set_connect_state(connection.tls);
    connection.state = Connection::State::handshaking;
    return Outcome::done;
}

Outcome Sender::write(Connection& connection) {
    while (connection.written < connection.output.size()) {
        const auto* from = connection.output.data() + connection.written;
        const auto left = connection.output.size() - connection.written;
        const auto count = connection.tls != nullptr
                               ? SSL_write(connection.tls, from, static_cast<int>(left))
                               : ::write(connection.descriptor, from, left);
        // A request is far smaller than a socket's buffer, so it never has to wait.
        if (count <= 0) return Outcome::failed;
        connection.written += static_cast<std::size_t>(count);
    }
    connection.state = Connection::State::reading;
    return Outcome::waits;
}

// Whether `input` is one whole answer, judged by its Content-Length alone.
bool is_whole(const std::string& input) {
    const auto end = input.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    std::size_t length = 0;
    for (std::size_t line = 0; line < end; line = input.find('\n', line) + 1)
        if (::strncasecmp(input.data() + line, "content-length:", 15) == 0)
            length = std::strtoul(input.data() + line + 15, nullptr, 10);
    return input.size() >= end + 4 + length;
}

Outcome Sender::read(Connection& connection) {
    char bytes[16 * 1024];
    const auto count = connection.tls != nullptr
                           ? SSL_read(connection.tls, bytes, sizeof bytes)
                           : ::read(connection.descriptor, bytes, sizeof bytes);
    if (count <= 0 && connection.tls != nullptr &&
        SSL_get_error(connection.tls, static_cast<int>(count)) == SSL_ERROR_WANT_READ)
        return Outcome::waits;
    if (count <= 0) return errno == EAGAIN ? Outcome::waits : Outcome::failed;
    connection.input.append(bytes, static_cast<std::size_t>(count));
    if (!is_whole(connection.input)) return Outcome::waits;
    const bool is_good = connection.input.compare(9, 3, "200") == 0;
    connection.input.clear();
    return is_good ? Outcome::done : Outcome::failed;
}

Outcome Sender::advance(Connection& connection) {
    if (connection.state == Connection::State::connecting &&
        finish_connecting(connection) == Outcome::failed)
        return Outcome::failed;
    if (connection.state == Connection::State::handshaking) {
        const int result = SSL_do_handshake(connection.tls);
        if (result != 1)
            return SSL_get_error(connection.tls, result) == SSL_ERROR_WANT_READ ? Outcome::waits
                                                                                : Outcome::failed;
        connection.state = Connection::State::writing;
    }
    if (connection.state == Connection::State::writing) return write(connection);
    return read(connection);
}

void Sender::settle(Connection& connection, Outcome outcome) {
    if (outcome == Outcome::waits) return;
    --active_;
    if (outcome == Outcome::failed) {
        ++failed;
        SSL_free(connection.tls);
        connection.tls = nullptr;
        ::close(connection.descriptor);
        connection.state = Connection::State::idle;
        return;
    }
    ++done;
    connection.state = Connection::State::idle;
    idle_[static_cast<std::size_t>(connection.host)].push_back(&connection);
}

void Sender::expire() {
    for (; !due_.empty(); due_.pop_front()) {
        const auto& first = due_.front();
        const bool is_stale = first.connection->turn != first.turn ||
                              first.connection->state == Connection::State::idle;
        if (is_stale) continue;
        if (first.at > now_) return;
        settle(*first.connection, Outcome::failed);
    }
}

void Sender::run() {
    std::vector<epoll_event> events(events_max);
    while (done + failed < options_.requests) {
        while (active_ < options_.in_flight && started_ < options_.requests)
            start();
        const int count = ::epoll_wait(epoll_, events.data(), events_max, 100);
        now_ = std::chrono::steady_clock::now();
        for (int i = 0; i < count; ++i) {
            auto& connection =
                *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (connection.state == Connection::State::idle) continue;
            const auto outcome = advance(connection);
            settle(connection, outcome);
            if (outcome != Outcome::waits) start();
        }
        expire();
    }
}

}  // namespace
}  // namespace hookreel::bench

int main(int count, char** arguments) {
    using namespace hookreel::bench;
    const auto options =
        parse_load(count, arguments, "Sends POSTs to a sink, as cheaply as can be");
    std::signal(SIGPIPE, SIG_IGN);
    Sender sender(options);
    const Meter meter;
    sender.run();
    meter.report("yardstick", sender.done, sender.failed);
    return sender.failed == 0 ? 0 : 1;
}
