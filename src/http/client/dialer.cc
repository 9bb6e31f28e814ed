#include "http/client/dialer.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::http {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Of a name; whoever owns it must not make us knock at thousands of doors.
constexpr std::size_t addresses_max = 8;

Endpoints endpoints_of(Addresses addresses, std::uint16_t port) {
    if (addresses.size() > addresses_max) addresses.resize(addresses_max);
    Endpoints endpoints;
    for (const auto& address : addresses)
        endpoints.emplace_back(address, port);
    return endpoints;
}

std::unexpected<Error> refused_address(std::string_view address) {
    return fail(Code::denied,
                fmt::format("address: {} is not allowed by the address rules", address));
}

// Through a proxy, what a host that is no name would reach; nothing for other names.
Addresses addresses_behind_proxy(const std::string& host) {
    error_code not_an_address;
    const auto literal = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) return {literal};
    if (host == "localhost" || host.ends_with(".localhost"))
        return {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
    return {};
}

// The proxy's fault is ours, except that it may have found nobody who answers.
Error tunnel_error(int status) {
    switch (status) {
        case 403:
            return {Code::denied, "address: the proxy refuses the target (403)"};
        case 407:
            return {Code::unavailable, "proxy: it wants other credentials (407)"};
        case 502:
        case 503:
        case 504:
            return {Code::network,
                    fmt::format("connect: the proxy did not reach the target ({})", status)};
        default:
            return {Code::unavailable, fmt::format("proxy: it answers CONNECT with {}", status)};
    }
}

std::string tunnel_request(const Url& url, const Proxy& proxy) {
    const auto target =
        fmt::format(fmt::runtime(url.host.contains(':') ? "[{}]:{}" : "{}:{}"), url.host, url.port);
    auto text = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", target);
    if (!proxy.authorization.empty())
        text += fmt::format("Proxy-Authorization: {}\r\n", proxy.authorization);
    return text + "\r\n";
}

}  // namespace

Dialer::Dialer(Loop& loop, const ClientOptions& options, DeadlineSweep& sweep, Pool& pool)
    : options_(options),
      pool_(pool),
      resolver_(loop, options.name_servers),
      connector_{loop, sweep, [&pool] { pool.close_idle(); }} {}

Task<Result<std::unique_ptr<Connection>>> Dialer::open(Exchange& exchange,
                                                       const ClientRequest& request) {
    const auto& url = request.url;
    const bool has_limit = request.connect_timeout > Duration(0);
    exchange.begin_opening(has_limit ? request.connect_timeout : options_.connect_timeout);
    auto connecting = options_.proxy ? connect_to_proxy(exchange, url) : connect(exchange, url);
    auto socket = co_await std::move(connecting);
    if (!socket) co_return fail(std::move(socket.error()));
    auto connection = std::make_unique<Connection>(pool_, pool_.host(request), std::move(*socket),
                                                   options_.head_bytes_max);
    auto secured = Result<void>();
    if (url.scheme == Url::Scheme::https) {
        if (options_.proxy) secured = co_await open_tunnel(exchange, *connection, url);
        if (secured) secured = co_await start_tls(exchange, *connection, request);
        exchange.leave();
    }
    if (!secured) co_return fail(std::move(secured.error()));
    exchange.end_opening();
    co_return connection;
}

Task<Result<Socket>> Dialer::connect(Exchange& exchange, const Url& url) {
    auto found = co_await resolve(exchange, url.host);
    if (!found) co_return fail(std::move(found.error()));
    const auto first = found->front().to_string();
    std::erase_if(*found, [this](const auto& address) { return !options_.rules.permits(address); });
    if (found->empty()) co_return refused_address(first);
    const auto endpoints = endpoints_of(std::move(*found), url.port);
    co_return co_await connector_.connect(exchange, endpoints);
}

Task<Result<Socket>> Dialer::connect_to_proxy(Exchange& exchange, const Url& url) {
    for (const auto& address : addresses_behind_proxy(url.host))
        if (!options_.rules.permits(address)) co_return refused_address(url.host);
    const auto& proxy = options_.proxy->url;
    auto found = co_await resolve(exchange, proxy.host);
    auto socket = Result<Socket>(fail(Code::internal, {}));
    if (found) {
        const auto endpoints = endpoints_of(std::move(*found), proxy.port);
        socket = co_await connector_.connect(exchange, endpoints);
    } else {
        socket = fail(std::move(found.error()));
    }
    if (!socket && socket.error().code != Code::cancelled)
        co_return fail(Code::unavailable, fmt::format("proxy: {}", socket.error().detail));
    co_return socket;
}

