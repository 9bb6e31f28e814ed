// Takes what the sink takes, with Hookreel's HTTP server on one loop. Prints "listening on PORT",
// and its CPU time when it gets SIGTERM.
#include "http/server/server.h"

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "bench/load.h"

namespace hookreel::bench {
namespace {

Task<http::Response> take(http::Request& request) {
    const auto body = co_await request.read_all(1024 * 1024);
    http::Response response;
    response.status = body ? 200 : 400;
    response.headers.add("Content-Type", "application/json");
    response.body = "{}";
    co_return response;
}

Task<void> serve_until_signal(http::Server& server) {
    asio::basic_signal_set<Executor> signals(co_await asio::this_coro::executor, SIGTERM, SIGINT);
    co_await signals.async_wait(use_result);
    co_await server.stop(Duration(0));
}

}  // namespace
}  // namespace hookreel::bench

int main(int count, char** arguments) {
    using namespace hookreel;
    using namespace hookreel::bench;
    const auto options = parse_load(count, arguments, "Takes POSTs with the HTTP server");
    Loop loop(1);
    const Log log;
    http::ServerOptions server_options;
    server_options.address = "0.0.0.0";  // Each host of the load has an address of its own.
    server_options.port = options.port;
    http::Server server({&loop}, server_options, take, log);
    if (const auto started = server.start(); !started) {
        fmt::print(stderr, "{}\n", started.error().detail);
        return 1;
    }
    fmt::print("listening on {}\n", server.port());
    std::fflush(stdout);
    const Meter meter;
    TaskGroup group(loop.get_executor());
    group.spawn(serve_until_signal(server));
    loop.run();
    meter.report("server", server.counters().requests.value(), 0);
}
