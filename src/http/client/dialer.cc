#include "http/client/dialer.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace hookreel::http {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

// An address that does not answer leaves the next ones at least this much.
constexpr Duration connect_share_min{200};
// Of a name; whoever owns it must not make us knock at thousands of doors.
constexpr std::size_t addresses_max = 8;

Result<Socket> open_socket(Loop& loop, const tcp& protocol) {
    const int descriptor =
        ::socket(protocol.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    error_code error(errno, boost::system::system_category());
    Socket socket(loop.get_executor());
    if (descriptor >= 0) socket.assign(protocol, descriptor, error);
    if (descriptor >= 0 && error) ::close(descriptor);
    if (error && !socket.is_open())
        return fail(Code::network, fmt::format("connect: {}", error.message()));
    socket.set_option(tcp::no_delay(true), error);
    return socket;
}

}  // namespace

Dialer::Dialer(Loop& loop, const ClientOptions& options, DeadlineSweep& sweep, Pool& pool)
    : loop_(loop),
      options_(options),
      sweep_(sweep),
      pool_(pool),
      resolver_(loop, options.name_servers) {}

Task<Result<std::unique_ptr<Connection>>> Dialer::open(Exchange& exchange, const Url& url) {
    const auto addresses = co_await resolve(exchange, url);
    if (!addresses) co_return fail(addresses.error());
    auto socket = co_await connect(exchange, *addresses, url.port);
    if (!socket) co_return fail(std::move(socket.error()));
    auto connection = std::make_unique<Connection>(pool_, pool_.host(url), std::move(*socket),
                                                   options_.head_bytes_max);
    if (url.scheme == Url::Scheme::https) {
        const auto started = co_await start_tls(exchange, *connection, url);
        exchange.leave();
        if (!started) co_return fail(started.error());
    }
    co_return connection;
}

Task<Result<Addresses>> Dialer::resolve(Exchange& exchange, const Url& url) {
    const auto limit = std::min(options_.resolve_timeout, exchange.left());
    auto found = co_await resolver_.resolve(url.host, limit);
    if (!found) {
        auto error = std::move(found.error());
        error.detail.insert(0, error.code == Code::cancelled ? "cancelled: " : "dns: ");
        co_return fail(std::move(error));
    }
    Addresses permitted;
    std::ranges::copy_if(*found, std::back_inserter(permitted),
                         [this](const auto& address) { return options_.rules.permits(address); });
    if (permitted.size() > addresses_max) permitted.resize(addresses_max);
    if (permitted.empty())
        co_return fail(Code::denied, fmt::format("address: {} is not allowed by the address rules",
                                                 found->front().to_string()));
    co_return permitted;
}

Task<Result<Socket>> Dialer::connect(Exchange& exchange, const Addresses& addresses,
                                     std::uint16_t port) {
    const auto limit = std::min(options_.connect_timeout, exchange.left());
    const auto end = std::chrono::steady_clock::now() + limit;
    auto result = Result<Socket>(fail(Code::network, "connect: no address"));
    for (std::size_t i = 0; i < addresses.size() && !exchange.is_interrupted(); ++i) {
        const auto left = std::chrono::ceil<Duration>(end - std::chrono::steady_clock::now());
        if (left <= Duration(0) && i > 0) break;
        const auto share = left / static_cast<Duration::rep>(addresses.size() - i);
        const tcp::endpoint endpoint(addresses[i], port);
        result = co_await connect_to(exchange, endpoint, std::max(share, connect_share_min));
        if (result || result.error().code == Code::cancelled) break;
    }
    co_return result;
}

Task<Result<Socket>> Dialer::connect_to(Exchange& exchange, tcp::endpoint endpoint,
                                        Duration limit) {
    auto socket = open_socket(loop_, endpoint.protocol());
    if (!socket) {
        // Perhaps there are no descriptors left, and some of ours only wait.
        pool_.close_idle();
        socket = open_socket(loop_, endpoint.protocol());
    }
    if (!socket) co_return fail(std::move(socket.error()));
    bool is_late = false;
    Deadline deadline(sweep_, [&is_late, &socket] {
        is_late = true;
        error_code ignored;
        socket->cancel(ignored);
    });
    deadline.set(limit);
    exchange.wait_on(*socket, "connecting");
    const auto [error] = co_await socket->async_connect(endpoint, use_result);
    exchange.leave();
    if (!error) co_return socket;
    if (is_late && !exchange.is_interrupted())
        co_return fail(Code::timed_out, fmt::format("connect: {} did not answer within {} ms",
                                                    endpoint.address().to_string(), limit.count()));
    co_return fail(exchange.failure("connect", error));
}

Task<Result<void>> Dialer::start_tls(Exchange& exchange, Connection& connection, const Url& url) {
    if (!tls_) {
        auto context = TlsClientContext::make(options_.ca_file);
        if (!context) co_return fail(Code::network, fmt::format("tls: {}", context.error().detail));
        tls_ = std::move(*context);
    }
    auto& stream = connection.stream;
    bool is_late = false;
    Deadline deadline(sweep_, [&is_late, &stream] {
        is_late = true;
        stream.cancel();
    });
    deadline.set(options_.connect_timeout);
    exchange.wait_on(stream.socket(), "TLS handshake");
    auto tls = tls_->connect(url.host, connection.host.session);
    const auto started = co_await stream.start_tls(std::move(tls));
    if (started) co_return Result<void>();
    if (exchange.is_interrupted()) co_return fail(exchange.failure("tls", {}));
    if (is_late)
        co_return fail(Code::timed_out, fmt::format("tls: no handshake within {} ms",
                                                    options_.connect_timeout.count()));
    co_return fail(started.error().code, fmt::format("tls: {}", started.error().detail));
}

}  // namespace hookreel::http
