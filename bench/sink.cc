// The receiver of the HTTP benchmarks: takes POSTs over kept connections and answers 200, with bare
// epoll on one thread. Prints "listening on PORT", and its CPU time when it gets SIGTERM.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "bench/certificate.h"
#include "bench/load.h"

namespace hookreel::bench {
namespace {

constexpr int events_max = 1'024;
constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

volatile std::sig_atomic_t is_stopping = 0;

struct SinkOptions {
    std::uint16_t port = 0;
    int hosts = 1;
    std::string certificate_file;
};

struct Connection {
    int descriptor;
    SSL* tls = nullptr;
    std::string input;
};

class Sink {
 public:
    explicit Sink(const SinkOptions& options);
    void run();
    std::uint16_t port() const { return port_; }

    std::uint64_t answered = 0;

 private:
    void accept_all();
    // False: the connection is over.
    bool serve(Connection& connection);
    long read(Connection& connection, char* into, std::size_t size);
    // Removes the whole requests from the input and says how many they were.
    int take_requests(std::string& input);
    void close(Connection* connection);

    int epoll_;
    int listener_;
    std::uint16_t port_ = 0;
    SSL_CTX* tls_ = nullptr;
};

Sink::Sink(const SinkOptions& options)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    const int one = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options.port);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 8'192) != 0) {
        std::perror("sink: cannot listen");
        std::exit(1);
    }
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    epoll_event event{};
    event.events = EPOLLIN;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
    if (options.certificate_file.empty()) return;
    std::vector<std::string> addresses;
    for (int i = 0; i < options.hosts; ++i)
        addresses.push_back(host_address(i));
    tls_ = make_server_context(addresses, options.certificate_file);
}

void Sink::accept_all() {
    for (;;) {
        const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        const int one = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        auto* connection = new Connection{.descriptor = descriptor, .input = {}};
        if (tls_ != nullptr) {
            connection->tls = SSL_new(tls_);
            SSL_set_fd(connection->tls, descriptor);
            SSL_set_accept_state(connection->tls);
        }
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = connection;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
    }
}

// The bytes read, 0 when nothing is there, negative at the end.
long Sink::read(Connection& connection, char* into, std::size_t size) {
    if (connection.tls != nullptr) {
        const int count = SSL_read(connection.tls, into, static_cast<int>(size));
        if (count > 0) return count;
        return SSL_get_error(connection.tls, count) == SSL_ERROR_WANT_READ ? 0 : -1;
    }
    const auto count = ::read(connection.descriptor, into, size);
    if (count > 0) return count;
    return count < 0 && errno == EAGAIN ? 0 : -1;
}

int Sink::take_requests(std::string& input) {
    int requests = 0;
    std::size_t begin = 0;
    for (;;) {
        const auto end = input.find("\r\n\r\n", begin);
        if (end == std::string::npos) break;
        std::size_t length = 0;
        for (auto line = begin; line < end; line = input.find('\n', line) + 1)
            if (::strncasecmp(input.data() + line, "content-length:", 15) == 0)
                length = std::strtoul(input.data() + line + 15, nullptr, 10);
        if (input.size() < end + 4 + length) break;
        begin = end + 4 + length;
        ++requests;
    }
    input.erase(0, begin);
    return requests;
}

bool Sink::serve(Connection& connection) {
    char bytes[64 * 1024];
    int requests = 0;
    for (;;) {
        const auto count = read(connection, bytes, sizeof bytes);
        if (count < 0) return false;
        connection.input.append(bytes, static_cast<std::size_t>(count));
        requests += take_requests(connection.input);
        const bool may_have_more = connection.tls != nullptr
                                       ? count > 0 && SSL_has_pending(connection.tls) != 0
                                       : static_cast<std::size_t>(count) == sizeof bytes;
        if (!may_have_more) break;
    }
    std::string output;
    for (int i = 0; i < requests; ++i)
        output += answer;
    answered += static_cast<std::uint64_t>(requests);
    if (output.empty()) return true;
    const auto size = output.size();
    const auto written = connection.tls != nullptr
                             ? SSL_write(connection.tls, output.data(), static_cast<int>(size))
                             : ::write(connection.descriptor, output.data(), size);
    return written > 0;
}

void Sink::close(Connection* connection) {
    SSL_free(connection->tls);
    ::close(connection->descriptor);
    delete connection;
}

void Sink::run() {
    std::vector<epoll_event> events(events_max);
    while (is_stopping == 0) {
        const int count = ::epoll_wait(epoll_, events.data(), events_max, 1'000);
        for (int i = 0; i < count; ++i) {
            auto* connection =
                static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (connection == nullptr)
                accept_all();
            else if (!serve(*connection))
                close(connection);
        }
    }
}

SinkOptions parse(int count, char** arguments) {
    SinkOptions options;
    CLI::App app("Takes POSTs and answers 200, as cheaply as can be");
    app.add_option("--port", options.port, "0: any free one")->capture_default_str();
    app.add_option("--hosts", options.hosts, "in the certificate")->capture_default_str();
    app.add_option("--certificate-file", options.certificate_file,
                   "serve https, and write the authority to trust there");
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error));
    }
    return options;
}

}  // namespace
}  // namespace hookreel::bench

int main(int count, char** arguments) {
    using namespace hookreel::bench;
    const auto options = parse(count, arguments);
    std::signal(SIGPIPE, SIG_IGN);
    for (const int signal : {SIGTERM, SIGINT})
        std::signal(signal, [](int) { is_stopping = 1; });
    Sink sink(options);
    fmt::print("listening on {}\n", sink.port());
    std::fflush(stdout);
    const Meter meter;
    sink.run();
    meter.report("sink", sink.answered, 0);
}
