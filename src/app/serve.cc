#include "app/serve.h"

#include <sys/stat.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <thread>

#include "app/loops.h"
#include "app/node.h"

namespace hookreel::app {
namespace {

void tell(const Node& node, const Config& config) {
    if (node.new_keys())
        fmt::print(
            "A key pair was made for this server. It is kept in {} and shown only this once:\n"
            "  SecretId   {}\n  SecretKey  {}\n",
            config.data_dir, node.new_keys()->secret_id, node.new_keys()->secret_key);
    fmt::print("listening on {}\n", node.url());
    std::fflush(stdout);
}

Task<void> live(const Config* config, Loops* loops, const Log* log, int* exit_code) {
    asio::basic_signal_set<Executor> signals(co_await asio::this_coro::executor, SIGTERM, SIGINT);
    Result<std::unique_ptr<Node>> node = co_await Node::start(*config, *loops, *log);
    if (!node) {
        fmt::print(stderr, "hookreel serve: {}\n", node.error().detail);
        *exit_code = 1;
        loops->stop();
        co_return;
    }
    tell(**node, *config);
    if (has_unusable_links(*config))
        log->warning(
            "links to media in answers and events begin with an address that nobody can open; say "
            "what callers use with --public-url",
            {{"now", (*node)->url()}});
    const auto [error, signal] = co_await signals.async_wait(use_result);
    log->info("stopping", {{"signal", signal}});
    co_await (*node)->stop();
    node->reset();
    log->info("stopped");
    loops->stop();
}

}  // namespace

int serve(const Config& config) {
    std::signal(SIGPIPE, SIG_IGN);
    ::umask(0077);  // The data folder holds secret keys and other people's videos.
    const Log log(config.log_level);
    Loops loops(config.threads > 0 ? config.threads
                                   : static_cast<int>(std::thread::hardware_concurrency()));
    int exit_code = 0;
    TaskGroup group(loops.first().get_executor());
    group.spawn(live(&config, &loops, &log, &exit_code));
    loops.run();
    return exit_code;
}

}  // namespace hookreel::app
