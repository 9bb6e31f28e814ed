#include "http/client/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>

namespace hookreel::http {
namespace {

// Hosts without a connection are remembered for their TLS session, up to this number of hosts.
constexpr std::size_t hosts_first = 1'024;
// A connection whose socket was read empty so shortly ago is not asked again whether something came
// unasked: what comes in the moment between asking and writing cannot be seen anyway.
constexpr std::chrono::microseconds trusted_for{20};

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

std::size_t Pool::OriginHash::operator()(const OriginView& origin) const {
    const auto& url = origin.url;
    return std::hash<std::string_view>()(url.host) ^ (std::size_t{url.port} << 1) ^
           static_cast<std::size_t>(url.scheme);
}

bool Pool::OriginEqual::operator()(const OriginView& left, const OriginView& right) const {
    if (left.url.port != right.url.port || left.url.scheme != right.url.scheme ||
        left.url.host != right.url.host)
        return false;
    if (left.tls == right.tls) return true;
    return left.tls != nullptr && right.tls != nullptr && *left.tls == *right.tls;
}

Host& Pool::host(const ClientRequest& request) {
    const OriginView origin(request);
    if (const auto it = hosts_.find(origin); it != hosts_.end()) return it->second;
    if (hosts_.size() >= hosts_max_) forget_unused_hosts();
    const auto& url = request.url;
    auto& host = hosts_[Origin{{url.scheme, url.host, url.port, {}}, request.tls}];
    host.head = host_head(url, options_.user_agent, options_.proxy);
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
        // What came unasked would be taken for the next answer; mostly it is the peer's close.
        const bool is_trusted =
            connection->is_drained && now - connection->idle_since < trusted_for;
        if (is_trusted || !connection->stream.has_input()) return connection;
    }
    return nullptr;
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    auto& host = connection->host;
    if (host.idle.size() >= options_.idle_per_host_max) return;
    connection->input.shrink();
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
