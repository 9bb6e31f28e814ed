#include "http/server/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/intrusive/list.hpp>
#include <cerrno>
#include <exception>

#include "http/server/session.h"

namespace hookreel::http {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

constexpr int backlog = 4096;
// At most so many connections are taken before the loop looks at its other work.
constexpr int burst_max = 64;
// How long to wait when the system has no descriptor or memory for one more connection.
constexpr Duration accept_pause{200};

// The part of the server that lives on one loop.
struct Worker {
    Worker(Loop& its_loop, SessionShared& shared)
        : loop(its_loop),
          context{shared, DeadlineSweep(its_loop.get_executor()), DateField()},
          group(its_loop.get_executor()),
          grace(its_loop.get_executor()) {}

    // These run on the loop.
    void stop() {
        is_stopping = true;
        for (auto& session : sessions)
            session.stop();
    }
    void cut() {
        for (auto& session : sessions)
            session.cut();
        group.cancel();
    }

    Loop& loop;
    SessionContext context;
    boost::intrusive::list<Session, boost::intrusive::constant_time_size<false>> sessions;
    TaskGroup group;
    Timer grace;  // Until the cut.
    bool is_stopping = false;
};

std::string peer_address(const tcp::endpoint& peer) {
    const auto address = peer.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

Result<tcp::endpoint> listen_endpoint(const std::string& address, std::uint16_t port) {
    error_code error;
    const auto parsed =
        asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
    if (error)
        return fail(
            Code::invalid,
            fmt::format("\"{}\" is no address of this machine, such as 127.0.0.1 or ::", address));
    return tcp::endpoint(parsed, port);
}

// Binds and listens. Errors: conflict, invalid.
Result<void> listen_at(Acceptor& acceptor, const tcp::endpoint& endpoint) {
    error_code error;
    const auto text = fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port());
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
        // Only lets us bind while connections of an earlier run linger; not beside another server.
        acceptor.set_option(Acceptor::reuse_address(true), error);
    }
    if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(backlog, error);
    if (!error) acceptor.native_non_blocking(true, error);
    if (error == asio::error::address_in_use)
        return fail(
            Code::conflict,
            fmt::format("{} is in use by another program: choose another address or port", text));
    if (error)
        return fail(Code::invalid, fmt::format("cannot listen at {}: {}", text, error.message()));
    return {};
}

}  // namespace

Result<void> try_to_listen(const std::string& address, std::uint16_t port) {
    const auto endpoint = listen_endpoint(address, port);
    if (!endpoint) return fail(endpoint.error());
    Loop loop(1);
    Acceptor acceptor(loop.get_executor());
    return listen_at(acceptor, *endpoint);
}

struct Server::State : std::enable_shared_from_this<Server::State> {
    State(const std::vector<Loop*>& loops, ServerOptions its_options, Handler handler,
          const Log& log)
        : options(std::move(its_options)),
          shared{options.limits, std::move(handler), log, std::nullopt, {}},
          acceptor(loops.front()->get_executor()),
          accepting(loops.front()->get_executor()),
          place_freed(loops.front()->get_executor()) {
        for (auto* loop : loops)
            workers.push_back(std::make_unique<Worker>(*loop, shared));
        place_freed.expires_at(Timer::time_point::max());
    }

    static Task<void> accept_connections(std::shared_ptr<State> state);
    static Task<void> serve(std::shared_ptr<State> state, Worker& worker, Socket socket,
                            std::string peer);
    static Task<void> join(std::shared_ptr<State> state, Worker& worker);
    // Takes what waits. False: the system has no descriptor or memory left.
    bool accept_burst();
    void hand_over(int descriptor, const tcp::endpoint& peer);
    void leave();
    void end_accepting();
    bool is_full() const { return open >= options.limits.connections_max; }

    ServerOptions options;
    SessionShared shared;
    std::vector<std::unique_ptr<Worker>> workers;
    std::size_t next_worker = 0;
    Acceptor acceptor;
    TaskGroup accepting;
    Timer place_freed;  // Never expires; cancelled when a connection ended while all were taken.
    std::atomic<std::size_t> open = 0;
    std::atomic<bool> waits_for_place = false;
    std::uint16_t port = 0;
    bool is_started = false;
    bool is_stopped = false;
};

Task<void> Server::State::accept_connections(std::shared_ptr<State> state) {
    while (state->acceptor.is_open()) {
        if (state->is_full()) {
            state->waits_for_place = true;
            if (state->is_full()) co_await state->place_freed.async_wait(use_result);
            state->waits_for_place = false;
            continue;
        }
        const auto [error] = co_await state->acceptor.async_wait(Acceptor::wait_read, use_result);
        if (error) co_return;
        if (state->accept_burst()) continue;
        state->shared.log.warning("no descriptor or memory for another connection");
        co_await sleep_for(accept_pause);
    }
}

