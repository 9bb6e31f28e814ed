#include "http/client/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>

namespace hookreel::http {
namespace {

// Hosts without a connection are remembered for their TLS session, up to this number of hosts.
constexpr std::size_t hosts_first = 1'024;
// A larger buffer is given back while its connection rests.
constexpr std::size_t output_kept_max = 16 * 1024;
// A connection that rested for less is taken without asking the system whether it is still alive,
// which would cost a twentieth of a request.
constexpr Duration trusted_for{2};

}  // namespace

Connection::Connection(Pool& pool, Host& its_host, Socket socket, std::size_t input_bytes_max)
    : host(its_host),
      stream(std::move(socket)),
      input(input_bytes_max),
      parser(input_bytes_max),
      idle_deadline(pool.sweep_, [this, &pool] { pool.drop(*this); }) {
    ++host.connections;
}

Pool::Pool(Loop& loop, DeadlineSweep& sweep, Options options)
    : loop_(loop), sweep_(sweep), options_(std::move(options)), hosts_max_(hosts_first) {}

std::size_t Pool::OriginHash::operator()(const Url& url) const {
    return std::hash<std::string_view>()(url.host) ^ (std::size_t{url.port} << 1) ^
           static_cast<std::size_t>(url.scheme);
}

bool Pool::OriginEqual::operator()(const Url& left, const Url& right) const {
    return left.port == right.port && left.scheme == right.scheme && left.host == right.host;
}

Host& Pool::host(const Url& url) {
    if (const auto it = hosts_.find(url); it != hosts_.end()) return it->second;
    if (hosts_.size() >= hosts_max_) forget_unused_hosts();
    auto& host = hosts_[Url{url.scheme, url.host, url.port, {}}];
    host.fields =
        fmt::format("Host: {}\r\nUser-Agent: {}\r\n", url.authority(), options_.user_agent);
    return host;
}

void Pool::forget_unused_hosts() {
    std::erase_if(hosts_, [](const auto& entry) { return entry.second.connections == 0; });
    hosts_max_ = std::max(hosts_first, hosts_.size() * 2);
}

std::unique_ptr<Connection> Pool::take(Host& host, DeadlineSweep::Time now) {
    while (!host.idle.empty()) {
        auto connection = std::move(host.idle.back());
        host.idle.pop_back();
        connection->idle_deadline.clear();
        const bool is_trusted = now - connection->idle_since < trusted_for;
        // What came unasked would be taken for the next answer; mostly it is the peer's close.
        if (is_trusted || !connection->stream.has_input()) return connection;
    }
    return nullptr;
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    auto& host = connection->host;
    if (host.idle.size() >= options_.idle_per_host_max) return;
    connection->input.shrink();
    if (connection->output.capacity() > output_kept_max) connection->output = std::string();
    connection->idle_since = std::chrono::steady_clock::now();
    connection->idle_deadline.set(options_.idle_timeout, connection->idle_since);
    host.idle.push_back(std::move(connection));
}

void Pool::close_idle() {
    for (auto& [url, host] : hosts_)
        host.idle.clear();
}

void Pool::drop(Connection& connection) {
    auto& idle = connection.host.idle;
    const auto it = std::ranges::find(idle, &connection, &std::unique_ptr<Connection>::get);
    if (it == idle.end()) return;
    // It is destroyed later, because its own deadline is calling us.
    asio::post(loop_, [doomed = std::move(*it)] {});
    idle.erase(it);
}

}  // namespace hookreel::http
