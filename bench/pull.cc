// The reel: publish, PullEvents, ConfirmEvents, against the same cycle on Redis Streams.
//
// The server runs in a process of its own, as `serve` runs it, on an empty folder; 64 producers in
// it publish 1 KB events, each waiting for its commit, because the VOD API has no action that only
// publishes: its events come from work inside the server, without a request of their own. From
// another process 64 workers pull sixteen and confirm sixteen over the signed API until all are
// confirmed. Redis gets its events by XADD over the same sockets.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "app/node.h"
#include "base/random.h"
#include "base/text.h"
#include "bench/figures.h"
#include "bench/redis_yardstick.h"
#include "bench/vod_server.h"
#include "model/queue.h"
#include "store/store.h"

namespace hookreel::bench {
namespace {

constexpr int producers = 64;
constexpr int workers = 64;
constexpr std::uint64_t events_default = 100'000;

std::string body_1k() {
    std::string body = R"({"EventType":"NewFileUpload","FileUploadEvent":{"Name":")";
    body.append(1024 - body.size() - 3, 'x');
    return body + "\"}}";
}

struct Publishing {
    store::Store& store;
    std::uint64_t left;
    store::Body body = std::make_shared<const std::string>(body_1k());
    int running = producers;
};

Task<void> produce(Publishing* work) {
    while (work->left > 0) {
        --work->left;
        store::NewEvent event;
        event.id = model::EventId(random_hex(16));
        event.application = model::default_application;
        event.type = "media.uploaded";
        event.time = SystemClock().now();
        event.entries.push_back({model::reel_queue(model::default_application), work->body});
        store::Commit commit;
        commit.events.push_back(std::move(event));
        const Result<void> done = co_await work->store.commit(std::move(commit));
        if (!done) std::abort();
    }
}

// Starts the server, tells its port, waits for the word, publishes, and stays until SIGTERM.
Task<void> be_server(app::Config config, app::Loops* loops, const Log* log, int in, int out,
                     std::uint64_t events) {
    Result<std::unique_ptr<app::Node>> node = co_await app::Node::start(config, *loops, *log);
    if (!node) {
        fmt::print(stderr, "{}\n", node.error().detail);
        ::_exit(1);
    }
    write_text(out, (*node)->url() + "\n");
    char word = 0;
    if (::read(in, &word, 1) != 1) ::_exit(1);
    write_text(out, fmt::format("{}\n", cpu_seconds()));
    Publishing work{(*node)->store(), events};
    TaskGroup group(loops->first().get_executor());
    for (int i = 0; i < producers; ++i)
        group.spawn(produce(&work));
    co_await group.join();
    co_await sleep_for(std::chrono::hours(1));
}

[[noreturn]] void run_server(const std::string& folder, int in, int out, std::uint64_t events) {
    const app::Config config = server_config(folder);
    const Log log(Level::error);
    app::Loops loops(2);
    TaskGroup group(loops.first().get_executor());
    group.spawn(be_server(config, &loops, &log, in, out, events));
    loops.run();
    ::_exit(0);
}

struct Pulling {
    VodServer server;
    std::uint64_t confirmed = 0;
    std::uint64_t wanted = 0;
};

// The handles in an answer of PullEvents, as the elements of a JSON array.
std::pair<std::string, int> handles_of(std::string_view answer) {
    constexpr std::string_view mark = "\"EventHandle\":\"";
    std::string list;
    int count = 0;
    for (std::size_t at = answer.find(mark); at != answer.npos; at = answer.find(mark, at)) {
        at += mark.size();
        const std::size_t end = answer.find('"', at);
        if (count++ > 0) list += ',';
        list.append("\"").append(answer.substr(at, end - at)).append("\"");
    }
    return {list, count};
}

Task<void> pull_and_confirm(Pulling* work) {
    while (work->confirmed < work->wanted) {
        const Result<http::ClientResponse> pulled = co_await call(work->server, "PullEvents", "{}");
        if (!pulled) co_return;
        const auto [handles, count] = handles_of(pulled->body);
        if (count == 0) continue;
        const Result<http::ClientResponse> confirmed =
            co_await call(work->server, "ConfirmEvents", "{\"EventHandles\":[" + handles + "]}");
        if (!confirmed || confirmed->body.find("Error") != std::string::npos) {
            fmt::print(stderr, "ConfirmEvents failed\n");
            std::exit(1);
        }
        work->confirmed += static_cast<std::uint64_t>(count);
        if (work->confirmed >= work->wanted) work->server.client.close();
    }
}

CycleFigures run_cycle(std::uint64_t events) {
    const Folder folder;
    int to_server[2], from_server[2];
    if (::pipe(to_server) != 0 || ::pipe(from_server) != 0) std::abort();
    const pid_t server = ::fork();
    if (server == 0) run_server(folder.path(), to_server[0], from_server[1], events);

    Loop loop;
    http::ClientOptions options;
    if (!options.rules.allow("127.0.0.1")) std::abort();
    http::Client client(loop, options);
    Pulling work{{client, http::parse_url(read_line(from_server[0])).value()}, 0, events};
    write_text(to_server[1], "g");
    const double cpu_before = parse_real(read_line(from_server[0])).value();

    TaskGroup group(loop.get_executor());
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < workers; ++i)
        group.spawn(pull_and_confirm(&work));
    loop.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;

    ::kill(server, SIGKILL);
    rusage usage{};
    ::wait4(server, nullptr, 0, &usage);
    for (int descriptor : {to_server[0], to_server[1], from_server[0], from_server[1]})
        ::close(descriptor);
    const double cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                       1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    return {took.count(), cpu - cpu_before, work.confirmed};
}

int run(const Options& options) {
    const std::uint64_t events = options.events > 0 ? options.events : events_default;
    Figure rate{"Hookreel, cycles", "/s", {}}, redis_rate{"Redis Streams, cycles", "/s", {}};
    Figure cpu{"Hookreel, CPU of the server", "us/event", {}};
    Figure redis_cpu{"Redis Streams, CPU of the server", "us/event", {}};
    for (int i = 0; i < options.runs; ++i) {
        const CycleFigures ours = run_cycle(events);
        const Folder folder;
        RedisCycle cycle{events, workers, body_1k(), folder.path()};
        const Result<CycleFigures> redis = run_redis_cycle(cycle);
        if (!redis) {
            fmt::print(stderr, "{}\n", redis.error().detail);
            return 1;
        }
        rate.runs.push_back(ours.per_second());
        cpu.runs.push_back(ours.cpu_us_per_event());
        redis_rate.runs.push_back(redis->per_second());
        redis_cpu.runs.push_back(redis->cpu_us_per_event());
    }
    const std::string setup = fmt::format(
        "pull: {} events of 1 KB, {} producers, {} workers, PullEvents and ConfirmEvents of 16 "
        "over the "
        "signed API;\nRedis Streams with appendfsync always, {} sockets; {} runs in turn",
        events, producers, workers, workers, options.runs);
    print(setup,
          {rate, redis_rate, ratio("cycles, Hookreel / Redis", rate, redis_rate), cpu, redis_cpu},
          options.form);
    return 0;
}

}  // namespace
}  // namespace hookreel::bench

int main(int argc, char** argv) {
    return hookreel::bench::run(hookreel::bench::read_options(argc, argv));
}