bool Server::State::accept_burst() {
    for (int taken = 0; taken < burst_max && !is_full(); ++taken) {
        tcp::endpoint peer;
        auto size = static_cast<socklen_t>(peer.capacity());
        const int descriptor =
            ::accept4(acceptor.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            const bool is_exhausted =
                errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
            return !is_exhausted;
        }
        peer.resize(size);
        hand_over(descriptor, peer);
    }
    return true;
}

void Server::State::hand_over(int descriptor, const tcp::endpoint& peer) {
    auto& worker = *workers[next_worker++ % workers.size()];
    Socket socket(worker.loop.get_executor());
    error_code error;
    socket.assign(peer.protocol(), descriptor, error);
    if (error) {
        ::close(descriptor);
        return;
    }
    socket.set_option(tcp::no_delay(true), error);
    ++open;
    shared.counters.connections.add();
    asio::dispatch(worker.loop, [state = shared_from_this(), &worker, socket = std::move(socket),
                                 address = peer_address(peer)]() mutable {
        worker.group.spawn(serve(state, worker, std::move(socket), std::move(address)));
    });
}

Task<void> Server::State::serve(std::shared_ptr<State> state, Worker& worker, Socket socket,
                                std::string peer) {
    {
        Session session(worker.context, std::move(socket), std::move(peer));
        worker.sessions.push_back(session);
        if (worker.is_stopping) session.stop();
        try {
            co_await session.run();
        } catch (const std::exception& exception) {
            state->shared.log.error("a connection failed", {{"what", exception.what()}});
        }
    }
    state->leave();
}

void Server::State::leave() {
    --open;
    if (!waits_for_place.exchange(false)) return;
    asio::post(workers.front()->loop, [self = weak_from_this()] {
        if (const auto state = self.lock()) state->place_freed.cancel();
    });
}

void Server::State::end_accepting() {
    error_code ignored;
    acceptor.close(ignored);
    accepting.cancel();
}

Task<void> Server::State::join(std::shared_ptr<State> state, Worker& worker) {
    (void)state;  // Held until the last session is gone.
    co_await worker.group.join();
    worker.grace.cancel();
}

Server::Server(std::vector<Loop*> loops, ServerOptions options, Handler handler, const Log& log)
    : state_(std::make_shared<State>(loops, std::move(options), std::move(handler), log)) {
    ignore_broken_pipes();
}

Server::~Server() {
    if (!state_->is_started || state_->is_stopped) return;
    // Not stopped, so the loops are to do it. The coroutine that waits for the sessions owns the
    // state, as nobody else does.
    asio::post(state_->workers.front()->loop, [state = state_] { state->end_accepting(); });
    for (auto& worker : state_->workers)
        asio::post(worker->loop, [state = state_, &worker = *worker] {
            worker.cut();
            asio::co_spawn(worker.loop, State::join(state, worker), asio::detached);
        });
}

Result<void> Server::start() {
    const auto& options = state_->options;
    if (!options.certificate_file.empty()) {
        auto tls = TlsServerContext::load(options.certificate_file, options.private_key_file);
        if (!tls) return fail(std::move(tls.error()));
        state_->shared.tls = std::move(*tls);
    }
    const auto endpoint = listen_endpoint(options.address, options.port);
    if (!endpoint) return fail(endpoint.error());
    auto& acceptor = state_->acceptor;
    if (auto listening = listen_at(acceptor, *endpoint); !listening) {
        error_code ignored;
        acceptor.close(ignored);
        return listening;
    }
    state_->port = acceptor.local_endpoint().port();
    state_->is_started = true;
    state_->accepting.spawn(State::accept_connections(state_));
    return {};
}

std::uint16_t Server::port() const {
    return state_->port;
}

const ServerCounters& Server::counters() const {
    return state_->shared.counters;
}

Task<void> Server::stop(Duration grace) {
    const auto state = state_;
    state->end_accepting();
    co_await state->accepting.join();
    for (auto& worker : state->workers)
        asio::post(worker->loop, [state, &worker = *worker, grace] {
            worker.stop();
            worker.grace.expires_after(grace);
            // Held weakly: this is still queued when the last session is gone.
            const std::weak_ptr<State> self = state;
            worker.grace.async_wait([self, &worker](const error_code& error) {
                const auto held = self.lock();
                if (!error && held) worker.cut();
            });
        });
    for (auto& worker : state->workers) {
        auto joined = State::join(state, *worker);
        co_await asio::co_spawn(worker->loop.get_executor(), std::move(joined), use_task);
    }
    state->is_stopped = true;
}

}  // namespace hookreel::http
