#include "http/client/connector.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>

namespace hookreel::http {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

// For how long an address is alone before the next one is tried as well.
constexpr Duration head_start{250};

// What is used up on our side, and says nothing about the receiver.
bool is_our_shortage(const error_code& error) {
    namespace errc = boost::system::errc;
    return error == errc::too_many_files_open || error == errc::too_many_files_open_in_system ||
           error == errc::no_buffer_space || error == errc::not_enough_memory ||
           error == errc::address_not_available;
}

Error connect_error(const tcp::endpoint& endpoint, const error_code& error) {
    if (is_our_shortage(error))
        return {Code::unavailable, fmt::format("ours: {}", error.message())};
    return {Code::network,
            fmt::format("connect: {} ({})", error.message(), endpoint.address().to_string())};
}

// Empty with the error set when there is none to be had.
std::unique_ptr<Socket> open_socket(Loop& loop, const tcp& protocol, error_code& error) {
    const int descriptor =
        ::socket(protocol.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    error.assign(descriptor < 0 ? errno : 0, boost::system::system_category());
    if (error) return nullptr;
    auto socket = std::make_unique<Socket>(loop.get_executor());
    socket->assign(protocol, descriptor, error);
    if (error) {
        ::close(descriptor);
        return nullptr;
    }
    error_code ignored;
    socket->set_option(tcp::no_delay(true), ignored);
    return socket;
}

// The tries that are under way. Kept by them, so that it outlives whoever waits.
struct Race : std::enable_shared_from_this<Race> {
    Race(const Connector& its_connector, const Endpoints& its_endpoints)
        : connector(its_connector), endpoints(its_endpoints), done(its_connector.loop) {
        done.expires_at(Timer::time_point::max());
        stagger.emplace(connector.sweep, [this] { try_next(); });
    }

    void try_next();
    bool try_one(const tcp::endpoint& endpoint);
    void finish_one(Socket& socket, const tcp::endpoint& endpoint, const error_code& error);
    void end() {
        is_over = true;
        stagger.reset();
        for (const auto& socket : sockets) {
            error_code ignored;
            socket->close(ignored);
        }
        done.cancel();
    }

    Connector connector;
    Endpoints endpoints;
    std::size_t next = 0;
    std::vector<std::unique_ptr<Socket>> sockets;
    std::size_t running = 0;
    std::optional<Socket> winner;
    std::optional<Error> failure;  // Of the last one that failed.
    bool is_over = false;
    Timer done;
    std::optional<Deadline> stagger;
};

void Race::try_next() {
    while (next < endpoints.size()) {
        if (!try_one(endpoints[next++])) continue;
        if (next < endpoints.size()) stagger->set(head_start);
        return;
    }
    if (running == 0) end();
}

bool Race::try_one(const tcp::endpoint& endpoint) {
    error_code error;
    auto socket = open_socket(connector.loop, endpoint.protocol(), error);
    if (!socket) {
        connector.make_room();
        socket = open_socket(connector.loop, endpoint.protocol(), error);
    }
    if (!socket) {
        failure = connect_error(endpoint, error);
        return false;
    }
    sockets.push_back(std::move(socket));
    auto& own = *sockets.back();
    ++running;
    own.async_connect(endpoint,
                      [self = shared_from_this(), &own, endpoint](const error_code& outcome) {
                          self->finish_one(own, endpoint, outcome);
                      });
    return true;
}

void Race::finish_one(Socket& socket, const tcp::endpoint& endpoint, const error_code& error) {
    if (is_over) return;
    --running;
    if (error) {
        failure = connect_error(endpoint, error);
        stagger->clear();
        return try_next();
    }
    winner = std::move(socket);
    end();
}

}  // namespace

Task<Result<Socket>> Connector::connect(Exchange& exchange, const Endpoints& endpoints) {
    const auto race = std::make_shared<Race>(*this, endpoints);
    race->try_next();
    exchange.wait_on(race->done, "connecting");
    // Ends early when it is interrupted or the task is cancelled.
    if (!race->is_over) co_await race->done.async_wait(use_result);
    exchange.leave();
    const bool was_interrupted = !race->is_over;
    race->end();
    if (race->winner) co_return std::move(*race->winner);
    if (was_interrupted)
        co_return fail(exchange.failure("connect", asio::error::operation_aborted));
    co_return fail(*race->failure);
}

}  // namespace hookreel::http
