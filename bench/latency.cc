// ./dev bench latency: from the commit of an event to its arrival at the receiver, at half of the
// highest load.
//
// The highest load is measured first, in the same run: so many events as 64 producers can publish
// and have delivered. Then they publish at half of that rate, and each event's way is timed from
// the moment when its producer learns that it is on disk to the moment when the receiver has its
// first byte. The receiver runs on a thread of its own.
#include <algorithm>
#include <cmath>
#include <thread>

#include "base/random.h"
#include "base/text.h"
#include "bench/figures.h"
#include "delivery/http_transport.h"
#include "delivery/senders.h"
#include "dialect/tencent_vod/events/callback.h"
#include "http/server/server.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int producers = 64;
constexpr int in_flight = 64;
constexpr std::uint64_t events_default = 20'000;
const model::QueueId queue = model::endpoint_queue(model::EndpointId("bench"));

// When each event was known to be on disk, and when it came; nanoseconds of the steady clock.
struct Times {
    std::vector<std::int64_t> committed;
    std::vector<std::atomic<std::int64_t>> arrived;
    std::atomic<std::uint64_t> count{0};
    explicit Times(std::uint64_t events) : committed(events), arrived(events) {}
};

std::int64_t now_ns() {
    return Steady::now().time_since_epoch().count();
}

Task<http::Response> receive(Times** times, http::Request& request) {
    const std::int64_t at = now_ns();
    const Result<std::string> body = co_await request.read_all(64 * 1024);
    // {"n":0000000123,…
    const Result<std::uint64_t> number =
        body ? parse_unsigned(std::string_view(*body).substr(5, 10)) : fail(Code::invalid, "");
    if (number && *number < (*times)->arrived.size()) {
        std::int64_t none = 0;
        if ((*times)->arrived[*number].compare_exchange_strong(none, at)) ++(*times)->count;
    }
    co_return http::Response{200, {}, std::string("{}")};
}

struct Load {
    store::Store& store;
    Times& times;
    std::uint64_t next = 0;
    double per_second = 0;  // 0: as fast as it goes.
    Steady::time_point begin = Steady::now();
};

Task<void> produce(Load* load) {
    Timer timer(co_await asio::this_coro::executor);
    while (load->next < load->times.committed.size()) {
        const std::uint64_t number = load->next++;
        if (load->per_second > 0) {
            const std::chrono::duration<double> due(static_cast<double>(number) / load->per_second);
            timer.expires_at(load->begin + std::chrono::duration_cast<Steady::duration>(due));
            co_await timer.async_wait(use_result);
        }
        std::string text = fmt::format("{{\"n\":{:010},\"fill\":\"", number);
        text.append(1024 - text.size() - 2, 'x');
        text += "\"}";
        store::NewEvent event;
        event.id = model::EventId(random_hex(16));
        event.application = model::default_application;
        event.type = "media.uploaded";
        event.time = SystemClock().now();
        event.entries.push_back({queue, std::make_shared<const std::string>(std::move(text))});
        store::Commit commit;
        commit.events.push_back(std::move(event));
        if (!co_await load->store.commit(std::move(commit))) std::abort();
        load->times.committed[number] = now_ns();
    }
}

Task<void> until_all_came(Times* times, Loop* loop) {
    while (times->count < times->arrived.size())
        co_await sleep_for(Duration(5));
    loop->stop();
}

// Publishes and delivers all; returns the seconds that it took.
double run_load(Loop& loop, store::Store& store, Times& times, double per_second) {
    loop.restart();
    Load load{store, times};
    load.per_second = per_second;
    TaskGroup group(loop.get_executor());
    for (int i = 0; i < producers; ++i)
        group.spawn(produce(&load));
    group.spawn(until_all_came(&times, &loop));
    loop.run();
    return std::chrono::duration<double>(Steady::now() - load.begin).count();
}

double percentile_ms(const Times& times, double share) {
    std::vector<std::int64_t> waits;
    for (std::size_t i = 0; i < times.committed.size(); ++i)
        waits.push_back(std::max<std::int64_t>(0, times.arrived[i] - times.committed[i]));
    std::ranges::sort(waits);
    const auto at = static_cast<std::size_t>(share * static_cast<double>(waits.size() - 1));
    return static_cast<double>(waits[at]) * 1e-6;
}

struct Figures {
    Figure highest{"highest load", "/s", {}};
    Figure p50{"commit to arrival at half of it, p50", "ms", {}};
    Figure p99{"commit to arrival at half of it, p99", "ms", {}};
};

void measure(Figures& figures, std::uint64_t events) {
    const Folder folder;
    const SystemClock clock;
    const Log log(Level::error);
    Times warm_up(events), timed(events);
    Times* current = &warm_up;

    Loop receiver_loop(1);
    http::Server receiver(
        {&receiver_loop}, {},
        [&current](http::Request& request) { return receive(&current, request); }, log);
    if (!receiver.start()) std::abort();
    std::thread receiver_thread([&] { receiver_loop.run(); });

    store::SqliteOptions disk;
    disk.path = folder.path() + "/store.db";
    auto store = store::SqliteStore::open(std::move(disk), clock, log);
    if (!store) std::abort();
    Loop loop(1);
    http::ClientOptions client_options;
    if (!client_options.rules.allow("127.0.0.1")) std::abort();
    http::Client client(loop, client_options);
    delivery::HttpTransport transport(client);
    const dialect::tencent_vod::CallbackRenderer renderer;
    const delivery::Renderers renderers{{"tencent_vod", &renderer}};
    const std::vector<delivery::Senders::Place> places = {{loop, transport}};
    auto senders = std::make_unique<delivery::Senders>(
        places, delivery::Senders::Shared{**store, renderers, clock, log});
    model::Endpoint endpoint;
    endpoint.id = model::EndpointId("bench");
    endpoint.queue = queue;
    endpoint.dialect = "tencent_vod";
    endpoint.url = fmt::format("http://127.0.0.1:{}/hook", receiver.port());
    endpoint.in_flight_max = in_flight;
    senders->set(delivery::share(std::move(endpoint)));

    const double highest = static_cast<double>(events) / run_load(loop, **store, warm_up, 0);
    current = &timed;
    run_load(loop, **store, timed, highest / 2);
    figures.highest.runs.push_back(highest);
    figures.p50.runs.push_back(percentile_ms(timed, 0.50));
    figures.p99.runs.push_back(percentile_ms(timed, 0.99));

    (*store)->close();
    client.close();
    receiver_loop.stop();
    receiver_thread.join();
    // The senders' tasks end with their loop.
    loop.restart();
    loop.poll();
}

int run(const Options& options) {
    const std::uint64_t events = options.events > 0 ? options.events : events_default;
    Figures figures;
    for (int i = 0; i < options.runs; ++i)
        measure(figures, events);
    print(fmt::format(
              "latency: {} events of 1 KB, {} producers, {} in flight to one endpoint, {} runs",
              events, producers, in_flight, options.runs),
          {figures.highest, figures.p50, figures.p99}, options.form);
    return 0;
}

}  // namespace
}  // namespace hookreel::bench

int main(int argc, char** argv) {
    return hookreel::bench::run(hookreel::bench::read_options(argc, argv));
}