Task<Result<Addresses>> Dialer::resolve(Exchange& exchange, const std::string& host) {
    exchange.enter("looking up the name");
    const auto limit = std::min(options_.resolve_timeout, exchange.left());
    auto found = co_await resolver_.resolve(host, limit);
    if (found && exchange.is_interrupted()) co_return fail(exchange.failure("dns", {}));
    if (found) co_return found;
    auto error = std::move(found.error());
    const std::string_view kind = error.code == Code::cancelled     ? "cancelled"
                                  : error.code == Code::unavailable ? "ours"
                                                                    : "dns";
    error.detail = fmt::format("{}: {}", kind, error.detail);
    co_return fail(std::move(error));
}

Task<Result<void>> Dialer::open_tunnel(Exchange& exchange, Connection& connection, const Url& url) {
    auto& stream = connection.stream;
    const auto text = tunnel_request(url, *options_.proxy);
    exchange.wait_on(stream.socket(), "connecting through the proxy");
    for (std::string_view rest = text; !rest.empty();) {
        const auto [error, count] = co_await stream.write_some(rest);
        if (error) co_return fail(Code::unavailable, "proxy: it closed the connection");
        rest.remove_prefix(count);
    }
    auto& parser = connection.parser;
    auto& input = connection.input;
    parser.reset(ResponseParser::Body::never, 0);
    for (bool is_done = false; !is_done;) {
        const auto space = input.space();
        if (space.empty()) co_return fail(Code::unavailable, "proxy: a line is too long");
        const auto [error, count] = co_await stream.read_some(space);
        if (exchange.is_interrupted() || error == asio::error::operation_aborted)
            co_return fail(exchange.failure("proxy", error));
        if (error) co_return fail(Code::unavailable, "proxy: it closed the connection");
        input.commit(count);
        const auto step = parser.parse(input.unread());
        if (!step) co_return fail(Code::unavailable, fmt::format("proxy: {}", step.error().detail));
        input.consume(step->consumed);
        is_done = step->is_done;
    }
    const int status = parser.status();
    if (status < 200 || status > 299) co_return fail(tunnel_error(status));
    if (!input.empty()) co_return fail(Code::unavailable, "proxy: it speaks before we do");
    co_return Result<void>();
}

Result<const TlsClientContext*> Dialer::tls_context(Host& host, const ClientRequest& request) {
    auto& context = request.tls ? host.tls : tls_;
    if (context) return &*context;
    TlsClientOptions options{.ca_file = options_.ca_file};
    if (request.tls) {
        options.authorities = request.tls->authorities;
        options.certificate = request.tls->certificate;
        options.private_key = request.tls->private_key;
    }
    auto made = TlsClientContext::make(options);
    if (!made) {
        const bool is_ours = made.error().code == Code::unavailable;
        return fail(made.error().code,
                    fmt::format("{}: {}", is_ours ? "ours" : "tls", made.error().detail));
    }
    context = std::move(*made);
    return &*context;
}

Task<Result<void>> Dialer::start_tls(Exchange& exchange, Connection& connection,
                                     const ClientRequest& request) {
    const auto context = tls_context(connection.host, request);
    if (!context) co_return fail(context.error());
    auto& stream = connection.stream;
    exchange.wait_on(stream.socket(), "TLS handshake");
    auto tls = (*context)->connect(request.url.host, connection.host.sessions);
    auto started = co_await stream.start_tls(std::move(tls));
    if (started) co_return started;
    if (exchange.is_interrupted()) co_return fail(exchange.failure("tls", {}));
    const bool is_cancelled = started.error().code == Code::cancelled;
    co_return fail(started.error().code,
                   fmt::format("{}: {}", is_cancelled ? "cancelled" : "tls",
                               is_cancelled ? "the request was given up" : started.error().detail));
}

Result<void> check_tls(const ClientTls& tls) {
    const auto made = TlsClientContext::make({.ca_file = {},
                                              .authorities = tls.authorities,
                                              .certificate = tls.certificate,
                                              .private_key = tls.private_key});
    if (!made) return fail(made.error());
    return {};
}

}  // namespace hookreel::http
